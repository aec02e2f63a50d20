//! Bytes that nobody meant as a workflow: the loader and the guards neither panic nor run past their limits. The shipped files and the
//! blocks of the documentation are torn apart and put together again; `QIYUE_FUZZ` says how often (3,000), `QIYUE_SEED` from where.

#[path = "../../fuzz/targets.rs"]
mod targets;

use qiyue::kernel::{Random as _, SeededRandom, SystemRandom};
use qiyue::workflow::shipped;

use crate::support::aloud;

/// Pieces that a guard may be made of, among them those that other sandboxes fell over.
const PIECES: &[&str] = &[
    "c.days",
    "c.title",
    "c.region",
    "c.amount",
    "c.approval_amount",
    "c.nothing",
    "c.lines",
    "c.starts",
    "has(\"region\")",
    " > ",
    " == ",
    " && ",
    " || ",
    " + ",
    " * ",
    "!",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "90",
    "1.5",
    "-1",
    "9223372036854775807",
    "\"文\"",
    "true",
    "()",
    "let x = ",
    "; ",
    "loop { ",
    "while true { ",
    "for i in 0..1000000000 { ",
    "fn f() { f() }",
    "f()",
    "\"a\".pad(1000000000, \"b\")",
    "x += x",
    "[1,2,3].map(|x| x)",
    "money(\"100万\")",
    "eval(\"1\")",
    "Fn(\"sle\" + \"ep\")",
    "sleep(100)",
    "timestamp()",
    "import \"x\"",
    "switch c.days { 1 => true }",
    "if c.urgent { true } else { false }",
    "，",
    "”",
    "/*",
    "//",
    "\n",
    "`${c}`",
    "c[\"days\"]",
    "c.days.len()",
    "|x| x",
    "throw 1",
    "try { } catch { }",
    "#{ a: 1 }",
    "'a'",
    "0x",
];

struct Dice(SeededRandom);

impl Dice {
    fn below(&self, count: usize) -> usize {
        let mut bytes = [0; 4];
        self.0.fill(&mut bytes);
        usize::try_from(u32::from_be_bytes(bytes)).unwrap() % count.max(1)
    }
}

fn given(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|value| value.parse().ok())
}

fn dice() -> Dice {
    let seed = given("QIYUE_SEED").unwrap_or_else(|| {
        let mut bytes = [0; 8];
        SystemRandom.fill(&mut bytes);
        u64::from_be_bytes(bytes)
    });
    aloud(&format!("QIYUE_SEED={seed}"));
    Dice(SeededRandom::new(seed))
}

fn times() -> u64 {
    given("QIYUE_FUZZ").unwrap_or(3_000)
}

/// A text with a few bytes and pieces torn out, doubled, swapped and put in.
fn torn(dice: &Dice, corpus: &[String]) -> Vec<u8> {
    let mut bytes = corpus[dice.below(corpus.len())].clone().into_bytes();
    for _ in 0..=dice.below(6) {
        let at = dice.below(bytes.len() + 1);
        let to = (at + dice.below(40)).min(bytes.len());
        match dice.below(5) {
            0 => drop(bytes.drain(at..to)),
            1 => {
                let doubled = bytes[at..to].to_vec();
                bytes.splice(at..at, doubled);
            }
            2 => drop(bytes.splice(at..at, PIECES[dice.below(PIECES.len())].bytes())),
            3 => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= u8::try_from(1 << dice.below(8)).unwrap();
                }
            }
            _ => {
                let other = &corpus[dice.below(corpus.len())].as_bytes();
                let from = dice.below(other.len());
                bytes.splice(at..at, other[from..(from + dice.below(60)).min(other.len())].to_vec());
            }
        }
    }
    bytes
}

#[test]
fn no_file_makes_the_loader_panic_or_run_on() {
    let dice = dice();
    let mut corpus: Vec<String> = shipped().into_iter().map(|shipped| shipped.source).collect();
    let blocks = include_str!("../../workflows/README.md").split("```rhai\n").skip(1);
    corpus.extend(blocks.filter_map(|rest| Some(rest.split_once("```")?.0.to_owned())));
    for _ in 0..times() {
        targets::load(&torn(&dice, &corpus));
    }
}

#[test]
fn no_guard_panics_or_runs_on() {
    let dice = dice();
    for _ in 0..times() {
        let body: String = (0..=dice.below(12)).map(|_| PIECES[dice.below(PIECES.len())]).collect();
        targets::guard(body.as_bytes());
    }
}
