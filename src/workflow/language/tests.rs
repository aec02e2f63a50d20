//! What a file means.

use super::*;
use crate::i18n::Lang;
use crate::workflow::{Definition, NodeKind};

fn loaded(source: &str) -> Loaded {
    load(source, "t.rhai")
        .unwrap_or_else(|faults| panic!("{}", faults.iter().map(|fault| fault.render(Lang::En)).collect::<String>()))
}

fn names(definition: &Definition) -> Vec<&str> {
    definition.nodes.iter().map(|node| node.name.as_str()).collect()
}

#[test]
fn the_sample_loads_with_its_nodes_in_the_order_of_the_lines() {
    let sample = load(include_str!("../../../workflows/sales-contract.rhai"), "workflows/sales-contract.rhai");
    let definition = sample.map_or_else(|faults| panic!("{faults:#?}"), |loaded| loaded.definition);
    assert_eq!(names(&definition), ["manager", "review", "final", "finance-desk"]);
    assert_eq!(definition.hooks.len(), 2);
    let NodeKind::Branch { ways, inclusive: false } = &definition.nodes[2].kind else { panic!("final is a branch") };
    assert_eq!(ways.iter().map(|way| way.name.as_str()).collect::<Vec<_>>(), ["不满 100万", "100万 以上"]);
}

#[test]
fn a_definition_survives_its_json() {
    let definition = loaded(include_str!("../../../workflows/sales-contract.rhai")).definition;
    let json = serde_json::to_string(&definition).unwrap();
    assert_eq!(serde_json::from_str::<Definition>(&json).unwrap(), definition);
}

#[test]
fn the_version_does_not_depend_on_line_ends_or_the_name_of_the_file() {
    let source = include_str!("../../../workflows/sales-contract.rhai");
    let windows = format!("\u{feff}{}", source.replace('\n', "\r\n"));
    assert_eq!(
        loaded(source).definition.version,
        load(&windows, "other.rhai").map(|it| it.definition.version).unwrap()
    );
}
