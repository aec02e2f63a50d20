//! Small definitions in a few lines of text, for traces that read as a specification.
//!
//! One line a node, `KIND NAME OPTION=VALUE …`, the inside of a construct indented below it. Values have no spaces:
//! `by=manager_of(drafter)`, `when=all_of(amount_from(100000),deviates)`, `within=8wh`, `overdue=remind,hand_to_manager(1wd)`.

use qiyue::kernel::{Amount, Hash, Kind, Span};
use qiyue::workflow::{
    Allowance, AmountRule, Condition, CountRule, DecisionOptions, Definition, DepartmentOf, DrafterIsApprover, Effect,
    EffectSpec, Entry, FileNeed, Hook, HookAt, LoginNeed, Node, NodeKind, OnReject, OnReturn, Opinion, Overdue, Place,
    SamePersonAgain, ScriptId, Value, WaitFor, Way, Who, WithdrawRule,
};

/// `name(arguments)`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Term {
    pub(crate) name: String,
    pub(crate) args: Vec<Term>,
}

impl Term {
    fn first(&self) -> &Term {
        self.args.first().unwrap_or_else(|| panic!("{} needs an argument", self.name))
    }

    fn number(&self) -> u32 {
        self.name.parse().unwrap_or_else(|_| panic!("{} is no number", self.name))
    }
}

/// Terms separated by commas.
pub(crate) fn terms(text: &str) -> Vec<Term> {
    let mut rest = text;
    let found = list(&mut rest);
    assert!(rest.is_empty(), "cannot read {rest:?} of {text:?}");
    found
}

fn list(rest: &mut &str) -> Vec<Term> {
    let mut found = Vec::new();
    loop {
        let end = rest.find(['(', ')', ',']).unwrap_or(rest.len());
        let name = rest[..end].to_owned();
        *rest = &rest[end..];
        let mut args = Vec::new();
        if let Some(inner) = rest.strip_prefix('(') {
            *rest = inner;
            args = list(rest);
            *rest = rest.strip_prefix(')').expect("a closing bracket");
        }
        found.push(Term { name, args });
        match rest.strip_prefix(',') {
            Some(more) => *rest = more,
            None => return found,
        }
    }
}

fn one(text: &str) -> Term {
    terms(text).remove(0)
}

/// A definition from its lines.
pub(crate) fn definition(lines: &[(usize, &str)]) -> Definition {
    let mut definition = Definition {
        name: "trace".into(),
        file: "trace".into(),
        version: Hash::of(b"trace"),
        title: "trace".into(),
        subject: Kind::of("contract"),
        takes: None,
        amount: AmountRule::default(),
        needs: Vec::new(),
        drafter_is_approver: DrafterIsApprover::default(),
        same_person_again: SamePersonAgain::default(),
        nobody_found: Who::Role { role: "administrator".into() },
        withdraw: WithdrawRule::default(),
        nodes: Vec::new(),
        hooks: Vec::new(),
    };
    let mut rest: Vec<Line> = Vec::new();
    for (number, text) in lines {
        let line = Line::read(*number, text);
        match line.kind.as_str() {
            "workflow" => header(&mut definition, &line),
            "on" => definition.hooks.push(hook(&line)),
            _ => rest.push(line),
        }
    }
    let mut at = 0;
    definition.nodes = sequence(&rest, &mut at, 0);
    assert_eq!(at, rest.len(), "line {} is indented too far", rest.get(at).map_or(0, |line| line.number));
    definition
}

struct Line {
    number: usize,
    depth: usize,
    kind: String,
    name: String,
    options: Vec<(String, String)>,
}

impl Line {
    fn read(number: usize, text: &str) -> Self {
        let depth = (text.len() - text.trim_start().len()) / 2;
        let mut words = text.split_whitespace();
        let kind = words.next().expect("a line").to_owned();
        let mut name = String::new();
        let mut options = Vec::new();
        for word in words {
            match word.split_once('=') {
                Some((key, value)) => options.push((key.to_owned(), value.to_owned())),
                None if name.is_empty() => word.clone_into(&mut name),
                None => options.push((word.to_owned(), String::new())),
            }
        }
        Self { number, depth, kind, name, options }
    }

    fn get(&self, key: &str) -> Option<&str> {
        self.options.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    fn people(&self, key: &str) -> Vec<Who> {
        self.get(key).map(|text| terms(text).iter().map(who).collect()).unwrap_or_default()
    }

    fn words(&self, key: &str) -> Vec<String> {
        self.get(key).map(|text| text.split(',').map(str::to_owned).collect()).unwrap_or_default()
    }
}

fn header(definition: &mut Definition, line: &Line) {
    definition.takes = line.get("takes").map(|text| condition(&one(text)));
    definition.needs = needs(line);
    if line.get("drafter") == Some("may_approve") {
        definition.drafter_is_approver = DrafterIsApprover::Allow;
    }
    if line.get("same_person") == Some("skip") {
        definition.same_person_again = SamePersonAgain::SkipIfNextToEachOther;
    }
    if line.get("withdraw") == Some("any_time") {
        definition.withdraw = WithdrawRule::AnyTime;
    }
}

fn needs(line: &Line) -> Vec<FileNeed> {
    line.words("needs").into_iter().map(|label| FileNeed { label, when: None }).collect()
}

fn hook(line: &Line) -> Hook {
    let at = match line.name.as_str() {
        "submitted" => HookAt::Submitted,
        "approved" => HookAt::Approved,
        "rejected" => HookAt::Rejected,
        "withdrawn" => HookAt::Withdrawn,
        "signed" => HookAt::Signed,
        "ended" => HookAt::Ended,
        other => panic!("no hook {other}"),
    };
    Hook { at, place: place(line), effects: effects(line) }
}

fn effects(line: &Line) -> Vec<EffectSpec> {
    let effect = |word: String| match word.as_str() {
        "expert" => EffectSpec::Expert { script: ScriptId(0) },
        _ => EffectSpec::Value(Effect::Tell { to: Vec::new(), text: word }),
    };
    line.words("tell").into_iter().map(effect).collect()
}

fn place(line: &Line) -> Place {
    Place { line: u32::try_from(line.number).unwrap(), column: 1 }
}

fn sequence(lines: &[Line], at: &mut usize, depth: usize) -> Vec<Node> {
    let mut nodes = Vec::new();
    while let Some(line) =
        lines.get(*at).filter(|line| line.depth == depth && !matches!(line.kind.as_str(), "way" | "otherwise"))
    {
        *at += 1;
        let kind = kind(line, lines, at);
        let when = line.get("when").map(|text| condition(&one(text)));
        nodes.push(Node { name: line.name.clone(), title: line.name.clone(), place: place(line), when, kind });
    }
    nodes
}

fn kind(line: &Line, lines: &[Line], at: &mut usize) -> NodeKind {
    match line.kind.as_str() {
        "approve" => {
            let by = who(&one(line.get("by").expect("by=")));
            NodeKind::Approve { by, free_flow: line.get("free_flow").is_some(), options: options(line) }
        }
        "countersign" => NodeKind::Countersign {
            entries: terms(line.get("by").expect("by=")).iter().map(entry).collect(),
            rule: line.get("rule").map_or(CountRule::All, |text| rule(&one(text))),
            veto: line.people("veto"),
            options: options(line),
        },
        "branch" => NodeKind::Branch { ways: ways(line, lines, at), inclusive: line.get("inclusive").is_some() },
        "parallel" => NodeKind::Parallel { ways: ways(line, lines, at).into_iter().map(|way| way.nodes).collect() },
        "run" => {
            let (workflow, version, file) = ("other".into(), Hash::of(b"other"), "other".into());
            let nodes = within(&line.name, sequence(lines, at, line.depth + 1));
            NodeKind::Run { workflow, version, file, nodes }
        }
        "copy" => NodeKind::CopyTo { to: line.people("to") },
        "wait" => NodeKind::Wait {
            what: match (line.get("event"), line.get("date"), line.get("span")) {
                (Some(name), _, _) => WaitFor::Event { name: name.into() },
                (_, Some(field), _) => WaitFor::DateField { field: field.into() },
                (_, _, Some(text)) => WaitFor::Span { span: span(text) },
                _ => panic!("a wait needs event=, date= or span="),
            },
            may_return: line.people("may_return"),
            on_return: on_return(line),
        },
        "act" => NodeKind::Act { effects: effects(line) },
        other => panic!("no construct {other}"),
    }
}

/// The nodes of a workflow that is run are called after the node that runs it.
fn within(run: &str, mut nodes: Vec<Node>) -> Vec<Node> {
    for node in &mut nodes {
        node.name = format!("{run}/{}", node.name);
        match &mut node.kind {
            NodeKind::Branch { ways, .. } => {
                for way in ways {
                    way.nodes = within(run, std::mem::take(&mut way.nodes));
                }
            }
            NodeKind::Parallel { ways } => {
                for way in ways {
                    *way = within(run, std::mem::take(way));
                }
            }
            NodeKind::Run { nodes, .. } => *nodes = within(run, std::mem::take(nodes)),
            _ => {}
        }
    }
    nodes
}

fn ways(parent: &Line, lines: &[Line], at: &mut usize) -> Vec<Way> {
    let mut ways = Vec::new();
    let is_way = |line: &&Line| line.depth == parent.depth + 1 && matches!(line.kind.as_str(), "way" | "otherwise");
    while let Some(line) = lines.get(*at).filter(is_way) {
        *at += 1;
        let condition = line.get("when").map(|text| condition(&one(text)));
        let name = if line.name.is_empty() { line.kind.clone() } else { line.name.clone() };
        ways.push(Way { name, condition, band: None, nodes: sequence(lines, at, parent.depth + 2) });
    }
    ways
}

fn options(line: &Line) -> DecisionOptions {
    let allow = |word: &String| match word.as_str() {
        "transfer" => Some(Allowance::Transfer),
        "withdraw" => Some(Allowance::Withdraw),
        "delegate" => Some(Allowance::Delegate),
        "add" => Some(Allowance::Add),
        "remove" => Some(Allowance::Remove),
        _ => None,
    };
    let default = DecisionOptions::default();
    DecisionOptions {
        within: line.get("within").map(span),
        overdue: line.get("overdue").map(|text| terms(text).iter().map(overdue).collect()).unwrap_or_default(),
        on_reject: match line.get("on_reject").map(one) {
            None => OnReject::End,
            Some(term) if term.name == "back_to" => OnReject::BackTo { node: term.first().name.clone() },
            Some(term) if term.name == "previous" => OnReject::BackToPrevious,
            Some(_) => OnReject::BackToDrafter,
        },
        on_return: on_return(line),
        may_suggest: line.words("may_suggest"),
        may_edit: line.words("may_edit"),
        scope: line.words("scope"),
        opinion: match line.get("opinion") {
            Some("required") => Opinion::Required,
            Some("optional") => Opinion::Optional,
            _ => Opinion::OnReject,
        },
        login: match line.get("login").map(one) {
            None => LoginNeed::LinkIsEnough,
            Some(term) if term.name == "from" => LoginNeed::FromAmount { amount: amount(term.first()) },
            Some(_) => LoginNeed::Always,
        },
        allow: line.get("allow").map_or(default.allow, |_| line.words("allow").iter().filter_map(allow).collect()),
        needs: needs(line),
        ..DecisionOptions::default()
    }
}

fn on_return(line: &Line) -> OnReturn {
    match line.get("on_return") {
        Some("all") => OnReturn::AskAllBetween,
        Some("straight_back") => OnReturn::StraightBack,
        _ => OnReturn::AskOnlyAffected,
    }
}

fn overdue(term: &Term) -> Overdue {
    match term.name.as_str() {
        "remind" => Overdue::Remind,
        "hand_to" => Overdue::HandTo { who: who(term.first()), after: span(&term.args[1].name) },
        "hand_to_manager" => Overdue::HandToManager { after: span(&term.first().name) },
        "reject" => Overdue::Reject,
        "approve" => Overdue::Approve { because: "silence".into() },
        other => panic!("no overdue step {other}"),
    }
}

fn rule(term: &Term) -> CountRule {
    match term.name.as_str() {
        "all" => CountRule::All,
        "any" => CountRule::Any,
        "ratio" => CountRule::Ratio { percent: term.first().number() },
        "count" => CountRule::Count { approvals: term.first().number() },
        "weighted" => CountRule::Weighted { pass: term.first().number() },
        "in_order" => CountRule::InOrder,
        other => panic!("no rule {other}"),
    }
}

fn entry(term: &Term) -> Entry {
    let weight = term.args.get(1).map_or(1, Term::number);
    match term.name.as_str() {
        "one_of" => Entry::OneOf { who: who(term.first()), weight },
        "everyone_in" => Entry::EveryoneIn { who: who(term.first()), weight },
        other => panic!("no entry {other}"),
    }
}

/// `8wh` working hours, `2wd` working days, `3d` days, `2h` hours, `30m` minutes.
pub(crate) fn span(text: &str) -> Span {
    let unit = text.trim_start_matches(|digit: char| digit.is_ascii_digit());
    let count = text[..text.len() - unit.len()].parse().unwrap_or_else(|_| panic!("no span {text}"));
    match unit {
        "wh" => Span::working_hours(count),
        "wd" => Span::WorkingDays(count),
        "d" => Span::Days(count),
        "h" => Span::hours(count),
        "m" => Span::Minutes(count),
        other => panic!("no unit {other}"),
    }
}

fn amount(term: &Term) -> Amount {
    Amount::parse(&term.name).unwrap()
}

pub(crate) fn who(term: &Term) -> Who {
    let name = || term.first().name.clone();
    let of = |term: &Term| match term.name.as_str() {
        "department_of" => DepartmentOf::Person { who: Box::new(who(term.first())) },
        code => DepartmentOf::Named { code: code.to_owned() },
    };
    match term.name.as_str() {
        "drafter" => Who::Drafter,
        "owner" => Who::Owner,
        "user" => Who::User { login: name() },
        "role" => Who::Role { role: name() },
        "role_in" => Who::RoleIn { role: name(), department: of(&term.args[1]) },
        "manager_of" => {
            Who::ManagerOf { person: Box::new(who(term.first())), level: term.args.get(1).map_or(1, Term::number) }
        }
        "managers_up_to" => Who::ManagersUpTo { person: Box::new(who(term.first())), role: term.args[1].name.clone() },
        "head_of" => Who::HeadOf { department: of(term.first()) },
        "field" => Who::Field { field: name() },
        "chosen_by_submitter" => Who::ChosenBySubmitter,
        "approver_of" => Who::ApproverOf { node: name() },
        "first_of" => Who::FirstOf { rules: term.args.iter().map(who).collect() },
        "any_of" => Who::AnyOf { rules: term.args.iter().map(who).collect() },
        "by_authority" => Who::ByAuthority { grid: name() },
        "expert" => Who::Expert { script: ScriptId(term.first().number()) },
        other => panic!("no rule {other}"),
    }
}

pub(crate) fn condition(term: &Term) -> Condition {
    let parts = || term.args.iter().map(condition).collect();
    let name = || term.first().name.clone();
    match term.name.as_str() {
        "amount_from" => Condition::AmountFrom { amount: amount(term.first()) },
        "amount_below" => Condition::AmountBelow { amount: amount(term.first()) },
        "deviates" => Condition::Deviates,
        "category_is" => Condition::CategoryIs { categories: term.args.iter().map(|arg| arg.name.clone()).collect() },
        "field_is" => Condition::FieldIs { field: name(), value: Value::Text(term.args[1].name.clone()) },
        "marked" => Condition::OtherPartyIs { mark: name() },
        "has" => Condition::Has { field: name() },
        "all_of" => Condition::AllOf { parts: parts() },
        "any_of" => Condition::AnyOf { parts: parts() },
        "not" => Condition::Not { part: Box::new(condition(term.first())) },
        "expert" => Condition::Expert { script: ScriptId(term.first().number()) },
        other => panic!("no condition {other}"),
    }
}
