//! `qiyue token` on the command line.

use std::path::Path;
use std::process::Command;

use qiyue::app::{Config, Offline, Server};
use qiyue::kernel::Token;
use qiyue::org::OrgError;

/// What the command says, and whether it did it.
fn token(data: &Path, words: &[&str]) -> (bool, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_qiyue"));
    command.args(["token", "--data"]).arg(data).args(words).env("RUST_LOG", "off");
    let output = command.output().unwrap();
    let said = if output.status.success() { output.stdout } else { output.stderr };
    (output.status.success(), String::from_utf8(said).unwrap())
}

#[tokio::test]
async fn tokens_are_made_listed_and_revoked_while_no_server_runs() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let config = Config { listen: ([127, 0, 0, 1], 0).into(), ..Config::new(data.clone()) };
    let server = Server::start(&config).await.unwrap();
    let (done, said) = token(&data, &["list"]);
    assert!(!done, "the server has the data: {said}");
    drop(server);

    assert!(token(&data, &["list"]).1.contains("还没有令牌"));
    let (done, said) = token(&data, &["create", "admin", "--name", "report"]);
    assert!(done, "{said}");
    let secret = Token::parse(said.trim().rsplit('：').next().unwrap()).unwrap();
    let (_, listed) = token(&data, &["--language", "en", "list"]);
    assert!(listed.starts_with("1  report") && listed.contains("does not end"), "{listed}");
    let by_api_token = async || Offline::open(&config, "test").await.unwrap().org().by_api_token(&secret).await;
    assert_eq!(
        by_api_token().await.unwrap_err(),
        OrgError::NotActivated,
        "the token is known, the person not activated"
    );

    assert!(token(&data, &["revoke", "1"]).0);
    assert!(by_api_token().await.unwrap().is_none());
    assert!(token(&data, &["list"]).1.contains("撤销"));
    let (done, said) = token(&data, &["create", "nobody", "--name", "report"]);
    assert!(!done && said.contains("找不到"), "{said}");
}
