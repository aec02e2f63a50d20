//! Who hears of a proposal and of what became of it.

use super::model::Draft;
use crate::approval::WORKFLOW;
use crate::db::{Conn, DbError};
use crate::i18n::{Message, msg};
use crate::kernel::{Timestamp, UserId};
use crate::notify::{self, Fact, Headline, Link, NewMessage, Urgency};

/// What is told.
pub(super) struct Told<'a> {
    pub(super) draft: &'a Draft,
    /// What people call the workflow.
    pub(super) title: &'a str,
    pub(super) kind: &'static str,
    pub(super) label: Message,
    /// Whose doing it is.
    pub(super) by: &'a str,
    pub(super) at: Timestamp,
}

/// Posts it to each of them.
pub(super) async fn tell(
    c: &mut Conn<'_>,
    told: &Told<'_>,
    people: &[UserId],
    lines: Vec<Message>,
) -> Result<(), DbError> {
    let Told { draft, title, kind, label, by, at } = told;
    for person in people {
        let message = NewMessage {
            key: format!("workflow/{}/{}/{kind}/{person}", draft.id, draft.version),
            to: *person,
            kind,
            about: Some(WORKFLOW.reference(draft.id.get())),
            headline: Headline {
                label: label.clone(),
                title: (*title).to_owned(),
                amount: None,
                facts: vec![Fact::Text((*by).to_owned())],
            },
            lines: lines.clone(),
            link: Link::Page(format!("/admin/workflow-proposals/{}", draft.id)),
            urgency: Urgency::Normal,
            not_before: *at,
        };
        notify::post(c, &message).await?;
    }
    Ok(())
}

/// What somebody wrote, as lines of a message; nothing where they wrote nothing.
pub(super) fn words(text: &str) -> Vec<Message> {
    let text = text.trim();
    if text.is_empty() { Vec::new() } else { vec![msg!("approval.log.words", text = text)] }
}
