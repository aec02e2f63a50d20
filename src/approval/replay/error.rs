//! Why a replay cannot begin or go on.

use std::path::{Path, PathBuf};

use crate::approval::ApprovalError;
use crate::db::DbError;
use crate::i18n::{ErrorKind, Explain, Message, file_problem, msg};
use crate::kernel::Kind;
use crate::workflow::language::Fault;

/// Why a replay cannot begin or go on. Refused events are no error, they are the answer.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// A file cannot be read or written.
    #[error("{path}: {problem:?}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        problem: Message,
    },
    /// A line of the log is wrong.
    #[error("{path}:{line}: {problem:?}")]
    Line {
        /// The file.
        path: PathBuf,
        /// Its line.
        line: u64,
        /// What is wrong.
        problem: Message,
    },
    /// The map is wrong.
    #[error("{path}: {problem}")]
    Map {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// The workflow has faults.
    #[error("the workflow has {} faults", .0.len())]
    Workflow(Vec<Fault>),
    /// Map and workflow are about different things.
    #[error("the map is about {map}, the workflow about {workflow}")]
    OtherKind {
        /// The kind of the map.
        map: Kind,
        /// The kind of the workflow.
        workflow: Kind,
    },
    /// An activity without a line in the map.
    #[error("line {line} of the log: the map has no line for {activity:?}")]
    UnknownActivity {
        /// What happened.
        activity: String,
        /// Where it stands first.
        line: u64,
    },
    /// The database holds an installation.
    #[error("the database holds an installation")]
    Installed,
    /// The database holds another replay.
    #[error("the database holds the replay {0:?}")]
    OtherRun(String),
    /// The store refused for another reason than the engine.
    #[error(transparent)]
    Approval(#[from] ApprovalError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl ReplayError {
    /// A file that cannot be read or written.
    pub fn file(path: &Path, error: &std::io::Error) -> Self {
        Self::File { path: path.to_owned(), problem: file_problem(error) }
    }

    pub(super) fn map(path: &Path, error: &toml::de::Error) -> Self {
        Self::Map { path: path.to_owned(), problem: error.to_string() }
    }

    pub(super) fn line(line: u64, problem: Message) -> Self {
        Self::Line { path: PathBuf::new(), line, problem }
    }

    /// The same with the file it was found in.
    pub(super) fn in_file(self, file: &Path) -> Self {
        match self {
            Self::Line { line, problem, .. } => Self::Line { path: file.to_owned(), line, problem },
            other => other,
        }
    }
}

impl Explain for ReplayError {
    fn code(&self) -> &'static str {
        match self {
            Self::File { .. } => "file_unusable",
            Self::Line { .. } => "log_line_invalid",
            Self::Map { .. } => "map_invalid",
            Self::Workflow(_) => "workflow_faults",
            Self::OtherKind { .. } => "kind_mismatch",
            Self::UnknownActivity { .. } => "activity_unknown",
            Self::Installed => "database_installed",
            Self::OtherRun(_) => "other_run",
            Self::Approval(error) => error.code(),
            Self::Db(error) => error.code(),
        }
    }

    fn kind(&self) -> ErrorKind {
        match self {
            Self::Approval(error) => error.kind(),
            Self::Db(error) => error.kind(),
            Self::Installed | Self::OtherRun(_) => ErrorKind::Conflict,
            _ => ErrorKind::Invalid,
        }
    }

    fn message(&self) -> Message {
        match self {
            Self::File { path, problem } => {
                msg!("approval.replay_file", file = path.display().to_string(), problem = problem.clone())
            }
            Self::Line { path, line, problem } => {
                msg!("approval.replay_line", file = path.display().to_string(), line = *line, problem = problem.clone())
            }
            Self::Map { path, problem } => {
                msg!("approval.replay_map", file = path.display().to_string(), problem = problem)
            }
            Self::Workflow(faults) => msg!("approval.replay_workflow", count = faults.len()),
            Self::OtherKind { map, workflow } => {
                msg!("approval.replay_other_kind", map = map.as_str(), workflow = workflow.as_str())
            }
            Self::UnknownActivity { activity, line } => {
                msg!("approval.replay_unknown_activity", activity = activity, line = *line)
            }
            Self::Installed => msg!("approval.replay_installed"),
            Self::OtherRun(name) => msg!("approval.replay_other_run", name = name),
            Self::Approval(error) => error.message(),
            Self::Db(error) => error.message(),
        }
    }
}
