//! What a file means.

use super::*;
use crate::i18n::Lang;
use crate::workflow::{Definition, NodeKind};

fn loaded(source: &str) -> Loaded {
    load(source, "t.rhai")
        .unwrap_or_else(|faults| panic!("{}", faults.iter().map(|fault| fault.render(Lang::En)).collect::<String>()))
}

fn names(definition: &Definition) -> Vec<&str> {
    definition.nodes.iter().map(|node| node.name.as_str()).collect()
}

#[test]
fn the_sample_loads_with_its_nodes_in_the_order_of_the_lines() {
    let sample = load(include_str!("../../../workflows/sales-contract.rhai"), "workflows/sales-contract.rhai");
    let definition = sample.map_or_else(|faults| panic!("{faults:#?}"), |loaded| loaded.definition);
    assert_eq!(names(&definition), ["manager", "review", "final", "finance-desk"]);
    assert_eq!(definition.hooks.len(), 2);
    let NodeKind::Branch { ways, inclusive: false } = &definition.nodes[2].kind else { panic!("final is a branch") };
    assert_eq!(ways.iter().map(|way| way.name.as_str()).collect::<Vec<_>>(), ["不满 100万", "100万 以上"]);
}

#[test]
fn a_definition_survives_its_json() {
    let definition = loaded(include_str!("../../../workflows/sales-contract.rhai")).definition;
    let json = serde_json::to_string(&definition).unwrap();
    assert_eq!(serde_json::from_str::<Definition>(&json).unwrap(), definition);
}

#[test]
fn the_version_does_not_depend_on_line_ends_or_the_name_of_the_file() {
    let source = include_str!("../../../workflows/sales-contract.rhai");
    let windows = format!("\u{feff}{}", source.replace('\n', "\r\n"));
    assert_eq!(
        loaded(source).definition.version,
        load(&windows, "other.rhai").map(|it| it.definition.version).unwrap()
    );
}

mod running_another {
    use super::*;
    use crate::workflow::scenario::{PersonData, World};
    use crate::workflow::{Facts, OnReject, Script as _, Who, definition_version};

    const RISK: &str = r#"
        workflow("risk", #{ title: "风险评审", subject: "contract", takes: nothing() });
        approve("legal", #{ title: "法务", by: role("legal"), when: |c| c.delivery_days > 90 });
        approve("boss", #{ title: "主管", by: |c| approver_of("legal"), on_reject: back_to("legal") });
    "#;

    fn shelf(sources: &[&str]) -> Shelf {
        Shelf::of_files(
            &sources.iter().map(|source| ((*source).to_owned(), "risk.rhai".to_owned())).collect::<Vec<_>>(),
        )
    }

    fn with(nodes: &str) -> String {
        format!("workflow(\"w\", #{{ title: \"t\", subject: \"contract\" }});\n{nodes}")
    }

    fn running(nodes: &str) -> Loaded {
        load_with(&with(nodes), "w.rhai", &shelf(&[RISK])).unwrap_or_else(|faults| panic!("{faults:#?}"))
    }

    fn facts(loaded: &Loaded) -> Facts {
        let mut world = World::default();
        world.people.push(PersonData { login: "li".to_owned(), ..PersonData::default() });
        world.record.fields.insert("delivery_days".to_owned(), 120.into());
        world.facts(&loaded.definition, None).unwrap()
    }

    #[test]
    fn its_nodes_are_called_after_the_node_that_runs_it() {
        let loaded = running(r#"run("check", "risk"); approve("end", #{ by: role("legal") });"#);
        let names: Vec<&str> = loaded.definition.every_node().iter().map(|node| node.name.as_str()).collect();
        assert_eq!(names, ["check", "check/legal", "check/boss", "end"]);
        assert_eq!(loaded.definition.nodes[0].title, "风险评审");
        let back = match &loaded.definition.node("check/boss").unwrap().kind {
            NodeKind::Approve { options, .. } => &options.on_reject,
            other => panic!("{other:?}"),
        };
        assert_eq!(*back, OnReject::BackTo { node: "check/legal".into() });
        assert_eq!(loaded.definition.file_of("check/legal"), "risk.rhai");
        assert_eq!(loaded.definition.file_of("end"), "w.rhai");
    }

    #[test]
    fn its_closures_stand_behind_those_of_the_file_and_name_its_own_nodes() {
        let loaded = running(
            r#"approve("begin", #{ by: role("legal"), when: |c| c.delivery_days > 1 });
               run("one", "risk"); run("two", "risk");"#,
        );
        let (nodes, facts) = (loaded.definition.every_node(), facts(&loaded));
        let experts = nodes.iter().filter_map(|node| match &node.kind {
            NodeKind::Approve { by: Who::Expert { script }, .. } => Some(*script),
            _ => None,
        });
        let answers: Vec<Who> = experts.map(|id| loaded.script.people(id, &facts).unwrap().value).collect();
        assert_eq!(answers, ["one/legal", "two/legal"].map(|node| Who::ApproverOf { node: node.into() }));
    }

    #[test]
    fn the_version_follows_that_of_what_it_runs() {
        let source = with(r#"run("check", "risk");"#);
        let version =
            |risk: &str| load_with(&source, "w.rhai", &shelf(&[risk])).map(|it| it.definition.version).unwrap();
        assert_ne!(version(RISK), version(&RISK.replace("90", "60")));
        assert_ne!(version(RISK), definition_version(&source, &std::collections::BTreeMap::new()));
    }

    #[test]
    fn what_follows_one_that_is_not_waited_for_happens_beside_it() {
        let loaded = running(
            r#"run("check", "risk", #{ waits: false }); approve("a", #{ by: role("legal") }); approve("b", #{ by: role("legal") });"#,
        );
        let [beside] = loaded.definition.nodes.as_slice() else { panic!("{:#?}", loaded.definition.nodes) };
        let NodeKind::Parallel { ways } = &beside.kind else { panic!("{beside:#?}") };
        let ways: Vec<Vec<&str>> = ways.iter().map(|way| way.iter().map(|node| node.name.as_str()).collect()).collect();
        assert_eq!(ways, [vec!["check"], vec!["a", "b"]]);
    }

    #[test]
    fn two_that_run_each_other_are_never_read() {
        let other = "workflow(\"other\", #{ title: \"t\", subject: \"contract\" }); run(\"back\", \"w\");";
        let files = shelf(&[other, &with("run(\"there\", \"other\");")]);
        assert_eq!(files.names().count(), 0);
    }
}
