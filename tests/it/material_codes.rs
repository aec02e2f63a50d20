//! Unified social credit codes against a list found online and its mutations.

use qiyue::kernel::check::credit_code;

use crate::support::{json, material};

#[test]
fn real_credit_codes_pass_and_mistyped_ones_do_not() {
    let Some(folder) = material("company-codes-phones") else { return };
    let codes = json(&folder.join("uscc.json"));
    for code in codes["valid"].as_array().unwrap() {
        let code = code.as_str().unwrap();
        assert_eq!(credit_code(code).as_deref(), Ok(code));
        assert_eq!(credit_code(&format!(" {} ", code.to_lowercase())).as_deref(), Ok(code));
    }
    for case in codes["mutants"].as_array().unwrap().iter().chain(codes["source_examples"].as_array().unwrap()) {
        let passes = credit_code(case["value"].as_str().unwrap()).is_ok();
        assert_eq!(passes, case["valid"].as_bool().unwrap(), "{case}");
    }
}
