//! 人民币大写: amounts in the words of Chinese contracts and bank forms.
//!
//! The rule is 《正确填写票据和结算凭证的基本规定》 of the People's Bank of China. Where it leaves a choice, this follows common
//! practice: no 零 between 元 and 角 when the yuan end in zero, 整 only after 元.

use super::{Amount, MoneyError};

const DIGITS: [char; 10] = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'];
const PLACES: [&str; 4] = ["", "拾", "佰", "仟"];

/// The amount in words: `壹佰贰拾捌万元整`. Defined to ±10^20; finer than a fen is an error, never rounded.
pub fn in_words(amount: Amount) -> Result<String, MoneyError> {
    if !amount.fits(2) {
        return Err(MoneyError::TooManyDecimals { text: amount.plain(), allowed: 2 });
    }
    let fen = amount.ten_thousandths().unsigned_abs() / 100;
    let (yuan, jiao, fen) = (fen / 100, fen / 10 % 10, fen % 10);
    let mut words = String::new();
    if amount.is_negative() {
        words.push('负');
    }
    if yuan > 0 || (jiao == 0 && fen == 0) {
        push_whole(&mut words, yuan);
        words.push('元');
    }
    match (jiao, fen) {
        (0, 0) => words.push('整'),
        (0, fen) => {
            if yuan > 0 {
                words.push('零');
            }
            push_digit(&mut words, fen, "分");
        }
        (jiao, 0) => push_digit(&mut words, jiao, "角"),
        (jiao, fen) => {
            push_digit(&mut words, jiao, "角");
            push_digit(&mut words, fen, "分");
        }
    }
    Ok(words)
}

/// The same with the currency before it: `人民币壹佰贰拾捌万元整`.
pub fn rmb_in_words(amount: Amount) -> Result<String, MoneyError> {
    in_words(amount).map(|words| format!("人民币{words}"))
}

/// A whole number in sections of four digits. 万 ends every second section, 亿 every pair of them: 亿, 万亿, 亿亿, 万亿亿.
fn push_whole(words: &mut String, number: u128) {
    if number == 0 {
        words.push('零');
        return;
    }
    let mut begun = false; // a digit stands already
    let mut gap = false; // a whole section of zeros was passed over
    for section in (0..6).rev() {
        let value = number / 10_u128.pow(section * 4) % 10_000;
        if value == 0 {
            gap = begun;
        } else {
            if begun && (gap || value < 1_000) {
                words.push('零');
            }
            push_section(words, value);
            if section % 2 == 1 {
                words.push('万');
            }
            (begun, gap) = (true, false);
        }
        if begun && section % 2 == 0 && section > 0 {
            words.push('亿');
            let pair = number / 10_u128.pow(section * 4) % 100_000_000;
            gap &= pair == 0; // zeros that only end the pair are silent before a full section, as at the ends of sections
        }
    }
}

/// One to four digits that are not all zero; zeros within are one 零, zeros at its ends are silent.
fn push_section(words: &mut String, value: u128) {
    let mut begun = false;
    let mut zero = false;
    for place in (0..4).rev() {
        let digit = value / 10_u128.pow(place) % 10;
        if digit == 0 {
            zero = begun;
            continue;
        }
        if zero {
            words.push('零');
            zero = false;
        }
        push_digit(words, digit, PLACES[place as usize]);
        begun = true;
    }
}

fn push_digit(words: &mut String, digit: u128, unit: &str) {
    words.push(DIGITS[usize::try_from(digit % 10).unwrap_or(0)]);
    words.push_str(unit);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words(text: &str) -> String {
        in_words(Amount::parse_plain(text).unwrap()).unwrap()
    }

    #[test]
    fn zeros_are_spoken_once_and_only_between_digits() {
        for (amount, expected) in [
            ("0", "零元整"),
            ("10", "壹拾元整"),
            ("1001", "壹仟零壹元整"),
            ("10100", "壹万零壹佰元整"),
            ("101000", "壹拾万壹仟元整"),
            ("1010000", "壹佰零壹万元整"),
            ("100100000", "壹亿零壹拾万元整"),
            ("100005000", "壹亿零伍仟元整"),
            ("100000001", "壹亿零壹元整"),
            ("20000000000", "贰佰亿元整"),
            ("10010001000", "壹佰亿壹仟万壹仟元整"),
        ] {
            assert_eq!(words(amount), expected, "{amount}");
        }
    }

    #[test]
    fn jiao_and_fen_follow_the_yuan() {
        for (amount, expected) in [
            ("0.05", "伍分"),
            ("0.5", "伍角"),
            ("0.15", "壹角伍分"),
            ("1.05", "壹元零伍分"),
            ("1.5", "壹元伍角"),
            ("10.05", "壹拾元零伍分"),
            ("1409.50", "壹仟肆佰零玖元伍角"),
            ("107000.53", "壹拾万柒仟元伍角叁分"),
            ("-0.01", "负壹分"),
            ("-1000", "负壹仟元整"),
        ] {
            assert_eq!(words(amount), expected, "{amount}");
        }
    }

    #[test]
    fn large_numbers_pile_up_wan_and_yi() {
        for (amount, expected) in [
            ("1000000000000", "壹万亿元整"),
            ("1000050000000", "壹万亿伍仟万元整"),
            ("1000005000000", "壹万亿零伍佰万元整"),
            ("10000000050000000", "壹亿亿零伍仟万元整"),
            ("1234500000000", "壹万贰仟叁佰肆拾伍亿元整"),
            ("10000000000000000", "壹亿亿元整"),
            ("10000000500000000", "壹亿零伍亿元整"),
            ("10000000000000001", "壹亿亿零壹元整"),
            ("100000000000000000000", "壹万亿亿元整"),
            ("-100000000000000000000", "负壹万亿亿元整"),
        ] {
            assert_eq!(words(amount), expected, "{amount}");
        }
    }

    #[test]
    fn finer_than_a_fen_has_no_words() {
        let amount = Amount::parse_plain("0.001").unwrap();
        assert_eq!(in_words(amount), Err(MoneyError::TooManyDecimals { text: "0.0010".into(), allowed: 2 }));
    }

    #[test]
    fn the_currency_stands_before_the_words() {
        assert_eq!(rmb_in_words(Amount::from_units(1_280_000)).unwrap(), "人民币壹佰贰拾捌万元整");
    }

    /// Amounts with zeros in every place, on which cn2an 0.5.24 and nzh 1.0.14 agree.
    #[test]
    fn zeros_at_the_seams_are_said_as_others_say_them() {
        for (amount, expected) in [
            ("1000010000000", "壹万亿壹仟万元整"),
            ("2000100000000", "贰万零壹亿元整"),
            ("1000000010000000", "壹仟万亿壹仟万元整"),
            ("10000500000000", "壹拾万零伍亿元整"),
            ("1010000000000", "壹万零壹佰亿元整"),
            ("100010000", "壹亿零壹万元整"),
            ("10200030.40", "壹仟零贰拾万零叁拾元肆角"),
        ] {
            assert_eq!(words(amount), expected, "{amount}");
        }
    }

    /// Reads words back, knowing nothing of how they were made: units multiply what stands before them.
    fn fen_of(words: &str) -> i128 {
        let (mut total, mut yi, mut wan, mut digit) = (0, 0_i128, 0_i128, 0_i128);
        for c in words.trim_start_matches('负').chars() {
            if let Some(value) = DIGITS.iter().position(|&d| d == c) {
                digit = i128::try_from(value).unwrap();
                continue;
            }
            match c {
                '拾' => wan += digit * 10,
                '佰' => wan += digit * 100,
                '仟' => wan += digit * 1_000,
                '万' => yi += (wan + digit) * 10_000,
                '亿' => total = (total + yi + wan + digit) * 100_000_000,
                '元' => total = (total + yi + wan + digit) * 100,
                '角' => total += digit * 10,
                '分' => total += digit,
                _ => {}
            }
            digit = 0;
            if matches!(c, '万' | '亿' | '元') {
                wan = 0;
            }
            if matches!(c, '亿' | '元') {
                yi = 0;
            }
        }
        if words.starts_with('负') { -total } else { total }
    }

    proptest! {
        #[test]
        fn words_say_the_amount(fen in -10_000_000_000_000_000_i128..10_000_000_000_000_000) {
            let amount = Amount::from_ten_thousandths(fen * 100).unwrap();
            prop_assert_eq!(fen_of(&in_words(amount).unwrap()), fen);
        }

        #[test]
        fn words_never_double_a_zero_or_end_in_one(zeros in 0_u32..18, low in 0_i128..1000, high in 1_i128..1000) {
            let yuan = (high * 10_i128.pow(zeros) + low).min(10_i128.pow(20));
            let words = in_words(Amount::from_ten_thousandths(yuan * 10_000).unwrap()).unwrap();
            prop_assert!(!words.contains("零零") && !words.contains("零元") && !words.contains("零万") && !words.contains("零亿"));
        }
    }
}
