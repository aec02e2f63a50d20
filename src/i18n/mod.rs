//! The two languages: every sentence stands beside its translation in a room's messages.toml and is looked up here.
//!
//! A [`Message`] is a key with typed values. It can be kept and sent, and becomes text only where a reader's language is known.

mod catalog;
mod explain;
mod format;
mod message;

use serde::{Deserialize, Serialize};

pub use explain::{ErrorKind, Explain, file_problem};
pub use format::{Shown, amount, date, list, local_time, money, money_short, number, timestamp};
pub(crate) use message::msg;
pub use message::{Arg, Message};

/// A language of the product.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// 简体中文.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// Both, the default first.
    pub const ALL: [Self; 2] = [Self::Zh, Self::En];

    /// `zh` or `en`, as in settings and addresses.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Zh => "zh",
            Self::En => "en",
        }
    }

    /// `zh-CN` or `en`, as HTML and HTTP name it.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }

    /// The language with that code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|lang| lang.code() == code)
    }

    /// The first language of an `Accept-Language` header that there is here, by its weights; Chinese when there is none.
    pub fn from_accept_language(header: &str) -> Self {
        let mut wished: Vec<(i32, Self)> = header
            .split(',')
            .filter_map(|part| {
                let mut parts = part.split(';').map(str::trim);
                let code = parts.next()?.split('-').next()?.to_ascii_lowercase();
                let weight = parts.find_map(|part| part.strip_prefix("q=")).map_or(1000, thousandths);
                Self::from_code(&code).filter(|_| weight > 0).map(|lang| (-weight, lang))
            })
            .collect();
        wished.sort_by_key(|&(weight, _)| weight);
        wished.first().map(|&(_, lang)| lang).unwrap_or_default()
    }
}

/// The weight `0.8` of a header as 800; nothing readable weighs nothing.
fn thousandths(weight: &str) -> i32 {
    let (whole, fraction) = weight.split_once('.').unwrap_or((weight, ""));
    let digits: String = fraction.chars().chain("000".chars()).take(3).collect();
    format!("{whole}{digits}").parse().unwrap_or(0)
}

/// The sentence of a message in a language. An unknown key shows itself; a value that the sentence does not get shows its name.
pub fn text(lang: Lang, message: &Message) -> String {
    let Some(sentence) = catalog::sentence(lang, message.key()) else { return message.key().to_owned() };
    catalog::fill(sentence, |name| message.arg(name).map(|arg| arg.text(lang)))
}

/// The sentence that stands under `key`, without values: labels and headings.
pub fn label(lang: Lang, key: &str) -> String {
    catalog::sentence(lang, key).map_or_else(|| key.to_owned(), ToOwned::to_owned)
}

/// Whether a sentence stands under `key`.
pub fn knows(key: &str) -> bool {
    catalog::sentence(Lang::Zh, key).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{Amount, Currency, Money};

    #[test]
    fn a_sentence_gets_its_values_in_the_language_of_the_reader() {
        let limit = Money::new(Amount::from_units(500), Currency::CNY);
        let message = msg!("kernel.other_currency", expected = limit.currency.code(), found = "USD");
        assert_eq!(text(Lang::Zh, &message), "这里要填 CNY 金额，写的却是 USD。请改用 CNY。");
        assert_eq!(text(Lang::En, &message), "This field takes CNY, but the amount is in USD. Enter it in CNY.");
    }

    #[test]
    fn an_unknown_key_shows_itself_and_a_missing_value_its_name() {
        assert_eq!(text(Lang::En, &Message::of("nowhere.nothing")), "nowhere.nothing");
        assert_eq!(label(Lang::En, "nowhere.nothing"), "nowhere.nothing");
        assert!(text(Lang::En, &Message::of("kernel.unknown_currency")).contains("{code}"));
    }

    #[test]
    fn the_browser_says_which_language_is_read() {
        for (header, lang) in [
            ("zh-CN,zh;q=0.9,en;q=0.8", Lang::Zh),
            ("en-GB", Lang::En),
            ("de, en;q=0.5, zh;q=0.7", Lang::Zh),
            ("zh;q=0, en;q=0.1", Lang::En),
            ("de", Lang::Zh),
            ("", Lang::Zh),
        ] {
            assert_eq!(Lang::from_accept_language(header), lang, "{header}");
        }
    }
}
