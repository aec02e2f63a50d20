//! `qiyue explain`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::workflow_files::{Terminal, print, workflow};
use crate::app::schemas;
use crate::workflow::explain::{Names, explain, mermaid};

/// Says a workflow in numbered sentences and a table of who decides when.
#[derive(Args)]
pub(super) struct Explain {
    /// The workflow file.
    file: PathBuf,
    /// A Mermaid flow chart instead.
    #[arg(long)]
    diagram: bool,
    #[command(flatten)]
    terminal: Terminal,
}

impl Explain {
    pub(super) fn run(self) -> ExitCode {
        let lang = self.terminal.lang();
        let Some(loaded) = workflow(&self.file, lang) else { return ExitCode::FAILURE };
        let schemas = schemas();
        let schema = schemas.iter().find(|schema| schema.kind == loaded.definition.subject);
        let names = Names { schema, lang, ..Names::default() };
        let said = if self.diagram { mermaid(&loaded.definition, names) } else { explain(&loaded.definition, names) };
        print(said.trim_end());
        ExitCode::SUCCESS
    }
}
