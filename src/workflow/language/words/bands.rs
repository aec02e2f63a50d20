//! Amount bands: 以上 includes the number, 不满 does not (Civil Code, article 1259).

use rhai::Dynamic;

use super::nodes::{declare, head, nodes};
use crate::i18n::msg;
use crate::kernel::Amount;
use crate::workflow::language::call::{Call, listed};
use crate::workflow::language::fault::Finding;
use crate::workflow::language::values::{BandDraft, Broken};
use crate::workflow::{Band, Condition, NodeKind, Way};

pub(super) fn below(call: &mut Call<'_>) -> Option<Dynamic> {
    let (below, list) = (call.arg(0), call.arg(1));
    let below = call.amount(below);
    let nodes = nodes(call, list);
    Some(Dynamic::from(BandDraft { place: call.place, from: None, below: Some(below?), nodes }))
}

pub(super) fn between(call: &mut Call<'_>) -> Option<Dynamic> {
    let (from, below, list) = (call.arg(0), call.arg(1), call.arg(2));
    let place = from.as_ref().map_or(call.place, |from| from.place);
    let from = call.amount(from);
    let below = call.amount(below);
    let nodes = nodes(call, list);
    let (from, below) = (from?, below?);
    if from.0 >= below.0 {
        call.fault(Finding::error(place, msg!("workflow.fault.band_empty", from = &from.1, below = &below.1)));
        return None;
    }
    Some(Dynamic::from(BandDraft { place: call.place, from: Some(from), below: Some(below), nodes }))
}

pub(super) fn from(call: &mut Call<'_>) -> Option<Dynamic> {
    let (from, list) = (call.arg(0), call.arg(1));
    let from = call.amount(from);
    let nodes = nodes(call, list);
    Some(Dynamic::from(BandDraft { place: call.place, from: Some(from?), below: None, nodes }))
}

pub(super) fn by_amount(call: &mut Call<'_>) -> Option<Dynamic> {
    let bands = call.arg(1);
    let head = head(call, 2)?;
    let place = bands.as_ref().map_or(call.place, |bands| bands.place);
    let items = listed(bands);
    let broken = items.iter().any(|item| item.value.is::<Broken>());
    let drafts: Vec<BandDraft> =
        items.into_iter().filter_map(|item| call.own(Some(item), msg!("workflow.kind.band"))).collect();
    if drafts.is_empty() && !broken {
        call.fault(Finding::error(place, msg!("workflow.fault.no_ways", word = call.word)));
    }
    if !broken {
        cover(call, &drafts);
    }
    let ways: Vec<Way> = drafts.into_iter().map(way).collect();
    declare(call, head, (!ways.is_empty()).then_some(NodeKind::Branch { ways, inclusive: false }))
}

/// Every amount falls into exactly one band, and the bands ascend.
fn cover(call: &mut Call<'_>, drafts: &[BandDraft]) {
    let mut reached: Option<(Amount, String)> = None;
    for (index, draft) in drafts.iter().enumerate() {
        match (&reached, &draft.from) {
            (None, Some((_, from))) if index == 0 => {
                let problem = msg!("workflow.fault.band_starts", from = from);
                call.fault(Finding::error(draft.place, problem).hint(msg!("workflow.hint.band_starts", from = from)));
            }
            (None, _) if index > 0 => {
                call.fault(Finding::error(draft.place, msg!("workflow.fault.band_after_last")));
            }
            (Some((reached, end)), Some((from, begin))) if from > reached => {
                call.fault(Finding::error(draft.place, msg!("workflow.fault.band_gap", end = end, begin = begin)));
            }
            (Some((reached, end)), Some((from, begin))) if from < reached => {
                call.fault(Finding::error(draft.place, msg!("workflow.fault.band_overlap", end = end, begin = begin)));
            }
            (Some((_, end)), None) => {
                call.fault(Finding::error(draft.place, msg!("workflow.fault.band_overlap", end = end, begin = "0")));
            }
            _ => {}
        }
        reached.clone_from(&draft.below);
    }
    if let (Some((_, end)), Some(last)) = (reached, drafts.last()) {
        let problem = msg!("workflow.fault.band_ends", end = &end);
        call.fault(Finding::error(last.place, problem).hint(msg!("workflow.hint.band_ends", end = &end)));
    }
}

fn way(draft: BandDraft) -> Way {
    let (from, below) = (draft.from.as_ref().map(|from| from.0), draft.below.as_ref().map(|below| below.0));
    let name = match (&draft.from, &draft.below) {
        (Some((_, from)), Some((_, below))) => format!("{from} 以上不满 {below}"),
        (Some((_, from)), None) => format!("{from} 以上"),
        (None, Some((_, below))) => format!("不满 {below}"),
        (None, None) => String::new(),
    };
    let condition = match (from, below) {
        (Some(from), Some(below)) => Some(Condition::AllOf {
            parts: vec![Condition::AmountFrom { amount: from }, Condition::AmountBelow { amount: below }],
        }),
        (Some(amount), None) => Some(Condition::AmountFrom { amount }),
        (None, Some(amount)) => Some(Condition::AmountBelow { amount }),
        (None, None) => None,
    };
    Way { name, condition, band: Some(Band { from, below }), nodes: draft.nodes }
}
