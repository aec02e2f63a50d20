//! Tokens by which programs act for people.

use std::time::Duration;

use qiyue::kernel::{Channel, SystemRandom, Token};
use qiyue::org::OrgError;

use super::House;
use crate::support::on_both;

#[tokio::test]
async fn a_token_acts_for_its_person_until_it_is_revoked() {
    on_both(async |db| {
        let house = House::new(db).await;
        let zhang = house.colleague("zhang", "13800000002", &["drafter"]).await;
        let (id, token) = house.org.create_own_token(&zhang, "报表", None).await.unwrap();
        let session = house.org.by_api_token(&token).await.unwrap().unwrap();
        assert_eq!(session.user_id(), zhang.user_id());
        assert_eq!(session.actor().channel, Channel::Api);
        assert_eq!(session.powers(), zhang.powers());
        assert!(house.org.by_api_token(&Token::new(&SystemRandom)).await.unwrap().is_none());
        assert!(house.org.by_session(&token).await.unwrap().is_none(), "a token is no session");

        house.org.revoke_token(&zhang, id).await.unwrap();
        assert!(house.org.by_api_token(&token).await.unwrap().is_none());
        assert!(house.org.own_tokens(&zhang).await.unwrap()[0].revoked.is_some());
        assert_eq!(house.last_act(zhang.user_id()).await, "user.token_revoked");
    })
    .await;
}

#[tokio::test]
async fn a_token_ends_when_it_was_said_to() {
    on_both(async |db| {
        let house = House::new(db).await;
        let expires = Some(house.later(60));
        let (_, token) = house.org.create_own_token(&house.admin, "报表", expires).await.unwrap();
        assert!(house.org.by_api_token(&token).await.unwrap().is_some());
        house.clock.advance(Duration::from_hours(1));
        assert!(house.org.by_api_token(&token).await.unwrap().is_none());
        let refused = house.org.create_own_token(&house.admin, "报表", expires).await.unwrap_err();
        assert_eq!(refused, OrgError::TokenExpiry);
    })
    .await;
}

#[tokio::test]
async fn nobody_revokes_or_learns_of_the_token_of_another() {
    on_both(async |db| {
        let house = House::new(db).await;
        let zhang = house.colleague("zhang", "13800000002", &["drafter"]).await;
        let (id, token) = house.org.create_own_token(&house.admin, "报表", None).await.unwrap();
        assert_eq!(house.org.revoke_token(&zhang, id).await, Err(OrgError::NotFound));
        assert!(house.org.by_api_token(&token).await.unwrap().is_some());
        let (hers, _) = house.org.create_own_token(&zhang, "报表", None).await.unwrap();
        house.org.revoke_token(&house.admin, hers).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_token_for_somebody_who_never_signed_in_waits_for_their_first_login() {
    on_both(async |db| {
        let house = House::new(db).await;
        house.person("zhang", &["drafter"]).await;
        let (_, token) = house.org.create_token_for("Zhang", "对接", None).await.unwrap();
        assert_eq!(house.org.by_api_token(&token).await.unwrap_err(), OrgError::NotActivated);
        assert_eq!(house.org.create_token_for("nobody", "对接", None).await.unwrap_err(), OrgError::NotFound);
    })
    .await;
}
