//! What the loop runs: warnings whose time has come become messages.

use std::collections::{BTreeMap, BTreeSet};

use super::actions::messages_of;
use super::store::{self, Undated, Waiting};
use super::{Deadlines, DueItemId, Hearer, Moment, Step, WarningId, audience};
use crate::db::{Conn, DbError};
use crate::i18n::msg;
use crate::kernel::{Timestamp, UserId, WorkCalendar};
use crate::notify::{self, Fact, Headline, Link, NewMessage, Urgency};
use crate::org::{ADMINISTRATOR, OrgError};
use crate::workflow::Directory;

/// How many warnings one turn takes at most.
const A_TURN: u32 = 200;

impl Deadlines {
    /// Raises every warning whose time has come, once; how many items were told of. Several warnings of one item make one message.
    pub async fn raise(&self) -> Result<usize, OrgError> {
        let now = self.clock.now();
        let waiting = self.db.read(async move |c: &mut Conn<'_>| store::waiting(c, now, A_TURN).await).await;
        let waiting = waiting.map_err(|error: DbError| error)?;
        if waiting.is_empty() {
            return Ok(0);
        }
        let directory = self.org.refresh().await?.directory().clone();
        let mut items: BTreeMap<DueItemId, Vec<Waiting>> = BTreeMap::new();
        for warning in waiting {
            items.entry(warning.item).or_default().push(warning);
        }
        let mut raised = 0;
        for warnings in items.into_values() {
            raised += usize::from(self.raise_item(warnings, &directory, now).await?);
        }
        Ok(raised)
    }

    async fn raise_item(&self, warnings: Vec<Waiting>, directory: &Directory, now: Timestamp) -> Result<bool, DbError> {
        let Some(messages) = self.messages(&warnings, directory, now) else { return Ok(false) };
        let ids: Vec<WarningId> = warnings.iter().map(|warning| warning.warning).collect();
        let unit = async move |c: &mut Conn<'_>| {
            let mut ours = false;
            for id in &ids {
                ours |= store::raise(c, *id, now).await?;
            }
            if ours {
                for message in &messages {
                    notify::post(c, message).await?;
                }
            }
            Ok(ours)
        };
        self.db.write(unit).await
    }

    /// What the warnings of one item, all of them due, say to whom.
    fn messages(&self, warnings: &[Waiting], directory: &Directory, now: Timestamp) -> Option<Vec<NewMessage>> {
        let first = warnings.first()?;
        let due = Moment::stored(first.due_on, first.due_at, &self.office);
        let mut hearers = BTreeSet::new();
        for warning in warnings {
            match warning.step {
                Step::Escalation => drop(hearers.insert(Hearer::ManagerOfOwner)),
                Step::Ahead => {
                    let rule = usize::try_from(warning.rule).ok().and_then(|rule| warning.warn.get(rule));
                    hearers.extend(rule.iter().flat_map(|rule| rule.hearers.iter().cloned()));
                }
            }
        }
        let hearers: Vec<Hearer> = hearers.into_iter().collect();
        let step = if warnings.iter().any(|one| one.step == Step::Escalation) { Step::Escalation } else { Step::Ahead };
        let urgency = match (step, due) {
            (Step::Ahead, Moment::On(_)) => Urgency::Reminder,
            // Whoever asked to be told ten minutes before wants to hear it then.
            (Step::Ahead, Moment::At(_)) => Urgency::Urgent,
            (Step::Escalation, _) => Urgency::Normal,
        };
        let headline = self.headline(first, step, due, directory, now);
        let message = |to: UserId| NewMessage {
            key: format!("{}{}/{to}", messages_of(first.item), first.warning),
            to,
            kind: match step {
                Step::Ahead => "deadline.ahead",
                Step::Escalation => "deadline.escalation",
            },
            about: Some(first.subject.clone()),
            headline: headline.clone(),
            lines: match step {
                Step::Ahead => Vec::new(),
                Step::Escalation => vec![msg!("deadline.nobody_reacted", owner = directory.name(first.owner))],
            },
            link: Link::Page(first.path.clone()),
            urgency,
            not_before: now,
        };
        Some(audience(&hearers, first.owner, directory, ADMINISTRATOR).into_iter().map(message).collect())
    }

    fn headline(&self, item: &Waiting, step: Step, due: Moment, directory: &Directory, now: Timestamp) -> Headline {
        let label = match step {
            Step::Escalation => msg!("deadline.label_escalation"),
            Step::Ahead if item.due_at <= now => msg!("deadline.label_overdue"),
            Step::Ahead => msg!("deadline.label_ahead"),
        };
        let when = match due {
            Moment::At(at) => Fact::Due(at),
            Moment::On(date) => {
                let days = (date - self.office.date(now)).get_days();
                Fact::Words(match days {
                    0 => msg!("deadline.due_today", date = date),
                    1 => msg!("deadline.due_tomorrow", date = date),
                    -1 => msg!("deadline.due_yesterday", date = date),
                    days if days > 0 => msg!("deadline.due_in", date = date, days = days),
                    days => msg!("deadline.due_since", date = date, days = -days),
                })
            }
        };
        let facts = vec![Fact::Words(item.title.clone()), Fact::Text(directory.name(item.owner)), when];
        Headline { label, title: String::new(), amount: None, facts }
    }

    /// Dates the warnings that could not be dated, now that the calendar may know more; administrators hear of the years that are
    /// missing still, once a year. How many were dated.
    pub async fn date_undated(&self) -> Result<usize, OrgError> {
        let now = self.clock.now();
        let (mut dated, mut missing, mut last) = (0, BTreeSet::new(), WarningId::new(0));
        loop {
            let page = self.db.read(async move |c: &mut Conn<'_>| store::undated(c, last, A_TURN).await).await;
            let page = page.map_err(|error: DbError| error)?;
            let Some(end) = page.last() else { break };
            last = end.warning;
            let mut found = Vec::new();
            for Undated { warning, span, step, due_on, due_at } in page {
                let due = Moment::stored(due_on, due_at, &self.office);
                match step.at(due, span, WorkCalendar::mainland(), &self.office) {
                    Ok(at) => found.push((warning, at.max(now))),
                    Err(unknown) => drop(missing.insert(unknown.year)),
                }
            }
            dated += found.len();
            let unit = async move |c: &mut Conn<'_>| {
                for (warning, at) in &found {
                    store::date(c, *warning, *at).await?;
                }
                Ok::<_, DbError>(())
            };
            self.db.write(unit).await?;
        }
        self.tell_missing(missing, now).await?;
        Ok(dated)
    }

    async fn tell_missing(&self, years: BTreeSet<i16>, now: Timestamp) -> Result<(), OrgError> {
        if years.is_empty() {
            return Ok(());
        }
        let directory = self.org.directory();
        let mut messages = Vec::new();
        for year in years {
            tracing::warn!(year, "warnings wait for the working days of a year that the calendar does not know");
            for person in directory.with_role(ADMINISTRATOR) {
                messages.push(missing_year(year, person.id, now));
            }
        }
        let unit = async move |c: &mut Conn<'_>| {
            for message in &messages {
                notify::post(c, message).await?;
            }
            Ok::<_, DbError>(())
        };
        Ok(self.db.write(unit).await?)
    }
}

fn missing_year(year: i16, to: UserId, now: Timestamp) -> NewMessage {
    // A year is no count: without a separator of thousands.
    let year = year.to_string();
    NewMessage {
        key: format!("deadline-calendar/{year}/{to}"),
        to,
        kind: "deadline.calendar",
        about: None,
        headline: Headline {
            label: msg!("deadline.label_calendar"),
            title: String::new(),
            amount: None,
            facts: vec![Fact::Words(msg!("deadline.calendar_missing", year = &year))],
        },
        lines: vec![msg!("deadline.calendar_text", year = year)],
        link: Link::None,
        urgency: Urgency::Reminder,
        not_before: now,
    }
}
