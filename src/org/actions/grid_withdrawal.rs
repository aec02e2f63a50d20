//! Taking a version of an authority grid back. One that nobody has confirmed goes at once; one that was confirmed is the will of two,
//! and two take it back: the first asks, another agrees or keeps it.

use super::Mark;
use super::grid_news::News;
use super::grids::{administered, alone, at, subject};
use crate::db::Conn;
use crate::i18n::msg;
use crate::kernel::UserId;
use crate::org::grid::{GridError, day};
use crate::org::second::Second;
use crate::org::session::Session;
use crate::org::{AUTHORITY_GRID, Authority, Org, OrgError, store};
use crate::workflow::{Grid, GridStanding, GridVersion};

/// What became of the wish to take a version back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GridWithdrawal {
    /// It is taken back.
    Done,
    /// It waits for another administrator.
    Asked,
}

impl Org {
    /// Takes a version back that nobody has confirmed, or whose day has not come and that another administrator wishes to take back, too.
    pub async fn withdraw_grid_version(
        &self,
        by: &Session,
        name: &str,
        number: u32,
    ) -> Result<GridWithdrawal, OrgError> {
        let (by, mark, name) = (by.user_id(), Mark { actor: by.actor(), at: self.now() }, name.to_owned());
        let org = self.clone();
        self.change(move |authority| {
            let grid = administered(authority, by, &name)?;
            let version = grid.version(number).cloned().ok_or(OrgError::NotFound)?;
            let done = withdrawn(authority, by, mark, (grid, &version))?;
            let news = news(authority, by, (grid, &version), done);
            let (org, name) = (org.clone(), name.clone());
            Ok(async move |c: &mut Conn<'_>| {
                let id = store::grids::by_name(c, &name).await?;
                let action = match done {
                    GridWithdrawal::Done => {
                        store::grids::withdraw(c, id, number, mark.at).await?;
                        "authority_grid.version_withdrawn"
                    }
                    GridWithdrawal::Asked => {
                        store::grids::ask_withdrawal(c, id, number, Some(by)).await?;
                        "authority_grid.withdrawal_asked"
                    }
                };
                mark.write(c, &subject(id), action, Some(&version), None).await?;
                news.post(c, &org, id, mark).await?;
                Ok(done)
            })
        })
        .await
    }

    /// A version stays that somebody asked to take back: they themselves no longer wish it, or another does not agree.
    pub async fn keep_grid_version(&self, by: &Session, name: &str, number: u32) -> Result<(), OrgError> {
        let (by, mark, name) = (by.user_id(), Mark { actor: by.actor(), at: self.now() }, name.to_owned());
        let org = self.clone();
        self.change(move |authority| {
            let grid = administered(authority, by, &name)?;
            let version = grid.version(number).cloned().ok_or(OrgError::NotFound)?;
            let asked = grid.standing(&version, day(mark.at)) == GridStanding::Ahead && version.withdrawal_by.is_some();
            if !asked {
                return Err(GridError::NoWithdrawal.into());
            }
            let what = ("authority_grid.kept", msg!("org.tell.grid_kept"), version.withdrawal_by);
            let news = News::answers(authority, by, at(grid), &version, what);
            let (org, name) = (org.clone(), name.clone());
            Ok(async move |c: &mut Conn<'_>| {
                let id = store::grids::by_name(c, &name).await?;
                store::grids::ask_withdrawal(c, id, number, None).await?;
                mark.write(c, &subject(id), "authority_grid.version_kept", None, Some(&version)).await?;
                Ok(news.post(c, &org, id, mark).await?)
            })
        })
        .await
    }
}

/// What the wish of a person comes to.
fn withdrawn(
    authority: &Authority,
    by: UserId,
    mark: Mark,
    (grid, version): (&Grid, &GridVersion),
) -> Result<GridWithdrawal, OrgError> {
    match (grid.standing(version, day(mark.at)), version.withdrawal_by) {
        (GridStanding::Proposed, _) => Ok(GridWithdrawal::Done),
        (GridStanding::Ahead, Some(first)) if first != by => Ok(GridWithdrawal::Done),
        (GridStanding::Ahead, Some(_)) => {
            alone(authority, by, mark.at, GridError::OwnWithdrawal).map(|()| GridWithdrawal::Done)
        }
        (GridStanding::Ahead, None) => Ok(match authority.second(by, &AUTHORITY_GRID, mark.at) {
            Second::Nobody => GridWithdrawal::Done,
            Second::Needed | Second::NeededUntil(_) => GridWithdrawal::Asked,
        }),
        _ => Err(GridError::NotAhead.into()),
    }
}

fn news(authority: &Authority, by: UserId, (grid, version): (&Grid, &GridVersion), done: GridWithdrawal) -> News {
    match done {
        GridWithdrawal::Asked => {
            let what = ("authority_grid.withdrawal_asked", msg!("org.tell.grid_withdrawal_asked"));
            News::asks(authority, by, at(grid), version, what)
        }
        GridWithdrawal::Done if version.proposed => {
            let what = ("authority_grid.declined", msg!("org.tell.grid_declined"), version.made_by);
            News::answers(authority, by, at(grid), version, what)
        }
        GridWithdrawal::Done => {
            let what = ("authority_grid.withdrawn", msg!("org.tell.grid_withdrawn"));
            News::tells(authority, by, at(grid), version, what)
        }
    }
}
