//! Money as people read it. The language-dependent forms stand in `i18n`.

use super::amount::{SCALE, grain};
use super::{Amount, Money};

/// `1,280,000.00`: groups of three, at least `decimals` decimals and as many more as it takes to be exact.
pub(super) fn grouped(amount: Amount, decimals: u8) -> String {
    let count = amount.ten_thousandths().unsigned_abs();
    let scale = SCALE.unsigned_abs();
    let digits = (count / scale).to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3 + 8);
    if amount.is_negative() {
        text.push('-');
    }
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    let fraction = format!("{:04}", count % scale);
    let needed = fraction.trim_end_matches('0').len().max(usize::from(decimals.min(4)));
    if needed > 0 {
        text.push('.');
        text.push_str(&fraction[..needed]);
    }
    text
}

/// `¥1,280,000.00`, `-¥0.50`, `USD 1.00`, `XAU 12.5`.
pub(super) fn money(money: Money) -> String {
    let decimals = money.currency.minor_units().unwrap_or(0);
    match (money.currency.symbol(), money.amount.is_negative()) {
        (Some(symbol), true) => format!("-{symbol}{}", grouped(money.amount.abs(), decimals)),
        (Some(symbol), false) => format!("{symbol}{}", grouped(money.amount, decimals)),
        (None, _) => format!("{} {}", money.currency, grouped(money.amount, decimals)),
    }
}

impl Amount {
    /// Short for lists and messages, rounded to two decimals of its unit: `128.00万`, `1.28亿`; exact below 10,000.
    pub fn in_wan(self) -> String {
        let (unit, name) = match self.abs().ten_thousandths() {
            count if count >= 100_000_000 * SCALE => (100_000_000, "亿"),
            count if count >= 10_000 * SCALE => (10_000, "万"),
            _ => return grouped(self, 2),
        };
        format!("{}{name}", self.in_units_of(unit))
    }

    /// It divided by `unit` and rounded to two decimals: `1.28` of a million.
    pub fn in_units_of(self, unit: u32) -> String {
        let unit = i128::from(unit.max(1));
        let hundredths = super::amount::divide_rounded(self.ten_thousandths(), unit * grain(2));
        grouped(Self::from_ten_thousandths(hundredths * grain(2)).unwrap_or(self), 2)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Currency;
    use super::*;

    fn shown(text: &str, code: &str) -> String {
        Money::new(Amount::parse(text).unwrap(), Currency::from_code(code).unwrap()).to_string()
    }

    #[test]
    fn money_shows_its_minor_unit_and_hides_nothing() {
        assert_eq!(shown("1280000", "CNY"), "¥1,280,000.00");
        assert_eq!(shown("-0.5", "CNY"), "-¥0.50");
        assert_eq!(shown("1280000", "JPY"), "JPY 1,280,000");
        assert_eq!(shown("1", "KWD"), "KWD 1.000");
        assert_eq!(shown("12.5", "XAU"), "XAU 12.5");
        assert_eq!(shown("0.0001", "CNY"), "¥0.0001");
        assert_eq!(shown("-1000", "USD"), "USD -1,000.00");
    }

    #[test]
    fn lists_show_ten_thousands() {
        for (text, short) in [
            ("1280000", "128.00万"),
            ("128000000", "1.28亿"),
            ("9999.99", "9,999.99"),
            ("-12345", "-1.23万"),
            ("123456789012345", "1,234,567.89亿"),
        ] {
            assert_eq!(Amount::parse(text).unwrap().in_wan(), short);
        }
    }
}
