//! From the text of a file to its definition and its closures.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use rhai::{AST, EvalAltResult, LexError, ParseError, ParseErrorType, Scope};

use super::call::kind_message;
use super::fault::{Fault, Finding, Severity, in_file};
use super::loading::{Loading, Named};
use super::script::{self, RhaiScript};
use super::shelf::{self, Shelf};
use super::syntax::{Called, Outline, outline, place};
use super::words::{self, SharedLoading};
use super::{sandbox, text};
use crate::i18n::{Message, msg};
use crate::workflow::{Definition, Place, ScriptProblem, definition_version};

/// The longest file that is read, in bytes.
const LONGEST_FILE: usize = 256 * 1024;

/// A file without errors.
#[derive(Clone)]
pub struct Loaded {
    /// What the engine walks.
    pub definition: Definition,
    /// Its closures.
    pub script: RhaiScript,
    /// Warnings and notes of reading; `check` finds more.
    pub warnings: Vec<Fault>,
}

impl Loaded {
    /// To be tried by itself: one that only others run takes whatever it is tried on.
    #[must_use]
    pub fn alone(mut self) -> Self {
        self.definition.takes = self.definition.takes.filter(|takes| !takes.is_nothing());
        self
    }
}

/// What reading a file gave, faults or not.
pub(crate) struct Reading {
    /// The source with LF line ends, as it is hashed.
    pub source: String,
    /// The definition, where `workflow(…)` could be read.
    pub definition: Option<Definition>,
    /// Its closures, where the file could be parsed.
    pub script: Option<RhaiScript>,
    /// Names to look up.
    pub names: Vec<Named>,
    /// Steps that approve by silence, and whether the file says why.
    pub silent_approvals: Vec<(Place, bool)>,
    /// Options about parts that whoever has them does not see; a version that was published with them stays readable.
    pub unseen: Vec<Finding>,
    /// Where `workflow(…)` stands.
    pub header: Place,
    /// What is wrong.
    pub findings: Vec<Finding>,
}

/// Reads a workflow file that runs no other. `file` is the name that messages and reasons carry.
pub fn load(source: &str, file: &str) -> Result<Loaded, Vec<Fault>> {
    load_with(source, file, &Shelf::default())
}

/// Reads a workflow file that may run those on the shelf.
pub fn load_with(source: &str, file: &str, shelf: &Shelf) -> Result<Loaded, Vec<Fault>> {
    let Reading { source, definition, script, findings, .. } = read(source, file, shelf);
    let faults = in_file(file, &source, findings);
    match (definition, script) {
        (Some(definition), Some(script)) if faults.iter().all(|fault| fault.severity != Severity::Error) => {
            Ok(Loaded { definition, script, warnings: faults })
        }
        _ => Err(faults),
    }
}

/// Reads a file as far as it can be read.
pub(crate) fn read(source: &str, file: &str, shelf: &Shelf) -> Reading {
    let source = text::normalised(source);
    let mut reading = Reading {
        definition: None,
        script: None,
        names: Vec::new(),
        silent_approvals: Vec::new(),
        unseen: Vec::new(),
        header: Place { line: 1, column: 1 },
        findings: full_width(&source),
        source,
    };
    if reading.source.len() > LONGEST_FILE {
        reading.findings.push(Finding::error(reading.header, msg!("workflow.fault.too_large")));
        return reading;
    }
    let code = text::mended(&reading.source);
    match sandbox::for_parsing().compile(&code) {
        Ok(ast) => run(ast, &code, file, shelf, &mut reading),
        Err(error) => reading.findings.push(syntax_error(&error, &code)),
    }
    reading
}

fn full_width(source: &str) -> Vec<Finding> {
    text::full_width(source)
        .into_iter()
        .map(|found| {
            let meant = if found.meant == ' ' { "␠".to_owned() } else { found.meant.to_string() };
            Finding::error(found.place, msg!("workflow.fault.full_width", typed = found.typed))
                .hint(msg!("workflow.hint.full_width", meant = meant))
        })
        .collect()
}

fn run(ast: AST, code: &str, file: &str, shelf: &Shelf, reading: &mut Reading) {
    let outline = Arc::new(outline(&ast, code));
    let ast = Arc::new(ast);
    let (unknown, findings) = unknown_words(&outline);
    reading.findings.extend(findings);
    let loading: SharedLoading = Arc::new(Mutex::new(Loading::of(Arc::clone(&ast), outline, shelf.clone())));
    let engine = sandbox::for_file(loading.clone(), &unknown);
    let failed = engine.run_ast_with_scope(&mut Scope::new(), &ast).err();
    drop(engine);
    let mut loading = std::mem::take(&mut *loading.lock().unwrap_or_else(PoisonError::into_inner));
    reading.findings.append(&mut loading.findings);
    if let Some(error) = failed {
        reading.findings.push(stopped(&error, &loading));
    } else if loading.header.is_none() && reading.findings.is_empty() {
        reading.findings.push(Finding::error(reading.header, msg!("workflow.fault.no_workflow")));
    }
    let nodes = loading.top_level();
    if let Some(mut definition) = loading.header.take() {
        file.clone_into(&mut definition.file);
        definition.nodes = nodes;
        definition.version = definition_version(&reading.source, &definition.runs());
        reading.findings.extend(shelf::faults(&definition, shelf));
        definition.hooks = std::mem::take(&mut loading.hooks);
        reading.header = loading.header_place;
        if definition.nodes.is_empty() && reading.findings.is_empty() {
            reading.findings.push(Finding::error(loading.header_place, msg!("workflow.fault.no_nodes")));
        }
        reading.definition = Some(definition);
    }
    reading.names = loading.names;
    reading.silent_approvals = loading.silent_approvals;
    reading.unseen = loading.unseen;
    reading.script = Some(RhaiScript::new(loading.closures));
}

/// Functions that are not there, and words with a number of arguments that they do not take.
fn unknown_words(outline: &Outline) -> (BTreeSet<(String, usize)>, Vec<Finding>) {
    let mut unknown = BTreeSet::new();
    let mut findings = Vec::new();
    let calls = outline.calls.iter().chain(outline.functions.values().flat_map(|shape| &shape.calls));
    for call in calls {
        let arguments = call.arguments + usize::from(call.method);
        let own = outline.functions.contains_key(&call.name);
        if own || sandbox::knows(&call.name, arguments) || is_word(call) {
            continue;
        }
        unknown.insert((call.name.clone(), arguments));
        findings.push(unknown_word(call, outline));
    }
    (unknown, findings)
}

fn is_word(call: &Called) -> bool {
    call.name == "has"
        || (!call.method && words::named(&call.name).is_some_and(|word| word.arguments.contains(&call.arguments)))
}

fn unknown_word(call: &Called, outline: &Outline) -> Finding {
    if let Some(word) = words::named(&call.name).filter(|_| !call.method) {
        let takes: Vec<String> = word.arguments.iter().map(ToString::to_string).collect();
        let takes = takes.join(" / ");
        let problem = msg!("workflow.fault.arguments", word = word.name, takes = takes, got = call.arguments);
        return Finding::error(call.place, problem);
    }
    let known = words::all().map(|word| word.name).chain(outline.functions.keys().map(String::as_str));
    let known: Vec<&str> = if call.method { sandbox::native_names().collect() } else { known.collect() };
    Finding::error(call.place, msg!("workflow.fault.unknown_word", word = &call.name)).did_you_mean(&call.name, known)
}

/// Reading stopped here.
fn stopped(error: &EvalAltResult, loading: &Loading) -> Finding {
    let fault = script::fault(error, loading.header_place);
    Finding::error(fault.place.unwrap_or_default(), script_problem(&fault.problem))
}

/// What went wrong in a closure, or while the file ran, as a sentence.
pub(super) fn script_problem(problem: &ScriptProblem) -> Message {
    match problem {
        ScriptProblem::EmptyField { field } => msg!("workflow.problem.empty_field", field = field),
        ScriptProblem::UnknownField { field } => msg!("workflow.problem.unknown_field", field = field),
        ScriptProblem::NoApprovalAmount => msg!("workflow.problem.no_approval_amount"),
        ScriptProblem::Incomparable { left, right } => {
            msg!("workflow.problem.incomparable", left = kind_message(left), right = kind_message(right))
        }
        ScriptProblem::TooLong => msg!("workflow.problem.too_long"),
        ScriptProblem::WrongAnswer { got } => msg!("workflow.problem.wrong_answer", got = kind_message(got)),
        ScriptProblem::Failed { message } => msg!("workflow.problem.failed", words = message),
    }
}

pub(super) fn syntax_error(error: &ParseError, code: &str) -> Finding {
    let at = place(error.position());
    let at = if at.line == 0 {
        Place { line: u32::try_from(code.lines().count().max(1)).unwrap_or(1), column: 1 }
    } else {
        at
    };
    let problem = match error.err_type() {
        ParseErrorType::VariableUndefined(name) => {
            let known = words::all().map(|word| word.name);
            let finding = Finding::error(at, msg!("workflow.fault.undefined", name = name));
            return match words::named(name) {
                Some(word) => finding.hint(msg!("workflow.hint.parentheses", word = word.name)),
                None => bracket(finding.did_you_mean(name, known), code),
            };
        }
        ParseErrorType::Reserved(word) | ParseErrorType::BadInput(LexError::ImproperSymbol(word, _)) => {
            msg!("workflow.fault.reserved", word = word)
        }
        ParseErrorType::DuplicatedProperty(name) => msg!("workflow.fault.duplicate_option", option = name),
        ParseErrorType::MissingToken(token, _) => msg!("workflow.fault.missing_token", token = token),
        ParseErrorType::UnexpectedEOF => msg!("workflow.fault.unexpected_end"),
        ParseErrorType::BadInput(LexError::UnterminatedString) => msg!("workflow.fault.open_text"),
        ParseErrorType::BadInput(LexError::UnexpectedInput(typed)) => msg!("workflow.fault.unexpected", typed = typed),
        other => msg!("workflow.fault.syntax", words = other.to_string()),
    };
    bracket(Finding::error(at, problem), code)
}

/// Points at a bracket that was left open: Rhai notices it only further down.
fn bracket(finding: Finding, code: &str) -> Finding {
    if let Some(line) = text::open_quote(code).filter(|line| *line <= finding.place.line && finding.hint.is_none()) {
        return finding.hint(msg!("workflow.hint.open_text", line = line));
    }
    match text::unbalanced(code) {
        Some((place, bracket)) if finding.hint.is_none() => {
            finding.hint(msg!("workflow.hint.bracket", bracket = bracket, line = place.line, column = place.column))
        }
        _ => finding,
    }
}
