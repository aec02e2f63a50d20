//! What the handlers of all rooms do alike: the people whom effects name, as rules that are resolved when they are needed, and telling
//! them something.

use crate::db::{Conn, DbError};
use crate::deadline::Hearer;
use crate::i18n::{Message, msg};
use crate::kernel::UserId;
use crate::notify::{self, NewMessage};
use crate::workflow::{DepartmentOf, Directory, SubjectFacts, Who};

/// Who answers for the record that an effect is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answerable {
    /// Whose it is.
    pub owner: UserId,
    /// Who wrote it.
    pub drafter: UserId,
}

impl From<&SubjectFacts> for Answerable {
    fn from(facts: &SubjectFacts) -> Self {
        Self { owner: facts.owner, drafter: facts.drafter }
    }
}

/// The rules of an effect. What only a running case could answer, such as who approved, is refused.
pub fn hearers(who: &Who, answers: Answerable, directory: &Directory) -> Result<Vec<Hearer>, Message> {
    let nobody = || msg!("approval.effect.nobody");
    Ok(match who {
        Who::Owner => vec![Hearer::Owner],
        Who::Drafter => vec![Hearer::Person(answers.drafter)],
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
            let found = rules.iter().filter_map(|rule| hearers(rule, answers, directory).ok());
            let mut found = found.filter(|found| !people(found, answers.owner, directory).is_empty());
            found.next().ok_or_else(nobody)?
        }
        Who::AnyOf { rules } => {
            let found: Vec<_> = rules.iter().map(|rule| hearers(rule, answers, directory)).collect::<Result<_, _>>()?;
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
        | Who::Expert { .. } => return Err(msg!("approval.effect.who")),
    })
}

/// Whether a rule could ever find somebody, before there is a document.
pub fn check(who: &Who, directory: &Directory) -> Result<(), Message> {
    match who {
        Who::Role { role } if directory.with_role(role).next().is_none() => {
            Err(msg!("approval.effect.role", role = role))
        }
        Who::User { login } if !directory.by_login(login).is_some_and(|person| person.active) => {
            Err(msg!("approval.effect.nobody"))
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
            if found.any(|checked| checked.is_ok()) { Ok(()) } else { Err(msg!("approval.effect.nobody")) }
        }
        Who::AnyOf { rules } => rules.iter().try_for_each(|rule| check(rule, directory)),
        _ => Err(msg!("approval.effect.who")),
    }
}

/// Everybody whom the rules find now, each once.
pub fn people(rules: &[Hearer], owner: UserId, directory: &Directory) -> Vec<UserId> {
    let mut found = Vec::new();
    for rule in rules {
        match rule {
            Hearer::Owner => found.push(owner),
            Hearer::ManagerOfOwner => found.extend(directory.manager(owner).map(|(manager, _)| manager)),
            Hearer::Person(person) => found.push(*person),
            Hearer::Role(role) => found.extend(directory.with_role(role).map(|person| person.id)),
        }
    }
    found.retain(|person| directory.is_active(*person));
    found.sort_unstable();
    found.dedup();
    found
}

/// Everybody whom an effect names, each once.
pub fn audience(to: &[Who], answers: Answerable, directory: &Directory) -> Result<Vec<UserId>, Message> {
    let mut rules = Vec::new();
    for who in to {
        rules.extend(hearers(who, answers, directory)?);
    }
    Ok(people(&rules, answers.owner, directory))
}

/// Carries `tell` out: a message with `text` to each of these people. The room says what the message is besides, for a key and a person;
/// the same effect again posts none of them a second time.
pub async fn tell(
    c: &mut Conn<'_>,
    effect: &str,
    (people, text): (&[UserId], &str),
    message: impl Fn(String, UserId) -> NewMessage,
) -> Result<(), DbError> {
    for person in people {
        let mut message = message(format!("{effect}/{person}"), *person);
        message.lines.push(msg!("approval.effect.words", text = text));
        notify::post(c, &message).await?;
    }
    Ok(())
}
