//! Random people do random things with a few papers; whatever they do, what is stored is what the events give. `QIYUE_WALK` is
//! the seed, so that a failure can be walked again.

use std::collections::BTreeMap;

use qiyue::approval::{ApprovalError, Ask};
use qiyue::kernel::{CaseId, Random as _, SeededRandom, SystemRandom};
use qiyue::workflow::{Act, Case, ReturnTo, SignerPlace, Status};
use serde_json::json;

use super::desk::{Desk, PAPER};
use crate::support::{aloud, on_both};

/// Everything that leaves rows of its own: several people, copies, timers, waits, effects.
const WORKFLOW: &str = r#"
workflow("walk", #{ title: "报告审批", subject: "paper", amount: own_total(), withdraw: any_time() });

approve("review", #{ title: "审核", by: [role("legal"), role("finance")], within: working_hours(2), overdue: [remind()],
    allow: [transfer(), delegate(), add(), remove(), withdraw()] });
countersign("both", #{
    title: "会签", when: amount_from("6万"), by: [one_of(role("legal")), one_of(role("finance"))],
    on_return: ask_only_affected(), allow: [transfer(), delegate(), add(), remove(), withdraw()],
});
approve("boss", #{ title: "总经理审批", by: role("general-manager"), on_reject: back_to_drafter() });
copy_to("copies", #{ title: "抄送", to: role("finance") });
wait("print", event("printed"), #{ title: "等待打印", may_return: [role("legal")] });

on_approved([tell(drafter(), "通过")]);
on_ended([tell(drafter(), "办结")]);
"#;

const LOGINS: [&str; 6] = ["zhang", "fang", "lu", "cai", "wang", "admin"];
const PAPERS: usize = 3;
const STEPS: usize = 120;

/// Choices from a seed.
struct Dice(SeededRandom);

impl Dice {
    fn below(&self, count: usize) -> usize {
        let mut bytes = [0; 2];
        self.0.fill(&mut bytes);
        usize::from(u16::from_be_bytes(bytes)) % count.max(1)
    }

    fn pick<T: Copy>(&self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }
}

fn seed() -> u64 {
    let given = std::env::var("QIYUE_WALK").ok().and_then(|seed| seed.parse().ok());
    given.unwrap_or_else(|| {
        let mut bytes = [0; 8];
        SystemRandom.fill(&mut bytes);
        u64::from_be_bytes(bytes)
    })
}

#[tokio::test]
async fn after_any_commands_the_events_give_what_is_stored() {
    let seed = seed();
    aloud(&format!("QIYUE_WALK={seed}"));
    on_both(async |db| {
        let desk = Desk::with(db, WORKFLOW).await;
        let dice = Dice(SeededRandom::new(seed));
        let mut cases = Vec::new();
        for id in 1..=PAPERS {
            cases.push(desk.submit(i64::try_from(id).unwrap()).await);
        }
        let (mut stored, mut refused) = (0, 0);
        for _ in 0..STEPS {
            let chosen = dice.below(PAPERS);
            let case = cases[chosen];
            let before = desk.row(case).await.head;
            match step(&desk, &dice, chosen, case).await {
                Ok(new) => {
                    cases[chosen] = new;
                    stored += 1;
                }
                Err(ApprovalError::Refused(_)) => {
                    assert_eq!(desk.row(case).await.head, before, "a refusal left something (seed {seed})");
                    refused += 1;
                }
                Err(other) => panic!("{other:?} (seed {seed})"),
            }
            desk.holds_together(cases[chosen]).await;
        }
        assert!(stored > 20 && refused > 5, "{stored} stored, {refused} refused: the walk says little (seed {seed})");
        for case in cases {
            desk.holds_together(case).await;
        }
    })
    .await;
}

/// One thing by one person; the case that the paper has afterwards.
async fn step(desk: &Desk, dice: &Dice, chosen: usize, case: CaseId) -> Result<CaseId, ApprovalError> {
    let id = i64::try_from(chosen + 1).unwrap();
    let state = desk.state(case).await;
    desk.later(u64::try_from(dice.below(30)).unwrap());
    match dice.below(12) {
        0 => {
            desk.later(3600);
            desk.approvals.tick().await?;
            desk.approvals.carry_out_effects().await?;
            Ok(case)
        }
        1 if state.status.with_drafter() => {
            let mut paper = desk.read_paper(id).await;
            (paper["amount"], paper["text"]) =
                (json!(40_000 + 10_000 * dice.below(4)), json!(format!("稿 {}", dice.below(100))));
            desk.write_paper(id, &paper).await;
            desk.act("zhang", case, Act::Save).await.map(|done| done.case)
        }
        2 | 3 if state.status.with_drafter() || state.status.over() => {
            let submit = Act::Submit { chosen: BTreeMap::new() };
            desk.approvals
                .act(Ask::of_subject(PAPER.reference(id), desk.actor("zhang"), submit))
                .await
                .map(|done| done.case)
        }
        _ => {
            let (login, act) = command(desk, dice, case, &state).await;
            desk.act(login, case, act).await.map(|done| done.case)
        }
    }
}

async fn command(desk: &Desk, dice: &Dice, case: CaseId, state: &Case) -> (&'static str, Act) {
    let open: Vec<_> = state.tasks.iter().filter(|(_, task)| task.open).map(|(number, _)| *number).collect();
    let any: Vec<_> = state.tasks.keys().copied().collect();
    let task = if open.is_empty() || dice.below(10) == 0 { dice.pick(&any) } else { dice.pick(&open) };
    let asked = |login: &&str| state.tasks[&task].opened.candidates.iter().any(|one| one.person == desk.who(login));
    let able: Vec<_> = LOGINS.into_iter().filter(asked).collect();
    let login = if able.is_empty() || dice.below(6) == 0 { dice.pick(&LOGINS) } else { dice.pick(&able) };
    let verdict = desk.verdict(case, task).await;
    let act = match dice.below(22) {
        16 => Act::Delegate { task, to: desk.who(dice.pick(&LOGINS)), reason: "看看".into() },
        17 => Act::AddSigners {
            task,
            people: vec![desk.who(dice.pick(&LOGINS))],
            place: dice.pick(&[SignerPlace::Before, SignerPlace::Beside, SignerPlace::After]),
            reason: "看看".into(),
        },
        18 => return revoke(desk, state),
        19 => Act::Copy { people: vec![desk.who(dice.pick(&LOGINS))], text: String::new() },
        20 => return administer(desk, dice),
        0 => Act::Reject(verdict),
        1 => Act::Return { verdict, to: if dice.below(2) == 0 { ReturnTo::Drafter } else { ReturnTo::Previous } },
        2 => Act::SignFor { task: Some(task) },
        3 => Act::Release { task },
        4 => Act::Transfer { task, to: desk.who(dice.pick(&LOGINS)), reason: "转办".into() },
        5 => Act::Ask { task: Some(task), whom: desk.who(dice.pick(&LOGINS)), text: "为什么".into() },
        6 => return answer(desk, dice, state),
        7 => return ("zhang", Act::Withdraw { reason: "再想想".into() }),
        8 => return ("zhang", Act::Urge { task }),
        9 | 10 => return undo(desk, state),
        11 if state.status == Status::Approved => return ("admin", Act::OutsideEvent { name: "printed".into() }),
        11 => Act::ReadCopy { node: "copies".into() },
        12 if state.status == Status::Returned => return ("zhang", Act::SignFor { task: None }),
        12 => Act::Comment { text: "知道了".into() },
        _ => Act::Approve(verdict),
    };
    (login, act)
}

fn answer(desk: &Desk, dice: &Dice, state: &Case) -> (&'static str, Act) {
    let Some((question, asked)) = state.questions.iter().find(|(_, one)| one.answer.is_none()) else {
        return ("fang", Act::Answer { question: 1, text: "没有人问".into() });
    };
    let whom = LOGINS.into_iter().find(|login| desk.who(login) == asked.whom);
    (whom.unwrap_or(dice.pick(&LOGINS)), Act::Answer { question: *question, text: "因为".into() })
}

/// The decider of a decision that counts takes it back.
fn revoke(desk: &Desk, state: &Case) -> (&'static str, Act) {
    let counting = state.decisions.iter().find(|(_, one)| one.counts_for.is_some());
    let by = counting.and_then(|(_, decision)| decision.decided.by?.user);
    let login = LOGINS.into_iter().find(|login| Some(desk.who(login)) == by).unwrap_or("wang");
    (login, Act::Revoke { decision: counting.map_or(1, |(number, _)| *number), reason: "看错了".into() })
}

/// Somebody leaves, or the case is sent elsewhere.
fn administer(desk: &Desk, dice: &Dice) -> (&'static str, Act) {
    let act = match dice.below(4) {
        0 => Act::Jump { to: dice.pick(&["review", "both", "boss"]).into(), reason: "赶时间".into() },
        1 => Act::Terminate { reason: "不做了".into() },
        _ => {
            let (from, to) = (desk.who(dice.pick(&LOGINS)), desk.who(dice.pick(&LOGINS)));
            Act::TakeOver { from, to, reason: "离职".into() }
        }
    };
    ("admin", act)
}

/// The decider of the last decision thinks again.
fn undo(desk: &Desk, state: &Case) -> (&'static str, Act) {
    let last = state.decisions.iter().next_back();
    let by = last.and_then(|(_, decision)| decision.decided.by?.user);
    let login = LOGINS.into_iter().find(|login| Some(desk.who(login)) == by).unwrap_or("wang");
    (login, Act::UndoDecision { decision: last.map_or(1, |(number, _)| *number) })
}
