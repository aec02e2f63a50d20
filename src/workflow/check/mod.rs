//! Everything that can be known to be wrong with a workflow before a contract meets it.
//!
//! Reading the file finds what is wrong with each word; here the file is looked at as a whole: names against the subject and the
//! people, ways that no data takes, ways on which nobody independent decides, circles that turn by themselves.

mod circles;
mod names;
mod possible;
mod ways;

use super::language::{Fault, Finding, Shelf, in_file, read};
use super::{Directory, SubjectSchema};
use crate::i18n::msg;

/// Every fault of a file that may run the workflows on the shelf. Without a directory it says which names it could not check; without the schema of the subject it says so.
pub fn check(
    source: &str,
    file: &str,
    shelf: &Shelf,
    schemas: &[SubjectSchema],
    directory: Option<&Directory>,
) -> Vec<Fault> {
    let mut reading = read(source, file, shelf);
    let mut findings = std::mem::take(&mut reading.findings);
    findings.append(&mut reading.unseen);
    if let Some(definition) = &reading.definition {
        let schema = schemas.iter().find(|schema| schema.kind == definition.subject);
        if schema.is_none() && !schemas.is_empty() {
            let known = schemas.iter().map(|schema| schema.kind.as_str());
            let finding = Finding::error(
                reading.header,
                msg!("workflow.fault.unknown_subject", name = definition.subject.as_str()),
            );
            findings.push(finding.did_you_mean(definition.subject.as_str(), known));
        }
        findings.extend(names::check(&reading, definition, schema, directory));
        findings.extend(circles::check(definition));
        // Where a part is missing, every way through it would be called wrong.
        if !findings.iter().any(Finding::is_error) {
            findings.extend(ways::check(definition, reading.header));
        }
    }
    in_file(file, &reading.source, findings)
}
