//! Signing in, the first login, sessions.

use std::time::Duration;

use qiyue::org::{OrgError, Password, SignInPolicy};

use super::{House, OWN, activated, sign_in, sign_in_from};
use crate::support::on_both;

#[tokio::test]
async fn a_wrong_password_never_enters() {
    on_both(async |db| {
        let house = House::new(db).await;
        for (login, password) in [("admin", "Liuyi-2025"), ("admin", ""), ("nobody", OWN), ("", ""), ("admin'--", OWN)]
        {
            let refused = sign_in(&house.org, login, password).await.unwrap_err();
            assert_eq!(refused, OrgError::WrongPassword, "{login}");
        }
        assert_eq!(house.last_act(house.admin.user_id()).await, "user.sign_in_refused");
        sign_in(&house.org, " ADMIN ", OWN).await.unwrap();
        assert_eq!(house.last_act(house.admin.user_id()).await, "user.signed_in");
    })
    .await;
}

#[tokio::test]
async fn too_many_wrong_passwords_shut_the_account_for_a_while() {
    on_both(async |db| {
        let house = House::new(db).await;
        for _ in 0..SignInPolicy::default().per_login {
            assert_eq!(sign_in(&house.org, "admin", "wrong").await.unwrap_err(), OrgError::WrongPassword);
        }
        let shut = sign_in_from(&house.org, "admin", OWN, "192.0.2.9").await.unwrap_err();
        assert_eq!(shut, OrgError::TooManyAttempts { minutes: 15 });
        house.clock.advance(Duration::from_mins(14));
        assert_eq!(sign_in(&house.org, "admin", OWN).await.unwrap_err(), OrgError::TooManyAttempts { minutes: 1 });
        house.clock.advance(Duration::from_secs(61));
        sign_in(&house.org, "admin", OWN).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn too_many_wrong_passwords_shut_an_address_for_all_logins() {
    on_both(async |db| {
        let house = House::new(db).await;
        let policy = SignInPolicy::default();
        let guesses = (0..policy.per_address).map(|i| format!("guess{i}"));
        for login in guesses {
            sign_in_from(&house.org, &login, "wrong", "198.51.100.7").await.unwrap_err();
        }
        let shut = sign_in_from(&house.org, "admin", OWN, "198.51.100.7").await.unwrap_err();
        assert!(matches!(shut, OrgError::TooManyAttempts { .. }));
        sign_in_from(&house.org, "admin", OWN, "192.0.2.1").await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn attempts_at_the_same_time_are_all_counted() {
    on_both(async |db| {
        let house = House::new(db).await;
        let attempts = (0..20).map(|_| sign_in(&house.org, "admin", "wrong"));
        let outcomes = futures_util::future::join_all(attempts).await;
        let looked_at = outcomes.iter().filter(|one| matches!(one, Err(OrgError::WrongPassword))).count();
        assert_eq!(looked_at, 8);
    })
    .await;
}

#[tokio::test]
async fn the_first_login_demands_a_password_of_their_own_and_a_mobile_number() {
    on_both(async |db| {
        let house = House::new(db).await;
        let (id, one_time) = house.person("zhang", &["drafter"]).await;
        let signed_in = sign_in(&house.org, "zhang", one_time.reveal()).await.unwrap();
        assert!(signed_in.first);
        let session = house.org.by_session(&signed_in.token).await.unwrap().unwrap();
        assert!(!session.user.is_activated());

        let typed = |text: &str| Password::typed(text);
        let activate = async |password: &str, repeat: &str, mobile: &str| {
            house.org.activate(&session, typed(password), &typed(repeat), mobile).await
        };
        assert_eq!(activate(OWN, OWN, "1380013800").await, Err(OrgError::Mobile));
        assert_eq!(activate(OWN, "Liuyi-2027", "13800138000").await, Err(OrgError::PasswordRepeat));
        assert_eq!(activate("zhang-2026", "zhang-2026", "13800138000").await, Err(OrgError::PasswordGuessable));
        let given = one_time.reveal();
        assert_eq!(activate(given, given, "13800138000").await, Err(OrgError::PasswordSame));
        assert_eq!(activate(OWN, OWN, "13800000001").await, Err(OrgError::MobileTaken));

        activate(OWN, OWN, "138-0013-8000").await.unwrap();
        let user = house.org.by_session(&signed_in.token).await.unwrap().unwrap().user;
        assert!(user.is_activated());
        assert_eq!(user.mobile.as_deref(), Some("13800138000"));
        assert_eq!(house.last_act(id).await, "user.activated");
        assert_eq!(sign_in(&house.org, "zhang", given).await.unwrap_err(), OrgError::WrongPassword);
        assert!(!sign_in(&house.org, "zhang", OWN).await.unwrap().first);
    })
    .await;
}

#[tokio::test]
async fn a_session_ends_when_it_is_not_used_and_slides_when_it_is() {
    on_both(async |db| {
        let house = House::new(db).await;
        let idle = SignInPolicy::default().idle;
        let used = sign_in(&house.org, "admin", OWN).await.unwrap().token;
        let left = sign_in(&house.org, "admin", OWN).await.unwrap().token;
        house.clock.advance(idle.saturating_sub(Duration::from_mins(1)));
        assert!(house.org.by_session(&used).await.unwrap().is_some());
        house.clock.advance(Duration::from_mins(2));
        assert!(house.org.by_session(&used).await.unwrap().is_some());
        assert!(house.org.by_session(&left).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn a_session_ends_after_thirty_days_in_any_case() {
    on_both(async |db| {
        let house = House::new(db).await;
        let token = sign_in(&house.org, "admin", OWN).await.unwrap().token;
        let half_a_day = SignInPolicy::default().idle / 2;
        for _ in 0..59 {
            house.clock.advance(half_a_day);
            assert!(house.org.by_session(&token).await.unwrap().is_some());
        }
        house.clock.advance(half_a_day);
        assert!(house.org.by_session(&token).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn signing_out_ends_the_session() {
    on_both(async |db| {
        let house = House::new(db).await;
        let token = sign_in(&house.org, "admin", OWN).await.unwrap().token;
        let session = house.org.by_session(&token).await.unwrap().unwrap();
        house.org.sign_out(&session).await.unwrap();
        assert!(house.org.by_session(&token).await.unwrap().is_none());
        assert_eq!(house.last_act(session.user_id()).await, "user.signed_out");
    })
    .await;
}

#[tokio::test]
async fn a_new_password_of_their_own_needs_the_present_one_and_ends_other_sessions() {
    on_both(async |db| {
        let house = House::new(db).await;
        let other = sign_in(&house.org, "admin", OWN).await.unwrap().token;
        let typed = |text: &str| Password::typed(text);
        let change = async |present: &str, new: &str| {
            house.org.change_own_password(&house.admin, typed(present), typed(new), &typed(new)).await
        };
        assert_eq!(change("Liuyi-2025", "Qiyue-2027").await, Err(OrgError::PresentPassword));
        assert_eq!(change(OWN, OWN).await, Err(OrgError::PasswordSame));
        change(OWN, "Qiyue-2027").await.unwrap();
        assert!(house.org.by_session(&other).await.unwrap().is_none());
        assert_eq!(house.org.own_sessions(&house.admin).await.unwrap().len(), 1);
        sign_in(&house.org, "admin", "Qiyue-2027").await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn one_of_their_sessions_can_be_ended_but_nobody_elses() {
    on_both(async |db| {
        let house = House::new(db).await;
        let zhang = house.colleague("zhang", "13800000002", &[]).await;
        let open = house.org.own_sessions(&zhang).await.unwrap();
        assert_eq!(open.len(), 1);
        assert_eq!(open[0].address, "192.0.2.1");
        assert_eq!(house.org.end_session(&house.admin, open[0].id).await, Err(OrgError::NotFound));
        house.org.end_session(&zhang, open[0].id).await.unwrap();
        assert!(house.org.own_sessions(&zhang).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn the_first_administrator_is_made_once() {
    on_both(async |db| {
        let house = House::new(db).await;
        assert!(house.org.first_administrator().await.unwrap().is_none());
        assert!(house.other_process().await.first_administrator().await.unwrap().is_none());
        activated(&house.org, "li", house.person("li", &[]).await.1.reveal(), "13800000003").await;
    })
    .await;
}
