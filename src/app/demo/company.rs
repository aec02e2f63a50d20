//! What the demo company is made of, as it stands in `company.toml`.

use serde::Deserialize;

use crate::contract::EntityFields;

const COMPANY: &str = include_str!("company.toml");

/// The demo company.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Company {
    #[serde(rename = "department")]
    pub(super) departments: Vec<Department>,
    #[serde(rename = "person")]
    pub(super) people: Vec<Person>,
    #[serde(rename = "entity")]
    pub(super) entities: Vec<Entity>,
    #[serde(rename = "grid")]
    pub(super) grids: Vec<Grid>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Department {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) parent: Option<String>,
    pub(super) head: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Person {
    pub(super) login: String,
    pub(super) name: String,
    pub(super) number: String,
    pub(super) mobile: String,
    pub(super) department: String,
    pub(super) manager: Option<String>,
    pub(super) roles: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Entity {
    #[serde(flatten)]
    pub(super) fields: EntityFields,
    pub(super) seals: Vec<String>,
}

/// An authority grid.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Grid {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) note: String,
    pub(super) rows: Vec<GridRow>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct GridRow {
    pub(super) category: String,
    pub(super) from: String,
    pub(super) below: String,
    pub(super) department: String,
    pub(super) who: Vec<String>,
}

impl Company {
    pub(super) fn read() -> Result<Self, toml::de::Error> {
        toml::from_str(COMPANY)
    }
}
