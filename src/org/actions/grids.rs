//! What administrators do with authority grids. The directory's version rises with each change, as with people.
//!
//! A version says who may approve what, so a second person confirms it before it takes force; where nobody else could, making it is
//! confirming it.

use crate::db::Conn;
use crate::i18n::msg;
use crate::kernel::{Ref, Timestamp, UserId};
use crate::org::grid::{GridError, GridFields, GridId, GridVersionFields, day};
use crate::org::permission::Authority;
use crate::org::role::Action;
use crate::org::second::Second;
use crate::org::session::Session;
use crate::org::{AUTHORITY_GRID, Org, OrgError, store};
use crate::workflow::{Grid, GridStanding, GridVersion};

use super::Mark;
use super::grid_news::News;

impl Org {
    /// A new grid with its first version; the name as workflows write it.
    pub async fn create_grid(&self, by: &Session, fields: GridFields) -> Result<String, OrgError> {
        let fields = fields.checked()?;
        let (by, mark) = (by.user_id(), Mark { actor: by.actor(), at: self.now() });
        let org = self.clone();
        self.change(move |authority| {
            authority.scope(by, &AUTHORITY_GRID, Action::Administer)?;
            let version = fields.first.version(1, authority.directory(), Some(by), mark.at)?;
            let version = GridVersion { proposed: waits(authority, by, mark.at), ..version };
            let (name, title) = (fields.name.clone(), fields.title.clone());
            let (org, news) = (org.clone(), proposed(authority, by, (&name, &title), &version));
            Ok(async move |c: &mut Conn<'_>| {
                let id = store::grids::insert(c, &name, &title, mark.at).await?;
                store::grids::insert_version(c, id, &version).await?;
                mark.write(c, &subject(id), "authority_grid.created", None, Some(&version)).await?;
                news.post(c, &org, id, mark).await?;
                Ok(name.clone())
            })
        })
        .await
    }

    /// A new version of a grid, written with `newest` before the eyes; its number.
    pub async fn add_grid_version(
        &self,
        by: &Session,
        name: &str,
        newest: u32,
        fields: GridVersionFields,
    ) -> Result<u32, OrgError> {
        let (by, mark, name) = (by.user_id(), Mark { actor: by.actor(), at: self.now() }, name.to_owned());
        let org = self.clone();
        self.change(move |authority| {
            let grid = administered(authority, by, &name)?;
            if grid.newest() != newest {
                return Err(OrgError::Changed);
            }
            let version = fields.version(newest + 1, authority.directory(), Some(by), mark.at)?;
            let version = GridVersion { proposed: waits(authority, by, mark.at), ..version };
            let (org, news) = (org.clone(), proposed(authority, by, at(grid), &version));
            let (name, old) = (name.clone(), grid.version(newest).cloned());
            Ok(async move |c: &mut Conn<'_>| {
                let id = store::grids::by_name(c, &name).await?;
                store::grids::insert_version(c, id, &version).await?;
                let action = "authority_grid.version_added";
                mark.write(c, &subject(id), action, old.as_ref(), Some(&version)).await?;
                news.post(c, &org, id, mark).await?;
                Ok(version.number)
            })
        })
        .await
    }

    /// A second person has read a version and lets it take force when its day comes, or at once where it has come. `read` is the number
    /// of the version that they saw it compared with, 0 for none, where they saw one.
    pub async fn confirm_grid_version(
        &self,
        by: &Session,
        name: &str,
        number: u32,
        read: Option<u32>,
    ) -> Result<(), OrgError> {
        let (by, mark, name) = (by.user_id(), Mark { actor: by.actor(), at: self.now() }, name.to_owned());
        let org = self.clone();
        self.change(move |authority| {
            let grid = administered(authority, by, &name)?;
            let version = grid.version(number).cloned().ok_or(OrgError::NotFound)?;
            if grid.standing(&version, day(mark.at)) != GridStanding::Proposed {
                return Err(GridError::NotProposed.into());
            }
            let before = grid.before(&version, day(mark.at)).map_or(0, |before| before.number);
            if read.is_some_and(|read| read != before) {
                return Err(OrgError::Changed);
            }
            if version.made_by == Some(by) {
                alone(authority, by, mark.at, GridError::Own)?;
            }
            let what = ("authority_grid.confirmed", msg!("org.tell.grid_confirmed"), version.made_by);
            let (org, news) = (org.clone(), News::answers(authority, by, at(grid), &version, what));
            let (name, confirmed) = (name.clone(), GridVersion { proposed: false, confirmed_by: Some(by), ..version });
            Ok(async move |c: &mut Conn<'_>| {
                let id = store::grids::by_name(c, &name).await?;
                store::grids::confirm(c, (id, number), by, mark.at).await?;
                let action = "authority_grid.version_confirmed";
                mark.write(c, &subject(id), action, None, Some(&confirmed)).await?;
                Ok(news.post(c, &org, id, mark).await?)
            })
        })
        .await
    }

    /// Who confirms what a person makes.
    pub fn second_for_grids(&self, by: UserId) -> Second {
        self.authority().second(by, &AUTHORITY_GRID, self.now())
    }
}

/// Tells the others of a version that waits for them; of one that does not there is nobody to tell.
fn proposed(authority: &Authority, by: UserId, grid: (&str, &str), version: &GridVersion) -> News {
    News::asks(authority, by, grid, version, ("authority_grid.proposed", msg!("org.tell.grid_proposed")))
}

/// Whether a version that this person makes waits for another.
fn waits(authority: &Authority, by: UserId, at: Timestamp) -> bool {
    authority.second(by, &AUTHORITY_GRID, at) != Second::Nobody
}

/// Refuses somebody who does alone what another has to agree to; whoever was left alone would wait for ever.
pub(super) fn alone(authority: &Authority, by: UserId, at: Timestamp, refused: GridError) -> Result<(), OrgError> {
    match authority.second(by, &AUTHORITY_GRID, at) {
        Second::Needed => Err(refused.into()),
        Second::NeededUntil(from) => Err(GridError::AloneFrom { from }.into()),
        Second::Nobody => Ok(()),
    }
}

pub(super) fn subject(id: GridId) -> Ref {
    AUTHORITY_GRID.reference(id.get())
}

/// A grid of that name, for whoever may administer it.
pub(super) fn administered<'a>(authority: &'a Authority, by: UserId, name: &str) -> Result<&'a Grid, OrgError> {
    authority.scope(by, &AUTHORITY_GRID, Action::Administer)?;
    authority.directory().grids.get(name).ok_or(OrgError::NotFound)
}

/// A grid by its name and its title.
pub(super) fn at(grid: &Grid) -> (&str, &str) {
    (&grid.name, &grid.title)
}
