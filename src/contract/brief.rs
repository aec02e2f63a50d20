//! A contract as an approver meets it.

use super::CONTRACT;
use super::document::{Document, Draft, Redline, compare, compare_texts, fill, html, plan_part, redline_html};
use super::store::contracts::{self, Contract};
use super::store::versions;
use super::subject::unreadable;
use super::template::{Template, value_text};
use crate::approval::{Brief, BriefFile, Part, Reader};
use crate::crm::Crm;
use crate::db::{Conn, DbError};
use crate::i18n::{self, Lang, Message, msg};
use crate::kernel::{Date, Money};
use crate::settlement;
use crate::workflow::Sight;

/// What its decision page shows.
pub(super) async fn of(
    c: &mut Conn<'_>,
    (contract, template): (&Contract, &Template),
    reader: &Reader,
    today: Date,
) -> Result<Brief, DbError> {
    let Reader { lang, since, sight } = reader;
    let earlier = match since.filter(|since| *since != contract.content_hash) {
        Some(since) => versions::by_content(c, contract.id, since).await?,
        None => None,
    };
    let document = fill(template, &contract.content.draft).map_err(|error| unreadable(error.into()))?;
    let standard = fill(template, &standard(&contract.content.draft, &document));
    let standard = standard.map_err(|error| unreadable(error.into()))?;
    let changes = earlier.map(|version| parts(&compare_texts(&version.clauses, &document.texts()), |_| true));
    let deviates = |name: &str| document.clause(name).is_some_and(|clause| clause.deviation.is_some());
    Ok(Brief {
        title: contract.title.clone(),
        number: contract.number.clone(),
        other_party: Some(contract.other_party.clone()).filter(|name| !name.is_empty()),
        our_entity: contract.content.draft.parties.iter().find(|party| party.ours).map(|us| us.name().to_owned()),
        kind_label: contract.title.clone(),
        amount: contract.total(),
        deviations: Some(parts(&compare(&standard, &document), deviates)),
        changes: changes.unwrap_or_default(),
        since_seen: true,
        red_facts: red_facts(c, contract, today).await?,
        payment: payment(&document, sight, *lang),
        term: Some((contract.starts_on, contract.expires_on)),
        document: if sight.is_whole() {
            html(&document)
        } else {
            document.seen_html(&blanks(&document, template, sight), sight, *lang)
        },
        path: format!("/contracts/{}", contract.id),
        files: files(contract, template, sight),
        parts: nameable(&document, template),
    })
}

/// What an approver must not overlook: black list, related party, money of the customer that is overdue.
pub(super) async fn red_facts(c: &mut Conn<'_>, contract: &Contract, today: Date) -> Result<Vec<Message>, DbError> {
    let Some(customer) = contract.customer else { return Ok(Vec::new()) };
    let marks = Crm::marks_of(c, customer).await?;
    let mut facts = Vec::new();
    if let Some(reason) = &marks.black_list_reason {
        facts.push(msg!("contract.red.black_list", reason = reason));
    }
    if marks.related_party {
        let reason = marks.related_party_reason.as_deref().unwrap_or_default();
        facts.push(msg!("contract.red.related_party", reason = reason));
    }
    let ids = contracts::of_customer(c, customer).await?;
    for money in settlement::overdue_of(c, &CONTRACT, &ids, today).await? {
        facts.push(msg!("contract.red.overdue", amount = money));
    }
    Ok(facts)
}

/// The same contract as the standard would have it: the clauses that deviate, in their first text.
fn standard(draft: &Draft, document: &Document) -> Draft {
    let mut standard = draft.clone();
    for clause in document.deviations() {
        standard.choices.remove(&clause.name);
        standard.free.remove(&clause.name);
        standard.changed.remove(&clause.name);
    }
    standard
}

fn parts(redline: &Redline, wanted: impl Fn(&str) -> bool) -> Vec<Part> {
    let changed = redline.changed().filter(|clause| wanted(&clause.name));
    let part = |clause: &super::document::ClauseChange| Part {
        path: format!("clauses/{}", clause.name),
        title: clause.title.clone(),
        redline: redline_html(clause),
    };
    changed.map(part).collect()
}

/// `首付款 ¥30,000.00；验收款 ¥60,000.00`, as far as it is seen.
fn payment(document: &Document, sight: &Sight, lang: Lang) -> Option<String> {
    plan_line(document.milestones.iter().map(|one| (one.row.title.as_str(), one.amount.gross)), sight, lang)
}

/// The rows of a plan in one line, as far as they are seen.
pub(super) fn plan_line<'a>(rows: impl Iterator<Item = (&'a str, Money)>, sight: &Sight, lang: Lang) -> Option<String> {
    let seen = rows.enumerate().filter(|(place, _)| sight.covers(&plan_part(*place)));
    let rows = seen.map(|(_, (title, amount))| format!("{title} {}", i18n::money(amount)));
    let line = rows.collect::<Vec<_>>().join(if lang == Lang::Zh { "；" } else { "; " });
    Some(line).filter(|line| !line.is_empty())
}

fn files(contract: &Contract, template: &Template, sight: &Sight) -> Vec<BriefFile> {
    let slots = template.files.iter().filter_map(|slot| Some((slot, contract.content.draft.files.get(&slot.name)?)));
    let files = slots.flat_map(|(slot, files)| files.iter().map(move |file| (slot, file)));
    let files = files.filter(|(_, file)| sight.covers(&format!("files/{}", file.name)));
    files
        .map(|(slot, file)| BriefFile { label: slot.label.clone(), name: file.name.clone(), hash: file.hash })
        .collect()
}

/// The filled blanks that are seen, with what stands in them.
fn blanks<'a>(document: &Document, template: &'a Template, sight: &Sight) -> Vec<(&'a str, String)> {
    let seen = template.fields.iter().filter(|field| sight.covers(&format!("fields/{}", field.name)));
    seen.filter_map(|field| Some((field.label.as_str(), value_text(document.values.get(&field.name)?)))).collect()
}

/// The clauses by their headings and the blanks by their labels: what reasons and suggestions can be about.
fn nameable(document: &Document, template: &Template) -> Vec<(String, String)> {
    let clauses = document.clauses.iter().filter(|clause| !clause.title.is_empty());
    let clauses = clauses.map(|clause| (format!("clauses/{}", clause.name), clause.heading()));
    let fields = template.fields.iter().filter(|field| document.values.contains_key(&field.name));
    let fields = fields.map(|field| (format!("fields/{}", field.name), field.label.clone()));
    clauses.chain(fields).collect()
}
