//! 用印: a seal is asked for, its keeper compares the paper with the approved version and records it, and the ledger is written.

use super::deed::{self, Deed};
use super::seal_request::{LedgerOfSeals, SealRequest, SealRequestId, SealState, Sealed, WantedSeal};
use super::store::seals::{self, LedgerEntry};
use super::{Fulfilment, FulfilmentError, log, not_found, papers, person};
use crate::contract::{ContractError, Move, SealKind, State};
use crate::db::{Conn, Count, Cursor, Page, next_number, number_lock};
use crate::i18n::msg;
use crate::kernel::{Actor, Date, Ref, Timestamp, UserId};
use crate::notify::{self, Fact, Headline, Link, NewMessage, Urgency};
use crate::org::Action;

impl Fulfilment {
    /// Asks for a seal by hand.
    pub async fn request_seal(
        &self,
        actor: Actor,
        subject: &Ref,
        wanted: WantedSeal,
    ) -> Result<SealRequestId, FulfilmentError> {
        let user = person(actor)?;
        self.deed(user, subject, Action::Edit).await?;
        let (subject, at, directory) = (subject.clone(), self.now(), self.contracts().org().directory());
        let unit = async move |c: &mut Conn<'_>| {
            let deed = deed::find(c, &subject).await?.ok_or_else(not_found)?;
            let made = request(c, &deed, &wanted, (actor, at), None, &|id| directory.is_active(id)).await?;
            made.ok_or(FulfilmentError::SealAsked)
        };
        self.db().write(unit).await
    }

    /// The request, for its keeper and for those who may read the contract.
    pub async fn seal_request(&self, user: UserId, id: SealRequestId) -> Result<SealRequest, FulfilmentError> {
        let read = async move |c: &mut Conn<'_>| seals::find(c, id).await?.ok_or_else(not_found);
        let found: SealRequest = self.db().read(read).await?;
        if found.keeper != user {
            self.deed(user, &found.subject, Action::Read).await?;
        }
        Ok(found)
    }

    /// Whether the person may record the seal.
    pub fn may_seal(&self, user: UserId, request: &SealRequest) -> bool {
        request.keeper == user && request.state == SealState::Requested
    }

    /// Refuses a seal that cannot be recorded, before a photo is kept for it.
    pub async fn check_seal(
        &self,
        actor: Actor,
        id: SealRequestId,
        sealed: &Sealed,
    ) -> Result<SealRequest, FulfilmentError> {
        let request = self.held(person(actor)?, id, sealed).await?;
        let code = sealed.code.clone();
        self.db().read(async move |c: &mut Conn<'_>| sealable(c, id, &code).await).await?;
        Ok(request)
    }

    /// The request, of whose seal they are the keeper.
    async fn held(&self, user: UserId, id: SealRequestId, sealed: &Sealed) -> Result<SealRequest, FulfilmentError> {
        let request = self.seal_request(user, id).await?;
        if request.keeper != user {
            return Err(FulfilmentError::NotKeeper);
        }
        check(sealed, self.today())?;
        Ok(request)
    }

    /// Records that the seal is on the paper: the code on it must be that of the approved version.
    pub async fn seal(&self, actor: Actor, id: SealRequestId, sealed: Sealed) -> Result<String, FulfilmentError> {
        let user = person(actor)?;
        self.held(user, id, &sealed).await?;
        let at = self.now();
        let series = format!("seal_ledger:{}", sealed.on.year());
        let lock = number_lock(&series);
        let unit = async move |c: &mut Conn<'_>| {
            let (request, deed) = sealable(c, id, &sealed.code).await?;
            if let Some(photo) = sealed.photo {
                papers::demand(c, &deed, photo).await?;
            }
            let number = format!("YZ-{}-{:04}", sealed.on.year(), next_number(c, &series).await?);
            let Sealed { on, photo, copies, .. } = sealed;
            let entry = LedgerEntry { number: &number, on, by: user, at, photo, note: sealed.note.trim(), copies };
            if !seals::sealed(c, id, &entry).await? {
                return Err(FulfilmentError::SealRequestClosed);
            }
            let new = serde_json::json!({ "seal": request.seal_kind.name(), "ledger": number, "on": on });
            log(c, (actor, at), &deed.subject, "contract.seal_recorded", new).await?;
            if seals::open(c, &deed.subject).await? == 0 {
                deed::go(c, &deed, Move::Seal, actor, at).await?;
            }
            tell_owner(c, &deed, &request, at).await?;
            c.notify("seals");
            Ok(number)
        };
        self.db().write_locked(lock, unit).await
    }

    /// Sends a request back: the keeper will not seal it, or whoever asked does not need it.
    pub async fn cancel_seal(&self, actor: Actor, id: SealRequestId, why: &str) -> Result<(), FulfilmentError> {
        let user = person(actor)?;
        let request = self.seal_request(user, id).await?;
        if request.keeper != user {
            self.deed(user, &request.subject, Action::Edit).await?;
        }
        let why = why.trim().to_owned();
        if why.is_empty() || why.chars().count() > 200 {
            return Err(FulfilmentError::Needed { field: "reason".to_owned() });
        }
        let at = self.now();
        let unit = async move |c: &mut Conn<'_>| {
            if !seals::cancel(c, id, &why, at).await? {
                return Err(FulfilmentError::SealRequestClosed);
            }
            let deed = deed::find(c, &request.subject).await?.ok_or_else(not_found)?;
            let new = serde_json::json!({ "seal": request.seal_kind.name(), "reason": why });
            log(c, (actor, at), &deed.subject, "contract.seal_cancelled", new).await?;
            // What is left may be complete: the other seals are on it.
            let all = seals::of(c, &deed.subject).await?;
            let on_it = all.iter().any(|one| one.state == SealState::Sealed);
            if deed.state == State::Sealing && on_it && seals::open(c, &deed.subject).await? == 0 {
                deed::go(c, &deed, Move::Seal, actor, at).await?;
            }
            if user == request.keeper {
                tell_sent_back(c, &deed, &request, &why, at).await?;
            }
            c.notify("seals");
            Ok(())
        };
        self.db().write(unit).await
    }

    /// What waits for the person as a keeper.
    pub async fn seals_waiting(
        &self,
        keeper: UserId,
        after: Option<Cursor>,
    ) -> Result<Page<SealRequest>, FulfilmentError> {
        let read =
            async move |c: &mut Conn<'_>| Ok::<_, FulfilmentError>(seals::waiting(c, keeper, after.as_ref()).await?);
        self.db().read(read).await
    }

    /// A page of the seal ledger.
    pub async fn seal_ledger(
        &self,
        user: UserId,
        filter: LedgerOfSeals,
        after: Option<Cursor>,
    ) -> Result<(Page<SealRequest>, Count), FulfilmentError> {
        let scope = self.contracts().scope(user, Action::Read)?;
        let read = async move |c: &mut Conn<'_>| {
            Ok::<_, FulfilmentError>(seals::page(c, &scope, &filter, after.as_ref()).await?)
        };
        self.db().read(read).await
    }

    /// The kinds of seals that our entity has in use.
    pub async fn seals_of(&self, deed: &Deed) -> Result<Vec<SealKind>, FulfilmentError> {
        let seals = self.contracts().seals().await?;
        Ok(seals.into_iter().filter(|one| one.entity == deed.entity && one.active).map(|one| one.kind).collect())
    }
}

/// Asks for a seal, within a unit. `None`: it was asked for already.
pub(super) async fn request(
    c: &mut Conn<'_>,
    deed: &Deed,
    wanted: &WantedSeal,
    (actor, at): (Actor, Timestamp),
    effect: Option<&str>,
    is_active: &(dyn Fn(UserId) -> bool + Sync),
) -> Result<Option<SealRequestId>, FulfilmentError> {
    let kind = SealKind::named(&wanted.seal).ok_or_else(|| FulfilmentError::UnknownSeal(wanted.seal.clone()))?;
    if !(1..=99).contains(&wanted.copies) {
        return Err(FulfilmentError::Copies);
    }
    if wanted.purpose.chars().count() > 200 {
        return Err(FulfilmentError::Needed { field: "purpose".to_owned() });
    }
    let entity = seals::entity(c, deed.entity).await?.ok_or(ContractError::NoEntity)?;
    let name = || entity.fields.name.clone();
    let seal = seals::seal(c, deed.entity, kind).await?;
    let seal = seal.ok_or_else(|| FulfilmentError::NoSeal { entity: name(), kind })?;
    if !is_active(seal.keeper) {
        return Err(FulfilmentError::NobodyKeeps { entity: name(), kind });
    }
    deed.state.after(Move::RequestSeal)?;
    let by = (actor.in_the_name_of(), at);
    let Some(id) = seals::add(c, (deed, seal.id), wanted, by, effect).await? else { return Ok(None) };
    if deed.state == State::Approved {
        deed::go(c, deed, Move::RequestSeal, actor, at).await?;
    }
    let new = serde_json::json!({ "seal": kind.name(), "copies": wanted.copies, "keeper": seal.keeper });
    log(c, (actor, at), &deed.subject, "contract.seal_asked", new).await?;
    let label = msg!("contract.after.tell_seal", seal = kind.label());
    let message = message(deed, format!("seal/{id}/asked"), seal.keeper, label, format!("/seals/{id}"), at);
    notify::post(c, &message).await?;
    c.notify("seals");
    Ok(Some(id))
}

async fn tell_owner(
    c: &mut Conn<'_>,
    deed: &Deed,
    request: &SealRequest,
    at: Timestamp,
) -> Result<(), FulfilmentError> {
    let label = msg!("contract.after.tell_sealed", seal = request.seal_kind.label());
    let key = format!("seal/{}/sealed", request.id);
    notify::post(c, &message(deed, key, deed.owner, label, deed.path(), at)).await?;
    Ok(())
}

async fn tell_sent_back(
    c: &mut Conn<'_>,
    deed: &Deed,
    request: &SealRequest,
    why: &str,
    at: Timestamp,
) -> Result<(), FulfilmentError> {
    let label = msg!("contract.after.tell_seal_back", seal = request.seal_kind.label());
    let key = format!("seal/{}/back", request.id);
    let mut message = message(deed, key, request.requested_by.unwrap_or(deed.owner), label, deed.path(), at);
    message.lines.push(msg!("contract.after.words", text = why));
    notify::post(c, &message).await?;
    Ok(())
}

/// A message about a document to one person.
pub(super) fn message(
    deed: &Deed,
    key: String,
    to: UserId,
    label: crate::i18n::Message,
    page: String,
    at: Timestamp,
) -> NewMessage {
    let facts = [&deed.number, &deed.other_party].into_iter().filter(|text| !text.is_empty());
    NewMessage {
        key,
        to,
        kind: "contract.fulfilment",
        about: Some(deed.subject.clone()),
        headline: Headline {
            label,
            title: deed.title.clone(),
            amount: None,
            facts: facts.map(|text| Fact::Text(text.clone())).collect(),
        },
        lines: Vec::new(),
        link: Link::Page(page),
        urgency: Urgency::Normal,
        not_before: at,
    }
}

/// A request that waits, with the document that its keeper has before them.
async fn sealable(c: &mut Conn<'_>, id: SealRequestId, code: &str) -> Result<(SealRequest, Deed), FulfilmentError> {
    let request = seals::find(c, id).await?.ok_or_else(not_found)?;
    if request.state != SealState::Requested {
        return Err(FulfilmentError::SealRequestClosed);
    }
    let deed = deed::find(c, &request.subject).await?.ok_or_else(not_found)?;
    if deed.state != State::Sealing
        || deed.document_version != request.document_version
        || deed.content_hash != request.content_hash
    {
        return Err(FulfilmentError::NotApprovedVersion);
    }
    if plain(code) != plain(&deed.code()) {
        return Err(FulfilmentError::WrongCode);
    }
    Ok((request, deed))
}

fn check(sealed: &Sealed, today: Date) -> Result<(), FulfilmentError> {
    if sealed.on > today {
        return Err(FulfilmentError::InFuture { field: "on".to_owned() });
    }
    if !(1..=99).contains(&sealed.copies) {
        return Err(FulfilmentError::Copies);
    }
    if sealed.note.chars().count() > 200 {
        return Err(FulfilmentError::Needed { field: "note".to_owned() });
    }
    Ok(())
}

/// A code as it may be typed: without its hyphens, in either case.
fn plain(code: &str) -> String {
    code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_may_be_typed_without_its_hyphens_and_in_small_letters() {
        assert_eq!(plain("ab12-cd34-ef56"), plain("AB12CD34EF56"));
        assert_ne!(plain("AB12-CD34-EF56"), plain("AB12-CD34-EF57"));
    }
}
