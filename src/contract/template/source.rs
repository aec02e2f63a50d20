//! `template.toml` as it is written, with the place of everything that can be wrong in it.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

/// The file as a whole.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Source {
    pub(super) title: String,
    #[serde(default)]
    pub(super) summary: String,
    pub(super) number: Spanned<String>,
    pub(super) category: Option<String>,
    pub(super) currency: Option<Spanned<String>>,
    pub(super) our_roles: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) archive: Vec<String>,
    pub(super) terms: TermsSource,
    pub(super) party: Vec<PartySource>,
    #[serde(default)]
    pub(super) field: Vec<FieldSource>,
    pub(super) clause: Vec<ClauseSource>,
    #[serde(default)]
    pub(super) plan: Vec<PlanSource>,
    #[serde(default)]
    pub(super) file: Vec<FileSource>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TermsSource {
    pub(super) total: Option<Spanned<String>>,
    pub(super) tax_rate: Option<Spanned<String>>,
    pub(super) starts_on: Option<Spanned<String>>,
    pub(super) ends_on: Option<Spanned<String>>,
    pub(super) payer: Spanned<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PartySource {
    pub(super) role: Spanned<String>,
    pub(super) label: String,
    #[serde(default)]
    pub(super) person: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FieldSource {
    pub(super) name: Spanned<String>,
    pub(super) label: String,
    #[serde(default)]
    pub(super) group: String,
    #[serde(rename = "type")]
    pub(super) kind: Spanned<String>,
    pub(super) required: Option<bool>,
    pub(super) empty: Option<String>,
    pub(super) hint: Option<String>,
    pub(super) from: Option<String>,
    pub(super) default: Option<Spanned<toml::Value>>,
    pub(super) min: Option<Spanned<String>>,
    pub(super) max: Option<Spanned<toml::Value>>,
    pub(super) decimals: Option<u8>,
    pub(super) options: Option<Vec<String>>,
    pub(super) pattern: Option<Spanned<String>>,
    pub(super) pattern_hint: Option<String>,
    pub(super) not_before: Option<Spanned<String>>,
    pub(super) at_most: Option<Spanned<String>>,
    pub(super) expression: Option<Spanned<String>>,
    pub(super) result: Option<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClauseSource {
    pub(super) name: Spanned<String>,
    pub(super) numbered: Option<bool>,
    #[serde(default)]
    pub(super) free: bool,
    #[serde(default)]
    pub(super) alternatives: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) labels: Vec<String>,
    #[serde(default)]
    pub(super) deviates: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) covers: Vec<Spanned<String>>,
    pub(super) standard: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PlanSource {
    pub(super) name: Spanned<String>,
    pub(super) title: String,
    pub(super) share: Option<Spanned<String>>,
    pub(super) amount: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) rest: bool,
    #[serde(default)]
    pub(super) retention: bool,
    pub(super) with: Option<Spanned<String>>,
    pub(super) due: Spanned<DueSource>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DueSource {
    pub(super) date: Option<Spanned<String>>,
    pub(super) event: Option<Spanned<String>>,
    pub(super) after: Option<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileSource {
    pub(super) name: Spanned<String>,
    pub(super) label: String,
    #[serde(default)]
    pub(super) required: bool,
}

/// `sample.toml`: values that fill every field.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::contract) struct SampleSource {
    pub(in crate::contract) our_role: String,
    pub(in crate::contract) parties: BTreeMap<String, SamplePartySource>,
    #[serde(default)]
    pub(in crate::contract) choices: BTreeMap<String, String>,
    #[serde(default)]
    pub(in crate::contract) fields: BTreeMap<String, Spanned<toml::Value>>,
}

#[derive(Debug, Deserialize)]
pub(in crate::contract) struct SamplePartySource {
    #[serde(default)]
    pub(in crate::contract) person: bool,
    #[serde(flatten)]
    pub(in crate::contract) details: BTreeMap<String, String>,
}
