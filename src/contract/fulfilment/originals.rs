//! 原件回收: the other side's signed original is expected by a day, and stays in the list until somebody records it.

use super::deed::{self, Deed};
use super::store::{archive, originals};
use super::{Fulfilment, FulfilmentError, log, not_found, person};
use crate::approval::effects;
use crate::contract::{CONTRACT, ContractError};
use crate::db::{Conn, Count, Cursor, Page};
use crate::deadline::{self, Hearer, Moment, NewDue, Warn};
use crate::i18n::msg;
use crate::kernel::{Actor, ContractId, Date, OfficeHours, Ref, Span, Timestamp, UserId, id};
use crate::org::Action;

id::id! {
    /// An original that is expected back.
    OriginalId
}

/// An original that is expected back, with its document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Original {
    /// Id.
    pub id: OriginalId,
    /// The contract or the change.
    pub subject: Ref,
    /// The contract it belongs to.
    pub contract: ContractId,
    /// The number of the document.
    pub number: String,
    /// What its text is called.
    pub title: String,
    /// Who has it.
    pub other_party: String,
    /// Who looks after the contract.
    pub owner: UserId,
    /// By when.
    pub due_on: Date,
    /// When it came back.
    pub back_on: Option<Date>,
    /// How many copies came.
    pub copies: Option<u32>,
    /// Who recorded it.
    pub recorded_by: Option<UserId>,
    /// Rises with every change.
    pub version: i64,
}

/// Which originals a list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OriginalFilter {
    /// Those that are back, too.
    pub back: bool,
    /// A part of a number or of the other party's name.
    pub text: String,
}

/// Expects the original by a day, within a unit. Said again, nothing happens.
pub(super) async fn expect(
    c: &mut Conn<'_>,
    deed: &Deed,
    due: Date,
    (actor, at): (Actor, Timestamp),
) -> Result<(), FulfilmentError> {
    let Some(id) = originals::add(c, deed, due).await? else { return Ok(()) };
    log(c, (actor, at), &deed.subject, "contract.original_expected", serde_json::json!({ "by": due })).await?;
    let (number, party) = (deed.number.as_str(), deed.other_party.as_str());
    let item = NewDue {
        subject: CONTRACT.reference(deed.contract.get()),
        source: source(id),
        title: msg!("contract.after.due_original", number = number, title = &deed.title, party = party),
        due: Moment::On(due),
        owner: deed.owner,
        department: deed.department,
        warn: Warn {
            before: vec![Span::Days(3), Span::Days(0)],
            hearers: vec![Hearer::Owner],
            escalate_after: Some(Span::Days(3)),
        },
        path: deed.path(),
    };
    deadline::put(c, &item, at, &OfficeHours::default()).await?;
    Ok(())
}

fn source(id: OriginalId) -> String {
    format!("original/{id}")
}

impl Fulfilment {
    /// Records that an original came back: whoever may edit the contract, or those who archive it.
    pub async fn original_back(
        &self,
        actor: Actor,
        id: OriginalId,
        (on, copies): (Date, u32),
    ) -> Result<(), FulfilmentError> {
        let user = person(actor)?;
        let read = async move |c: &mut Conn<'_>| originals::find(c, id).await?.ok_or_else(not_found);
        let original: Original = self.db().read(read).await?;
        self.may_receive(user, &original).await?;
        if on > self.today() {
            return Err(FulfilmentError::InFuture { field: "on".to_owned() });
        }
        if !(1..=99).contains(&copies) {
            return Err(FulfilmentError::Copies);
        }
        let at = self.now();
        let unit = async move |c: &mut Conn<'_>| {
            let deed = deed::find(c, &original.subject).await?.ok_or_else(not_found)?;
            if deed.signed_on.is_some_and(|signed| on < signed) {
                let first = deed.signed_on.unwrap_or(on);
                return Err(FulfilmentError::TooEarly { field: "on".to_owned(), first });
            }
            if !originals::back(c, id, (on, copies), (user, at)).await? {
                return Err(FulfilmentError::OriginalBack);
            }
            deadline::clear(c, &CONTRACT.reference(original.contract.get()), &source(id), at).await?;
            let new = serde_json::json!({ "on": on, "copies": copies });
            log(c, (actor, at), &deed.subject, "contract.original_back", new).await?;
            c.notify("contracts");
            Ok(())
        };
        self.db().write(unit).await
    }

    /// A page of the originals that the person may see.
    pub async fn originals(
        &self,
        user: UserId,
        filter: OriginalFilter,
        after: Option<Cursor>,
    ) -> Result<(Page<Original>, Count), FulfilmentError> {
        let scope = self.contracts().scope(user, Action::Read)?;
        let read = async move |c: &mut Conn<'_>| {
            Ok::<_, FulfilmentError>(originals::page(c, &scope, &filter, after.as_ref()).await?)
        };
        self.db().read(read).await
    }

    /// Whether the person may record it.
    async fn may_receive(&self, user: UserId, original: &Original) -> Result<(), FulfilmentError> {
        let deed = self.deed(user, &original.subject, Action::Read).await?;
        let edits = self.contracts().scope(user, Action::Edit);
        if edits.is_ok_and(|scope| scope.covers(Some(deed.owner), deed.department)) {
            return Ok(());
        }
        let subject = original.subject.clone();
        let read = async move |c: &mut Conn<'_>| Ok::<_, FulfilmentError>(archive::of_subject(c, &subject).await?);
        let task = self.db().read(read).await?;
        let claimers =
            task.map(|task| effects::people(&task.claimers, deed.owner, &self.contracts().org().directory()));
        if claimers.is_some_and(|claimers| claimers.contains(&user)) {
            Ok(())
        } else {
            Err(ContractError::Forbidden(crate::org::Forbidden { kind: CONTRACT, action: Action::Edit }).into())
        }
    }
}
