//! 归档: one task a document, claimed by one of those who may, ticked off, and put where it can be found again.

use serde::{Deserialize, Serialize};

use super::deed::{self, Deed};
use super::store::{archive, life};
use super::{Fulfilment, FulfilmentError, log, not_found, person, sealing};
use crate::approval::effects;
use crate::contract::ContractError;
use crate::db::{Conn, Count, Cursor, DbError, Page, next_number, number_lock};
use crate::deadline::Hearer;
use crate::i18n::msg;
use crate::kernel::{Actor, ContractId, Date, DepartmentId, Ref, Timestamp, UserId, id};
use crate::notify;
use crate::org::Action;
use crate::workflow::Directory;

id::id! {
    /// An archive task.
    ArchiveTaskId
}

/// An archive task with its document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArchiveTask {
    /// Id.
    pub id: ArchiveTaskId,
    /// The contract or the change.
    pub subject: Ref,
    /// The contract it belongs to.
    pub contract: ContractId,
    /// The number of the document.
    pub number: String,
    /// What its text is called.
    pub title: String,
    /// The other party.
    pub other_party: String,
    /// Who looks after the contract.
    pub owner: UserId,
    /// The department of the contract.
    pub department: Option<DepartmentId>,
    /// Who may claim it.
    pub claimers: Vec<Hearer>,
    /// Who has it.
    pub claimed_by: Option<UserId>,
    /// Whether it is done.
    pub archived: bool,
    /// Its number in the archive.
    pub archive_number: Option<String>,
    /// The box.
    pub box_name: String,
    /// The shelf.
    pub shelf: String,
    /// How many copies.
    pub copies: Option<u32>,
    /// When it was put there.
    pub archived_on: Option<Date>,
    /// By whom.
    pub archived_by: Option<UserId>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// Rises with every change.
    pub version: i64,
    /// What must be in the folder; read with a single task only.
    pub items: Vec<ArchiveItem>,
}

/// An entry of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArchiveItem {
    /// Its place, from 1.
    pub position: i64,
    /// What it is.
    pub label: String,
    /// Who saw it in the folder.
    pub checked_by: Option<UserId>,
    /// When.
    pub checked_at: Option<Timestamp>,
}

/// Where the folder was put.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Archived {
    /// The number in the archive; the next one of the year where none is said.
    #[serde(default)]
    pub number: String,
    /// The box.
    #[serde(default, rename = "box")]
    pub box_name: String,
    /// The shelf.
    #[serde(default)]
    pub shelf: String,
    /// How many copies.
    pub copies: u32,
    /// The version of the task that was read.
    pub version: i64,
}

/// Which tasks a list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ArchiveFilter {
    /// Done ones instead of open ones.
    pub archived: bool,
    /// A part of a number or of the other party's name.
    pub text: String,
}

/// Makes the task of a document, within a unit. Said again, nothing happens.
pub(super) async fn open(
    c: &mut Conn<'_>,
    deed: &Deed,
    claimers: &[Hearer],
    list: &[String],
    (actor, at): (Actor, Timestamp),
    directory: &Directory,
) -> Result<(), FulfilmentError> {
    let Some(id) = archive::add(c, deed, claimers, list, at).await? else { return Ok(()) };
    log(c, (actor, at), &deed.subject, "contract.archive_asked", serde_json::json!({ "list": list })).await?;
    for person in effects::people(claimers, deed.owner, directory) {
        let label = msg!("contract.after.tell_archive");
        let key = format!("archive/{id}/asked/{person}");
        notify::post(c, &sealing::message(deed, key, person, label, format!("/archive/{id}"), at)).await?;
    }
    c.notify("archive");
    Ok(())
}

impl Fulfilment {
    /// A task with its list, for those who may claim it and those who may read the contract.
    pub async fn archive_task(&self, user: UserId, id: ArchiveTaskId) -> Result<ArchiveTask, FulfilmentError> {
        let read = async move |c: &mut Conn<'_>| archive::find(c, id).await?.ok_or_else(not_found);
        let task: ArchiveTask = self.db().read(read).await?;
        if !self.may_archive(user, &task) {
            self.deed(user, &task.subject, Action::Read).await?;
        }
        Ok(task)
    }

    /// Whether the person is among those who may claim it.
    pub fn may_archive(&self, user: UserId, task: &ArchiveTask) -> bool {
        let directory = self.contracts().org().directory();
        task.claimers.iter().any(|claimer| match claimer {
            Hearer::Owner => task.owner == user,
            Hearer::ManagerOfOwner => directory.manager(task.owner).is_some_and(|(manager, _)| manager == user),
            Hearer::Person(person) => *person == user,
            Hearer::Role(role) => directory.with_role(role).any(|person| person.id == user),
        })
    }

    /// Takes the task into one's hands, or gives it back.
    pub async fn claim_archive_task(
        &self,
        actor: Actor,
        id: ArchiveTaskId,
        claim: bool,
    ) -> Result<(), FulfilmentError> {
        let user = person(actor)?;
        let task = self.open_task(user, id).await?;
        match task.claimed_by {
            Some(other) if other != user => return Err(self.claimed_by(other)),
            None if !claim => return Err(FulfilmentError::NotClaimed),
            _ => {}
        }
        let at = self.now();
        let unit = async move |c: &mut Conn<'_>| {
            if !archive::claim(c, &task, claim.then_some(user)).await? {
                return Err(ContractError::Changed.into());
            }
            let action = if claim { "contract.archive_claimed" } else { "contract.archive_released" };
            log(c, (actor, at), &task.subject, action, serde_json::json!({ "task": id })).await?;
            c.notify("archive");
            Ok(())
        };
        self.db().write(unit).await
    }

    /// Ticks an entry of the list, or takes the tick away. `seen` is the version of the task that was read; a tick leaves it as it is.
    pub async fn check_archive_item(
        &self,
        actor: Actor,
        (id, seen): (ArchiveTaskId, Option<i64>),
        position: i64,
        checked: bool,
    ) -> Result<(), FulfilmentError> {
        let user = person(actor)?;
        let task = self.open_task(user, id).await?;
        self.in_hand(user, &task)?;
        if seen.is_some_and(|version| version != task.version) {
            return Err(ContractError::Changed.into());
        }
        if !task.items.iter().any(|item| item.position == position) {
            return Err(not_found());
        }
        let tick = checked.then_some((user, self.now()));
        let unit = async move |c: &mut Conn<'_>| {
            let stood = archive::check(c, &task, position, tick).await?;
            if stood { Ok(()) } else { Err(ContractError::Changed.into()) }
        };
        self.db().write(unit).await
    }

    /// Says where the folder stands, once everything is in it; its number in the archive.
    pub async fn archive(
        &self,
        actor: Actor,
        id: ArchiveTaskId,
        archived: Archived,
    ) -> Result<String, FulfilmentError> {
        let user = person(actor)?;
        let task = self.open_task(user, id).await?;
        self.in_hand(user, &task)?;
        if task.version != archived.version {
            return Err(ContractError::Changed.into());
        }
        let open = task.items.iter().filter(|item| item.checked_at.is_none()).count();
        if open > 0 {
            return Err(FulfilmentError::ItemsLeft(open));
        }
        for (field, text) in [("number", &archived.number), ("box", &archived.box_name), ("shelf", &archived.shelf)] {
            if text.chars().count() > 60 {
                return Err(FulfilmentError::Needed { field: field.to_owned() });
            }
        }
        if !(1..=99).contains(&archived.copies) {
            return Err(FulfilmentError::Copies);
        }
        let (at, on) = (self.now(), self.today());
        let series = format!("archive:{}", on.year());
        let lock = number_lock(&series);
        let unit = async move |c: &mut Conn<'_>| {
            let number = match archived.number.trim() {
                "" => format!("DA-{}-{:04}", on.year(), next_number(c, &series).await?),
                number => number.to_owned(),
            };
            let stood = archive::archive(c, &task, (&number, &archived), (user, on)).await.map_err(taken)?;
            if !stood {
                return Err(ContractError::Changed.into());
            }
            let deed = deed::find(c, &task.subject).await?.ok_or_else(not_found)?;
            if deed.is_contract() {
                life::archived(c, deed.contract, &number, at).await?;
            }
            let new = serde_json::json!({ "number": number, "box": archived.box_name, "shelf": archived.shelf });
            log(c, (actor, at), &deed.subject, "contract.archived", new).await?;
            c.notify("archive");
            c.notify("contracts");
            Ok(number)
        };
        self.db().write_locked(lock, unit).await
    }

    /// Open tasks that the person may claim or has.
    pub async fn archive_tasks_of(&self, user: UserId) -> Result<Vec<ArchiveTask>, FulfilmentError> {
        let read = async move |c: &mut Conn<'_>| Ok::<_, FulfilmentError>(archive::open(c, user).await?);
        let mut tasks = self.db().read(read).await?;
        tasks.retain(|task| self.may_archive(user, task));
        Ok(tasks)
    }

    /// A page of the tasks of contracts that the person may read.
    pub async fn archive_page(
        &self,
        user: UserId,
        filter: ArchiveFilter,
        after: Option<Cursor>,
    ) -> Result<(Page<ArchiveTask>, Count), FulfilmentError> {
        let scope = self.contracts().scope(user, Action::Read)?;
        let read = async move |c: &mut Conn<'_>| {
            Ok::<_, FulfilmentError>(archive::page(c, &scope, &filter, after.as_ref()).await?)
        };
        self.db().read(read).await
    }

    /// The task, if it is open and the person may claim it.
    async fn open_task(&self, user: UserId, id: ArchiveTaskId) -> Result<ArchiveTask, FulfilmentError> {
        let task = self.archive_task(user, id).await?;
        if !self.may_archive(user, &task) {
            return Err(FulfilmentError::NotClaimer);
        }
        if task.archived { Err(FulfilmentError::ArchivedAlready) } else { Ok(task) }
    }

    fn in_hand(&self, user: UserId, task: &ArchiveTask) -> Result<(), FulfilmentError> {
        match task.claimed_by {
            Some(by) if by == user => Ok(()),
            Some(other) => Err(self.claimed_by(other)),
            None => Err(FulfilmentError::NotClaimed),
        }
    }

    fn claimed_by(&self, other: UserId) -> FulfilmentError {
        FulfilmentError::ClaimedBy(self.contracts().org().directory().name(other))
    }
}

fn taken(error: DbError) -> FulfilmentError {
    if error.is_unique("archive_task_archive_number_key") { FulfilmentError::ArchiveNumberTaken } else { error.into() }
}
