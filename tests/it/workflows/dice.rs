//! Random definitions and random choices, read off a list of bytes: what is left of a failing list after shrinking is the smallest
//! case. An exhausted list always answers with the first choice.

use std::cell::Cell;

/// A list of bytes as a source of choices.
pub(crate) struct Dice<'b> {
    bytes: &'b [u8],
    at: Cell<usize>,
}

impl<'b> Dice<'b> {
    pub(crate) fn new(bytes: &'b [u8]) -> Self {
        Self { bytes, at: Cell::new(0) }
    }

    pub(crate) fn exhausted(&self) -> bool {
        self.at.get() >= self.bytes.len()
    }

    /// A number below `count`.
    pub(crate) fn below(&self, count: usize) -> usize {
        let byte = self.bytes.get(self.at.get()).copied().unwrap_or(0);
        self.at.set(self.at.get() + 1);
        usize::from(byte) % count.max(1)
    }

    pub(crate) fn pick<T: Copy>(&self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    pub(crate) fn one_in(&self, count: usize) -> bool {
        self.below(count) == count - 1
    }
}

const WHO: &[&str] = &[
    "role(legal)",
    "manager_of(drafter)",
    "role(finance)",
    "role(general-manager)",
    "role(sales)",
    "drafter",
    "field(project_lead)",
    "any_of(role(legal),user(cai))",
    "first_of(field(project_lead),role(general-manager))",
];
const WHEN: &[&str] = &[
    "amount_from(100000)",
    "deviates",
    "amount_below(100000)",
    "has(region)",
    "field_is(region,east)",
    "any_of(deviates,amount_from(200000))",
    "expert(0)",
    "not(marked(related))",
];
const SCOPES: &[&str] = &["fields/payment_terms", "fields/amount,fields/region"];

/// The lines of a random definition.
pub(crate) fn definition(dice: &Dice<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    let header = [
        "workflow",
        "workflow withdraw=any_time",
        "workflow same_person=skip",
        "workflow drafter=may_approve withdraw=any_time",
    ];
    lines.push(dice.pick(&header).to_owned());
    let mut names = 0;
    sequence(dice, &mut lines, &mut names, 0, 4);
    lines.push("on approved tell=approved".into());
    lines
}

fn sequence(dice: &Dice<'_>, lines: &mut Vec<String>, names: &mut usize, depth: usize, longest: usize) {
    for _ in 0..=dice.below(longest) {
        node(dice, lines, names, depth);
    }
}

fn node(dice: &Dice<'_>, lines: &mut Vec<String>, names: &mut usize, depth: usize) {
    *names += 1;
    let name = format!("n{names}");
    let earlier = format!("n{}", 1 + dice.below(*names));
    let indent = "  ".repeat(depth);
    let when = if dice.one_in(3) { format!(" when={}", dice.pick(WHEN)) } else { String::new() };
    match dice.below(if depth < 4 { 10 } else { 6 }) {
        3 => {
            let rules = ["all", "any", "ratio(66)", "count(2)", "in_order", "weighted(2)"];
            let entries: Vec<_> = (0..=dice.below(3))
                .map(|_| format!("{}({})", dice.pick(&["one_of", "everyone_in"]), dice.pick(WHO)))
                .collect();
            let veto = if dice.one_in(5) { " veto=user(fang)" } else { "" };
            let (by, rule, options) = (entries.join(","), dice.pick(&rules), options(dice, &earlier));
            lines.push(format!("{indent}countersign {name} by={by} rule={rule}{veto}{options}{when}"));
        }
        4 => lines.push(format!(
            "{indent}approve {name} by=any_of(role(legal),role(finance)) free_flow{}{when}",
            options(dice, &earlier)
        )),
        5 => {
            let others = [
                "copy NAME to=role(accountant)",
                "wait NAME event=paid may_return=user(cai)",
                "wait NAME span=1h",
                "act NAME tell=x",
            ];
            lines.push(format!("{indent}{}{when}", dice.pick(&others).replace("NAME", &name)));
        }
        6 => {
            let inclusive = if dice.one_in(3) { " inclusive" } else { "" };
            lines.push(format!("{indent}branch {name}{inclusive}{when}"));
            for way in 0..=dice.below(2) {
                lines.push(format!("{indent}  way w{way} when={}", dice.pick(WHEN)));
                sequence(dice, lines, names, depth + 2, 2);
            }
            if !dice.one_in(4) {
                lines.push(format!("{indent}  otherwise"));
                sequence(dice, lines, names, depth + 2, 2);
            }
        }
        7 | 8 => {
            lines.push(format!("{indent}parallel {name}{when}"));
            for way in 0..2 {
                lines.push(format!("{indent}  way p{way}"));
                sequence(dice, lines, names, depth + 2, 2);
            }
        }
        9 => {
            lines.push(format!("{indent}run {name}{when}"));
            sequence(dice, lines, names, depth + 1, 3);
        }
        _ => lines.push(format!("{indent}approve {name} by={}{}{when}", dice.pick(WHO), options(dice, &earlier))),
    }
}

fn options(dice: &Dice<'_>, earlier: &str) -> String {
    let mut words = Vec::new();
    if dice.one_in(3) {
        words.push(format!("scope={}", dice.pick(SCOPES)));
    }
    match dice.below(9) {
        6 => words.push("on_reject=previous".into()),
        7 => words.push("on_reject=drafter".into()),
        8 => words.push(format!("on_reject=back_to({earlier})")),
        _ => {}
    }
    if dice.one_in(2) {
        words.push("allow=transfer,withdraw,delegate,add,remove".into());
    }
    if dice.one_in(3) {
        words.push(dice.pick(&["on_return=all", "on_return=straight_back"]).into());
    }
    if dice.one_in(4) {
        let overdue = ["remind", "reject", "approve", "hand_to_manager(1h)", "remind,hand_to(role(legal),1h)"];
        words.push(format!("within=2h overdue={}", dice.pick(&overdue)));
    }
    words.into_iter().map(|word| format!(" {word}")).collect::<Vec<_>>().concat()
}
