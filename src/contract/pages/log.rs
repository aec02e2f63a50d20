//! What was done to a contract, out of the audit log.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use serde::{Deserialize, Serialize};

use super::LogPath;
use super::frame::{Frame, Part};
use crate::contract::Contracts;
use crate::i18n::{self, Message, msg};
use crate::kernel::{Channel, Timestamp};
use crate::web::{self, Address as _, LoggedIn, Page, Query};

#[derive(Clone, Serialize)]
struct LogPage {
    frame: Frame,
    events: Vec<Line>,
    /// Older lines, if there are any.
    next: Option<String>,
}

/// Where to read on.
#[derive(Deserialize, Serialize)]
struct LogQuery {
    after: Option<i64>,
}

impl Page for LogPage {
    const TEMPLATE: &'static str = "contract/log.html";
}

/// A line, as `timeline` shows it.
#[derive(Clone, Serialize)]
struct Line {
    head: String,
    who: String,
    at: Timestamp,
    text: String,
    tone: &'static str,
}

pub(super) fn routes() -> Router<Contracts> {
    Router::new().route(LogPath::PATTERN, get(show))
}

async fn show(
    visit: LoggedIn,
    LogPath { id }: LogPath,
    State(contracts): State<Contracts>,
    Query(query): Query<LogQuery>,
) -> web::Result {
    let contract = contracts.get(visit.user(), id).await?;
    let directory = contracts.org().directory();
    let line = |one: crate::db::Audited| {
        let who = one.actor.user.map_or_else(|| visit.text(&msg!("contract.log.program")), |user| directory.name(user));
        let for_whom = one
            .actor
            .on_behalf_of
            .map(|absent| visit.text(&msg!("contract.log.on_behalf_of", name = directory.name(absent))));
        let through = channel(one.actor.channel).map(|message| visit.text(&message));
        Line {
            head: said_in_log(&visit, &one.action),
            who,
            at: one.at,
            text: [for_whom, through].into_iter().flatten().collect::<Vec<_>>().join(" · "),
            tone: if one.action.starts_with("approval.") { "info" } else { "plain" },
        }
    };
    let found = contracts.log(visit.user(), id, query.after).await?;
    let next = found.next.map(|next| LogPath { id }.with_query(&LogQuery { after: Some(next) })).transpose();
    let next = next.map_err(web::Error::internal)?;
    let events = found.acts.into_iter().map(line).collect();
    visit.page(&LogPage { frame: Frame::of(&contracts, &visit, &contract, Part::Log), events, next })
}

/// What was done, in words; an act that another room adds shows its code until it has a sentence.
pub(in crate::contract) fn said_in_log(visit: &LoggedIn, action: &str) -> String {
    let key = format!("contract.log.{}", action.replace('.', "_"));
    if i18n::knows(&key) { visit.text(&Message::of(key)) } else { action.to_owned() }
}

/// The way it came, where it is not a page.
fn channel(channel: Channel) -> Option<Message> {
    match channel {
        Channel::Page | Channel::System => None,
        Channel::Link => Some(msg!("contract.log.through_link")),
        Channel::Api => Some(msg!("contract.log.through_api")),
        Channel::Replay => Some(msg!("contract.log.through_replay")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::testing::renders;

    #[tokio::test]
    async fn the_log_renders() {
        let at = Timestamp::from_micros(0);
        let line = Line { head: "Submitted".into(), who: "Zhang".into(), at, text: "API".into(), tone: "info" };
        let next = Some("/contracts/1/log?after=7".to_owned());
        renders(LogPage { frame: Frame::sample(), events: vec![line], next }).await;
    }

    #[test]
    fn every_move_has_a_sentence_in_the_log() {
        for by in crate::contract::Move::ALL {
            assert!(i18n::knows(&format!("contract.log.{}", by.action().replace('.', "_"))), "{}", by.action());
        }
    }
}
