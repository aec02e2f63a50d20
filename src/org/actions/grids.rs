//! What administrators do with authority grids. The directory's version rises with each change, as with people.
//!
//! A version says who may approve what, so a second person confirms it before it takes force; where nobody else could, making it is
//! confirming it.

use crate::db::Conn;
use crate::kernel::{Ref, UserId};
use crate::org::grid::{GridError, GridFields, GridId, GridVersionFields, day};
use crate::org::permission::Authority;
use crate::org::role::Action;
use crate::org::session::Session;
use crate::org::{AUTHORITY_GRID, Org, OrgError, store};
use crate::workflow::{Grid, GridStanding, GridVersion};

use super::Mark;

impl Org {
    /// A new grid with its first version; the name as workflows write it.
    pub async fn create_grid(&self, by: &Session, fields: GridFields) -> Result<String, OrgError> {
        let fields = fields.checked()?;
        let (by, mark) = (by.user_id(), Mark { actor: by.actor(), at: self.now() });
        self.change(move |authority| {
            authority.scope(by, &AUTHORITY_GRID, Action::Administer)?;
            let version = fields.first.version(1, authority.directory(), Some(by), mark.at)?;
            let version = GridVersion { proposed: somebody_else(authority, by), ..version };
            let (name, title) = (fields.name.clone(), fields.title.clone());
            Ok(async move |c: &mut Conn<'_>| {
                let id = store::grids::insert(c, &name, &title, mark.at).await?;
                store::grids::insert_version(c, id, &version).await?;
                mark.write(c, &subject(id), "authority_grid.created", None, Some(&version)).await?;
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
        self.change(move |authority| {
            authority.scope(by, &AUTHORITY_GRID, Action::Administer)?;
            let grid = known(authority, &name)?;
            if grid.newest() != newest {
                return Err(OrgError::Changed);
            }
            let version = fields.version(newest + 1, authority.directory(), Some(by), mark.at)?;
            let version = GridVersion { proposed: somebody_else(authority, by), ..version };
            let (name, old) = (name.clone(), grid.version(newest).cloned());
            Ok(async move |c: &mut Conn<'_>| {
                let id = store::grids::by_name(c, &name).await?;
                store::grids::insert_version(c, id, &version).await?;
                let action = "authority_grid.version_added";
                mark.write(c, &subject(id), action, old.as_ref(), Some(&version)).await?;
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
        self.change(move |authority| {
            authority.scope(by, &AUTHORITY_GRID, Action::Administer)?;
            let grid = known(authority, &name)?;
            let version = grid.version(number).cloned().ok_or(OrgError::NotFound)?;
            if grid.standing(&version, day(mark.at)) != GridStanding::Proposed {
                return Err(GridError::NotProposed.into());
            }
            let before = grid.before(&version, day(mark.at)).map_or(0, |before| before.number);
            if read.is_some_and(|read| read != before) {
                return Err(OrgError::Changed);
            }
            // Whoever was left alone meanwhile would wait for ever.
            if version.made_by == Some(by) && somebody_else(authority, by) {
                return Err(GridError::Own.into());
            }
            let (name, confirmed) = (name.clone(), GridVersion { proposed: false, confirmed_by: Some(by), ..version });
            Ok(async move |c: &mut Conn<'_>| {
                let id = store::grids::by_name(c, &name).await?;
                store::grids::confirm(c, (id, number), by, mark.at).await?;
                let action = "authority_grid.version_confirmed";
                Ok(mark.write(c, &subject(id), action, None, Some(&confirmed)).await?)
            })
        })
        .await
    }

    /// Whether somebody waits for a second person to confirm what they made.
    pub fn waits_for_second(&self, by: UserId) -> bool {
        somebody_else(&self.authority(), by)
    }

    /// Takes a version back that nobody has confirmed or whose day has not come.
    pub async fn withdraw_grid_version(&self, by: &Session, name: &str, number: u32) -> Result<(), OrgError> {
        let (by, mark, name) = (by.user_id(), Mark { actor: by.actor(), at: self.now() }, name.to_owned());
        self.change(move |authority| {
            authority.scope(by, &AUTHORITY_GRID, Action::Administer)?;
            let grid = known(authority, &name)?;
            let version = grid.version(number).cloned().ok_or(OrgError::NotFound)?;
            if !matches!(grid.standing(&version, day(mark.at)), GridStanding::Proposed | GridStanding::Ahead) {
                return Err(GridError::NotAhead.into());
            }
            let name = name.clone();
            Ok(async move |c: &mut Conn<'_>| {
                let id = store::grids::by_name(c, &name).await?;
                store::grids::withdraw(c, id, number, mark.at).await?;
                Ok(mark.write(c, &subject(id), "authority_grid.version_withdrawn", Some(&version), None).await?)
            })
        })
        .await
    }
}

/// Whether anybody but this person may make and confirm grids.
fn somebody_else(authority: &Authority, person: UserId) -> bool {
    let may = |one: &UserId| authority.scope(*one, &AUTHORITY_GRID, Action::Administer).is_ok();
    authority.directory().people.values().any(|one| one.id != person && one.active && may(&one.id))
}

fn subject(id: GridId) -> Ref {
    AUTHORITY_GRID.reference(id.get())
}

fn known<'a>(authority: &'a Authority, name: &str) -> Result<&'a Grid, OrgError> {
    authority.directory().grids.get(name).ok_or(OrgError::NotFound)
}
