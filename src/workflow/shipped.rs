//! The workflows that come with the binary: seeded once, from then on the published versions rule.

use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "workflows"]
#[include = "*.rhai"]
#[exclude = "examples/*"]
struct Files;

/// A workflow file in the binary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shipped {
    /// As it stands in the repository: `workflows/sales-contract.rhai`.
    pub file: String,
    /// The text.
    pub source: String,
}

/// How the files end that hold the scenarios beside a workflow.
const SCENARIOS: &str = ".scenarios.rhai";

/// The scenarios beside a shipped workflow of that name.
pub fn shipped_scenarios(name: &str) -> Option<String> {
    String::from_utf8(Files::get(&format!("{name}{SCENARIOS}"))?.data.into_owned()).ok()
}

/// Every shipped workflow, by name. Examples are not among them.
pub fn shipped() -> Vec<Shipped> {
    let mut found: Vec<Shipped> = Files::iter()
        .filter(|path| !path.ends_with(SCENARIOS))
        .filter_map(|path| {
            let source = String::from_utf8(Files::get(&path)?.data.into_owned()).ok()?;
            Some(Shipped { file: format!("workflows/{path}"), source })
        })
        .collect();
    found.sort_by(|one, other| one.file.cmp(&other.file));
    found
}
