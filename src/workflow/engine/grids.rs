//! Which authority grids a round asks, and in which version: those that are in force on the day of its submission.

use std::collections::BTreeMap;

use super::super::{DecisionOptions, DepartmentOf, Entry, Facts, Grid, Node, NodeKind, Overdue, Who};

/// The versions in force of the grids that the rules of these nodes ask; of every grid where a closure could ask any.
pub(super) fn in_force(nodes: &[&Node], facts: &Facts) -> BTreeMap<String, u32> {
    let mut asked = Asked::default();
    for node in nodes {
        asked.node(node);
    }
    let on = facts.now.date_in(facts.office.zone());
    let grids = facts.directory.grids.values().filter(|grid| asked.any || asked.names.contains(&grid.name.as_str()));
    let version = |grid: &Grid| grid.in_force(on).map(|version| (grid.name.clone(), version.number));
    grids.filter_map(version).collect()
}

/// What the rules ask.
#[derive(Default)]
struct Asked<'a> {
    names: Vec<&'a str>,
    any: bool,
}

impl<'a> Asked<'a> {
    fn node(&mut self, node: &'a Node) {
        match &node.kind {
            NodeKind::Approve { by, options, .. } => {
                self.rule(by);
                self.options(options);
            }
            NodeKind::Countersign { entries, veto, options, .. } => {
                for Entry::OneOf { who, .. } | Entry::EveryoneIn { who, .. } in entries {
                    self.rule(who);
                }
                self.rules(veto);
                self.options(options);
            }
            NodeKind::CopyTo { to } => self.rules(to),
            NodeKind::Wait { may_return, .. } => self.rules(may_return),
            NodeKind::Branch { .. } | NodeKind::Parallel { .. } | NodeKind::Run { .. } | NodeKind::Act { .. } => {}
        }
    }

    fn options(&mut self, options: &'a DecisionOptions) {
        for step in &options.overdue {
            if let Overdue::HandTo { who, .. } = step {
                self.rule(who);
            }
        }
    }

    fn rules(&mut self, rules: &'a [Who]) {
        for rule in rules {
            self.rule(rule);
        }
    }

    fn rule(&mut self, who: &'a Who) {
        match who {
            Who::ByAuthority { grid } => self.names.push(grid),
            Who::Expert { .. } => self.any = true,
            Who::ManagerOf { person, .. } | Who::ManagersUpTo { person, .. } => self.rule(person),
            Who::RoleIn { department, .. } | Who::HeadOf { department } => {
                if let DepartmentOf::Person { who } = department {
                    self.rule(who);
                }
            }
            Who::FirstOf { rules } | Who::AnyOf { rules } => self.rules(rules),
            Who::User { .. }
            | Who::Drafter
            | Who::Owner
            | Who::Role { .. }
            | Who::Field { .. }
            | Who::ChosenBySubmitter
            | Who::ApproverOf { .. } => {}
        }
    }
}
