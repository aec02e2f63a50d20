//! `qiyue test`

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use super::workflow_files::{SCENARIOS, Terminal, complain, named_or_all, print, show, text_of, workflow};
use crate::i18n::{self, Lang, msg};
use crate::workflow::scenario::{Outcome, scenarios};

/// Runs the scenarios beside workflow files.
#[derive(Args)]
pub(super) struct Test {
    /// Scenario files, or the workflow files beside them; without any, those in workflows/.
    files: Vec<PathBuf>,
    #[command(flatten)]
    terminal: Terminal,
}

/// How many scenarios passed and failed.
#[derive(Default)]
struct Count {
    passed: usize,
    failed: usize,
}

impl Test {
    pub(super) fn run(self) -> ExitCode {
        let lang = self.terminal.lang();
        let files = named_or_all(&self.files, |path| path.ends_with(SCENARIOS));
        if files.is_empty() {
            complain(&i18n::text(lang, &msg!("cli.no_scenarios")));
            return ExitCode::FAILURE;
        }
        let mut count = Count::default();
        for file in &files {
            if one(file, lang, &mut count).is_none() {
                count.failed += 1;
            }
        }
        print(&i18n::text(lang, &msg!("cli.tested", passed = count.passed, failed = count.failed)));
        if count.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

/// Runs one file; nothing where it could not be run at all.
fn one(file: &Path, lang: Lang, count: &mut Count) -> Option<()> {
    let name = file.display().to_string();
    let stem = name.strip_suffix(SCENARIOS).or_else(|| name.strip_suffix(".rhai")).unwrap_or(&name);
    let loaded = workflow(Path::new(&format!("{stem}.rhai")), lang)?;
    let path = format!("{stem}{SCENARIOS}");
    let source = text_of(Path::new(&path), lang)?;
    let found = scenarios(&loaded, &source, &path, None, lang).inspect_err(|faults| show(faults, lang)).ok()?;
    for scenario in found {
        match scenario.outcome {
            Outcome::Passed => {
                count.passed += 1;
                print(&i18n::text(lang, &msg!("cli.scenario_passed", name = &scenario.name)));
            }
            Outcome::Failed(fault) => {
                count.failed += 1;
                print(&i18n::text(lang, &msg!("cli.scenario_failed", name = &scenario.name)));
                show(&[*fault], lang);
            }
        }
    }
    Some(())
}
