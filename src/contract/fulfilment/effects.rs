//! The effects of workflows, each carried out in the unit that it is given. The same effect twice does nothing the second time.

use async_trait::async_trait;

use super::deed::{self, Deed};
use super::seal_request::WantedSeal;
use super::sealing;
use super::store::{events, warnings};
use super::{CONTRACT_CHANGE, FulfilmentError, archiving, not_found, originals, warning};
use crate::approval::{EffectAt, EffectHandler, SubjectRefusal, effects};
use crate::contract::store::contracts;
use crate::contract::{CONTRACT, SealKind};
use crate::db::Conn;
use crate::i18n::{Message, msg};
use crate::kernel::{Actor, Kind, OfficeHours, Span, Timestamp, UserId, WorkCalendar};
use crate::workflow::{Directory, Effect, Who};

/// What is carried out for contracts.
pub(in crate::contract) const OF_CONTRACTS: &[&str] =
    &["request_seal", "payment_plan_from_contract", "expect_original_back", "archive_by", "warn_before", "tell"];
/// What is carried out for changes of them; their plan and their dates are those of the contract.
pub(super) const OF_CHANGES: &[&str] = &["request_seal", "expect_original_back", "archive_by", "tell"];

/// Carries out what workflows ask of contracts, or of their changes.
pub struct ContractEffects {
    kind: Kind,
    names: &'static [&'static str],
}

/// An effect on its way.
struct Doing<'a> {
    deed: Deed,
    actor: Actor,
    at: Timestamp,
    key: &'a str,
    directory: &'a Directory,
}

impl ContractEffects {
    /// Those of contracts.
    pub fn of_contracts() -> Self {
        Self { kind: CONTRACT, names: OF_CONTRACTS }
    }

    /// Those of their changes.
    pub fn of_changes() -> Self {
        Self { kind: CONTRACT_CHANGE, names: OF_CHANGES }
    }
}

#[async_trait(?Send)]
impl EffectHandler for ContractEffects {
    fn kind(&self) -> &Kind {
        &self.kind
    }

    fn names(&self) -> &'static [&'static str] {
        self.names
    }

    fn check(&self, effect: &Effect, directory: &Directory) -> Result<(), Message> {
        match effect {
            Effect::RequestSeal { seal } if SealKind::named(seal).is_none() => {
                Err(msg!("contract.after.unknown_seal", name = seal))
            }
            Effect::ArchiveBy { checklist, .. } if checklist.is_empty() => Err(msg!("contract.after.effect_checklist")),
            Effect::ArchiveBy { who, .. } => effects::check(who, directory),
            Effect::WarnBefore { before, .. } if before.is_empty() => Err(msg!("contract.after.effect_spans")),
            Effect::WarnBefore { to, .. } | Effect::Tell { to, .. } => {
                to.iter().try_for_each(|who| effects::check(who, directory))
            }
            Effect::RequestSeal { .. } | Effect::PaymentPlanFromContract { .. } | Effect::ExpectOriginalBack { .. } => {
                Ok(())
            }
        }
    }

    async fn apply(
        &self,
        c: &mut Conn<'_>,
        at: &EffectAt,
        effect: &Effect,
        directory: &Directory,
    ) -> Result<(), SubjectRefusal> {
        let deed = deed::find(c, &at.case.subject).await?.ok_or_else(not_found)?;
        let doing = Doing { deed, actor: at.case.actor, at: at.case.at, key: &at.key, directory };
        Ok(carry_out(c, &doing, effect).await?)
    }
}

async fn carry_out(c: &mut Conn<'_>, doing: &Doing<'_>, effect: &Effect) -> Result<(), FulfilmentError> {
    let by = (doing.actor, doing.at);
    match effect {
        Effect::RequestSeal { seal } => {
            let purpose = doing.deed.title.clone();
            let wanted = WantedSeal { seal: seal.clone(), copies: 2, across_pages: true, purpose };
            let is_active = |id| doing.directory.is_active(id);
            // Nobody asked by hand: the workflow did.
            let by = (Actor::SYSTEM, doing.at);
            sealing::request(c, &doing.deed, &wanted, by, Some(doing.key), &is_active).await?;
        }
        Effect::PaymentPlanFromContract { on } => {
            if doing.deed.is_contract() && doing.deed.signed_on.is_none() {
                events::set_start(c, doing.deed.contract, on).await?;
            }
        }
        Effect::ExpectOriginalBack { within } => {
            let due = due_back(doing, *within)?;
            originals::expect(c, &doing.deed, due, by).await?;
        }
        Effect::ArchiveBy { who, checklist } => {
            let claimers = effects::hearers(who, doing.deed.answerable(), doing.directory).map_err(said)?;
            if effects::people(&claimers, doing.deed.owner, doing.directory).is_empty() {
                return Err(said(msg!("approval.effect.nobody")));
            }
            archiving::open(c, &doing.deed, &claimers, checklist, by, doing.directory).await?;
        }
        Effect::WarnBefore { date, before, to } => warn(c, doing, (date, before), to).await?,
        Effect::Tell { to, text } => tell(c, doing, to, text).await?,
    }
    Ok(())
}

/// Counted from the signing date, or from the day of the event where nothing is signed.
fn due_back(doing: &Doing<'_>, within: Span) -> Result<crate::kernel::Date, FulfilmentError> {
    let office = OfficeHours::default();
    let from = doing.deed.signed_on.unwrap_or_else(|| office.date(doing.at));
    Ok(within.due_date(from, WorkCalendar::mainland(), &office)?)
}

async fn warn(
    c: &mut Conn<'_>,
    doing: &Doing<'_>,
    (date, before): (&str, &[Span]),
    to: &[Who],
) -> Result<(), FulfilmentError> {
    let mut hearers = Vec::new();
    for who in to {
        hearers.extend(effects::hearers(who, doing.deed.answerable(), doing.directory).map_err(said)?);
    }
    let contract = doing.deed.contract;
    if warnings::add(c, contract, (date, before), &hearers, doing.key).await? {
        let contract = contracts::find(c, contract).await?.ok_or_else(not_found)?;
        warning::follow(c, &contract, doing.at).await?;
    }
    Ok(())
}

async fn tell(c: &mut Conn<'_>, doing: &Doing<'_>, to: &[Who], text: &str) -> Result<(), FulfilmentError> {
    let (deed, at) = (&doing.deed, doing.at);
    let people = effects::audience(to, deed.answerable(), doing.directory).map_err(said)?;
    let message = |key: String, person: UserId| {
        sealing::message(deed, key, person, msg!("contract.after.tell_text"), deed.path(), at)
    };
    Ok(effects::tell(c, doing.key, (&people, text), message).await?)
}

fn said(message: Message) -> FulfilmentError {
    FulfilmentError::Effect(message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(effect: &Effect) -> Option<String> {
        let checked = ContractEffects::of_contracts().check(effect, &Directory::default());
        checked.err().map(|message| message.key().to_owned())
    }

    fn tell(who: Who) -> Effect {
        Effect::Tell { to: vec![who], text: "x".into() }
    }

    #[test]
    fn what_could_never_be_done_is_known_before_it_is_due() {
        let archive = |checklist| Effect::ArchiveBy { who: Who::Owner, checklist };
        let warn = |before| Effect::WarnBefore { date: "expires".into(), before, to: vec![Who::Owner] };
        assert_eq!(refusal(&archive(Vec::new())).as_deref(), Some("contract.after.effect_checklist"));
        assert_eq!(refusal(&archive(vec!["scan".into()])), None);
        assert_eq!(refusal(&warn(Vec::new())).as_deref(), Some("contract.after.effect_spans"));
        assert_eq!(refusal(&warn(vec![Span::Days(7)])), None);
        let seal = Effect::RequestSeal { seal: "橡皮图章".into() };
        assert_eq!(refusal(&seal).as_deref(), Some("contract.after.unknown_seal"));
        assert_eq!(refusal(&tell(Who::ChosenBySubmitter)).as_deref(), Some("approval.effect.who"));
        let nobody = Who::Role { role: "nobody".into() };
        assert_eq!(refusal(&tell(nobody)).as_deref(), Some("approval.effect.role"));
    }

    #[test]
    fn the_first_of_several_rules_needs_only_one_that_can_be_followed() {
        let rules = vec![Who::ChosenBySubmitter, Who::Owner];
        assert_eq!(refusal(&tell(Who::FirstOf { rules: rules.clone() })), None);
        assert_eq!(refusal(&tell(Who::AnyOf { rules })).as_deref(), Some("approval.effect.who"));
        let rules = vec![Who::ChosenBySubmitter];
        assert_eq!(refusal(&tell(Who::FirstOf { rules })).as_deref(), Some("approval.effect.nobody"));
    }
}
