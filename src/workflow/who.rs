//! Who is asked: rules that find people, and the people they found with the reason.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{GridScope, ScriptId};
use crate::kernel::UserId;

/// A rule that finds people. Every one is data, so that it can be checked, edited and put into a sentence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "who", rename_all = "snake_case")]
pub enum Who {
    /// One person by login.
    User {
        /// Login.
        login: String,
    },
    /// Who drafted and submitted.
    Drafter,
    /// Who owns the record.
    Owner,
    /// Everybody with a role.
    Role {
        /// Name of the role.
        role: String,
    },
    /// Everybody with a role in a department.
    RoleIn {
        /// Name of the role.
        role: String,
        /// Which department.
        department: DepartmentOf,
    },
    /// The manager of a person, `level` steps up; a person without one has the head of their department, else of the next one up that
    /// is not the person.
    ManagerOf {
        /// Whose.
        person: Box<Who>,
        /// 1 is the direct manager.
        level: u32,
    },
    /// All managers up to and including the first with a role.
    ManagersUpTo {
        /// Whose.
        person: Box<Who>,
        /// Where it stops.
        role: String,
    },
    /// Head of a department.
    HeadOf {
        /// Which.
        department: DepartmentOf,
    },
    /// The person in a field of the subject.
    Field {
        /// Name of the field.
        field: String,
    },
    /// The submitter names them when submitting.
    ChosenBySubmitter,
    /// Who approved at an earlier node.
    ApproverOf {
        /// Which node.
        node: String,
    },
    /// The first rule that finds somebody.
    FirstOf {
        /// In order.
        rules: Vec<Who>,
    },
    /// Everybody that any of the rules finds.
    AnyOf {
        /// The rules.
        rules: Vec<Who>,
    },
    /// The authority grid (授权额度表).
    ByAuthority {
        /// Name of the grid.
        grid: String,
    },
    /// A closure (专家写法) that returns any of these.
    Expert {
        /// Which closure.
        script: ScriptId,
    },
}

/// Which department a rule means.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum DepartmentOf {
    /// By its code.
    Named {
        /// Code of the department.
        code: String,
    },
    /// The department of a person.
    Person {
        /// Who.
        who: Box<Who>,
    },
}

/// A person who was found, and why: `manager.by, workflows/sales-contract.rhai:16: manager of 张三`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// Who.
    pub person: UserId,
    /// Why it is theirs.
    pub because: Arc<Reason>,
    /// Acts for this person, who is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deputy_for: Option<UserId>,
}

impl Candidate {
    /// The person whose right it is: the absent one where a deputy acts.
    pub fn principal(&self) -> UserId {
        self.deputy_for.unwrap_or(self.person)
    }
}

/// Why somebody was asked: resolved, so that it reads the same a year later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// `NODE.by` or another option of the node.
    pub rule: String,
    /// `FILE:LINE` of the node.
    pub place: String,
    /// What the rule said of this person, in steps from the rule to the person.
    pub steps: Vec<ReasonStep>,
}

/// One step of a reason. Names are copied, because a directory changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum ReasonStep {
    /// Named by login.
    Named {
        /// Login.
        login: String,
    },
    /// The drafter.
    Drafter,
    /// The owner of the record.
    Owner,
    /// Holds a role.
    Role {
        /// Title of the role.
        role: String,
        /// Its English title, where it has another one.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        english: String,
    },
    /// In a department.
    Department {
        /// Name of the department.
        department: String,
    },
    /// Is the manager of somebody.
    ManagerOf {
        /// Name of that person.
        name: String,
    },
    /// Is the head of a department, because the person has no manager.
    HeadOf {
        /// Name of the department.
        department: String,
    },
    /// Stands in a field.
    Field {
        /// Name of the field.
        field: String,
    },
    /// Chosen by the submitter.
    ChosenBySubmitter,
    /// Named by an approver (自由流转).
    ChosenByApprover {
        /// Name of that person.
        name: String,
    },
    /// Decided at an earlier node.
    ApproverOf {
        /// Title of the node.
        node: String,
    },
    /// Stands in the authority grid.
    Authority {
        /// Title of the grid.
        grid: String,
        /// Version of the grid.
        version: u32,
        /// What the row is for, its department by name.
        row: GridScope,
    },
    /// A closure of the file said so.
    Expert,
    /// Asked instead of the drafter, who may not approve alone what they drafted.
    InsteadOfDrafter {
        /// Name of the drafter.
        name: String,
    },
    /// Deputy of somebody absent.
    DeputyOf {
        /// Name of that person.
        name: String,
    },
    /// Got the task from somebody.
    TransferredBy {
        /// Name of that person.
        name: String,
    },
    /// Advises somebody (委派).
    DelegatedBy {
        /// Name of that person.
        name: String,
    },
    /// Was added by somebody (加签).
    AddedBy {
        /// Name of that person.
        name: String,
    },
    /// Has what somebody held who left.
    TakenOverFrom {
        /// Name of that person.
        name: String,
    },
    /// Got the task because it was overdue.
    Overdue,
}
