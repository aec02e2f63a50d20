//! What the CRM knows, put where the template says that it belongs: the other party's details, and blanks with `from`.

use std::collections::BTreeMap;

use super::Content;
use super::template::{FieldKind, FieldValue, Party, Template};
use crate::crm::{CustomerCard, OpportunityCard};
use crate::kernel::Ref;

/// Fills in a customer: it takes the place of whoever stood there, and what the contract drew from them.
pub(super) fn customer(template: &Template, content: &mut Content, card: &CustomerCard) {
    let Some(party) = content.draft.parties.iter_mut().find(|party| !party.ours) else { return };
    fill_party(party, card);
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let contact = card.contact.as_ref();
    let name_and_phone = contact.map(|one| {
        let phone = one.phone.as_deref().unwrap_or_default();
        format!("{} {phone}", one.name).trim().to_owned()
    });
    let known = [
        ("customer.name", card.name.clone()),
        ("customer.address", text(&card.address)),
        ("customer.credit_code", text(&card.credit_code)),
        ("customer.phone", text(&card.phone)),
        ("customer.legal_representative", text(&card.legal_representative)),
        ("contact.name", contact.map(|one| one.name.clone()).unwrap_or_default()),
        ("contact.phone", contact.and_then(|one| one.phone.clone()).unwrap_or_default()),
        ("contact.name_and_phone", name_and_phone.unwrap_or_default()),
    ];
    for (from, text) in known {
        put(template, content, from, &FieldValue::Text(text), true);
    }
}

/// Fills in what an opportunity is about; what somebody wrote already stays.
pub(super) fn opportunity(template: &Template, content: &mut Content, card: &OpportunityCard) {
    let known = [
        ("opportunity.title", Some(FieldValue::Text(card.title.clone()))),
        ("opportunity.product", card.product.clone().map(FieldValue::Text)),
        ("opportunity.amount", card.amount.map(FieldValue::Money)),
    ];
    let known: BTreeMap<&str, Option<FieldValue>> = known.into();
    for (from, value) in known {
        if let Some(value) = value {
            put(template, content, from, &value, false);
        }
    }
}

fn fill_party(party: &mut Party, card: &CustomerCard) {
    let contact = card.contact.as_ref();
    let phone = contact.and_then(|one| one.phone.clone()).or_else(|| card.phone.clone());
    let email = contact.and_then(|one| one.email.clone()).or_else(|| card.email.clone());
    let details = [
        ("name", Some(card.name.clone())),
        ("credit_code", card.credit_code.clone()),
        ("address", card.address.clone()),
        ("legal_representative", card.legal_representative.clone()),
        ("contact", contact.map(|one| one.name.clone())),
        ("phone", phone),
        ("email", email),
        ("bank", card.bank.clone()),
        ("bank_account", card.bank_account.clone()),
    ];
    let filled =
        details.into_iter().filter_map(|(name, text)| Some((name, text.filter(|text| !text.trim().is_empty())?)));
    party.details = filled.map(|(name, text)| (name.to_owned(), text)).collect();
    party.record = Some(Ref::new("customer", card.id.get()));
}

/// Puts a value into the blanks that name its place; one that does not fit is left out.
fn put(template: &Template, content: &mut Content, from: &str, value: &FieldValue, over: bool) {
    for field in template.fields.iter().filter(|field| field.from.as_deref() == Some(from)) {
        let is_open =
            over || !(content.draft.values.contains_key(&field.name) || content.unread.contains_key(&field.name));
        let fits = field.kind.check(value).is_ok() && currency_fits(value, content);
        let has_text = !matches!(value, FieldValue::Text(text) if text.trim().is_empty());
        if is_open && fits && has_text && !matches!(field.kind, FieldKind::Computed { .. }) {
            content.unread.remove(&field.name);
            content.draft.values.insert(field.name.clone(), value.clone());
        }
    }
}

fn currency_fits(value: &FieldValue, content: &Content) -> bool {
    !matches!(value, FieldValue::Money(money) if money.currency != content.draft.currency)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::document::Draft;
    use crate::contract::template::shipped;
    use crate::crm::{ContactCard, Marks};
    use crate::kernel::{ContactId, Currency, CustomerId, Money, OpportunityId};

    fn card() -> CustomerCard {
        CustomerCard {
            id: CustomerId::new(3),
            code: "1类-01".into(),
            name: "绍兴恒达纺织集团有限公司".into(),
            short_name: None,
            credit_code: Some("91330600720013344C".into()),
            address: Some("绍兴市柯桥区轻纺城大道1688号".into()),
            legal_representative: None,
            phone: Some("0575-1234567".into()),
            email: None,
            bank: None,
            bank_account: None,
            invoice_title: None,
            invoice_address: None,
            invoice_phone: None,
            contact: Some(ContactCard {
                id: ContactId::new(1),
                name: "王海燕".into(),
                position: None,
                unit: None,
                phone: Some("13857512345".into()),
                email: None,
                main: true,
            }),
            marks: Marks::default(),
        }
    }

    fn blank(name: &str) -> (Template, Content) {
        let template = shipped().into_iter().find(|folder| folder.name == name).unwrap().load().unwrap();
        let content = Content::of(Draft::new(&template, template.our_roles[0]));
        (template, content)
    }

    #[test]
    fn a_customer_fills_the_other_party_and_the_blanks_that_come_from_it() {
        let (template, mut content) = blank("software-service");
        customer(&template, &mut content, &card());
        let party = content.draft.parties.iter().find(|party| !party.ours).unwrap();
        assert_eq!(
            (party.name(), party.detail("contact"), party.detail("bank")),
            ("绍兴恒达纺织集团有限公司", Some("王海燕"), None)
        );
        assert_eq!(content.draft.values["install_site"], FieldValue::Text("绍兴市柯桥区轻纺城大道1688号".into()));
    }

    #[test]
    fn what_was_written_stays_where_an_opportunity_comes_later() {
        let (template, mut content) = blank("software-service");
        let amount = Money::parse("5万", Currency::CNY).unwrap();
        let card = OpportunityCard {
            id: OpportunityId::new(1),
            title: "升级".into(),
            customer: CustomerId::new(3),
            customer_name: "恒达".into(),
            contact: None,
            stage: "talk".into(),
            amount: Some(amount),
            product: Some("启约".into()),
            open: true,
        };
        content.draft.values.insert("software_name".into(), FieldValue::Text("别的软件".into()));
        opportunity(&template, &mut content, &card);
        assert_eq!(content.draft.values["software_name"], FieldValue::Text("别的软件".into()));
        assert_eq!(content.draft.values["service_fee"], FieldValue::Money(amount));
    }
}
