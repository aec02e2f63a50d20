//! The supplement as a document: what is shown, sealed and signed.

use minijinja::{AutoEscape, Environment, UndefinedBehavior, context};

use super::{ChangeContent, ChangeKind, ContractChange, Terms};
use crate::contract::document::{Document, DocumentClause, Origin};
use crate::contract::fulfilment::FulfilmentError;
use crate::contract::template::{FieldValue, Values, escape, value_text};
use crate::contract::{Contract, ContractError};
use crate::i18n::{self, Lang};
use crate::kernel::{Date, Hash, Money, Span};
use crate::settlement::DueRule;

const SUPPLEMENT: &str = include_str!("supplement.md");
const TERMINATION: &str = include_str!("termination.md");

/// The change as a document, against the terms that it was written for.
pub(in crate::contract::fulfilment) fn document(
    change: &ContractChange,
    contract: &Contract,
) -> Result<Document, FulfilmentError> {
    let before = change.replaced.unwrap_or_else(|| Terms::of(contract));
    let text = filled(change, contract, before).map_err(|error| ContractError::Json(error.to_string()))?;
    let evidence = change.content.evidence.clone();
    Ok(Document {
        title: change.title.clone(),
        parties: contract.content.draft.parties.clone(),
        clauses: clauses(&text),
        plan: Vec::new(),
        milestones: Vec::new(),
        values: Values::new(),
        files: evidence,
    })
}

fn filled(change: &ContractChange, contract: &Contract, before: Terms) -> Result<String, minijinja::Error> {
    let mut environment = Environment::empty();
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let source = match change.kind {
        ChangeKind::Supplement => SUPPLEMENT,
        ChangeKind::Termination => TERMINATION,
    };
    let ChangeContent { reason, amount, starts_on, expires_on, plan, text, .. } = &change.content;
    let parties = contract.content.draft.parties.iter().map(|party| {
        context! { label => escape(&party.label), name => escape(party.name()) }
    });
    let rows = plan.iter().flatten().map(|row| {
        context! { title => escape(&row.title), amount => row.amount.to_string(), due => due(&row.due, plan.as_deref()) }
    });
    environment.render_str(
        source,
        context! {
            parties => parties.collect::<Vec<_>>(),
            title => escape(&contract.title),
            parent => escape(contract.number.as_deref().unwrap_or_default()),
            signed_on => contract.signed_on.map(day).unwrap_or_default(),
            reason => escape(reason),
            amount => amount.map(money),
            old_amount => before.gross.map(money).unwrap_or_default(),
            starts_on => starts_on.map(day),
            old_starts_on => before.starts_on.map(day).unwrap_or_default(),
            expires_on => expires_on.map(day),
            old_expires_on => before.expires_on.map(day).unwrap_or_default(),
            plan => rows.collect::<Vec<_>>(),
            text => paragraphs(text),
        },
    )
}

/// Each line that somebody typed is a paragraph.
fn paragraphs(text: &str) -> String {
    text.lines().map(escape).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n\n")
}

fn money(money: Money) -> String {
    value_text(&FieldValue::Money(money))
}

fn day(date: Date) -> String {
    i18n::date(Lang::Zh, date)
}

/// When a row is due, in the words of the text.
fn due(rule: &DueRule, plan: Option<&[super::ChangedRow]>) -> String {
    match rule {
        DueRule::On(date) => day(*date),
        DueRule::After { event, span } => {
            let event = match event.as_str() {
                "signed" => "合同签订",
                "effective" => "合同生效",
                "delivered" => "交付",
                "accepted" => "验收合格",
                other => plan.into_iter().flatten().find(|row| row.name == other).map_or(other, |row| &row.title),
            };
            match span {
                Some(Span::WorkingDays(days)) => format!("{event}后{days}个工作日内"),
                Some(Span::Days(days)) => format!("{event}后{days}日内"),
                Some(Span::Months(months)) => format!("{event}后{months}个月内"),
                Some(Span::Years(years)) => format!("{event}后{years}年内"),
                Some(Span::EndOfMonth(0)) => format!("{event}当月月末"),
                Some(Span::EndOfMonth(months)) => format!("{event}后第{months}个月月末"),
                Some(Span::Minutes(_) | Span::WorkingMinutes(_)) | None => format!("{event}时"),
            }
        }
    }
}

/// The sections of the text; the opening has no number.
fn clauses(text: &str) -> Vec<DocumentClause> {
    let mut clauses: Vec<DocumentClause> = Vec::new();
    for section in format!("\n{text}").split("\n## ").skip(1) {
        let (title, body) = section.split_once('\n').unwrap_or((section, ""));
        let number = clauses.len();
        clauses.push(DocumentClause {
            name: if number == 0 { "opening".to_owned() } else { format!("clause-{number}") },
            number: (number > 0).then_some(number),
            title: if number == 0 { String::new() } else { title.trim().to_owned() },
            framed: body.trim().to_owned(),
            origin: Origin::Locked,
            deviation: None,
            standard: Hash::of(b""),
        });
    }
    clauses
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_become_numbered_clauses_behind_an_opening() {
        let clauses = clauses("## opening\n甲方：甲\n\n## 变更的原因\n改期\n\n## 效力\n继续\n");
        let read: Vec<_> = clauses.iter().map(|one| (one.number, one.title.as_str(), one.text())).collect();
        assert_eq!(
            read,
            [
                (None, "", "甲方：甲".to_owned()),
                (Some(1), "变更的原因", "改期".to_owned()),
                (Some(2), "效力", "继续".to_owned())
            ]
        );
    }

    #[test]
    fn what_somebody_typed_makes_no_section() {
        let typed = format!("## opening\n{}\n", paragraphs("## 效力\n第二行"));
        assert_eq!(clauses(&typed).len(), 1);
    }

    #[test]
    fn a_rule_is_put_into_words() {
        let after = |span| DueRule::After { event: "accepted".into(), span };
        assert_eq!(due(&after(Some(Span::WorkingDays(10))), None), "验收合格后10个工作日内");
        assert_eq!(due(&after(None), None), "验收合格时");
    }
}
