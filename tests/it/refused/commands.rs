//! Commands that are given what they cannot use: one sentence that names it, and a failure for the shell.

use std::path::Path;
use std::process::Command;

use crate::replay_pure::example;
use crate::support::is_chinese;

/// What a command says, and how it ends.
fn qiyue(words: &[&str], lang: &str) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_qiyue"));
    command.args(words).env("QIYUE_LANGUAGE", lang).env("RUST_LOG", "off").env("RUST_BACKTRACE", "1");
    let output = command.output().unwrap();
    (output.status.code(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
}

fn the_example(name: &str) -> String {
    example(name).display().to_string()
}

/// A file that is not there, a folder, bytes that are no text; and why each cannot be used, in Chinese and English.
const UNUSABLE: [(&str, &str, &str); 3] = [
    ("nothing.rhai", "没有这个文件或文件夹。请检查路径。", "there is no such file or folder. Check the path."),
    ("folder.rhai", "这是文件夹，不是文件。请写出其中的文件。", "it is a folder. Name a file in it."),
    (
        "binary.rhai",
        "内容不是 UTF-8 文本。请用 UTF-8 编码另存后重试。",
        "it is no UTF-8 text. Save it as UTF-8 and try again.",
    ),
];

#[test]
fn a_file_that_cannot_be_used_is_named_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    std::fs::create_dir(at("folder.rhai")).unwrap();
    std::fs::write(at("binary.rhai"), b"\x7fELF\xff\xfe\x00").unwrap();
    let (log, workflow, map) =
        (at("log.csv"), the_example("travel-declaration.rhai"), the_example("travel-declaration.map.toml"));
    std::fs::write(&log, "case,seq\n").unwrap();
    let data = at("data");
    for (name, zh, en) in UNUSABLE {
        let file = at(name);
        let commands: [&[&str]; 4] = [
            &["check", &file],
            &["publish", "--data", &data, &file],
            &["replay", &log, "--workflow", &file, "--map", &map],
            &["replay", &log, "--workflow", &workflow, "--map", &file],
        ];
        for words in commands {
            // A folder is taken for one of a template, whose definition is not there.
            let is_template = name == "folder.rhai" && ["check", "publish"].contains(&words[0]);
            let (_, no_zh, no_en) = UNUSABLE[0];
            let reasons = if is_template { [("zh", no_zh), ("en", no_en)] } else { [("zh", zh), ("en", en)] };
            for (lang, reason) in reasons {
                let (code, said) = qiyue(words, lang);
                assert_eq!(code, Some(1), "{words:?}: {said}");
                let told = said.lines().filter(|line| line.contains(&file) && line.ends_with(reason)).count();
                assert_eq!(told, 1, "{words:?} in {lang}: {said}");
                assert!(!said.contains("panicked") && !said.contains("os error"), "{said}");
            }
        }
        assert!(!Path::new(&data).exists(), "nothing is made for a file that cannot be read");
    }
}

#[test]
fn a_log_that_cannot_be_used_is_named_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    std::fs::create_dir(at("folder.csv")).unwrap();
    std::fs::write(at("binary.csv"), b"\x7fELF\xff\xfe\x00").unwrap();
    for name in ["nothing.csv", "folder.csv", "binary.csv"] {
        for lang in ["zh", "en"] {
            let (workflow, map) = (the_example("travel-declaration.rhai"), the_example("travel-declaration.map.toml"));
            let (code, said) = qiyue(&["replay", &at(name), "--workflow", &workflow, "--map", &map], lang);
            assert_eq!((code, said.lines().count()), (Some(1), 1), "{said}");
            assert!(said.contains(&at(name)) && !said.contains("os error"), "{said}");
            assert_eq!(said.chars().any(is_chinese), lang == "zh", "{said}");
        }
    }
}

#[test]
fn a_data_folder_that_is_a_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("data");
    std::fs::write(&file, "no folder").unwrap();
    let data = file.display().to_string();
    for lang in ["zh", "en"] {
        let (code, said) = qiyue(&["token", "--data", &data, "list"], lang);
        assert_eq!((code, said.lines().count()), (Some(1), 1), "{said}");
        assert!(said.contains(&data), "{said}");
        assert_eq!(said.chars().any(is_chinese), lang == "zh", "{said}");
    }
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "no folder");
}
