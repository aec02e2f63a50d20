//! Where shapes and flows lie on the page.

use super::shapes::{Drawing, Flow, Shape};

const COLUMN: i32 = 150;
const ROW: i32 = 120;
/// The middle of the first cell.
const ORIGIN: (i32, i32) = (100, 100);

/// A shape on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bounds {
    pub(super) left: i32,
    pub(super) top: i32,
    pub(super) width: i32,
    pub(super) height: i32,
}

impl Bounds {
    /// Where a shape lies: in the middle of its cell.
    pub(super) fn of(shape: &Shape) -> Self {
        let (width, height) = match shape.tag {
            "startEvent" | "endEvent" | "intermediateCatchEvent" => (36, 36),
            tag if tag.ends_with("Gateway") => (50, 50),
            _ => (100, 80),
        };
        let (x, y) = (ORIGIN.0 + shape.cell.0 * COLUMN, ORIGIN.1 + shape.cell.1 * ROW);
        Self { left: x - width / 2, top: y - height / 2, width, height }
    }

    fn middle(self) -> (i32, i32) {
        (self.left + self.width / 2, self.top + self.height / 2)
    }
}

/// The points of a flow: it leaves to the right or downwards, runs in its row, and comes in from the left or from below.
pub(super) fn points(flow: &Flow, drawing: &Drawing<'_>) -> Vec<(i32, i32)> {
    let bounds = |id: &str| drawing.shapes.iter().find(|shape| shape.id == id).map(Bounds::of);
    let (Some(from), Some(to)) = (bounds(&flow.from), bounds(&flow.to)) else { return Vec::new() };
    let row = ORIGIN.1 + flow.row * ROW;
    let ((from_x, from_y), (to_x, to_y)) = (from.middle(), to.middle());
    let mut points = Vec::new();
    if from_y == row {
        points.push((from.left + from.width, row));
    } else {
        points.extend([(from_x, from.top + from.height), (from_x, row)]);
    }
    if to_y == row {
        points.push((to.left, row));
    } else {
        points.extend([(to_x, row), (to_x, to.top + to.height)]);
    }
    points
}
