//! What workflows may name of a contract.

use super::CONTRACT;
use super::template::plan::EVENTS;
use super::template::{Template, shipped};
use super::words::{CATEGORIES, category_said, event_said};
use crate::i18n::msg;
use crate::workflow::{FieldKind, FieldSchema, SubjectSchema, WordSchema};

/// What workflows may name: the fields that every contract has, and those of the shipped templates.
pub fn schema() -> SubjectSchema {
    use FieldKind::{Amount, Bool, Date, List, Number, Text};
    let own = [
        ("category", "类别", "Category", Text),
        ("template", "模板", "Template", Text),
        ("currency", "币种", "Currency", Text),
        ("amount", "含税总额", "Gross amount", Amount),
        ("net_amount", "不含税金额", "Net amount", Amount),
        ("tax_amount", "税额", "Tax", Amount),
        ("our_entity", "我方主体", "Our entity", Text),
        ("other_party", "对方", "Other party", Text),
        ("starts_on", "起始日", "First day", Date),
        ("expires", "到期日", "Last day", Date),
        ("deviates", "偏离标准文本", "Deviates from the standard text", Bool),
        ("deviations", "偏离的条款", "Clauses that deviate", List),
        ("payment_terms", "付款的其他约定", "Other payment terms", Text),
        ("delivery_days", "交付天数", "Days to delivery", Number),
    ];
    let mut fields: Vec<FieldSchema> = own.map(|(name, zh, en, kind)| FieldSchema::new(name, zh, en, kind)).into();
    let templates: Vec<Template> = shipped().iter().filter_map(|folder| folder.load().ok()).collect();
    for template in &templates {
        for of_template in &template.fields {
            if let Some(kind) = seen_as(&of_template.kind)
                && !fields.iter().any(|known| known.name == of_template.name)
            {
                fields.push(FieldSchema::new(&of_template.name, &of_template.label, &of_template.label, kind));
            }
        }
    }
    SubjectSchema {
        kind: CONTRACT,
        fields,
        events: EVENTS.map(str::to_owned).into(),
        words: words(&templates),
        effects: super::fulfilment::OF_CONTRACTS.to_vec(),
        silence_needs_reason: true,
    }
}

/// What people call categories, events, the plan and the clauses of the templates.
fn words(templates: &[Template]) -> Vec<WordSchema> {
    let mut words: Vec<WordSchema> = category_words().into();
    words.extend(EVENTS.map(|event| WordSchema::of_event(event, event_said(event))));
    let payment_plan = msg!("contract.field_type.payment_plan");
    words.push(WordSchema::of_part("plan", payment_plan));
    let clauses = templates.iter().flat_map(|template| &template.sections);
    for (name, section) in clauses.filter(|(_, section)| !section.title.is_empty()) {
        let clause = WordSchema::of_part(format!("clauses/{name}"), &section.title);
        if !words.iter().any(|known| known.code == clause.code) {
            words.push(clause);
        }
    }
    words
}

/// What people call the categories of contracts.
pub(super) fn category_words() -> [WordSchema; 3] {
    CATEGORIES.map(|name| WordSchema::of_value("category", name, category_said(name)))
}

/// The type that guards see a template's field as.
fn seen_as(kind: &super::template::FieldKind) -> Option<FieldKind> {
    use super::template::{Computed, FieldKind as Template};
    Some(match kind {
        Template::Text { .. }
        | Template::LongText { .. }
        | Template::Choice(_)
        | Template::Customer
        | Template::Contact
        | Template::File => FieldKind::Text,
        Template::Number { .. }
        | Template::Percent { .. }
        | Template::Computed { result: Computed::Number(_) | Computed::Percent, .. } => FieldKind::Number,
        Template::Money { .. } | Template::Computed { result: Computed::Money, .. } => FieldKind::Amount,
        Template::Date => FieldKind::Date,
        Template::Choices(_) | Template::Lines => FieldKind::List,
        Template::User => FieldKind::User,
        Template::Department => FieldKind::Department,
        Template::YesNo => FieldKind::Bool,
        Template::Plan => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Lang;
    use crate::workflow::explain::{Names, explain};
    use crate::workflow::language::load;

    fn said(lang: Lang) -> String {
        let source = "workflow(\"w\", #{ title: \"w\", subject: \"contract\", takes: category_is(\"sales\", \"lease\") });\n\
            approve(\"legal\", #{ title: \"L\", by: drafter(), scope: [\"fields/payment_terms\", \"plan\", \"clauses/x\"] });\n\
            wait(\"paper\", event(\"signed\"), #{ title: \"W\" });";
        let schema = schema();
        explain(&load(source, "w.rhai").unwrap().definition, Names { schema: Some(&schema), lang, ..Names::default() })
    }

    #[test]
    fn a_procedure_says_categories_events_and_parts_in_the_words_of_its_reader() {
        let zh = said(Lang::Zh);
        for phrase in ["类别为销售和lease", "付款的其他约定、付款计划和clauses/x", "等待合同签订"]
        {
            assert!(zh.contains(phrase), "{phrase}: {zh}");
        }
        let en = said(Lang::En);
        for phrase in ["the category is Sales and lease", "Other payment terms, ", "waits for “Signing”"] {
            assert!(en.contains(phrase), "{phrase}: {en}");
        }
    }
}
