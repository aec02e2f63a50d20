//! Text in one form: for hashing, for searching, for sorting by pinyin.

use pinyin::ToPinyin as _;
use unicode_normalization::UnicodeNormalization as _;

/// NFC with LF line ends: the form in which text is hashed and compared.
pub fn nfc_lf(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").nfc().collect()
}

/// The form in which text is searched: full-width letters as narrow ones, small letters, one space where several stood.
pub fn fold(text: &str) -> String {
    let folded: String = text.nfkc().flat_map(char::to_lowercase).nfkc().collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The sort and search key by pinyin: `张三 Ltd` is `zhangsan ltd`. Other letters stay, folded.
pub fn pinyin(text: &str) -> String {
    by_pinyin(text, pinyin::Pinyin::plain)
}

/// The initials: `张三` is `zs`. Other letters stay, folded.
pub fn initials(text: &str) -> String {
    by_pinyin(text, pinyin::Pinyin::first_letter)
}

fn by_pinyin(text: &str, form: impl Fn(pinyin::Pinyin) -> &'static str) -> String {
    let mut key = String::with_capacity(text.len());
    for c in fold(text).chars() {
        match c.to_pinyin() {
            Some(syllable) => key.push_str(form(syllable)),
            None => key.push(c),
        }
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_and_composed_letters_have_one_form() {
        assert_eq!(nfc_lf("a\r\nb\rc\nd"), "a\nb\nc\nd");
        assert_eq!(nfc_lf("e\u{301}"), "é");
    }

    #[test]
    fn width_case_and_spaces_do_not_matter_in_a_search() {
        assert_eq!(fold("  ＡＢＣ　Ｃｏ．， Ltd \n"), "abc co., ltd");
        assert_eq!(fold("上海（贸易）"), "上海(贸易)");
    }

    #[test]
    fn names_are_found_by_pinyin_and_initials() {
        assert_eq!(pinyin("张三 Ltd"), "zhangsan ltd");
        assert_eq!(initials("北京科技 A1"), "bjkj a1");
    }
}
