//! `qiyue publish`, `check`, `diff`, `impact`, `export` and `import` on the command line.

use std::path::Path;
use std::process::Command;

use qiyue::app::{Config, Offline, Server};

/// What a command says, and whether it did it.
fn qiyue(words: &[&str], data: Option<&Path>, file: &Path) -> (bool, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_qiyue"));
    command.args(words);
    if let Some(data) = data {
        command.arg("--data").arg(data);
    }
    let output = command.arg(file).env("RUST_LOG", "off").output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(said).unwrap())
}

const LEASES: &str = "workflow(\"lease\", #{ title: \"租赁合同审批\", subject: \"contract\", takes: category_is(\"lease\") });\n\
    approve(\"manager\", #{ title: \"经理审批\", by: role(\"administrator\") });\n";

#[tokio::test]
async fn a_workflow_is_published_while_no_server_runs_and_refused_with_its_lines() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (folder.path().join("data"), folder.path().join("lease.rhai"));
    std::fs::write(&file, LEASES).unwrap();
    let config = Config { listen: ([127, 0, 0, 1], 0).into(), ..Config::new(data.clone()) };
    let server = Server::start(&config).await.unwrap();
    let (done, said) = qiyue(&["publish"], Some(&data), &file);
    assert!(!done, "the server has the data: {said}");
    drop(server);

    let (done, said) = qiyue(&["publish"], Some(&data), &file);
    assert!(done && said.contains("已发布"), "{said}");
    let published = async || {
        let offline = Offline::open(&config, "test").await.unwrap();
        offline
            .approvals()
            .await
            .unwrap()
            .current_workflows()
            .await
            .unwrap()
            .iter()
            .filter(|it| it.name == "lease")
            .count()
    };
    assert_eq!(published().await, 1);
    std::fs::write(&file, LEASES.replace("by: role", "wihtin: role")).unwrap();
    let (done, said) = qiyue(&["publish"], Some(&data), &file);
    assert!(!done && said.contains("lease.rhai:2:") && said.contains("within"), "{said}");
    let (done, said) = qiyue(&["publish", "--language", "en"], Some(&data), &folder.path().join("nothing.rhai"));
    assert!(!done && said.contains("cannot be read"), "{said}");
}

#[test]
fn what_changed_between_two_files_is_told_node_by_node() {
    let folder = tempfile::tempdir().unwrap();
    let (old, new) = (folder.path().join("old.rhai"), folder.path().join("new.rhai"));
    std::fs::write(&old, LEASES).unwrap();
    std::fs::write(&new, LEASES.replace("role(\"administrator\")", "role(\"legal\")")).unwrap();
    let words = ["diff", "--language", "en", old.to_str().unwrap()];
    let (done, said) = qiyue(&words, None, &new);
    assert!(done && said.contains("经理审批 (manager): `by` was 'role administrator' and is 'role legal'."), "{said}");
    let (done, said) = qiyue(&words, None, &old);
    assert!(done && said.contains("nothing changed"), "{said}");
    std::fs::write(&new, "workflow(").unwrap();
    let (done, said) = qiyue(&words, None, &new);
    assert!(!done && said.contains("new.rhai:1:"), "{said}");
}

#[test]
fn a_workflow_goes_out_as_bpmn_and_comes_back_as_a_file_to_go_on_with() {
    let folder = tempfile::tempdir().unwrap();
    let (bpmn, file) = (folder.path().join("sales.bpmn"), folder.path().join("sales.rhai"));
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("workflows/sales-contract.rhai");
    let (done, xml) = qiyue(&["export", "--format", "bpmn"], None, &shipped);
    assert!(done && xml.starts_with("<?xml") && xml.contains("<userTask id=\"review\""), "{xml}");
    std::fs::write(&bpmn, &xml).unwrap();
    let (done, said) = qiyue(&["import", "--language", "en"], None, &bpmn);
    assert!(done && said.contains("workflow(\"sales-contract\"") && said.contains("have to be added"), "{said}");
    let (source, _) = said.split_once("\nline ").unwrap();
    std::fs::write(&file, source).unwrap();
    let (done, said) = qiyue(&["check", "--language", "en"], None, &file);
    assert!(!done && said.contains("condition_1"), "what has to be rewritten is pointed at: {said}");
    let (done, chart) = qiyue(&["export", "--format", "mermaid"], None, &shipped);
    assert!(done && chart.starts_with("flowchart TD"), "{chart}");
    let (done, said) = qiyue(&["import", "--language", "en"], None, &shipped);
    assert!(!done && said.contains("was not imported"), "{said}");
}

#[tokio::test]
async fn the_impact_of_a_file_is_told_beside_a_running_server() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (folder.path().join("data"), folder.path().join("lease.rhai"));
    std::fs::write(&file, LEASES).unwrap();
    let (done, said) = qiyue(&["impact"], Some(&data), &file);
    assert!(!done && !data.exists(), "nothing is made: {said}");
    let config = Config { listen: ([127, 0, 0, 1], 0).into(), ..Config::new(data.clone()) };
    let server = Server::start(&config).await.unwrap();
    let (done, said) = qiyue(&["impact", "--last", "10"], Some(&data), &file);
    assert!(done && said.contains("最近提交的 0 份单据") && said.contains("0 个审批都能迁过来"), "{said}");
    std::fs::write(&file, LEASES.replace("by: role", "wihtin: role")).unwrap();
    let (done, said) = qiyue(&["impact"], Some(&data), &file);
    assert!(!done && said.contains("lease.rhai:2:") && said.contains("within"), "{said}");
    drop(server);
}

#[test]
fn check_looks_fields_up_without_an_installation() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("lease.rhai");
    std::fs::write(&file, LEASES.replace("category_is(\"lease\")", "field_is(\"categry\", \"lease\")")).unwrap();
    let (done, said) = qiyue(&["check"], None, &file);
    assert!(!done && said.contains("lease.rhai:1:") && said.contains("category"), "{said}");
}

/// A shipped template in a folder of its own, changed.
fn template(within: &Path, change: impl Fn(String) -> String) -> std::path::PathBuf {
    let folder = within.join("our-service");
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("contract-templates/software-service");
    std::fs::create_dir_all(&folder).unwrap();
    for file in ["template.toml", "body.md", "sample.toml"] {
        std::fs::write(folder.join(file), change(std::fs::read_to_string(shipped.join(file)).unwrap())).unwrap();
    }
    folder
}

#[tokio::test]
async fn a_template_is_published_out_of_its_folder_and_refused_with_its_lines() {
    let scratch = tempfile::tempdir().unwrap();
    let data = scratch.path().join("data");
    let folder = template(scratch.path(), |text| text);
    let (done, said) = qiyue(&["publish"], Some(&data), &folder);
    assert!(!done && said.contains("与已发布的“software-service”完全相同"), "one text has one name: {said}");
    let folder = template(scratch.path(), |text| text.replace("培训", "讲解"));
    let (done, said) = qiyue(&["publish"], Some(&data), &folder);
    assert!(done && said.contains("our-service 已发布"), "{said}");
    let offline = Offline::open(&Config::new(data.clone()), "test").await.unwrap();
    let current = offline.contracts().await.unwrap().library().current().await.unwrap();
    assert_eq!(current.iter().filter(|one| one.name == "our-service").count(), 1);
    drop(offline);

    let folder = template(scratch.path(), |text| text.replace("{seq:4}", "{sqe:4}"));
    for (command, data) in [("publish", Some(data.as_path())), ("check", None)] {
        let (done, said) = qiyue(&[command, "--language", "en"], data, &folder);
        assert!(!done && said.contains("our-service/template.toml:") && said.contains("{sqe:4}"), "{said}");
    }
}

#[test]
fn check_finds_nothing_wrong_with_what_ships() {
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = Command::new(env!("CARGO_BIN_EXE_qiyue"))
        .args(["check", "--language", "en"])
        .current_dir(shipped)
        .output()
        .unwrap();
    let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(output.status.success() && said.ends_with("11 files checked, 0 errors.\n"), "{said}");
}

#[tokio::test]
async fn cases_move_only_to_a_version_that_is_named_and_by_somebody_who_is_known() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    drop(Server::start(&Config { listen: ([127, 0, 0, 1], 0).into(), ..Config::new(data.clone()) }).await.unwrap());
    let number = Path::new("1");
    let version = "0".repeat(64);

    let (done, said) = qiyue(&["migrate"], Some(&data), number);
    assert!(!done && said.contains("--to"), "{said}");
    let words = ["migrate", "--to", &version, "--by", "nobody", "--reason", "x", "--dry-run"];
    let (done, said) = qiyue(&words, Some(&data), number);
    assert!(!done && said.contains("没有账号 nobody"), "{said}");
}
