//! What the drafting form consists of, as its page reads it.

use serde::Serialize;

use super::choices::Choice;
use crate::contract::rows::Cells;
use crate::i18n::Message;
use crate::kernel::Money;
use crate::web::FormState;

/// The whole form.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct DraftForm {
    /// What was typed, and what is wrong with it.
    pub(super) form: FormState,
    pub(super) parties: Vec<PartyPart>,
    pub(super) groups: Vec<Group>,
    pub(super) clauses: Vec<ClausePart>,
    pub(super) slots: Vec<Slot>,
}

/// A party with its details.
#[derive(Clone, Debug, Serialize)]
pub(super) struct PartyPart {
    pub(super) role: &'static str,
    pub(super) label: String,
    pub(super) does: Message,
    pub(super) ours: bool,
    pub(super) may_be_person: bool,
    pub(super) name: String,
    pub(super) details: Vec<Control>,
}

/// Fields that belong together.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Group {
    pub(super) title: String,
    pub(super) fields: Vec<Control>,
}

/// One blank.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Control {
    pub(super) name: String,
    pub(super) label: String,
    /// The kind of control: `text`, `long`, `number`, `percent`, `money`, `date`, `choice`, `choices`, `yes_no`, `lines`, `plan`,
    /// `computed`, `kept` (picked elsewhere), `fixed` (not the drafter's).
    pub(super) kind: &'static str,
    pub(super) required: bool,
    pub(super) hint: String,
    pub(super) options: Vec<Choice>,
    pub(super) currency: String,
    pub(super) max: usize,
    /// What a computed or fixed blank says.
    pub(super) text: String,
    pub(super) rows: Vec<Row>,
    /// Whether the plan is the contract's own.
    pub(super) own: bool,
    pub(super) totals: Option<TotalsPart>,
}

/// A row of a table with its cells, and what it comes to.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Row {
    pub(super) cells: Cells,
    pub(super) amount: Option<Money>,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct TotalsPart {
    pub(super) net: Money,
    pub(super) tax: Money,
    pub(super) gross: Money,
}

/// A clause that is open to the drafter.
#[derive(Clone, Debug, Serialize)]
pub(super) struct ClausePart {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) alternatives: Vec<Choice>,
    pub(super) free: bool,
    pub(super) standard: String,
    pub(super) deviates: bool,
}

/// A place for files.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Slot {
    pub(super) name: String,
    pub(super) label: String,
    pub(super) required: bool,
    pub(super) files: Vec<SlotFile>,
    pub(super) errors: Vec<Message>,
}

impl Slot {
    /// Whether this is the place of that name.
    pub(super) fn is(&self, name: &str) -> bool {
        self.name == name
    }

    /// Says what is wrong with what was put there.
    pub(super) fn refuse(&mut self, message: Message) {
        self.errors.push(message);
    }
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct SlotFile {
    pub(super) name: String,
    pub(super) path: String,
    pub(super) remove: String,
}
