//! What a draft would do to the records and cases that there are: which would go another way, which would reach nobody, which could
//! not move.
//!
//! Records are compared as if they were handed in now, under the draft and under what is published: both ways are forecasts on a case
//! of which nothing is known but the people that its submitter chose.

mod hindrance;

pub use hindrance::{Hindrance, hindrances};

use super::engine::files_missing;
use super::{
    Case, Definition, Facts, NodeName, Script, ScriptFault, Step, StepKind, StepState, StuckReason, forecast, judge,
};
use crate::kernel::UserId;

/// A workflow with its closures.
#[derive(Clone, Copy)]
pub struct Rules<'a> {
    /// What the engine walks.
    pub definition: &'a Definition,
    /// Its closures.
    pub script: &'a dyn Script,
}

/// What becomes of a record if the draft is published.
#[derive(Clone, Debug, PartialEq)]
pub enum Fate {
    /// The draft neither takes it nor took it away from itself.
    Untouched,
    /// Whether the draft takes it cannot be said: it could not be handed in.
    Undecided {
        /// Why.
        fault: ScriptFault,
    },
    /// No published workflow takes it; the draft does.
    Gained {
        /// Its way.
        after: Course,
    },
    /// The published version of the draft takes it; the draft does not.
    Lost {
        /// The way that it has now.
        before: Course,
    },
    /// The draft takes it, and so does a published workflow of another name: it could not be handed in.
    Contested {
        /// The way under the other workflow.
        before: Course,
        /// The way under the draft.
        after: Course,
    },
    /// The same nodes ask the same people.
    Same {
        /// The way.
        after: Course,
    },
    /// Other nodes, or other people.
    Changed {
        /// The way that it has now.
        before: Course,
        /// The way under the draft.
        after: Course,
    },
}

/// The way of a record through one workflow.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    /// The name of the workflow.
    pub workflow: String,
    /// The nodes on the way, in the order of the file; branches only where they are stuck.
    pub stops: Vec<Stop>,
    /// Labels of the files that handing in would be refused for.
    pub missing_files: Vec<String>,
}

/// A node on the way.
#[derive(Clone, Debug, PartialEq)]
pub struct Stop {
    /// Which.
    pub node: NodeName,
    /// What people read.
    pub title: String,
    /// `FILE:LINE`.
    pub place: String,
    /// What it does.
    pub kind: StepKind,
    /// Who is asked, one list a vote; for copies, who reads.
    pub people: Vec<Vec<UserId>>,
    /// Why the case would be stuck here.
    pub stuck: Option<StuckReason>,
}

impl Fate {
    /// The word for programs.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Untouched => "untouched",
            Self::Undecided { .. } => "undecided",
            Self::Gained { .. } => "gained",
            Self::Lost { .. } => "lost",
            Self::Contested { .. } => "contested",
            Self::Same { .. } => "same",
            Self::Changed { .. } => "changed",
        }
    }

    /// The way that the record has now.
    pub fn before(&self) -> Option<&Course> {
        match self {
            Self::Lost { before } | Self::Contested { before, .. } | Self::Changed { before, .. } => Some(before),
            Self::Same { after } => Some(after),
            Self::Untouched | Self::Undecided { .. } | Self::Gained { .. } => None,
        }
    }

    /// The way under the draft.
    pub fn after(&self) -> Option<&Course> {
        match self {
            Self::Gained { after }
            | Self::Contested { after, .. }
            | Self::Same { after }
            | Self::Changed { after, .. } => Some(after),
            Self::Untouched | Self::Undecided { .. } | Self::Lost { .. } => None,
        }
    }
}

impl Course {
    /// The stops at which a case could not go on, each with the reason.
    pub fn troubles(&self) -> impl Iterator<Item = (&Stop, &StuckReason)> {
        self.stops.iter().filter_map(|stop| Some((stop, stop.stuck.as_ref()?)))
    }

    /// Whether a case would find nobody somewhere on the way.
    pub fn reaches_nobody(&self) -> bool {
        self.troubles().any(|(_, because)| nobody(because))
    }

    /// Whether a case would be stuck for another reason.
    pub fn is_stuck_otherwise(&self) -> bool {
        self.troubles().any(|(_, because)| !nobody(because))
    }

    /// Whether the same nodes ask the same people. Titles and lines may differ, reasons of being stuck too.
    fn goes_like(&self, other: &Self) -> bool {
        let told = |stop: &Stop| (stop.node.clone(), stop.kind, stop.people.clone(), stop.stuck.is_some());
        self.stops.iter().map(told).eq(other.stops.iter().map(told))
    }
}

fn nobody(because: &StuckReason) -> bool {
    matches!(because, StuckReason::NobodyFound { .. } | StuckReason::OnlyTheDrafter { .. })
}

/// What becomes of a record. `published` is what is current for its kind, the draft's own name among it; `case` is its newest case.
pub fn fate(draft: Rules<'_>, published: &[Rules<'_>], case: &Case, facts: &Facts) -> Fate {
    let of_draft = |one: &&Rules<'_>| one.definition.name == draft.definition.name;
    let taking = |one: &&Rules<'_>| takes(**one, facts) == Ok(true);
    let own = published.iter().filter(of_draft).find(taking);
    let other = published.iter().filter(|one| !of_draft(one)).find(taking);
    let way = |workflow: Rules<'_>| course(workflow, case, facts);
    match (takes(draft, facts), own, other) {
        (Err(fault), ..) => Fate::Undecided { fault },
        (Ok(false), Some(own), _) => Fate::Lost { before: way(*own) },
        (Ok(false), None, _) => Fate::Untouched,
        (Ok(true), _, Some(other)) => Fate::Contested { before: way(*other), after: way(draft) },
        (Ok(true), None, None) => Fate::Gained { after: way(draft) },
        (Ok(true), Some(own), None) => {
            let (before, after) = (way(*own), way(draft));
            if before.goes_like(&after) { Fate::Same { after } } else { Fate::Changed { before, after } }
        }
    }
}

/// What becomes of a record if the people around it change and the workflows do not: `before` and `after` differ in the directory alone.
pub fn fate_among_others(published: &[Rules<'_>], case: &Case, before: &Facts, after: &Facts) -> Fate {
    let Some(own) = published.iter().find(|one| takes(**one, before) == Ok(true)) else { return Fate::Untouched };
    let (before, after) = (course(*own, case, before), course(*own, case, after));
    if before.goes_like(&after) { Fate::Same { after } } else { Fate::Changed { before, after } }
}

fn takes(workflow: Rules<'_>, facts: &Facts) -> Result<bool, ScriptFault> {
    match &workflow.definition.takes {
        None => Ok(true),
        Some(condition) => judge(condition, workflow.script, facts).holds,
    }
}

fn course(Rules { definition, script }: Rules<'_>, case: &Case, facts: &Facts) -> Course {
    let blank = Case { chosen: case.chosen.clone(), ..Case::default() };
    let steps = forecast(definition, script, &blank, facts);
    Course {
        workflow: definition.name.clone(),
        stops: steps.into_iter().filter_map(|step| stop(definition, step)).collect(),
        missing_files: files_missing(&definition.needs, script, facts),
    }
}

/// A step that is on the way and means something to people; branches do where they are stuck.
fn stop(definition: &Definition, step: Step) -> Option<Stop> {
    if !step.on_the_way() {
        return None;
    }
    let stuck = match step.state {
        // Whoever submits is asked for the people first.
        StepState::Stuck(StuckReason::NobodyFound { .. }) if step.chosen_by_submitter => None,
        StepState::Stuck(because) => Some(because),
        _ => None,
    };
    if matches!(step.kind, StepKind::Branch | StepKind::Parallel) && stuck.is_none() {
        return None;
    }
    let people = step.people.into_iter().map(|vote| {
        let mut people: Vec<UserId> = vote.into_iter().map(|one| one.person).collect();
        people.sort_unstable();
        people
    });
    let place = definition.node(&step.node).map(|node| definition.place_of(node)).unwrap_or_default();
    Some(Stop { people: people.collect(), node: step.node, title: step.title, place, kind: step.kind, stuck })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::kernel::{Actor, Channel};
    use crate::workflow::language::{Loaded, load};
    use crate::workflow::scenario::World;
    use crate::workflow::{Act, Command, decide_and_evolve};

    const PUBLISHED: &str = r#"
workflow("w", #{ title: "审批", subject: "paper", takes: category_is("sales", "lease") });
approve("manager", #{ title: "经理", by: role("manager") });
by_amount("final", [
    below("100万", approve("gm", #{ title: "总经理", by: role("gm") })),
    from("100万", approve("president", #{ title: "总裁", by: role("president") })),
]);
copy_to("desk", #{ title: "抄送", to: role("finance") });
"#;

    fn loaded(source: &str) -> Loaded {
        load(source, "w.rhai").unwrap_or_else(|faults| panic!("{faults:#?}"))
    }

    fn facts(category: &str, amount: &str) -> Facts {
        let person = |login: &str, role: &str| json!({ "login": login, "roles": [role] });
        let people =
            [("zhang", "drafter"), ("wang", "manager"), ("zhao", "gm"), ("sun", "president"), ("cai", "finance")];
        let world = json!({
            "people": people.map(|(login, role)| person(login, role)),
            "record": { "fields": { "amount": amount, "category": category } },
        });
        let world: World = serde_json::from_value(world).unwrap();
        world.facts(&loaded(PUBLISHED).definition, None).unwrap()
    }

    fn rules(loaded: &Loaded) -> Rules<'_> {
        Rules { definition: &loaded.definition, script: &loaded.script }
    }

    /// What becomes of a sales contract of that amount.
    fn fate_of(draft: &str, amount: &str) -> Fate {
        let (draft, published) = (loaded(draft), loaded(PUBLISHED));
        fate(rules(&draft), &[rules(&published)], &Case::default(), &facts("sales", amount))
    }

    fn nodes(course: Option<&Course>) -> Vec<&str> {
        course.into_iter().flat_map(|course| &course.stops).map(|stop| stop.node.as_str()).collect()
    }

    #[test]
    fn whoever_holds_a_role_no_longer_is_missed_on_the_way_of_every_record_that_asks_for_it() {
        let (published, facts) = (loaded(PUBLISHED), facts("sales", "80万"));
        let mut later = facts.clone();
        let mut directory = facts.directory.as_ref().clone();
        directory.people.retain(|_, one| !one.roles.contains("gm"));
        later.directory = std::sync::Arc::new(directory);
        let fate = |after: &Facts| fate_among_others(&[rules(&published)], &Case::default(), &facts, after);
        assert_eq!(fate(&facts).word(), "same");
        assert!(fate(&later).after().is_some_and(Course::reaches_nobody));
        assert_eq!(fate(&later).word(), "changed");
    }

    #[test]
    fn the_same_nodes_and_people_are_the_same_way_whatever_they_are_called() {
        let draft = PUBLISHED.replace("总经理", "执行总裁");
        assert!(matches!(fate_of(&draft, "10万"), Fate::Same { .. }));
    }

    #[test]
    fn another_limit_changes_the_way_of_what_lies_between() {
        let draft = PUBLISHED.replace("100万", "50万");
        let changed = fate_of(&draft, "80万");
        assert_eq!(changed.word(), "changed");
        assert_eq!(nodes(changed.before()), ["manager", "gm", "desk"]);
        assert_eq!(nodes(changed.after()), ["manager", "president", "desk"]);
        assert_eq!(fate_of(&draft, "10万").word(), "same");
    }

    #[test]
    fn other_people_at_the_same_node_are_a_change() {
        let draft =
            PUBLISHED.replace("title: \"经理\", by: role(\"manager\")", "title: \"经理\", by: role(\"finance\")");
        assert_eq!(fate_of(&draft, "10万").word(), "changed");
    }

    #[test]
    fn whoever_cannot_be_found_is_told_with_the_rule_and_the_place() {
        let fate = fate_of(&PUBLISHED.replace("role(\"gm\")", "manager_of(drafter())"), "10万");
        let after = fate.after().unwrap();
        let (stop, because) = after.troubles().next().unwrap();
        assert_eq!((stop.node.as_str(), stop.place.as_str()), ("gm", "w.rhai:5"));
        assert_eq!(*because, StuckReason::NobodyFound { rule: "gm.by".into() });
        assert!(after.reaches_nobody() && !after.is_stuck_otherwise());
        assert_eq!(nodes(Some(after)), ["manager", "gm", "desk"], "what comes after it is shown");
    }

    #[test]
    fn a_guard_that_cannot_be_computed_is_being_stuck_for_another_reason() {
        let draft = PUBLISHED.replace("by: role(\"gm\")", "by: role(\"gm\"), when: |c| c.days > 3");
        let fate = fate_of(&draft, "10万");
        let after = fate.after().unwrap();
        assert!(after.is_stuck_otherwise() && !after.reaches_nobody());
    }

    #[test]
    fn people_whom_the_submitter_names_are_not_missing() {
        let fate = fate_of(&PUBLISHED.replace("role(\"gm\")", "chosen_by_submitter()"), "10万");
        assert_eq!(fate.after().unwrap().troubles().count(), 0);
    }

    #[test]
    fn files_that_only_the_draft_asks_for_are_missing() {
        let fate = fate_of(&PUBLISHED.replace("takes:", "needs: [file(\"执照\")], takes:"), "10万");
        assert_eq!(fate.after().unwrap().missing_files, ["执照"]);
    }

    #[test]
    fn what_is_taken_differs_in_four_ways() {
        let published = loaded(PUBLISHED);
        let other = loaded(&PUBLISHED.replace("\"w\"", "\"other\"").replace("\"sales\", \"lease\"", "\"purchase\""));
        let fate = |takes: &str, category: &str| {
            let draft = loaded(&PUBLISHED.replace("category_is(\"sales\", \"lease\")", takes));
            let published = [rules(&published), rules(&other)];
            fate(rules(&draft), &published, &Case::default(), &facts(category, "10万")).word()
        };
        assert_eq!(fate("category_is(\"sales\")", "lease"), "lost");
        assert_eq!(fate("category_is(\"sales\", \"gift\")", "gift"), "gained");
        assert_eq!(fate("category_is(\"sales\", \"purchase\")", "purchase"), "contested");
        assert_eq!(fate("category_is(\"sales\")", "purchase"), "untouched");
        assert_eq!(fate("|c| c.days > 3", "sales"), "undecided");
    }

    #[test]
    fn a_running_case_cannot_move_where_its_open_node_is_gone_or_of_another_kind() {
        let (published, facts) = (loaded(PUBLISHED), facts("sales", "10万"));
        let command = Command {
            actor: Actor::person(facts.subject.drafter, Channel::Page),
            act: Act::Submit { chosen: std::collections::BTreeMap::new() },
        };
        let submitted =
            decide_and_evolve(&published.definition, &published.script, &Case::default(), &command, &facts).unwrap().1;
        let of = |draft: &str| hindrances(&loaded(draft).definition, &published.definition, &submitted);
        assert_eq!(of(&PUBLISHED.replace("\"gm\"", "\"chief\"")), [], "nobody is asked there yet");
        let gone = of(&PUBLISHED.replace("\"manager\", #{", "\"head\", #{"));
        let hindrance =
            |in_draft| Hindrance { node: "manager".into(), title: "经理".into(), kind: StepKind::Approve, in_draft };
        assert_eq!(gone, [hindrance(None)]);
        let together = PUBLISHED.replace(
            "approve(\"manager\", #{ title: \"经理\", by: role(\"manager\") })",
            "countersign(\"manager\", #{ title: \"经理\", by: one_of(role(\"manager\")) })",
        );
        assert_eq!(of(&together), [hindrance(Some(StepKind::Countersign))]);
    }
}
