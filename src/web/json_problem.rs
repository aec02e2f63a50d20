//! What the parser of JSON says of a value that does not fit, in both languages.

use crate::i18n::{Message, msg};

/// `invalid type: integer `7`, expected a string at line 1 column 10` as a sentence of ours; none for what the parser says rarely.
pub(super) fn in_words(problem: &str) -> Option<Message> {
    let (what, place) = problem.rsplit_once(" at line ")?;
    let (line, column) = place.split_once(" column ")?;
    let (found, wanted) = what.split_once(", expected ")?;
    if let Some(variant) = found.strip_prefix("unknown variant ") {
        let choices = wanted.trim_start_matches("one of ").replace("` or `", "`, `").replace('`', "");
        let found = variant.replace('`', "");
        return Some(msg!("web.json_choice", found = found, choices = choices, line = line, column = column));
    }
    let (wanted, found) = (kind(wanted)?, value(found)?);
    Some(msg!("web.json_type", wanted = wanted, found = found, line = line, column = column))
}

/// What a place takes.
fn kind(wanted: &str) -> Option<Message> {
    let is_integer = |name: &str| name.trim_start_matches(['i', 'u']).parse::<u8>().is_ok() || name == "usize";
    Some(match wanted {
        "a string" => msg!("web.json_text"),
        "a boolean" => msg!("web.json_yes_no"),
        "a sequence" => msg!("web.json_list"),
        "f64" => msg!("web.json_number"),
        name if is_integer(name) => msg!("web.json_whole_number"),
        name if name == "a map" || name.starts_with("struct ") => msg!("web.json_object"),
        _ => return None,
    })
}

/// What came instead.
fn value(found: &str) -> Option<Message> {
    if found.starts_with("invalid length ") {
        return Some(msg!("web.json_list"));
    }
    let found = found.strip_prefix("invalid type: ").or_else(|| found.strip_prefix("invalid value: "))?;
    Some(match found {
        "map" => msg!("web.json_object"),
        "sequence" => msg!("web.json_list"),
        other => {
            let names = ["integer ", "floating point ", "boolean ", "string "];
            let plain = names.iter().find_map(|name| other.strip_prefix(name)).unwrap_or(other);
            msg!("web.json_value", value = plain.replace(['`', '"'], ""))
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::{Lang, text};

    #[test]
    fn what_the_parser_says_is_said_in_both_languages() {
        for (problem, zh, en) in [
            (
                "invalid type: integer `7`, expected a string at line 1 column 10",
                "这里应为文字，收到的是“7”（第 1 行第 10 列）。",
                "this takes a text, not “7” (line 1, column 10).",
            ),
            (
                "invalid type: null, expected u32 at line 2 column 3",
                "这里应为整数，收到的是“null”（第 2 行第 3 列）。",
                "this takes a whole number, not “null” (line 2, column 3).",
            ),
            (
                "unknown variant `x`, expected one of `a`, `b` at line 1 column 2",
                "不能是“x”，可用的有：a, b（第 1 行第 2 列）。",
                "“x” is none of these: a, b (line 1, column 2).",
            ),
        ] {
            let said = in_words(problem).unwrap();
            assert_eq!((text(Lang::Zh, &said).as_str(), text(Lang::En, &said).as_str()), (zh, en));
        }
        assert!(in_words("not a date").is_none());
    }
}
