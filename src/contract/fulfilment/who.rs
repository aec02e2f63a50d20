//! People whom effects name, as rules that are resolved when they are needed.

use super::Deed;
use crate::deadline::Hearer;
use crate::i18n::{Message, msg};
use crate::kernel::UserId;
use crate::workflow::{DepartmentOf, Directory, Who};

/// The rules of an effect. What only a running case could answer, such as who approved, is refused.
pub(super) fn hearers(who: &Who, deed: &Deed, directory: &Directory) -> Result<Vec<Hearer>, Message> {
    let nobody = || msg!("contract.after.effect_nobody");
    Ok(match who {
        Who::Owner => vec![Hearer::Owner],
        Who::Drafter => vec![Hearer::Person(deed.drafter)],
        Who::Role { role } => vec![Hearer::Role(role.clone())],
        Who::ManagerOf { person, level: 1 } if **person == Who::Owner => vec![Hearer::ManagerOfOwner],
        Who::User { login } => {
            let found = directory.by_login(login).filter(|person| person.active);
            vec![Hearer::Person(found.ok_or_else(nobody)?.id)]
        }
        Who::RoleIn { role, department: DepartmentOf::Named { code } } => {
            let within = |id| directory.departments.get(&id).is_some_and(|one| one.code == *code);
            let found = directory.with_role(role).filter(|person| person.department.is_some_and(within));
            found.map(|person| Hearer::Person(person.id)).collect()
        }
        Who::HeadOf { department: DepartmentOf::Named { code } } => {
            let department = directory.departments.values().find(|one| one.code == *code);
            vec![Hearer::Person(department.and_then(|one| one.head).ok_or_else(nobody)?)]
        }
        Who::FirstOf { rules } => {
            let found = rules.iter().filter_map(|rule| hearers(rule, deed, directory).ok());
            let mut found = found.filter(|found| !people(found, deed, directory).is_empty());
            found.next().ok_or_else(nobody)?
        }
        Who::AnyOf { rules } => {
            let found: Vec<_> = rules.iter().map(|rule| hearers(rule, deed, directory)).collect::<Result<_, _>>()?;
            found.concat()
        }
        Who::ManagerOf { .. }
        | Who::ManagersUpTo { .. }
        | Who::RoleIn { .. }
        | Who::HeadOf { .. }
        | Who::Field { .. }
        | Who::ChosenBySubmitter
        | Who::ApproverOf { .. }
        | Who::ByAuthority { .. }
        | Who::Expert { .. } => return Err(msg!("contract.after.effect_who")),
    })
}

/// Whether a rule could ever find somebody, before there is a document.
pub(super) fn check(who: &Who, directory: &Directory) -> Result<(), Message> {
    match who {
        Who::Role { role } if directory.with_role(role).next().is_none() => {
            Err(msg!("contract.after.effect_role", role = role))
        }
        Who::User { login } if !directory.by_login(login).is_some_and(|person| person.active) => {
            Err(msg!("contract.after.effect_nobody"))
        }
        Who::ManagerOf { person, level: 1 } if **person == Who::Owner => Ok(()),
        Who::Owner
        | Who::Drafter
        | Who::Role { .. }
        | Who::User { .. }
        | Who::RoleIn { department: DepartmentOf::Named { .. }, .. }
        | Who::HeadOf { department: DepartmentOf::Named { .. } } => Ok(()),
        // As when it is resolved: the first that finds somebody counts.
        Who::FirstOf { rules } => {
            let mut found = rules.iter().map(|rule| check(rule, directory));
            if found.any(|checked| checked.is_ok()) { Ok(()) } else { Err(msg!("contract.after.effect_nobody")) }
        }
        Who::AnyOf { rules } => rules.iter().try_for_each(|rule| check(rule, directory)),
        _ => Err(msg!("contract.after.effect_who")),
    }
}

/// Everybody whom the rules find now, each once.
pub(super) fn people(rules: &[Hearer], deed: &Deed, directory: &Directory) -> Vec<UserId> {
    let mut found = Vec::new();
    for rule in rules {
        match rule {
            Hearer::Owner => found.push(deed.owner),
            Hearer::ManagerOfOwner => found.extend(directory.manager(deed.owner).map(|(manager, _)| manager)),
            Hearer::Person(person) => found.push(*person),
            Hearer::Role(role) => found.extend(directory.with_role(role).map(|person| person.id)),
        }
    }
    found.retain(|person| directory.is_active(*person));
    found.sort_unstable();
    found.dedup();
    found
}
