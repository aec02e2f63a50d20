//! `qiyue simulate`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};

use super::workflow_files::{Terminal, complain, print, text_of, workflow};
use crate::i18n::{self, Lang, msg};
use crate::workflow::scenario::{Simulation, World, simulate};

/// The way that a record would take: nodes, people, reasons, deadlines.
#[derive(Args)]
pub(super) struct Simulate {
    /// The workflow file.
    file: PathBuf,
    /// The people and the record: a JSON or TOML file.
    #[arg(long)]
    with: PathBuf,
    /// How it is shown.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    #[command(flatten)]
    terminal: Terminal,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Table,
    Json,
    Mermaid,
}

impl Simulate {
    pub(super) fn run(self) -> ExitCode {
        let lang = self.terminal.lang();
        let (Some(loaded), Some(world)) = (workflow(&self.file, lang), self.world(lang)) else {
            return ExitCode::FAILURE;
        };
        match simulate(&loaded, &world, None, lang) {
            Ok(steps) => {
                print(&self.shown(&steps, lang));
                ExitCode::SUCCESS
            }
            Err(bad) => {
                self.refuse(&bad.to_string(), lang);
                ExitCode::FAILURE
            }
        }
    }

    fn world(&self, lang: Lang) -> Option<World> {
        let text = text_of(&self.with, lang)?;
        let is_json = self.with.extension().is_some_and(|extension| extension == "json");
        let world: Result<World, String> = if is_json {
            serde_json::from_str(&text).map_err(|error| error.to_string())
        } else {
            toml::from_str(&text).map_err(|error| error.to_string())
        };
        world.inspect_err(|reason| self.refuse(reason, lang)).ok()
    }

    fn shown(&self, steps: &[Simulation], lang: Lang) -> String {
        match self.format {
            Format::Table => Simulation::table(steps, lang),
            Format::Mermaid => Simulation::mermaid(steps),
            Format::Json => serde_json::to_string_pretty(steps).unwrap_or_else(|error| error.to_string()),
        }
        .trim_end()
        .to_owned()
    }

    fn refuse(&self, reason: &str, lang: Lang) {
        let file = self.with.display().to_string();
        complain(&i18n::text(lang, &msg!("cli.bad_data", file = file, reason = reason)));
    }
}
