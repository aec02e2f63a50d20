//! The directory that approvals are asked with: its version, its absences, its freshness.

use std::time::Duration;

use qiyue::db::Conn;
use qiyue::org::{AbsenceFields, Org, OrgError};

use super::{House, fields};
use crate::support::on_both;

#[tokio::test]
async fn the_version_rises_with_every_change_of_people_and_with_nothing_else() {
    on_both(async |db| {
        let house = House::new(db).await;
        let stored = async || {
            let read = async |c: &mut Conn<'_>| Org::directory_version(c).await;
            house.db.read(read).await.unwrap()
        };
        let before = stored().await;
        assert_eq!(house.org.directory().version, before);
        house.person("zhang", &["legal"]).await;
        assert_eq!(stored().await, before + 1);
        assert_eq!(house.org.directory().version, before + 1);
        house.org.create_user(&house.admin, fields("zhang", &[]), None).await.unwrap_err();
        house.org.create_own_token(&house.admin, "报表", None).await.unwrap();
        assert_eq!(stored().await, before + 1);
    })
    .await;
}

#[tokio::test]
async fn a_directory_that_somebody_holds_does_not_change() {
    on_both(async |db| {
        let house = House::new(db).await;
        let held = house.org.directory();
        let (id, _) = house.person("zhang", &["legal"]).await;
        assert!(!held.people.contains_key(&id));
        assert_eq!(house.org.directory().with_role("legal").map(|one| one.id).collect::<Vec<_>>(), [id]);
        let title = &house.org.directory().roles["legal"];
        assert_eq!((title.zh.as_str(), title.en.as_str()), ("法务", "Legal"));
    })
    .await;
}

#[tokio::test]
async fn another_process_hears_of_a_change() {
    on_both(async |db| {
        let house = House::new(db).await;
        let other = house.other_process().await;
        let (id, _) = house.person("zhang", &["legal"]).await;
        for _ in 0..200 {
            if other.directory().people.contains_key(&id) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("two seconds later the other process does not know the person");
    })
    .await;
}

#[tokio::test]
async fn changes_at_the_same_time_are_all_made() {
    on_both(async |db| {
        let house = House::new(db).await;
        let before = house.org.directory().people.len();
        let made = ["a1", "a2", "a3", "a4"].map(|login| house.org.create_user(&house.admin, fields(login, &[]), None));
        for outcome in futures_util::future::join_all(made).await {
            outcome.unwrap();
        }
        assert_eq!(house.org.directory().people.len(), before + 4);
    })
    .await;
}

#[tokio::test]
async fn absences_make_a_chain_of_deputies_in_the_directory() {
    on_both(async |db| {
        let house = House::new(db).await;
        let zhang = house.colleague("zhang", "13800000002", &[]).await;
        let (li, _) = house.person("li", &[]).await;
        let (wang, _) = house.person("wang", &[]).await;
        let absence = |deputy, workflow: Option<&str>| AbsenceFields {
            from: house.later(60),
            until: house.later(120),
            deputy,
            workflow: workflow.map(str::to_owned),
        };
        let org = &house.org;
        org.be_absent(&zhang, zhang.user_id(), absence(li, None)).await.unwrap();
        org.be_absent(&house.admin, li, absence(wang, Some("sales-contract"))).await.unwrap();
        let directory = org.directory();
        assert_eq!(directory.people[&zhang.user_id()].absences[0].deputy, li);
        assert_eq!(directory.people[&li].absences[0].deputy, wang);
        assert_eq!(directory.people[&li].absences[0].workflow.as_deref(), Some("sales-contract"));

        let overlapping = org.be_absent(&zhang, zhang.user_id(), absence(wang, None)).await.unwrap_err();
        assert_eq!(overlapping, OrgError::AbsenceOverlaps);
        let elses = org.be_absent(&zhang, wang, absence(li, None)).await.unwrap_err();
        assert!(matches!(elses, OrgError::Forbidden(_)));
    })
    .await;
}

#[tokio::test]
async fn an_absence_that_has_begun_ends_now_and_one_to_come_never_was() {
    on_both(async |db| {
        let house = House::new(db).await;
        let admin = house.admin.user_id();
        let (li, _) = house.person("li", &[]).await;
        let absence = |from, until| AbsenceFields { from, until, deputy: li, workflow: None };
        let org = &house.org;
        let now = org.be_absent(&house.admin, admin, absence(house.later(0), house.later(60))).await.unwrap();
        let later = org.be_absent(&house.admin, admin, absence(house.later(90), house.later(120))).await.unwrap();
        house.clock.advance(Duration::from_mins(30));
        org.end_absence(&house.admin, now).await.unwrap();
        org.end_absence(&house.admin, later).await.unwrap();
        let absences = &org.directory().people[&admin].absences;
        assert_eq!(absences.len(), 1);
        assert_eq!(absences[0].until, house.later(0));
        assert!(org.absences(&house.admin, admin).await.unwrap().is_empty());
        assert_eq!(org.end_absence(&house.admin, later).await, Err(OrgError::NotFound));
    })
    .await;
}
