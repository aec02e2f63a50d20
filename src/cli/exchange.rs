//! `qiyue export` and `qiyue import`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};

use super::workflow_files::{Terminal, complain, print, text_of, workflow};
use crate::i18n::{self, msg};
use crate::workflow::exchange::{bpmn, import};
use crate::workflow::explain::{Names, mermaid};

/// Writes a workflow file for other tools.
#[derive(Args)]
pub(super) struct Export {
    /// The workflow file.
    file: PathBuf,
    /// What other tools read.
    #[arg(long, value_enum, default_value_t = Format::Bpmn)]
    format: Format,
    #[command(flatten)]
    terminal: Terminal,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// BPMN 2.0 with its diagram.
    Bpmn,
    /// A Mermaid flow chart.
    Mermaid,
}

impl Export {
    pub(super) fn run(self) -> ExitCode {
        let lang = self.terminal.lang();
        let Some(loaded) = workflow(&self.file, lang) else { return ExitCode::FAILURE };
        let names = Names { lang, ..Names::default() };
        let text = match self.format {
            Format::Bpmn => bpmn(&loaded.definition, names),
            Format::Mermaid => mermaid(&loaded.definition, names),
        };
        print(text.trim_end());
        ExitCode::SUCCESS
    }
}

/// Makes a workflow file of BPMN, and says beside it what could not be taken.
#[derive(Args)]
pub(super) struct Import {
    /// The BPMN file.
    file: PathBuf,
    /// The kind of record that the workflow will carry.
    #[arg(long, default_value = "contract")]
    subject: String,
    #[command(flatten)]
    terminal: Terminal,
}

impl Import {
    pub(super) fn run(self) -> ExitCode {
        let lang = self.terminal.lang();
        let Some(xml) = text_of(&self.file, lang) else { return ExitCode::FAILURE };
        match import(&xml, &self.subject, lang) {
            Ok(imported) => {
                print(imported.source.trim_end());
                for note in &imported.notes {
                    complain(&i18n::text(lang, note));
                }
                complain(&i18n::text(lang, &msg!("cli.imported", name = imported.name, notes = imported.notes.len())));
                ExitCode::SUCCESS
            }
            Err(error) => {
                let file = self.file.display().to_string();
                complain(&i18n::text(lang, &msg!("cli.not_imported", file = file, reason = error.message())));
                ExitCode::FAILURE
            }
        }
    }
}
