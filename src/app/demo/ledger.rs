//! What the demo company has to do with others, as it stands in `customers.toml` and `contracts.toml`.

use std::collections::BTreeMap;

use serde::Deserialize;

const CUSTOMERS: &str = include_str!("customers.toml");
const CONTRACTS: &str = include_str!("contracts.toml");

/// Customers and what the sales people do about them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Customers {
    #[serde(rename = "customer")]
    pub(super) known: Vec<Customer>,
    #[serde(rename = "mark")]
    pub(super) marks: Vec<Mark>,
    #[serde(rename = "opportunity")]
    pub(super) opportunities: Vec<Opportunity>,
    #[serde(rename = "follow_up")]
    pub(super) follow_ups: Vec<FollowUp>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Customer {
    pub(super) key: String,
    pub(super) owner: String,
    pub(super) fields: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Mark {
    pub(super) customer: String,
    pub(super) act: String,
    pub(super) by: String,
    pub(super) reason: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Opportunity {
    pub(super) customer: String,
    pub(super) owner: String,
    /// Days from today.
    pub(super) expected_in: i32,
    pub(super) fields: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FollowUp {
    pub(super) customer: String,
    pub(super) owner: String,
    /// Days from today.
    pub(super) day: i32,
    pub(super) time: String,
    pub(super) result: Option<String>,
    pub(super) next_step: Option<String>,
    pub(super) fields: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Contracts {
    #[serde(rename = "contract")]
    pub(super) all: Vec<Contract>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Contract {
    pub(super) template: String,
    pub(super) entity: String,
    pub(super) our_role: Option<String>,
    pub(super) drafter: String,
    pub(super) customer: String,
    pub(super) opportunity: Option<String>,
    /// Date fields, in days from today.
    #[serde(default)]
    pub(super) dates: BTreeMap<String, i32>,
    #[serde(default)]
    pub(super) choices: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) free: BTreeMap<String, String>,
    /// Places of the template that get a file.
    #[serde(default)]
    pub(super) files: Vec<String>,
    #[serde(default)]
    pub(super) story: Vec<Line>,
    pub(super) fields: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) lines: Vec<ProductLine>,
}

/// What happened to a contract on a day.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Line {
    Plain(i32, String),
    With(i32, String, String),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProductLine {
    pub(super) name: String,
    pub(super) model: String,
    pub(super) specification: String,
    pub(super) unit: String,
    pub(super) quantity: String,
    pub(super) price: String,
    pub(super) tax_rate: String,
    /// Days from today.
    pub(super) delivery: i32,
}

impl Line {
    /// Days from today, what happened, and what goes with it.
    pub(super) fn parts(&self) -> (i32, &str, &str) {
        match self {
            Self::Plain(day, what) => (*day, what, ""),
            Self::With(day, what, more) => (*day, what, more),
        }
    }
}

impl Customers {
    pub(super) fn read() -> Result<Self, toml::de::Error> {
        toml::from_str(CUSTOMERS)
    }
}

impl Contracts {
    pub(super) fn read() -> Result<Self, toml::de::Error> {
        toml::from_str(CONTRACTS)
    }
}
