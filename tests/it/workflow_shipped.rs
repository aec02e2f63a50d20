//! The shipped workflows: without a fault, and doing what their scenarios say.

use qiyue::i18n::Lang;
use qiyue::workflow::check::check;
use qiyue::workflow::language::{Loaded, Severity, Shelf, load_with};
use qiyue::workflow::scenario::{Outcome, scenarios};
use qiyue::workflow::{Shipped, shipped};

fn loaded(source: &str, file: &str) -> Loaded {
    load_with(source, file, &shelf())
        .unwrap_or_else(|faults| panic!("{}", faults.iter().map(|fault| fault.render(Lang::Zh)).collect::<String>()))
}

/// What stands beside them to be read.
fn examples() -> Vec<Shipped> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/workflows/examples");
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> =
        names.filter(|name| name.split_once('.').is_some_and(|(_, ending)| ending == "rhai")).collect();
    names.sort();
    assert!(names.len() >= 5, "{names:?}");
    let shipped = names.into_iter().map(|name| {
        let source = std::fs::read_to_string(format!("{folder}/{name}")).unwrap();
        Shipped { file: format!("workflows/examples/{name}"), source }
    });
    shipped.collect()
}

/// Each of them may run the others.
fn shelf() -> Shelf {
    let files = shipped().into_iter().chain(examples()).map(|Shipped { file, source }| (source, file));
    Shelf::of_files(&files.collect::<Vec<_>>())
}

#[test]
fn the_shipped_workflows_are_these() {
    let files: Vec<String> = shipped().into_iter().map(|shipped| shipped.file).collect();
    assert_eq!(
        files,
        [
            "workflows/contract-change.rhai",
            "workflows/customer-admission.rhai",
            "workflows/discount.rhai",
            "workflows/expense.rhai",
            "workflows/invoice-request.rhai",
            "workflows/payment-request.rhai",
            "workflows/purchase-contract.rhai",
            "workflows/sales-contract.rhai"
        ]
    );
}

#[test]
fn no_shipped_workflow_has_an_error() {
    for Shipped { file, source } in shipped().into_iter().chain(examples()) {
        let faults = check(&source, &file, &shelf(), &[], None);
        let errors: String = faults
            .iter()
            .filter(|fault| fault.severity != Severity::Note)
            .map(|fault| fault.render(Lang::Zh))
            .collect();
        assert!(errors.is_empty(), "{errors}");
    }
}

#[test]
fn every_scenario_of_the_shipped_workflows_passes() {
    let mut failed = String::new();
    for shipped in shipped().into_iter().chain(examples()) {
        let file = shipped.file.replace(".rhai", ".scenarios.rhai");
        let path = format!("{}/{file}", env!("CARGO_MANIFEST_DIR"));
        let source = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        let found = scenarios(&loaded(&shipped.source, &shipped.file), &source, &file, None, Lang::Zh);
        let found = found.unwrap_or_else(|faults| {
            panic!("{}", faults.iter().map(|fault| fault.render(Lang::Zh)).collect::<String>())
        });
        for scenario in found {
            if let Outcome::Failed(fault) = scenario.outcome {
                failed.extend([scenario.name, "\n".to_owned(), fault.render(Lang::Zh)]);
            }
        }
    }
    assert!(failed.is_empty(), "{failed}");
}

/// The blocks of a page that are marked as the language's.
fn blocks(page: &str) -> Vec<String> {
    page.split("```rhai\n").skip(1).filter_map(|rest| Some(rest.split_once("```")?.0.to_owned())).collect()
}

#[test]
fn every_block_of_the_documentation_is_a_workflow_without_an_error() {
    let blocks = blocks(include_str!("../../workflows/README.md"));
    assert!(blocks.len() >= 6);
    for (number, source) in blocks.iter().enumerate() {
        let faults = check(source, &format!("README.md block {}", number + 1), &shelf(), &[], None);
        let errors: String = faults
            .iter()
            .filter(|fault| fault.severity == Severity::Error)
            .map(|fault| fault.render(Lang::Zh))
            .collect();
        assert!(errors.is_empty(), "{errors}");
    }
}
