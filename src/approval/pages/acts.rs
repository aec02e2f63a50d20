//! Forms become commands. Every form of a case sends the same few fields, so that a failed one can be shown again.

use serde::Deserialize;

use crate::kernel::{Hash, UserId};
use crate::workflow::{Act, Next, ReturnTo, SignerPlace, Verdict};

/// What the forms of a case send; each uses some of the fields.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ActForm {
    /// The task.
    pub task: String,
    /// The hash of the content that was shown.
    pub shown: String,
    /// Their words: an opinion, a reason, a question, an answer.
    pub opinion: String,
    /// One of their phrases, where they wrote nothing.
    pub phrase: String,
    /// The part that the words are about.
    pub path: String,
    /// 自由流转: `pool`, `finish`, or people.
    pub next: Vec<String>,
    /// Where a return goes: `drafter`, `previous`, or a node; for who is added, `before`, `beside` or `after`.
    pub to: String,
    /// Who is asked, or gets the task.
    pub person: String,
    /// What a part should say.
    pub text: String,
    /// A question, suggestion or decision by its number.
    pub number: String,
    /// The node of a copy.
    pub node: String,
}

/// The command that a form means; `None` for words that no form of ours sends.
pub fn act_of(word: &str, form: &ActForm) -> Option<Act> {
    let task = form.task.parse().ok();
    let number = || form.number.parse().ok();
    let person = || Some(UserId::new(form.person.parse().unwrap_or_default()));
    Some(match word {
        "approve" => Act::Approve(form.verdict()),
        "reject" => Act::Reject(form.verdict()),
        "abstain" => Act::Abstain(form.verdict()),
        "return" => Act::Return { verdict: form.verdict(), to: form.return_to() },
        "sign-for" => Act::SignFor { task },
        "release" => Act::Release { task: task? },
        "withdraw" => Act::Withdraw { reason: form.words() },
        "undo" => Act::UndoDecision { decision: number()? },
        "transfer" => Act::Transfer { task: task?, to: person()?, reason: form.words() },
        "delegate" => Act::Delegate { task: task?, to: person()?, reason: form.words() },
        "recall" => Act::Recall { task: task? },
        "add" => Act::AddSigners { task: task?, people: vec![person()?], place: form.place()?, reason: form.words() },
        "remove" => Act::RemoveSigner { node: form.node.clone(), signer: number()?, reason: form.words() },
        "revoke" => Act::Revoke { decision: number()?, reason: form.words() },
        "copy" => Act::Copy { people: vec![person()?], text: form.words() },
        "jump" => Act::Jump { to: form.node.clone(), reason: form.words() },
        "terminate" => Act::Terminate { reason: form.words() },
        "ask" => Act::Ask { task, whom: person()?, text: form.words() },
        "answer" => Act::Answer { question: number()?, text: form.words() },
        "suggest" => Act::Suggest { task, path: form.path.clone(), text: form.text.clone(), reason: form.words() },
        "take" => Act::TakeSuggestion { suggestion: number()?, edited: Vec::new() },
        "decline" => Act::DeclineSuggestion { suggestion: number()?, reason: form.words() },
        "urge" => Act::Urge { task: task? },
        "comment" => Act::Comment { text: form.words() },
        "read" => Act::ReadCopy { node: form.node.clone() },
        _ => return None,
    })
}

/// Whether a command decides, so that it can be undone and the next case follows.
pub(super) fn decides(word: &str) -> bool {
    matches!(word, "approve" | "reject" | "abstain" | "return")
}

/// What the link in a message lets its reader do: what the one task asks, and nothing else.
pub(super) fn through_link(word: &str) -> bool {
    decides(word) || matches!(word, "ask" | "suggest" | "undo")
}

impl ActForm {
    fn verdict(&self) -> Verdict {
        Verdict {
            task: self.task.parse().ok(),
            shown: self.shown.parse::<Hash>().ok(),
            opinion: self.words(),
            path: Some(self.path.clone()).filter(|path| !path.is_empty()),
            next: self.next(),
        }
    }

    /// What they wrote, or the phrase that they chose.
    fn words(&self) -> String {
        let written = self.opinion.trim();
        if written.is_empty() { self.phrase.trim().to_owned() } else { written.to_owned() }
    }

    fn place(&self) -> Option<SignerPlace> {
        Some(match self.to.as_str() {
            "before" => SignerPlace::Before,
            "beside" => SignerPlace::Beside,
            "after" => SignerPlace::After,
            _ => return None,
        })
    }

    fn return_to(&self) -> ReturnTo {
        match self.to.as_str() {
            "" | "drafter" => ReturnTo::Drafter,
            "previous" => ReturnTo::Previous,
            node => ReturnTo::Node { node: node.to_owned() },
        }
    }

    fn next(&self) -> Option<Next> {
        let people: Vec<UserId> = self.next.iter().filter_map(|next| next.parse().ok()).collect();
        match self.next.first().map(String::as_str) {
            None | Some("") => None,
            Some("finish") => Some(Next::Finish),
            Some("pool") => Some(Next::Pool),
            Some(_) => Some(Next::People { people }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_stands_in_where_nothing_was_written() {
        let form = ActForm { phrase: "价格偏高".to_owned(), ..ActForm::default() };
        assert_eq!(act_of("comment", &form), Some(Act::Comment { text: "价格偏高".to_owned() }));
        let form = ActForm { opinion: " 请改 ".to_owned(), ..form };
        assert_eq!(act_of("comment", &form), Some(Act::Comment { text: "请改".to_owned() }));
    }

    #[test]
    fn a_word_that_no_form_sends_is_no_command() {
        assert_eq!(act_of("tick", &ActForm::default()), None);
        assert_eq!(act_of("release", &ActForm::default()), None);
    }

    #[test]
    fn a_link_decides_and_asks_and_nothing_else() {
        assert!(through_link("approve") && through_link("ask") && through_link("undo"));
        for word in [
            "delegate",
            "add",
            "remove",
            "revoke",
            "copy",
            "jump",
            "terminate",
            "transfer",
            "withdraw",
            "take",
            "urge",
            "read",
            "comment",
            "answer",
        ] {
            assert!(!through_link(word), "{word}");
        }
    }
}
