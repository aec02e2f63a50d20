//! The procedure in sentences, as a table and as a diagram, so that a head of department can sign what the file says.

mod diagram;
mod drawing;
mod grids;
mod matrix;
pub(super) mod phrases;
mod reasons;
pub(super) mod sentences;
mod stuck;

pub use diagram::mermaid;
pub use drawing::drawing;
pub use grids::{holder_said, scope_said};
pub use matrix::{Matrix, limits, matrix};
pub use phrases::{band_said, condition_phrase};
pub use reasons::{reason_said, step_said, steps_said};
pub use sentences::sentences;
pub use stuck::{fault_said, stuck_said};

use super::language::RhaiScript;
use super::{Code, Definition, Directory, Grid, GridVersion, ScriptId, SubjectSchema};
use crate::i18n::{Arg, Lang, Message, msg};
use crate::kernel::{Amount, Date};

/// Where titles of roles and labels of fields come from. Without them the names of the file are shown.
#[derive(Clone, Copy, Debug, Default)]
pub struct Names<'a> {
    /// Titles of roles, names of people and departments.
    pub directory: Option<&'a Directory>,
    /// Labels of fields.
    pub schema: Option<&'a SubjectSchema>,
    /// In which language labels are read.
    pub lang: Lang,
    /// The day whose authority grids are said; without it only that they are asked.
    pub day: Option<Date>,
    /// The approval amount that is spoken of, where it is about one.
    pub amount: Option<Amount>,
    /// Closures, which are shown as they are written; numbered without it.
    pub script: Option<&'a RhaiScript>,
}

impl Names<'_> {
    /// The title of a role; where no title is known, that it is a role.
    fn role(&self, role: &str) -> Arg {
        match self.directory.and_then(|directory| directory.roles.get(role)) {
            Some(title) if self.lang == Lang::Zh => Arg::from(&title.zh),
            Some(title) => Arg::from(&title.en),
            None => msg!("workflow.say.role_named", role = role).into(),
        }
    }

    /// The text of a closure.
    fn closure(&self, script: ScriptId) -> Option<&str> {
        self.script.and_then(|closures| closures.text(script))
    }

    fn person(&self, login: &str) -> String {
        self.directory
            .and_then(|directory| directory.by_login(login))
            .map_or_else(|| login.to_owned(), |person| person.name.clone())
    }

    fn department(&self, code: &str) -> String {
        let known = self.directory.and_then(|directory| directory.by_code(code));
        known.map_or_else(|| code.to_owned(), |department| department.name.clone())
    }

    /// An authority grid, and its version of the day.
    fn grid(&self, name: &str) -> Option<(&Grid, Option<&GridVersion>)> {
        let grid = self.directory?.grids.get(name)?;
        Some((grid, self.day.and_then(|day| grid.in_force(day))))
    }

    /// What people call a value of a field.
    fn value(&self, field: &str, value: &str) -> Arg {
        self.word(&Code::Value(field.to_owned(), value.to_owned())).unwrap_or_else(|| value.into())
    }

    /// What people call an event, if the record's room knows it.
    fn event(&self, name: &str) -> Option<Arg> {
        self.word(&Code::Event(name.to_owned()))
    }

    /// What people call a part of the record: the label of a field, or what its room calls it.
    fn part(&self, path: &str) -> Arg {
        let field = path.strip_prefix("fields/").map(|field| field.split('/').next().unwrap_or(field));
        match field.filter(|field| self.schema.is_some_and(|schema| schema.field(field).is_some())) {
            Some(field) => self.field(field),
            None => self.word(&Code::Part(path.to_owned())).unwrap_or_else(|| path.into()),
        }
    }

    fn word(&self, code: &Code) -> Option<Arg> {
        self.schema.and_then(|schema| schema.word(code)).cloned()
    }

    /// The label of a field in the reader's language.
    fn field(&self, field: &str) -> Arg {
        match self.schema.and_then(|schema| schema.field(field)) {
            Some(known) if self.lang == Lang::Zh => Arg::from(&known.label_zh),
            Some(known) => Arg::from(&known.label_en),
            None if field == "expires" => msg!("workflow.say.expires").into(),
            None => field.into(),
        }
    }
}

/// The whole explanation as Markdown: sentences, then the matrix.
pub fn explain(definition: &Definition, names: Names<'_>) -> String {
    let lang = names.lang;
    let say = |message: &Message| crate::i18n::text(lang, message);
    let mut text = format!("# {}\n\n", definition.title);
    for (number, sentence) in sentences(definition, names).iter().enumerate() {
        text.extend([&(number + 1).to_string(), ". ", &say(sentence), "\n"]);
    }
    if let Some(matrix) = matrix(definition, names) {
        text.extend(["\n", &say(&msg!("workflow.say.matrix")), "\n\n", &matrix.markdown(lang)]);
    }
    text
}
