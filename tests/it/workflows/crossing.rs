//! Every construct crossed with everything that people and time do to it. The files in `crossing/` state the exact events of each pair,
//! one file a construct, one section a command; `QIYUE_REWRITE=1` writes them anew. `everybody` stands for: whoever is asked first
//! approves, until nobody is asked. Before every step the case is thrown away and read again from its stored events.

use std::fmt::Write as _;

use super::world::World;
use super::{carried_out, notation};

/// Name, and the lines of the construct between a first and a last step. `OPTIONS` is what the command needs.
const CONSTRUCTS: &[(&str, &[&str])] = &[
    ("single", &["approve step by=user(fang)OPTIONS"]),
    ("any", &["countersign step by=one_of(user(fang)),one_of(user(lu)),one_of(user(cai)) rule=anyOPTIONS"]),
    ("all", &["countersign step by=one_of(user(fang)),one_of(user(lu)),one_of(user(cai)) rule=allOPTIONS"]),
    ("ratio", &["countersign step by=one_of(user(fang)),one_of(user(lu)),one_of(user(cai)) rule=ratio(66)OPTIONS"]),
    ("count", &["countersign step by=one_of(user(fang)),one_of(user(lu)),one_of(user(cai)) rule=count(2)OPTIONS"]),
    (
        "weighted",
        &["countersign step by=one_of(user(fang),2),one_of(user(lu),1),one_of(user(cai),1) rule=weighted(3)OPTIONS"],
    ),
    ("in-order", &["countersign step by=one_of(user(fang)),one_of(user(lu)),one_of(user(cai)) rule=in_orderOPTIONS"]),
    (
        "nested-parallel",
        &[
            "parallel outer",
            "  way left",
            "    approve step by=user(fang)OPTIONS",
            "    approve after-step by=user(lu)",
            "  way right",
            "    parallel inner",
            "      way one",
            "        approve one by=user(cai)",
            "      way two",
            "        countersign two by=one_of(user(lu)),one_of(user(cai)) rule=all",
        ],
    ),
    (
        "inclusive",
        &[
            "branch choice inclusive",
            "  way money when=amount_from(10000)",
            "    approve step by=user(fang)OPTIONS",
            "  way place when=not(has(region))",
            "    approve place by=user(lu)",
            "  way never when=deviates",
            "    approve never by=user(cai)",
        ],
    ),
    (
        "sub-workflow",
        &[
            "parallel beside",
            "  way other",
            "    run other",
            "      approve step by=user(fang)OPTIONS",
            "      approve after-step by=user(lu)",
            "  way here",
            "    approve here by=user(cai)",
        ],
    ),
];

/// Name, the options that it needs, and its steps once the first step is passed.
const COMMANDS: &[(&str, &str, &[&str])] = &[
    ("everybody approves", "", &["everybody"]),
    ("reject", "", &["fang reject : no", "everybody"]),
    (
        "reject, back to the drafter",
        " on_reject=drafter",
        &["fang reject : no", "everybody", "zhang submit", "everybody"],
    ),
    ("return to the submitter", "", &["fang return : no", "zhang submit", "everybody"]),
    (
        "return to the submitter, others have decided",
        "",
        &["lu approve", "fang return : no", "zhang submit", "everybody"],
    ),
    (
        "return to the submitter, everybody is asked again",
        " on_return=all",
        &["fang return : no", "zhang submit", "everybody"],
    ),
    ("return to the previous step", "", &["fang return previous : no", "everybody"]),
    ("return to a named step", "", &["fang return first : no", "everybody"]),
    ("the last step returns here", "", &["everybody but wang", "wang return step : look again", "everybody"]),
    ("withdraw by the submitter", "", &["zhang withdraw : a mistake", "zhang submit", "everybody"]),
    ("withdraw by the approver", "", &["fang approve", "fang revoke 2 : a mistake", "everybody"]),
    ("withdraw by the approver, undone in time", "", &["fang approve", "fang undo 2", "everybody"]),
    ("add before", "", &["fang add before qian : look", "everybody"]),
    ("add beside", "", &["fang add beside qian : look", "everybody"]),
    ("add after", "", &["fang add after qian : look", "everybody"]),
    ("add, who rejects", "", &["fang add beside qian : look", "qian reject : no", "everybody"]),
    ("remove", "", &["fang add before qian : look", "fang remove step 1 : no need", "everybody"]),
    ("transfer", "", &["fang transfer qian : yours", "everybody"]),
    ("delegate", "", &["fang delegate qian : look", "qian approve : fine", "everybody"]),
    ("timeout reminds", " within=8wh overdue=remind", &["at +3wd", "system tick", "everybody"]),
    ("timeout hands over", " within=8wh overdue=hand_to(user(qian),1wh)", &["at +3wd", "system tick", "everybody"]),
    (
        "timeout hands to the manager",
        " within=8wh overdue=hand_to_manager(1wd)",
        &["at +3wd", "system tick", "everybody"],
    ),
    ("timeout rejects", " within=8wh overdue=reject", &["at +3wd", "system tick", "everybody"]),
    ("timeout approves", " within=8wh overdue=approve", &["at +3wd", "system tick", "everybody"]),
    ("deputy, away from the start", "away", &["everybody"]),
    ("deputy, away while asked", "", &["set absent=fang,qian", "qian approve", "everybody"]),
    ("leaver", "", &["guan take_over fang qian : left", "set disable=fang", "everybody"]),
    ("disabled person", "", &["set disable=fang", "system tick", "set enable=fang", "guan retry", "everybody"]),
    ("edit", "", &["fang approve", "guan edit payment_terms=60", "everybody"]),
    ("jump", "", &["guan jump last : hurry", "everybody"]),
    ("terminate", "", &["guan terminate : no use"]),
    ("migration to other people", "", &["fang approve", "another version", "guan migrate : better", "everybody"]),
];

/// What people may do at the step in question.
const ALLOWED: &str = " allow=transfer,withdraw,delegate,add,remove";

#[test]
fn every_construct_stands_everything_that_is_done_to_it() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/workflows/crossing");
    let rewrite = std::env::var_os("QIYUE_REWRITE").is_some();
    let mut wrong = Vec::new();
    for (construct, lines) in CONSTRUCTS {
        let path = folder.join(format!("{construct}.txt"));
        let is: String = COMMANDS.iter().map(|command| section(construct, lines, command)).collect();
        let written = std::fs::read_to_string(&path).unwrap_or_default();
        if rewrite && is != written {
            std::fs::write(&path, &is).unwrap();
        } else if is != written {
            let differs = is.lines().zip(written.lines()).position(|(is, was)| is != was).unwrap_or(0);
            wrong.push(format!(
                "{}:{}: is\n    {}",
                path.display(),
                differs + 1,
                is.lines().nth(differs).unwrap_or("")
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn section(construct: &str, lines: &[&str], (command, options, steps): &(&str, &str, &[&str])) -> String {
    let away = *options == "away";
    let options = format!("{}{ALLOWED}", if away { "" } else { options });
    let mut file = vec!["workflow withdraw=any_time".to_owned(), "approve first by=user(shen)".to_owned()];
    file.extend(lines.iter().map(|line| line.replace("OPTIONS", &options)));
    file.push("approve last by=user(wang)".to_owned());
    let name = if lines.iter().any(|line| line.trim_start() == "run other") { "other/step" } else { "step" };
    let mut out = format!("## {construct}: {command}\n");
    for line in &file {
        writeln!(out, "{line}").unwrap();
    }
    out.push('\n');
    let mut run = Run { world: World::new(read(&file)), out };
    if away {
        run.step("set absent=fang,qian");
    }
    run.step("zhang submit");
    run.step("shen approve");
    for step in *steps {
        match *step {
            "everybody" => run.everybody(""),
            "everybody but wang" => run.everybody("wang"),
            "another version" => {
                let other: Vec<String> = file.iter().map(|line| line.replace("user(fang)", "user(qian)")).collect();
                for line in &other {
                    writeln!(run.out, "| {line}").unwrap();
                }
                run.world.other = Some(read(&other));
            }
            step => run.step(&step.replace(" step", &format!(" {name}"))),
        }
    }
    run.out.push('\n');
    run.out
}

fn read(lines: &[String]) -> qiyue::workflow::Definition {
    let numbered: Vec<_> = lines.iter().enumerate().map(|(index, line)| (index + 1, line.as_str())).collect();
    notation::definition(&numbered)
}

struct Run {
    world: World,
    out: String,
}

impl Run {
    fn step(&mut self, line: &str) {
        self.world.holds_together();
        self.world.restart();
        writeln!(self.out, "> {line}").unwrap();
        let happened = carried_out(&mut self.world, line);
        self.out.push_str(&happened);
    }

    /// Whoever is asked first approves, until nobody is asked, or only who is left out.
    fn everybody(&mut self, but: &str) {
        for _ in 0..40 {
            let open = self.world.case.tasks.iter().filter(|(_, task)| task.open);
            let asked = open.map(|(number, task)| (*number, self.world.login(task.opened.candidates[0].person)));
            let Some((task, login)) = asked.into_iter().find(|(_, login)| login != but) else { return };
            self.step(&format!("{login} approve #{task} : fine"));
        }
        panic!("there is no end to {}", self.out);
    }
}
