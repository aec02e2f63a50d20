//! Roles, grants and scopes: a change takes effect when it is saved.

use std::collections::BTreeSet;

use qiyue::kernel::{Kind, RoleId};
use qiyue::org::{Action, Grant, Org, OrgError, ROLE, Reach, Records, RoleFields, USER, UserFilter};

use super::{CONTRACT, House, OWN, fields, sign_in};
use crate::support::on_both;

/// A role of their own that may do this everywhere.
pub(super) async fn role(house: &House, name: &str, granted: &[(Kind, Action)]) -> RoleId {
    let grants = granted.iter().map(|(kind, action)| grant(kind, *action, Reach::All)).collect();
    let fields = RoleFields { name: name.into(), title_zh: "自定义".into(), title_en: String::new(), grants };
    house.org.create_role(&house.admin, fields).await.unwrap()
}

fn grant(kind: &Kind, action: Action, reach: Reach) -> Grant {
    Grant { kind: kind.clone(), action, reach }
}

async fn save(house: &House, org: &Org, id: RoleId, grants: &[Grant]) {
    let role = org.role(id).await.unwrap();
    let grants: BTreeSet<Grant> = grants.iter().cloned().collect();
    let fields = RoleFields { name: role.name, title_zh: role.title_zh, title_en: role.title_en, grants };
    org.edit_role(&house.admin, id, role.version, fields).await.unwrap();
}

#[tokio::test]
async fn a_changed_role_takes_effect_with_the_next_request_in_every_process() {
    on_both(async |db| {
        let house = House::new(db).await;
        let id = role(&house, "reader", &[(CONTRACT, Action::Read)]).await;
        house.colleague("zhang", "13800000002", &["reader"]).await;
        let token = sign_in(&house.org, "zhang", OWN).await.unwrap().token;
        let other = house.other_process().await;
        let scope = async |org: &Org, action| org.by_session(&token).await.unwrap().unwrap().scope(&CONTRACT, action);
        assert_eq!(scope(&other, Action::Read).await.unwrap().records(), &Records::All);
        assert!(scope(&other, Action::Edit).await.is_err());

        save(&house, &house.org, id, &[grant(&CONTRACT, Action::Edit, Reach::Own)]).await;
        for org in [&house.org, &other] {
            assert!(scope(org, Action::Read).await.is_err());
            let edit = scope(org, Action::Edit).await.unwrap();
            assert_eq!(
                edit.records(),
                &Records::Of {
                    owners: BTreeSet::from([house.org.directory().by_login("zhang").unwrap().id]),
                    departments: BTreeSet::new(),
                }
            );
        }
    })
    .await;
}

#[tokio::test]
async fn shipped_roles_start_with_what_rooms_name_and_keep_what_administrators_make_of_it() {
    on_both(async |db| {
        let house = House::new(db).await;
        let drafter = house.org.roles().await.unwrap().into_iter().find(|role| role.name == "drafter").unwrap();
        assert_eq!(
            drafter.grants,
            BTreeSet::from([grant(&CONTRACT, Action::Read, Reach::Own), grant(&CONTRACT, Action::Edit, Reach::Own),])
        );
        save(&house, &house.org, drafter.id, &[]).await;
        let restarted = house.other_process().await;
        assert!(restarted.role(drafter.id).await.unwrap().grants.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_shipped_role_keeps_its_name_and_the_administrator_every_right() {
    on_both(async |db| {
        let house = House::new(db).await;
        let roles = house.org.roles().await.unwrap();
        let administrator = roles.iter().find(|role| role.name == "administrator").unwrap();
        save(&house, &house.org, administrator.id, &[grant(&CONTRACT, Action::Read, Reach::Own)]).await;
        assert_eq!(
            house.org.scope_of(house.admin.user_id(), &CONTRACT, Action::Edit).unwrap().records(),
            &Records::All
        );

        let legal = roles.iter().find(|role| role.name == "legal").unwrap();
        let renamed = RoleFields { name: "lawyer".into(), title_zh: "律师".into(), ..RoleFields::default() };
        let refused = house.org.edit_role(&house.admin, legal.id, legal.version, renamed).await;
        assert_eq!(refused, Err(OrgError::RoleShipped));
        assert_eq!(house.org.delete_role(&house.admin, legal.id, legal.version).await, Err(OrgError::RoleShipped));
    })
    .await;
}

#[tokio::test]
async fn a_role_of_their_own_goes_when_nobody_holds_it() {
    on_both(async |db| {
        let house = House::new(db).await;
        let id = role(&house, "reader", &[(CONTRACT, Action::Read)]).await;
        let (zhang, _) = house.person("zhang", &["reader"]).await;
        let delete = async || house.org.delete_role(&house.admin, id, house.org.role(id).await?.version).await;
        assert_eq!(delete().await, Err(OrgError::RoleInUse { holders: 1 }));
        house.org.edit_user(&house.admin, zhang, house.version(zhang).await, fields("zhang", &[])).await.unwrap();
        delete().await.unwrap();
        assert_eq!(delete().await, Err(OrgError::NotFound));
        assert!(!house.org.directory().roles.contains_key("reader"));
    })
    .await;
}

#[tokio::test]
async fn only_what_a_kind_knows_can_be_granted_and_only_by_who_administers_roles() {
    on_both(async |db| {
        let house = House::new(db).await;
        let fields =
            |grants| RoleFields { name: "odd".into(), title_zh: "怪".into(), title_en: String::new(), grants };
        let unknown = fields(BTreeSet::from([grant(&CONTRACT, Action::Import, Reach::All)]));
        let refused = house.org.create_role(&house.admin, unknown).await.unwrap_err();
        assert_eq!(refused, OrgError::Grant { kind: "contract".into(), action: "import".into() });
        let zhang = house.colleague("zhang", "13800000002", &["auditor"]).await;
        assert!(zhang.may(&ROLE, Action::Read));
        let refused = house.org.create_role(&zhang, fields(BTreeSet::new())).await.unwrap_err();
        assert!(matches!(refused, OrgError::Forbidden(_)));
    })
    .await;
}

#[tokio::test]
async fn powers_are_what_a_page_offers() {
    on_both(async |db| {
        let house = House::new(db).await;
        assert!(house.admin.powers().contains("role.administer"));
        let zhang = house.colleague("zhang", "13800000002", &["drafter"]).await;
        assert_eq!(zhang.powers(), BTreeSet::from(["contract.read".to_owned(), "contract.edit".to_owned()]));
    })
    .await;
}

#[tokio::test]
async fn a_list_shows_only_the_people_of_the_scope() {
    on_both(async |db| {
        let house = House::new(db).await;
        let id = role(&house, "reader", &[]).await;
        save(&house, &house.org, id, &[grant(&USER, Action::Read, Reach::Own)]).await;
        let zhang = house.colleague("zhang", "13800000002", &["reader"]).await;
        let scope = zhang.scope(&USER, Action::Read).unwrap();
        let (seen, _) = house.org.users(&scope, &UserFilter::default()).await.unwrap();
        assert_eq!(seen.iter().map(|user| user.login.as_str()).collect::<Vec<_>>(), ["zhang"]);
        assert_eq!(house.org.user(&scope, house.admin.user_id()).await.unwrap_err(), OrgError::NotFound);
    })
    .await;
}
