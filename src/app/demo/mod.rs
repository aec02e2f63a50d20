//! A company to look around in: people, customers, contracts in every state, approvals that wait.
//!
//! Everything in it was done through the actions of the rooms, on a clock that runs through the months before today: numbers, chains,
//! warnings and logs are those of a company that has worked with the program, and no row was written by hand.

mod change;
mod company;
mod contracts;
mod customers;
mod days;
mod entities;
mod ledger;
mod paper;
mod people;
mod story;

use std::sync::Arc;

use super::{App, Config, Ground, StartError};
use crate::contract::fulfilment::FulfilmentError;
use crate::org::{FIRST_LOGIN, Org};
use crate::record::RecordError;
use crate::settlement::SettlementError;
use company::Company;
use contracts::Desk;
use days::Days;
use ledger::{Contracts, Customers};

/// What everybody in the demo company signs in with.
pub const PASSWORD: &str = "Qiyue-2026";

/// How long before today the company began to use the program.
const FIRST_DAY: i32 = -200;

/// Somebody of the demo company.
pub struct DemoPerson {
    /// What they sign in with.
    pub login: String,
    /// What they are called.
    pub name: String,
    /// Their roles, in Chinese and in English.
    pub roles: Vec<(String, String)>,
}

/// Founds the company where the installation has nobody yet, and says who can sign in; an installation that is in use stays as it is.
pub(super) async fn found(config: &Config, ground: &Ground) -> Result<Vec<DemoPerson>, StartError> {
    let company = Company::read().map_err(|error| broken(&error.to_string()))?;
    let days = Days::up_to(ground.clock.now(), FIRST_DAY);
    let past = Ground { clock: Arc::clone(days.clock()) as _, ..ground.clone() };
    let app = App::build(config, &past).await?;
    if app.org().directory().people.is_empty() {
        found_on(&app, &company, &days).await?;
    }
    introduce(app.org(), &company).await
}

async fn found_on(app: &App, company: &Company, days: &Days) -> Result<(), StartError> {
    let unreadable = |error: toml::de::Error| broken(&error.to_string());
    let (customers, contracts) = (Customers::read().map_err(unreadable)?, Contracts::read().map_err(unreadable)?);
    let people = people::hire(app.org(), company).await?;
    entities::register(app.contracts(), company, &people).await?;
    let entities = contracts::entities(app.contracts(), company).await?;
    let known = customers::meet(app.crm().records(), &customers, &people).await?;
    let mut desk = Desk { app, people: &people, days, known, customers: &customers, entities: &entities };
    contracts::tell(&mut desk, &contracts).await?;
    days.begin(0);
    app.run_due().await;
    Ok(())
}

/// The administrator and the people of the file, those who are there, as pages call their roles.
async fn introduce(org: &Org, company: &Company) -> Result<Vec<DemoPerson>, StartError> {
    let roles = org.roles().await?;
    let title = |name: &String| {
        let role = roles.iter().find(|role| role.name == *name);
        role.map(|role| (role.title_zh.clone(), role.title_en.clone()))
    };
    let directory = org.directory();
    let logins = std::iter::once(FIRST_LOGIN).chain(company.people.iter().map(|person| person.login.as_str()));
    Ok(logins
        .filter_map(|login| directory.by_login(login))
        .map(|person| DemoPerson {
            login: person.login.clone(),
            name: person.name.clone(),
            roles: person.roles.iter().filter_map(title).collect(),
        })
        .collect())
}

/// The file of the company and the rooms do not agree.
fn broken(reason: &str) -> StartError {
    StartError::Demo(reason.to_owned())
}

macro_rules! told_as_broken {
    ($($error:ty),+ $(,)?) => {$(
        impl From<$error> for StartError {
            fn from(error: $error) -> Self {
                broken(&error.to_string())
            }
        }
    )+};
}

told_as_broken!(RecordError, FulfilmentError, SettlementError);
