//! Checks of codes that people type: the unified social credit code, identity card, mobile number, e-mail.

/// Why a code is not one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// Not as many characters as it must have.
    #[error("it must have {expected} characters and has {found}")]
    Length {
        /// Characters it must have.
        expected: usize,
        /// Characters it has.
        found: usize,
    },
    /// A character that cannot stand there.
    #[error("{found:?} cannot stand at place {place}")]
    Character {
        /// The character.
        found: char,
        /// Its place, from 1.
        place: usize,
    },
    /// The check digit does not agree with the rest: something was mistyped.
    #[error("the check digit does not agree: a character is wrong or two are swapped")]
    CheckDigit,
    /// The date within is no date.
    #[error("it holds a date that does not exist")]
    Date,
    /// Not of its form.
    #[error("it is not of the form that it must have")]
    Form,
}

/// The 31 characters of GB 32100, in the order of their values: no I, O, S, V, Z.
const CREDIT_CODE: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// A unified social credit code (统一社会信用代码, GB 32100-2015), without spaces and in capitals, or what is wrong with it.
pub fn credit_code(text: &str) -> Result<String, CodeError> {
    let code = bare(text);
    length(&code, 18)?;
    let mut sum = 0;
    let mut weight = 1;
    let mut last = 0;
    for (place, found) in code.chars().enumerate() {
        let value = CREDIT_CODE.iter().position(|&c| char::from(c) == found);
        // Places 3 to 8 are the region (GB/T 2260), digits only. The two before may be letters: N for rural collectives.
        let value = value.filter(|&value| value < 10 || !(2..8).contains(&place));
        let value = value.ok_or(CodeError::Character { found, place: place + 1 })?;
        if place < 17 {
            sum += value * weight;
            weight = weight * 3 % 31;
        }
        last = value;
    }
    if (31 - sum % 31) % 31 == last { Ok(code) } else { Err(CodeError::CheckDigit) }
}

/// A resident identity card number (GB 11643-1999), without spaces and with a capital X, or what is wrong with it.
pub fn identity_card(text: &str) -> Result<String, CodeError> {
    let code = bare(text);
    length(&code, 18)?;
    let mut sum = 0;
    for (place, found) in code.chars().enumerate() {
        let value = match found {
            'X' if place == 17 => 10,
            digit => digit.to_digit(10).ok_or(CodeError::Character { found, place: place + 1 })?,
        };
        sum += value * (1_u32 << (17 - place)) % 11;
    }
    let part = |from: usize, to: usize| code.get(from..to).and_then(|digits| digits.parse::<i16>().ok()).unwrap_or(0);
    let (month, day) = (i8::try_from(part(10, 12)).unwrap_or(0), i8::try_from(part(12, 14)).unwrap_or(0));
    jiff::civil::Date::new(part(6, 10), month, day).map_err(|_| CodeError::Date)?;
    if sum % 11 == 1 { Ok(code) } else { Err(CodeError::CheckDigit) }
}

/// A mobile number of mainland China as its eleven digits; `+86`, spaces and hyphens are forgiven.
pub fn mobile(text: &str) -> Result<String, CodeError> {
    let folded = super::text::fold(text);
    let bare: String = folded.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    let digits = bare.strip_prefix("+86").or_else(|| bare.strip_prefix("0086")).unwrap_or(&bare);
    if let Some((place, found)) = digits.chars().enumerate().find(|(_, c)| !c.is_ascii_digit()) {
        return Err(CodeError::Character { found, place: place + 1 });
    }
    length(digits, 11)?;
    let prefix = digits.as_bytes();
    if prefix[0] == b'1' && (b'3'..=b'9').contains(&prefix[1]) { Ok(digits.to_owned()) } else { Err(CodeError::Form) }
}

/// An e-mail address, trimmed. It is checked for what makes it undeliverable for certain, not against all of RFC 5322.
pub fn email(text: &str) -> Result<String, CodeError> {
    let address = text.trim();
    let unfit = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | ',' | ';' | '(' | ')' | '"');
    if let Some((place, found)) = address.chars().enumerate().find(|&(_, c)| unfit(c)) {
        return Err(CodeError::Character { found, place: place + 1 });
    }
    let (local, domain) = address.rsplit_once('@').ok_or(CodeError::Form)?;
    let dots = |part: &str| !part.is_empty() && part.split('.').all(|label| !label.is_empty());
    let fits = dots(local)
        && !local.contains('@')
        && dots(domain)
        && domain.contains('.')
        && domain.split('.').all(|label| !label.starts_with('-') && !label.ends_with('-'))
        && address.len() <= 254;
    if fits { Ok(address.to_owned()) } else { Err(CodeError::Form) }
}

/// Without spaces and hyphens, narrow and in capitals.
fn bare(text: &str) -> String {
    super::text::fold(text).chars().filter(|c| !matches!(c, ' ' | '-')).collect::<String>().to_ascii_uppercase()
}

fn length(code: &str, expected: usize) -> Result<(), CodeError> {
    let found = code.chars().count();
    if found == expected { Ok(()) } else { Err(CodeError::Length { expected, found }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credit_code_is_forgiven_spaces_and_case() {
        assert_eq!(credit_code(" 91110000 600037341l").unwrap(), "91110000600037341L");
        assert!(credit_code("N2440703MF12345673").is_ok(), "a rural collective");
    }

    #[test]
    fn a_credit_code_says_what_is_wrong() {
        assert_eq!(credit_code("12345"), Err(CodeError::Length { expected: 18, found: 5 }));
        assert_eq!(credit_code("9111000060003IOZSV"), Err(CodeError::Character { found: 'I', place: 14 }));
        assert_eq!(credit_code("91110000600037314L"), Err(CodeError::CheckDigit));
        assert_eq!(credit_code("9111A000600037341L"), Err(CodeError::Character { found: 'A', place: 5 }));
    }

    /// The number is the example of GB 11643.
    #[test]
    fn an_identity_card_has_a_date_and_a_check_digit() {
        assert_eq!(identity_card("11010519491231002x").unwrap(), "11010519491231002X");
        assert_eq!(identity_card("11010519491331002X"), Err(CodeError::Date));
        assert_eq!(identity_card("110105194912310021"), Err(CodeError::CheckDigit));
    }

    #[test]
    fn a_mobile_number_is_eleven_digits() {
        for text in ["13800138000", "+86 138-0013-8000", "0086 13800138000", "１３８００１３８０００"] {
            assert_eq!(mobile(text).unwrap(), "13800138000", "{text}");
        }
        assert_eq!(mobile("1380013800"), Err(CodeError::Length { expected: 11, found: 10 }));
        assert_eq!(mobile("12800138000"), Err(CodeError::Form));
        assert_eq!(mobile("1380013800a"), Err(CodeError::Character { found: 'a', place: 11 }));
    }

    #[test]
    fn an_address_needs_a_name_and_a_domain() {
        assert_eq!(email(" zhang.san@example.com ").unwrap(), "zhang.san@example.com");
        for text in ["", "a", "@b.com", "a@b", "a@b..com", "a@@b.com", ".a@b.com", "a@-b.com"] {
            assert_eq!(email(text), Err(CodeError::Form), "{text}");
        }
        assert_eq!(email("a b@c.com"), Err(CodeError::Character { found: ' ', place: 2 }));
        assert_eq!(email("a@b.com, c@d.com"), Err(CodeError::Character { found: ',', place: 8 }));
    }
}
