//! Departments as a tree of any depth.

use std::collections::BTreeMap;

use serde::Serialize;

use super::error::OrgError;
use crate::kernel::{DepartmentId, UserId};

/// A department.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Department {
    /// Id.
    pub id: DepartmentId,
    /// Short code, unique, as workflows write it: `department("sales")`.
    pub code: String,
    /// What it is called.
    pub name: String,
    /// The next one up.
    pub parent: Option<DepartmentId>,
    /// Who leads it.
    pub head: Option<UserId>,
    /// Whether people can still be put in it.
    pub active: bool,
    /// Rises with every change.
    pub version: i64,
}

/// What the administrator says of a department.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DepartmentFields {
    /// Short code, unique.
    pub code: String,
    /// What it is called.
    pub name: String,
    /// The next one up.
    pub parent: Option<DepartmentId>,
    /// Who leads it.
    pub head: Option<UserId>,
    /// Whether people can still be put in it.
    pub active: bool,
}

impl DepartmentFields {
    /// The same with every text in its one form, or what is wrong with the first that has none.
    pub fn checked(mut self) -> Result<Self, OrgError> {
        self.code = self.code.trim().to_owned();
        let fits = (1..=30).contains(&self.code.chars().count())
            && self.code.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_');
        if !fits {
            return Err(OrgError::DepartmentCode);
        }
        self.name = super::user::name(&self.name)?;
        Ok(self)
    }
}

/// Whether `below` hangs somewhere under `above`, or is it.
pub(super) fn is_within(
    parents: &BTreeMap<DepartmentId, Option<DepartmentId>>,
    below: DepartmentId,
    above: DepartmentId,
) -> bool {
    let mut at = Some(below);
    // A tree is never deeper than it has departments: a circle in the data ends here.
    for _ in 0..=parents.len() {
        match at {
            Some(id) if id == above => return true,
            Some(id) => at = parents.get(&id).copied().flatten(),
            None => return false,
        }
    }
    false
}

/// The departments from the roots down, each with its depth, siblings by code. What hangs nowhere stands at the end.
pub fn as_tree(mut departments: Vec<Department>) -> Vec<(usize, Department)> {
    departments.sort_by(|a, b| a.code.cmp(&b.code));
    let mut children: BTreeMap<Option<DepartmentId>, Vec<Department>> = BTreeMap::new();
    for department in departments.into_iter().rev() {
        children.entry(department.parent).or_default().push(department);
    }
    let mut open: Vec<(usize, Department)> = Vec::new();
    let take = |children: &mut BTreeMap<_, Vec<_>>, parent, depth| {
        children.remove(&parent).unwrap_or_default().into_iter().map(move |one| (depth, one)).collect::<Vec<_>>()
    };
    open.extend(take(&mut children, None, 0));
    let mut tree = Vec::new();
    while let Some((depth, department)) = open.pop() {
        open.extend(take(&mut children, Some(department.id), depth + 1));
        tree.push((depth, department));
    }
    tree.extend(children.into_values().flatten().map(|lost| (0, lost)));
    tree
}

#[cfg(test)]
mod tests {
    use super::*;

    fn department(id: i64, parent: Option<i64>) -> Department {
        Department {
            id: DepartmentId::new(id),
            code: format!("D{id}"),
            name: format!("部门{id}"),
            parent: parent.map(DepartmentId::new),
            head: None,
            active: true,
            version: 1,
        }
    }

    #[test]
    fn a_tree_is_listed_from_the_root_with_its_depth() {
        let tree =
            as_tree(vec![department(4, Some(2)), department(2, Some(1)), department(1, None), department(3, Some(1))]);
        let shape: Vec<(usize, i64)> = tree.iter().map(|(depth, one)| (*depth, one.id.get())).collect();
        assert_eq!(shape, [(0, 1), (1, 2), (2, 4), (1, 3)]);
    }

    #[test]
    fn a_department_whose_parents_run_in_a_circle_is_still_listed() {
        assert_eq!(as_tree(vec![department(1, Some(2)), department(2, Some(1))]).len(), 2);
    }

    #[test]
    fn a_department_is_within_itself_and_those_above() {
        let id = DepartmentId::new;
        let parents = BTreeMap::from([(id(1), None), (id(2), Some(id(1))), (id(3), Some(id(2))), (id(4), Some(id(1)))]);
        assert!(is_within(&parents, id(3), id(1)));
        assert!(is_within(&parents, id(3), id(3)));
        assert!(!is_within(&parents, id(1), id(3)));
        assert!(!is_within(&parents, id(4), id(2)));
    }
}
