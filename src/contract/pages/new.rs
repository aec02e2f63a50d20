//! A new contract: the template, then our entity, its role and whom it is for.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use serde::{Deserialize, Serialize};

use super::actor;
use super::choices::{self, Choice, role};
use super::{EditPath, NewContractPath};
use crate::contract::template::Template;
use crate::contract::{ContractError, Contracts, NewContract};
use crate::kernel::{CustomerId, OpportunityId};
use crate::org::Action;
use crate::web::{self, Address as _, Form, FormState, LoggedIn, Page, Query};

#[derive(Clone, Serialize)]
struct NewPage {
    templates: Vec<Card>,
    chosen: Option<Card>,
    form: FormState,
    entities: Vec<Choice>,
    roles: Vec<Choice>,
    customer: Option<Named>,
    opportunity: Option<Named>,
    customers: Vec<Choice>,
    words: String,
}

impl Page for NewPage {
    const TEMPLATE: &'static str = "contract/new.html";
}

/// A template to choose.
#[derive(Clone, Serialize)]
struct Card {
    name: String,
    title: String,
    summary: String,
    path: String,
    fields: usize,
    clauses: usize,
}

/// A record of the CRM that was chosen.
#[derive(Clone, Serialize)]
struct Named {
    id: i64,
    name: String,
    black_listed: bool,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct NewQuery {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    template: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    customer: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    opportunity: String,
    /// Words to look for customers with.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    words: String,
}

#[derive(Deserialize)]
struct NewForm {
    template: String,
    #[serde(default)]
    entity: String,
    #[serde(default)]
    our_role: String,
    #[serde(default)]
    customer: String,
    #[serde(default)]
    opportunity: String,
}

pub(super) fn routes() -> Router<Contracts> {
    Router::new().route(NewContractPath::PATTERN, get(blank).post(begin))
}

async fn blank(visit: LoggedIn, State(contracts): State<Contracts>, Query(query): Query<NewQuery>) -> web::Result {
    let page = page(&visit, &contracts, &query).await?;
    visit.page(&page)
}

async fn begin(visit: LoggedIn, State(contracts): State<Contracts>, form: Form<NewForm>) -> web::Result {
    let NewForm { template, entity, our_role, customer, opportunity } = &form.value;
    let begun = match entity.parse() {
        Ok(entity) => {
            let new = NewContract {
                template: template.clone(),
                entity,
                our_role: Some(our_role.clone()).filter(|role| !role.is_empty()),
                customer: customer.parse().ok(),
                opportunity: opportunity.parse().ok(),
            };
            contracts.begin(actor(&visit), new).await
        }
        Err(_) => Err(ContractError::NoEntity),
    };
    match begun {
        Ok(id) => Ok(visit.go(EditPath { id })),
        Err(error) => {
            let query = NewQuery {
                template: template.clone(),
                customer: customer.clone(),
                opportunity: opportunity.clone(),
                words: String::new(),
            };
            let mut page = page(&visit, &contracts, &query).await?;
            page.form = form.typed.refused(error)?;
            visit.page_again(&page)
        }
    }
}

async fn page(visit: &LoggedIn, contracts: &Contracts, query: &NewQuery) -> Result<NewPage, web::Error> {
    let user = visit.user();
    contracts.scope(user, Action::Create)?;
    let current = contracts.library().current().await?;
    let card = |template: &Template| -> Result<Card, web::Error> {
        let query = NewQuery { template: template.name.clone(), words: String::new(), ..query.clone() };
        Ok(Card {
            name: template.name.clone(),
            title: template.title.clone(),
            summary: template.summary.clone(),
            path: NewContractPath {}.with_query(&query).map_err(web::Error::internal)?,
            fields: template.fields.len(),
            clauses: template.clauses.len(),
        })
    };
    let chosen = current.iter().find(|template| template.name == query.template);
    let opportunity = match query.opportunity.parse::<OpportunityId>() {
        Ok(id) => Some(contracts.opportunity_card(user, id).await?),
        Err(_) => None,
    };
    let customer = query.customer.parse::<CustomerId>().ok().or(opportunity.as_ref().map(|card| card.customer));
    let customer = match customer {
        Some(id) => Some(contracts.customer_card(user, id).await?),
        None => None,
    };
    let customers =
        if customer.is_none() { contracts.customers(user, &query.words).await.unwrap_or_default() } else { Vec::new() };
    let roles = chosen.map(|template| template.our_roles.clone()).unwrap_or_default();
    let entities = choices::entities(&contracts.entities().await?);
    let mut form = FormState::empty();
    if let [only] = entities.as_slice() {
        form.put("entity", &only.value);
    }
    if let Some(first) = roles.first() {
        form.put("our_role", first.name());
    }
    Ok(NewPage {
        templates: current.iter().map(|template| card(template)).collect::<Result<_, _>>()?,
        chosen: chosen.map(|template| card(template)).transpose()?,
        form,
        entities,
        roles: roles.iter().map(|one| Choice::new(one.name(), visit.text(&role(*one)))).collect(),
        customer: customer.map(|card| Named {
            id: card.id.get(),
            black_listed: card.marks.is_black_listed(),
            name: card.name,
        }),
        opportunity: opportunity.map(|card| Named { id: card.id.get(), name: card.title, black_listed: false }),
        customers: customers.iter().map(|one| Choice::new(one.id, format!("{} {}", one.name, one.code))).collect(),
        words: query.words.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::testing::renders;

    #[tokio::test]
    async fn the_page_of_a_new_contract_renders() {
        let card = Card {
            name: "service".into(),
            title: "Service".into(),
            summary: "Software".into(),
            path: "/contracts/new?template=service".into(),
            fields: 12,
            clauses: 9,
        };
        let named = |name: &str| Named { id: 3, name: name.into(), black_listed: true };
        let page = NewPage {
            templates: vec![card.clone()],
            chosen: None,
            form: FormState::empty(),
            entities: vec![Choice::new(1, "Kaisi")],
            roles: vec![Choice::new("seller", "Seller"), Choice::new("buyer", "Buyer")],
            customer: None,
            opportunity: None,
            customers: vec![Choice::new(3, "Acme")],
            words: String::new(),
        };
        let chosen = NewPage { chosen: Some(card), ..page.clone() };
        renders(page).await;
        renders(NewPage { customer: Some(named("Acme")), opportunity: Some(named("Upgrade")), ..chosen.clone() }).await;
        renders(NewPage { entities: Vec::new(), ..chosen }).await;
    }
}
