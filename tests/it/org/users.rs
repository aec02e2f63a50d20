//! What administrators do with people.

use qiyue::org::{Action, OrgError, Password, USER, UserFields, UserFilter};

use super::{House, OWN, activated, fields, sign_in};
use crate::support::on_both;

#[tokio::test]
async fn a_person_with_name_number_department_password_and_role_can_sign_in() {
    on_both(async |db| {
        let house = House::new(db).await;
        let person = UserFields { number: "A-007".into(), ..fields("zhang", &["drafter"]) };
        let initial = Some(Password::typed("Chushi-001"));
        let (id, _) = house.org.create_user(&house.admin, person, initial).await.unwrap();
        assert!(sign_in(&house.org, "zhang", "Chushi-001").await.unwrap().first);
        let scope = house.admin.scope(&USER, Action::Read).unwrap();
        let user = house.org.user(&scope, id).await.unwrap();
        assert_eq!(user.number.as_deref(), Some("A-007"));
        assert!(user.roles.contains("drafter"));
    })
    .await;
}

#[tokio::test]
async fn login_number_and_mobile_belong_to_one_person() {
    on_both(async |db| {
        let house = House::new(db).await;
        let one = UserFields { number: "A1".into(), mobile: "13800000009".into(), ..fields("zhang", &[]) };
        house.org.create_user(&house.admin, one.clone(), None).await.unwrap();
        let refused = async |fields| house.org.create_user(&house.admin, fields, None).await.unwrap_err();
        assert_eq!(refused(UserFields { login: "ZHANG".into(), ..fields("x1", &[]) }).await, OrgError::LoginTaken);
        assert_eq!(refused(UserFields { number: "A1".into(), ..fields("x2", &[]) }).await, OrgError::NumberTaken);
        let same_mobile = UserFields { mobile: "13800000009".into(), ..fields("x3", &[]) };
        assert_eq!(refused(same_mobile).await, OrgError::MobileTaken);
        house.person("x4", &[]).await;
        house.person("x5", &[]).await;
    })
    .await;
}

#[tokio::test]
async fn a_disabled_person_is_out_at_once_and_cannot_come_back() {
    on_both(async |db| {
        let house = House::new(db).await;
        let zhang = house.colleague("zhang", "13800000002", &["drafter"]).await;
        let token = sign_in(&house.org, "zhang", OWN).await.unwrap().token;
        let (_, program) = house.org.create_own_token(&zhang, "报表", None).await.unwrap();
        let id = zhang.user_id();
        house.org.set_user_active(&house.admin, id, house.version(id).await, false).await.unwrap();

        assert!(house.org.by_session(&token).await.unwrap().is_none());
        assert!(house.org.by_api_token(&program).await.unwrap().is_none());
        assert_eq!(sign_in(&house.org, "zhang", OWN).await.unwrap_err(), OrgError::Disabled);
        assert_eq!(sign_in(&house.org, "zhang", "wrong").await.unwrap_err(), OrgError::WrongPassword);
        assert!(!house.org.directory().people[&id].active);

        house.org.set_user_active(&house.admin, id, house.version(id).await, true).await.unwrap();
        sign_in(&house.org, "zhang", OWN).await.unwrap();
        assert!(house.org.by_api_token(&program).await.unwrap().is_none(), "a revoked token stays revoked");
    })
    .await;
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_by_a_one_time_password() {
    on_both(async |db| {
        let house = House::new(db).await;
        let zhang = house.colleague("zhang", "13800000002", &[]).await;
        let id = zhang.user_id();
        let one_time = house.org.reset_password(&house.admin, id, house.version(id).await).await.unwrap();
        assert!(house.org.own_sessions(&zhang).await.unwrap().is_empty());
        assert_eq!(sign_in(&house.org, "zhang", OWN).await.unwrap_err(), OrgError::WrongPassword);
        assert!(sign_in(&house.org, "zhang", one_time.reveal()).await.unwrap().first);
    })
    .await;
}

#[tokio::test]
async fn the_last_administrator_stays_one() {
    on_both(async |db| {
        let house = House::new(db).await;
        let id = house.admin.user_id();
        let without = fields("admin", &[]);
        let version = house.version(id).await;
        let refused = house.org.edit_user(&house.admin, id, version, without.clone()).await;
        assert_eq!(refused, Err(OrgError::LastAdministrator));
        assert_eq!(house.org.set_user_active(&house.admin, id, version, false).await, Err(OrgError::Oneself));
        house.person("second", &["administrator"]).await;
        house.org.edit_user(&house.admin, id, version, without).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_form_filled_in_before_somebody_elses_change_is_refused() {
    on_both(async |db| {
        let house = House::new(db).await;
        let (id, _) = house.person("zhang", &[]).await;
        let read = house.version(id).await;
        house.org.edit_user(&house.admin, id, read, fields("zhang", &["legal"])).await.unwrap();
        let late = house.org.edit_user(&house.admin, id, read, fields("zhang", &["finance"])).await;
        assert_eq!(late, Err(OrgError::Changed));
        assert!(house.org.directory().people[&id].roles.contains("legal"));
    })
    .await;
}

#[tokio::test]
async fn who_administers_accounts_but_not_roles_gives_nobody_rights() {
    on_both(async |db| {
        let house = House::new(db).await;
        super::permission::role(
            &house,
            "personnel",
            &[(USER, Action::Create), (USER, Action::Edit), (USER, Action::Administer)],
        )
        .await;
        let personnel = house.colleague("hr", "13800000004", &["personnel"]).await;
        let org = &house.org;
        let refused = |outcome: OrgError| matches!(outcome, OrgError::Forbidden(_));
        assert!(refused(org.create_user(&personnel, fields("x1", &["administrator"]), None).await.unwrap_err()));
        let (id, one_time) = org.create_user(&personnel, fields("x2", &[]), None).await.unwrap();
        let version = house.version(id).await;
        assert!(refused(org.edit_user(&personnel, id, version, fields("x2", &["legal"])).await.unwrap_err()));
        org.reset_password(&personnel, id, version).await.unwrap();
        drop(one_time);
        let admin = house.admin.user_id();
        assert!(refused(org.reset_password(&personnel, admin, house.version(admin).await).await.unwrap_err()));
    })
    .await;
}

#[tokio::test]
async fn a_manager_is_somebody_active_who_does_not_stand_below() {
    on_both(async |db| {
        let house = House::new(db).await;
        let (boss, _) = house.person("boss", &[]).await;
        let with = |manager| UserFields { manager: Some(manager), ..fields("zhang", &[]) };
        let (zhang, _) = house.org.create_user(&house.admin, with(boss), None).await.unwrap();
        let circle = UserFields { manager: Some(zhang), ..fields("boss", &[]) };
        let refused = house.org.edit_user(&house.admin, boss, house.version(boss).await, circle).await;
        assert_eq!(refused, Err(OrgError::Manager));
        let oneself = house.org.edit_user(&house.admin, zhang, house.version(zhang).await, with(zhang)).await;
        assert_eq!(oneself, Err(OrgError::Manager));
    })
    .await;
}

#[tokio::test]
async fn a_list_of_people_is_filtered_and_paged() {
    on_both(async |db| {
        let house = House::new(db).await;
        for number in 0..52 {
            house
                .org
                .create_user(&house.admin, fields(&format!("p{number:02}"), &[]), Some(Password::typed("Chushi-001")))
                .await
                .unwrap();
        }
        house.person("zhang", &["legal"]).await;
        let scope = house.admin.scope(&USER, Action::Read).unwrap();
        let list = async |filter: UserFilter| house.org.users(&scope, &filter).await.unwrap();
        let (first, more) = list(UserFilter::default()).await;
        assert_eq!((first.len(), first[0].login.as_str(), more), (50, "admin", true));
        let (rest, more) = list(UserFilter { after: Some(first[49].login.clone()), ..UserFilter::default() }).await;
        assert_eq!((rest.len(), more), (4, false));
        let (legal, _) = list(UserFilter { role: Some("legal".into()), ..UserFilter::default() }).await;
        assert_eq!(legal.len(), 1);
        let (named, _) = list(UserFilter { text: "ZHA".into(), ..UserFilter::default() }).await;
        assert_eq!(named[0].login, "zhang");
        activated(&house.org, "p00", "Chushi-001", "13800000031").await;
        let (mobile, _) = list(UserFilter { text: "0031".into(), ..UserFilter::default() }).await;
        assert_eq!(mobile[0].login, "p00");
    })
    .await;
}
