//! Money against data that others made: words of two libraries and of the bank rule, and ISO 4217.

use qiyue::kernel::money::{in_words, rmb_in_words};
use qiyue::kernel::{Amount, Currency, MoneyError};
use serde_json::Value;

use crate::support::{json, material};

#[test]
fn amounts_read_as_two_libraries_write_them() {
    let Some(folder) = material("amounts-money") else { return };
    let data = json(&folder.join("rmb_uppercase.json"));
    let vectors = data["vectors"].as_array().unwrap();
    assert!(!vectors.is_empty());
    for vector in vectors {
        let amount = vector["amount"].as_str().unwrap();
        assert_eq!(in_words(Amount::parse(amount).unwrap()).unwrap(), vector["words"], "{amount}");
    }
}

#[test]
fn the_examples_of_the_bank_rule_are_written_in_an_accepted_form() {
    let Some(folder) = material("amounts-money") else { return };
    let data = json(&folder.join("rmb_uppercase.json"));
    for example in data["bank_rule_examples"].as_array().unwrap() {
        let words = rmb_in_words(Amount::parse(example["amount"].as_str().unwrap()).unwrap()).unwrap();
        assert!(example["accept"].as_array().unwrap().contains(&Value::from(words.clone())), "{words}: {example}");
    }
}

#[test]
fn every_amount_comes_back_unchanged() {
    let Some(folder) = material("amounts-money") else { return };
    let data = json(&folder.join("rmb_uppercase.json"));
    for vector in data["vectors"].as_array().unwrap() {
        let amount = Amount::parse(vector["amount"].as_str().unwrap()).unwrap();
        match amount.to_stored() {
            Ok(stored) => assert_eq!(Amount::from_stored(stored), amount),
            Err(error) => assert!(error == MoneyError::TooLargeToStore && amount > Amount::MAX_STORED, "{error}"),
        }
        assert_eq!(Amount::parse_plain(&amount.plain()).unwrap(), amount);
        assert_eq!(Amount::parse(&amount.to_string()).unwrap(), amount);
    }
}

#[test]
fn currencies_have_the_minor_units_of_iso_4217() {
    let Some(folder) = material("amounts-money") else { return };
    for listed in json(&folder.join("iso4217.json")).as_array().unwrap() {
        let currency = Currency::from_code(listed["code"].as_str().unwrap()).unwrap();
        assert_eq!(Value::from(currency.minor_units()), listed["minor_units"], "{currency}");
        assert_eq!(Value::from(currency.number()), listed["number"], "{currency}");
    }
}
