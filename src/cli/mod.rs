//! The command line: one file a command.

mod bundle;
mod check;
mod diff;
mod exchange;
mod explain;
mod impact;
mod migrate;
mod publish;
mod replay;
mod serve;
mod settings;
mod simulate;
mod template_folders;
mod test;
mod token;
mod verify;
mod workflow_files;

use std::io::Write as _;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::i18n::{self, Explain, Lang, Message};

#[derive(Parser)]
#[command(name = "qiyue", version, about = "Contracts from blank to last payment")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Starts the server.
    Serve(serve::Serve),
    /// Brings the database to the step of this program, or running cases to another version of their workflow.
    Migrate(migrate::Migrate),
    /// Reports every fault of workflow files and template folders, with its line and what helps.
    Check(check::Check),
    /// Says a workflow in numbered sentences and a table of who decides when.
    Explain(explain::Explain),
    /// What changed between two workflow files, node by node.
    Diff(diff::Diff),
    /// Writes a workflow file for other tools: BPMN 2.0 or Mermaid.
    Export(exchange::Export),
    /// Makes a workflow file of BPMN 2.0, and says what could not be taken.
    Import(exchange::Import),
    /// What publishing a workflow file would do, tried on the newest records.
    Impact(impact::Impact),
    /// The way that a record would take: nodes, people, reasons, deadlines.
    Simulate(simulate::Simulate),
    /// Runs the scenarios beside workflow files.
    Test(test::Test),
    /// Publishes a workflow file or a template folder.
    Publish(publish::Publish),
    /// Tokens by which programs act for people.
    Token(token::Token),
    /// Runs a log of approvals that happened elsewhere through a workflow, and says what conforms.
    Replay(replay::Replay),
    /// Writes the evidence bundle of a case.
    Bundle(bundle::Bundle),
    /// Says whether what is stored, or an evidence bundle, is what was decided and submitted.
    Verify(verify::Verify),
}

/// Reads the command line and does what it says.
pub fn main() -> ExitCode {
    tracing_subscriber::fmt().with_env_filter(filter()).with_writer(std::io::stderr).init();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return fail(Lang::default(), &crate::app::StartError::from(error)),
    };
    runtime.block_on(async {
        match Cli::parse().command {
            Command::Serve(command) => command.run().await,
            Command::Migrate(command) => command.run().await,
            Command::Check(command) => command.run(),
            Command::Explain(command) => command.run(),
            Command::Diff(command) => command.run(),
            Command::Export(command) => command.run(),
            Command::Import(command) => command.run(),
            Command::Impact(command) => command.run().await,
            Command::Simulate(command) => command.run(),
            Command::Test(command) => command.run(),
            Command::Publish(command) => command.run().await,
            Command::Token(command) => command.run().await,
            Command::Replay(command) => command.run().await,
            Command::Bundle(command) => command.run().await,
            Command::Verify(command) => command.run().await,
        }
    })
}

/// What the log holds: `RUST_LOG`, or what somebody has to look after.
fn filter() -> tracing_subscriber::EnvFilter {
    tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "warn,qiyue=info".into())
}

/// A sentence for the one before the terminal; a terminal that is gone is no reason to stop.
fn say(lang: Lang, message: &Message) {
    drop(writeln!(std::io::stdout(), "{}", i18n::text(lang, message)));
}

/// What went wrong, with the remedy.
fn fail(lang: Lang, error: &dyn Explain) -> ExitCode {
    fail_saying(lang, &error.message())
}

fn fail_saying(lang: Lang, message: &Message) -> ExitCode {
    drop(writeln!(std::io::stderr(), "{}", i18n::text(lang, message)));
    ExitCode::FAILURE
}
