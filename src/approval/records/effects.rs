//! The effects of workflows over records of declared kinds. The same effect twice does nothing the second time.

use std::sync::Arc;

use async_trait::async_trait;

use super::RecordSubject;
use crate::approval::effects::{self, Answerable};
use crate::approval::{EffectAt, EffectHandler, Glance, Subject as _, SubjectRefusal};
use crate::db::Conn;
use crate::i18n::{Message, msg};
use crate::kernel::{Kind, UserId};
use crate::notify::{Fact, Headline, Link, NewMessage, Urgency};
use crate::workflow::{Directory, Effect};

/// What is carried out for records of any declared kind.
pub(super) const OF_RECORDS: &[&str] = &["tell"];

/// Carries out what workflows ask of records of one kind.
pub struct RecordEffects(Arc<RecordSubject>);

impl RecordEffects {
    /// One handler a kind.
    pub fn of_all(subjects: &[Arc<RecordSubject>]) -> impl Iterator<Item = Self> {
        subjects.iter().map(|subject| Self(Arc::clone(subject)))
    }
}

#[async_trait(?Send)]
impl EffectHandler for RecordEffects {
    fn kind(&self) -> &Kind {
        &self.0.schema().kind
    }

    fn names(&self) -> &'static [&'static str] {
        OF_RECORDS
    }

    fn check(&self, effect: &Effect, directory: &Directory) -> Result<(), Message> {
        match effect {
            Effect::Tell { to, .. } => to.iter().try_for_each(|who| effects::check(who, directory)),
            other => Err(not_here(other)),
        }
    }

    async fn apply(
        &self,
        c: &mut Conn<'_>,
        at: &EffectAt,
        effect: &Effect,
        directory: &Directory,
    ) -> Result<(), SubjectRefusal> {
        let Effect::Tell { to, text } = effect else { return Err(SubjectRefusal::Refused(not_here(effect))) };
        let id = at.case.subject.id;
        let facts = self.0.facts(c, id).await?.ok_or(SubjectRefusal::LostRace)?;
        let people = effects::audience(to, Answerable::from(&facts), directory).map_err(SubjectRefusal::Refused)?;
        let Glance { title, other_party, amount, .. } = Glance::of(&facts);
        let facts: Vec<Fact> = Some(other_party).filter(|name| !name.is_empty()).map(Fact::Text).into_iter().collect();
        let message = |key: String, to: UserId| NewMessage {
            key,
            to,
            kind: "approval.told",
            about: Some(at.case.subject.clone()),
            headline: Headline {
                label: msg!("approval.effect.told"),
                title: title.clone(),
                amount,
                facts: facts.clone(),
            },
            lines: Vec::new(),
            link: Link::Page(self.0.kind().page_of(id)),
            urgency: Urgency::Normal,
            not_before: at.case.at,
        };
        Ok(effects::tell(c, &at.key, (&people, text), message).await?)
    }
}

fn not_here(effect: &Effect) -> Message {
    msg!("approval.effect.not_here", effect = effect.name())
}
