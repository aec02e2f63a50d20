//! Who is the second person of an authority grid, and who is not.

use std::collections::BTreeSet;
use std::time::Duration;

use qiyue::kernel::UserId;
use qiyue::org::{Action, GridError, GridWithdrawal, OrgError, Session, USER, UserFields};
use qiyue::workflow::GridStanding;

use super::House;
use super::grids::{TODAY, grid, version};
use crate::support::on_both;

const WEEK: Duration = Duration::from_hours(24 * 7);

impl House {
    /// A grid that one administrator made when nobody else was there, and then a second administrator.
    async fn with_grid(db: qiyue::db::Db) -> (Self, Session) {
        let house = Self::new(db).await;
        house.org.create_grid(&house.admin, grid("sales")).await.unwrap();
        let second = house.colleague("second", "13800000002", &["administrator"]).await;
        (house, second)
    }

    /// A version that both administrators want and whose day has not come.
    async fn ahead(&self, second: &Session) {
        self.org.add_grid_version(&self.admin, "sales", 1, version("2026-06-01", "50万")).await.unwrap();
        self.org.confirm_grid_version(second, "sales", 2, None).await.unwrap();
    }

    async fn withdraw(&self, by: &Session) -> Result<GridWithdrawal, OrgError> {
        self.org.withdraw_grid_version(by, "sales", 2).await
    }

    fn standing(&self, number: u32) -> GridStanding {
        let grid = self.org.directory().grids["sales"].clone();
        grid.standing(grid.version(number).unwrap(), self.org.today())
    }

    async fn disable(&self, person: UserId) {
        self.org.set_user_active(&self.admin, person, self.version(person).await, false).await.unwrap();
    }

    async fn take_roles(&self, person: UserId) {
        let scope = self.admin.scope(&USER, Action::Read).unwrap();
        let user = self.org.user(&scope, person).await.unwrap();
        let mobile = user.mobile.clone().unwrap_or_default();
        let fields =
            UserFields { login: user.login, name: user.name, mobile, roles: BTreeSet::new(), ..UserFields::default() };
        self.org.edit_user(&self.admin, person, user.version, fields).await.unwrap();
    }
}

#[tokio::test]
async fn a_confirmed_version_is_withdrawn_by_two() {
    on_both(async |db| {
        let (house, second) = House::with_grid(db).await;
        house.ahead(&second).await;
        assert_eq!(house.withdraw(&second).await, Ok(GridWithdrawal::Asked));
        assert_eq!(house.withdraw(&second).await, Err(GridError::OwnWithdrawal.into()));
        assert_eq!(house.standing(2), GridStanding::Ahead);
        assert_eq!(house.withdraw(&house.admin).await, Ok(GridWithdrawal::Done));
        assert_eq!(house.standing(2), GridStanding::Withdrawn);
    })
    .await;
}

#[tokio::test]
async fn a_withdrawal_to_which_nobody_agreed_keeps_no_version_from_its_day() {
    on_both(async |db| {
        let (house, second) = House::with_grid(db).await;
        house.ahead(&second).await;
        house.withdraw(&house.admin).await.unwrap();
        house.clock.advance(Duration::from_hours(24 * 100));
        assert_eq!(house.standing(2), GridStanding::InForce);
        assert_eq!(house.withdraw(&house.admin).await, Err(GridError::NotAhead.into()));
        let kept = house.org.keep_grid_version(&house.admin, "sales", 2).await;
        assert_eq!(kept, Err(GridError::NoWithdrawal.into()));
    })
    .await;
}

#[tokio::test]
async fn a_version_that_somebody_keeps_has_to_be_asked_for_anew() {
    on_both(async |db| {
        let (house, second) = House::with_grid(db).await;
        house.ahead(&second).await;
        house.withdraw(&house.admin).await.unwrap();
        house.org.keep_grid_version(&second, "sales", 2).await.unwrap();
        assert_eq!(house.withdraw(&second).await, Ok(GridWithdrawal::Asked));
    })
    .await;
}

#[tokio::test]
async fn whoever_disables_the_only_other_administrator_confirms_nothing_for_a_week() {
    on_both(async |db| {
        let (house, second) = House::with_grid(db).await;
        house.org.add_grid_version(&house.admin, "sales", 1, version(TODAY, "50万")).await.unwrap();
        house.disable(second.user_id()).await;
        let from = house.later(0).plus(WEEK);
        let confirm = async || house.org.confirm_grid_version(&house.admin, "sales", 2, None).await;
        assert_eq!(confirm().await, Err(GridError::AloneFrom { from }.into()));
        house.clock.advance(WEEK);
        assert_eq!(confirm().await, Ok(()));
    })
    .await;
}

#[tokio::test]
async fn whoever_takes_the_role_from_the_only_other_administrator_makes_versions_that_wait() {
    on_both(async |db| {
        let (house, second) = House::with_grid(db).await;
        house.take_roles(second.user_id()).await;
        house.org.add_grid_version(&house.admin, "sales", 1, version(TODAY, "50万")).await.unwrap();
        assert_eq!(house.standing(2), GridStanding::Proposed);
        house.clock.advance(WEEK);
        house.org.add_grid_version(&house.admin, "sales", 2, version("2026-03-09", "60万")).await.unwrap();
        assert_eq!(house.standing(3), GridStanding::InForce, "nobody else was there for a week");
    })
    .await;
}

#[tokio::test]
async fn whoever_is_left_alone_withdraws_a_confirmed_version_a_week_later() {
    on_both(async |db| {
        let (house, second) = House::with_grid(db).await;
        house.ahead(&second).await;
        house.disable(second.user_id()).await;
        let from = house.later(0).plus(WEEK);
        assert_eq!(house.withdraw(&house.admin).await, Ok(GridWithdrawal::Asked));
        assert_eq!(house.withdraw(&house.admin).await, Err(GridError::AloneFrom { from }.into()));
        house.clock.advance(WEEK);
        assert_eq!(house.withdraw(&house.admin).await, Ok(GridWithdrawal::Done));
    })
    .await;
}
