//! Words that only name a choice, such as `ask_again()`. The option that takes one says what it means there.

use rhai::Dynamic;

use super::Word;
use crate::workflow::language::call::Call;
use crate::workflow::language::values::PlainWord;

pub(super) const WORDS: &[Word] = &[
    Word::file("total_with_supplements", &[0], plain),
    Word::file("own_total", &[0], plain),
    Word::file("ask_their_manager", &[0], plain),
    Word::file("allow_drafter", &[0], plain),
    Word::file("ask_again", &[0], plain),
    Word::file("skip_if_next_to_each_other", &[0], plain),
    Word::file("before_first_decision", &[0], plain),
    Word::file("any_time", &[0], plain),
    Word::file("ask_only_affected", &[0], plain),
    Word::file("ask_all_between", &[0], plain),
    Word::file("straight_back", &[0], plain),
    Word::file("required", &[0], plain),
    Word::file("on_reject", &[0], plain),
    Word::file("optional", &[0], plain),
    Word::file("transfer", &[0], plain),
    Word::file("delegate", &[0], plain),
    Word::file("add", &[0], plain),
    Word::file("remove", &[0], plain),
    Word::file("withdraw", &[0], plain),
];

fn plain(call: &mut Call<'_>) -> Option<Dynamic> {
    Some(Dynamic::from(PlainWord(call.word)))
}
