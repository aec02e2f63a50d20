//! Who is asked.

use rhai::Dynamic;

use super::Word;
use crate::i18n::msg;
use crate::workflow::language::call::{Arg, Call};
use crate::workflow::language::fault::Finding;
use crate::workflow::language::loading::NameOf;
use crate::workflow::language::values::{ChosenByApprover, StopAndTell};
use crate::workflow::{DepartmentOf, Who};

pub(super) const WORDS: &[Word] = &[
    Word::anywhere("user", &[1], user),
    Word::anywhere("drafter", &[0], |_| made(Who::Drafter)),
    Word::anywhere("owner", &[0], |_| made(Who::Owner)),
    Word::anywhere("role", &[1], role),
    Word::anywhere("role_in", &[2], role_in),
    Word::anywhere("manager_of", &[1, 2], manager_of),
    Word::anywhere("managers_up_to", &[2], managers_up_to),
    Word::anywhere("head_of", &[1], head_of),
    Word::anywhere("department_of", &[1], department_of),
    Word::anywhere("department", &[1], department),
    Word::anywhere("field", &[1], field),
    Word::anywhere("chosen_by_submitter", &[0], |_| made(Who::ChosenBySubmitter)),
    Word::file("chosen_by_approver", &[0], |_| Some(Dynamic::from(ChosenByApprover))),
    Word::anywhere("approver_of", &[1], approver_of),
    Word::anywhere("first_of", &[1], first_of),
    Word::anywhere("by_authority", &[1], by_authority),
    Word::file("stop_and_tell", &[1], stop_and_tell),
];

fn made(who: Who) -> Option<Dynamic> {
    Some(Dynamic::from(who))
}

/// A text that names something, noted for the checks.
pub(super) fn name(call: &mut Call<'_>, arg: Option<Arg>, what: NameOf) -> Option<String> {
    let place = arg.as_ref().map_or(call.place, |arg| arg.place);
    let name = call.text(arg)?;
    if let Some(loading) = call.loading.as_mut() {
        loading.named(what, &name, place);
    }
    Some(name)
}

fn user(call: &mut Call<'_>) -> Option<Dynamic> {
    let login = call.arg(0);
    made(Who::User { login: name(call, login, NameOf::User)? })
}

fn role(call: &mut Call<'_>) -> Option<Dynamic> {
    let role = call.arg(0);
    made(Who::Role { role: name(call, role, NameOf::Role)? })
}

fn role_in(call: &mut Call<'_>) -> Option<Dynamic> {
    let (role, department) = (call.arg(0), call.arg(1));
    let role = name(call, role, NameOf::Role);
    let department = which_department(call, department);
    made(Who::RoleIn { role: role?, department: department? })
}

fn manager_of(call: &mut Call<'_>) -> Option<Dynamic> {
    let (person, level) = (call.arg(0), call.arg(1));
    let person = call.who(person);
    let level = if level.is_some() { call.count_within(level, 1, 10) } else { Some(1) };
    made(Who::ManagerOf { person: Box::new(person?), level: level? })
}

fn managers_up_to(call: &mut Call<'_>) -> Option<Dynamic> {
    let (person, role) = (call.arg(0), call.arg(1));
    let person = call.who(person);
    let role = name(call, role, NameOf::Role);
    made(Who::ManagersUpTo { person: Box::new(person?), role: role? })
}

fn head_of(call: &mut Call<'_>) -> Option<Dynamic> {
    let department = call.arg(0);
    made(Who::HeadOf { department: which_department(call, department)? })
}

fn department_of(call: &mut Call<'_>) -> Option<Dynamic> {
    let person = call.arg(0);
    Some(Dynamic::from(DepartmentOf::Person { who: Box::new(call.who(person)?) }))
}

fn department(call: &mut Call<'_>) -> Option<Dynamic> {
    let code = call.arg(0);
    Some(Dynamic::from(DepartmentOf::Named { code: name(call, code, NameOf::Department)? }))
}

fn which_department(call: &mut Call<'_>, arg: Option<Arg>) -> Option<DepartmentOf> {
    let arg = arg?;
    if arg.value.is_string() {
        return name(call, Some(arg), NameOf::Department).map(|code| DepartmentOf::Named { code });
    }
    call.own(Some(arg), msg!("workflow.kind.department"))
}

fn field(call: &mut Call<'_>) -> Option<Dynamic> {
    let field = call.arg(0);
    made(Who::Field { field: name(call, field, NameOf::Field)? })
}

fn approver_of(call: &mut Call<'_>) -> Option<Dynamic> {
    let node = call.arg(0);
    made(Who::ApproverOf { node: name(call, node, NameOf::Node)? })
}

fn first_of(call: &mut Call<'_>) -> Option<Dynamic> {
    let rules = call.arg(0)?;
    let place = rules.place;
    let rules = call.whos(Some(rules));
    if rules.is_empty() {
        call.fault(Finding::error(place, msg!("workflow.fault.nobody_named", word = call.word)));
        return None;
    }
    made(Who::FirstOf { rules })
}

fn by_authority(call: &mut Call<'_>) -> Option<Dynamic> {
    let grid = call.arg(0);
    made(Who::ByAuthority { grid: name(call, grid, NameOf::Grid)? })
}

fn stop_and_tell(call: &mut Call<'_>) -> Option<Dynamic> {
    let who = call.arg(0);
    Some(Dynamic::from(StopAndTell(call.who(who)?)))
}
