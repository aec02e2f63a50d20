use super::*;
use crate::i18n::{Lang, text};
use crate::workflow::engine::all_nodes;
use crate::workflow::explain::Names;
use crate::workflow::language::{Loaded, Shelf, load};
use crate::workflow::{Definition, Node, NodeKind, OnReject, StepKind, shipped};

fn loaded(source: &str) -> Loaded {
    load(source, "w.rhai").unwrap_or_else(|faults| {
        panic!("{source}\n{}", faults.iter().map(|fault| fault.render(Lang::En)).collect::<String>())
    })
}

/// What a file becomes, which can always be read, and what was said of it.
fn imported(xml: &str) -> (Definition, String, Vec<String>) {
    let imported = import(xml, "contract", Lang::Zh).unwrap();
    let notes = imported.notes.iter().map(|note| text(Lang::Zh, note)).collect();
    (loaded(&imported.source).definition, imported.source, notes)
}

/// Name, title and kind of every node, in order.
fn told(nodes: &[Node]) -> Vec<(String, String, StepKind)> {
    let nodes = all_nodes(nodes);
    nodes.into_iter().map(|node| (node.name.clone(), node.title.clone(), StepKind::of(&node.kind))).collect()
}

fn names(definition: &Definition) -> Vec<&str> {
    all_nodes(&definition.nodes).into_iter().map(|node| node.name.as_str()).collect()
}

fn find<'a>(definition: &'a Definition, name: &str) -> &'a Node {
    all_nodes(&definition.nodes).into_iter().find(|node| node.name == name).unwrap()
}

/// A process with that inside, as tools write it.
fn process(inside: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:flowable="http://flowable.org/bpmn"
    xmlns:activiti="http://activiti.org/bpmn" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="urn:test">
<bpmn:process id="leave" name="合同审批" isExecutable="true">
{inside}
</bpmn:process></bpmn:definitions>"#
    )
}

/// Flows as `from -> to`, or `from -> to [name] {condition}`.
fn flows(of: &[(&str, &str, &str)]) -> String {
    let flow = |(number, (from, to, condition)): (usize, &(&str, &str, &str))| {
        let inside = if condition.is_empty() {
            String::new()
        } else {
            let condition = condition.replace('&', "&amp;").replace('<', "&lt;");
            format!(
                "<bpmn:conditionExpression xsi:type=\"bpmn:tFormalExpression\">{condition}</bpmn:conditionExpression>"
            )
        };
        format!(
            "<bpmn:sequenceFlow id=\"f{number}\" sourceRef=\"{from}\" targetRef=\"{to}\">{inside}</bpmn:sequenceFlow>\n"
        )
    };
    of.iter().enumerate().map(flow).collect()
}

const ENDS: &str = r#"<bpmn:startEvent id="s" /><bpmn:endEvent id="e" />"#;

#[test]
fn what_ships_comes_back_with_the_same_nodes() {
    let travel = include_str!("../../../workflows/examples/travel-declaration.rhai").to_owned();
    for source in shipped().into_iter().map(|shipped| shipped.source).chain([travel]) {
        let before = loaded(&source).definition;
        let xml = bpmn(&before, Names::default());
        let (after, source, _) = imported(&xml);
        assert_eq!(told(&after.nodes), told(&before.nodes), "{source}");
        assert_eq!((&after.name, &after.title), (&before.name, &before.title));
    }
}

#[test]
fn every_construct_comes_back_where_it_stood() {
    let source = r#"
workflow("w", #{ title: "审批", subject: "contract" });
branch("kind", [
    way("甲", deviates(), [approve("a", #{ title: "甲", by: role("x") }), act("b", [request_seal("公章")])]),
    way("乙", has("amount"), []),
    otherwise([parallel("p", [[approve("c", #{ by: user("lu") })], [wait("d", working_days(3)), copy_to("1f", #{ to: owner() })]])]),
], #{ title: "哪一类", when: category_is("sales") });
every_way_that("also", [
    way("一", deviates(), [approve("g", #{ by: drafter() })]),
    way("二", has("amount"), [approve("k", #{ by: role("x") })]),
]);
countersign("h", #{ by: [one_of(role("x")), one_of(role("y"))], rule: any(), when: deviates() });
wait("i", event("signed"));
wait("j", date("expires"), #{ when: deviates() });
"#;
    let before = loaded(source).definition;
    let (after, again, _) = imported(&bpmn(&before, Names::default()));
    assert_eq!(told(&after.nodes), told(&before.nodes), "{again}");
    let ways = |definition: &Definition| match &find(definition, "kind").kind {
        NodeKind::Branch { ways, .. } => ways.iter().map(|way| (way.name.clone(), way.nodes.len())).collect::<Vec<_>>(),
        _ => Vec::new(),
    };
    assert_eq!(ways(&after), ways(&before));
    assert!(find(&after, "h").when.is_some() && find(&after, "kind").when.is_some());
}

#[test]
fn an_export_has_a_shape_for_every_element_and_an_edge_for_every_flow() {
    let purchase = shipped().into_iter().find(|one| one.file.contains("purchase")).unwrap();
    let xml = bpmn(&loaded(&purchase.source).definition, Names::default());
    let document = roxmltree::Document::parse(&xml).unwrap();
    let ids = |tags: fn(&str) -> bool, attribute: &str| -> Vec<String> {
        let found = document.descendants().filter(|node| node.is_element() && tags(node.tag_name().name()));
        let mut ids: Vec<String> = found.filter_map(|node| node.attribute(attribute).map(str::to_owned)).collect();
        ids.sort();
        ids
    };
    let flows = ids(|tag| tag == "sequenceFlow", "id");
    assert_eq!(ids(|tag| tag == "BPMNEdge", "bpmnElement"), flows);
    let shapes = |tag: &str| tag.ends_with("Task") || tag.ends_with("Event") || tag.ends_with("Gateway");
    assert_eq!(ids(|tag| tag == "BPMNShape", "bpmnElement"), ids(shapes, "id"));
    for flow in document.descendants().filter(|node| node.tag_name().name() == "sequenceFlow") {
        for end in ["sourceRef", "targetRef"] {
            let id = flow.attribute(end).unwrap();
            assert!(document.descendants().any(|node| node.attribute("id") == Some(id)), "{id}");
        }
    }
    assert!(xml.contains("审批金额不满 500,000 元</conditionExpression>"), "{xml}");
    assert!(xml.contains("camunda:candidateGroups=\"legal,finance\""), "{xml}");
}

#[test]
fn no_two_shapes_lie_upon_each_other() {
    for shipped in shipped() {
        let definition = loaded(&shipped.source).definition;
        let drawing = shapes::Drawing::of(&definition, Names::default());
        let mut cells: Vec<_> = drawing.shapes.iter().map(|shape| shape.cell).collect();
        let count = cells.len();
        cells.sort_unstable();
        cells.dedup();
        assert_eq!(cells.len(), count, "{}", shipped.file);
    }
}

#[test]
fn people_are_taken_in_the_words_of_each_tool() {
    let task = |attributes: &str, inside: &str| {
        let task = format!("{ENDS}<bpmn:userTask id=\"t\" name=\"审批\" {attributes}>{inside}</bpmn:userTask>");
        imported(&process(&(task + flows(&[("s", "t", ""), ("t", "e", "")]).as_str()))).1
    };
    let owner = "<bpmn:potentialOwner><bpmn:resourceAssignmentExpression><bpmn:formalExpression>user(lu), group(legal)\
        </bpmn:formalExpression></bpmn:resourceAssignmentExpression></bpmn:potentialOwner>";
    let eight =
        "<bpmn:extensionElements><zeebe:assignmentDefinition candidateGroups=\"legal\" /></bpmn:extensionElements>";
    for (attributes, inside, expected) in [
        ("camunda:candidateGroups=\"legal, finance\"", "", "by: [role(\"legal\"), role(\"finance\")]"),
        ("flowable:candidateUsers=\"lu\"", "", "by: user(\"lu\")"),
        ("activiti:assignee=\"${initiator}\"", "", "by: drafter()"),
        ("", owner, "by: [role(\"legal\"), user(\"lu\")]"),
        ("", eight, "by: role(\"legal\")"),
        ("", "", "by: role(\"to-be-named\")"),
        ("flowable:assignee=\"${leader}\"", "", "by: role(\"to-be-named\")"),
    ] {
        let source = task(attributes, inside);
        assert!(source.contains(expected), "{attributes}: {source}");
    }
}

#[test]
fn a_flowable_process_with_amounts_becomes_a_branch() {
    let tasks = r#"
<bpmn:userTask id="manager" name="部门经理" flowable:candidateGroups="manager" />
<bpmn:exclusiveGateway id="gw" name="金额" default="f4" />
<bpmn:userTask id="boss" name="总经理" flowable:candidateGroups="general-manager" />
<bpmn:userTask id="finance" name="财务" flowable:candidateGroups="finance" />
<bpmn:exclusiveGateway id="join" />"#;
    let flows = flows(&[
        ("s", "manager", ""),
        ("manager", "gw", ""),
        ("gw", "boss", "${amount >= 100000}"),
        ("gw", "finance", "${urgent == true && days > 3}"),
        ("gw", "join", ""),
        ("boss", "join", ""),
        ("finance", "join", ""),
        ("join", "e", ""),
    ]);
    let (definition, source, notes) = imported(&process(&format!("{ENDS}{tasks}{flows}")));
    assert_eq!(names(&definition), ["manager", "gw", "boss", "finance"]);
    assert!(source.contains("amount_from(\"100000\")") && source.contains("otherwise(["), "{source}");
    assert!(source.contains("// 原条件：${urgent == true && days > 3}"), "{source}");
    assert!(source.contains("field_is(\"condition_1\", true)"), "{source}");
    assert!(notes.iter().any(|note| note.contains("sequenceFlow（f3）") && note.contains("第 ")), "{notes:#?}");
}

#[test]
fn a_placeholder_is_something_that_check_points_at() {
    let tasks = r#"<bpmn:exclusiveGateway id="gw" default="f2" /><bpmn:userTask id="a" camunda:candidateGroups="x" />"#;
    let flows = flows(&[("s", "gw", ""), ("gw", "a", "${vip}"), ("gw", "e", ""), ("a", "e", "")]);
    let source = imported(&process(&format!("{ENDS}{tasks}{flows}"))).1;
    let schema = crate::workflow::SubjectSchema {
        kind: crate::kernel::Kind::of("contract"),
        fields: Vec::new(),
        events: Vec::new(),
        words: Vec::new(),
        effects: Vec::new(),
        silence_needs_reason: true,
    };
    let faults = crate::workflow::check::check(&source, "w.rhai", &Shelf::default(), &[schema], None);
    assert!(faults.iter().any(|fault| fault.code == "unknown_field"), "{faults:#?}\n{source}");
}

#[test]
fn a_node_that_some_cases_pass_by_has_a_condition_of_its_own() {
    let tasks = r#"<bpmn:exclusiveGateway id="gw" default="f2" /><bpmn:userTask id="a" camunda:candidateGroups="x" />
<bpmn:exclusiveGateway id="join" /><bpmn:userTask id="b" camunda:candidateGroups="y" />"#;
    let flows = flows(&[
        ("s", "gw", ""),
        ("gw", "a", "${amount < 500}"),
        ("gw", "join", ""),
        ("a", "join", ""),
        ("join", "b", ""),
        ("b", "e", ""),
    ]);
    let (definition, source, _) = imported(&process(&format!("{ENDS}{tasks}{flows}")));
    assert_eq!(names(&definition), ["a", "b"]);
    assert!(source.contains("when: amount_below(\"500\")"), "{source}");
}

#[test]
fn a_way_back_after_a_decision_is_what_its_rejection_does() {
    let tasks = r#"<bpmn:userTask id="a" camunda:candidateGroups="x" /><bpmn:userTask id="b" camunda:candidateGroups="y" />
<bpmn:exclusiveGateway id="ok" />"#;
    let flows = flows(&[
        ("s", "a", ""),
        ("a", "b", ""),
        ("b", "ok", ""),
        ("ok", "e", "${approved}"),
        ("ok", "a", "${!approved}"),
    ]);
    let (definition, _, notes) = imported(&process(&format!("{ENDS}{tasks}{flows}")));
    assert_eq!(names(&definition), ["a", "b"]);
    let NodeKind::Approve { options, .. } = &find(&definition, "b").kind else { panic!() };
    assert_eq!(options.on_reject, OnReject::BackTo { node: "a".into() });
    assert_eq!(notes, Vec::<String>::new());
}

#[test]
fn a_task_of_whoever_submitted_to_mend_it_is_going_back_to_the_drafter() {
    let tasks = r#"<bpmn:userTask id="a" camunda:candidateGroups="x" /><bpmn:userTask id="b" camunda:candidateGroups="y" />
<bpmn:exclusiveGateway id="one" /><bpmn:exclusiveGateway id="two" />
<bpmn:userTask id="adjust" name="调整申请" flowable:assignee="${initiator}" />"#;
    let flows = flows(&[
        ("s", "a", ""),
        ("a", "one", ""),
        ("one", "b", "${approved}"),
        ("one", "adjust", "${!approved}"),
        ("b", "two", ""),
        ("two", "e", "${approved}"),
        ("two", "adjust", "${!approved}"),
        ("adjust", "a", ""),
    ]);
    let (definition, source, notes) = imported(&process(&format!("{ENDS}{tasks}{flows}")));
    assert_eq!(names(&definition), ["a", "b"], "{source}");
    assert_eq!(source.matches("on_reject: back_to_drafter()").count(), 2, "{source}");
    assert_eq!(notes, Vec::<String>::new());
}

#[test]
fn a_way_to_the_end_for_what_is_turned_down_needs_no_word() {
    let tasks = r#"<bpmn:userTask id="a" camunda:candidateGroups="x" /><bpmn:exclusiveGateway id="ok" />
<bpmn:userTask id="b" camunda:candidateGroups="y" /><bpmn:endEvent id="no" />"#;
    let flows = flows(&[
        ("s", "a", ""),
        ("a", "ok", ""),
        ("ok", "b", "${approved}"),
        ("ok", "no", "${approved == false}"),
        ("b", "e", ""),
    ]);
    let (definition, source, notes) = imported(&process(&format!("{ENDS}{tasks}{flows}")));
    assert_eq!(names(&definition), ["a", "b"], "{source}");
    assert_eq!(notes, Vec::<String>::new());
}

#[test]
fn votes_keep_how_they_are_counted() {
    let several = |attributes: &str, ends: &str| {
        let task = format!(
            "{ENDS}<bpmn:userTask id=\"t\" camunda:candidateGroups=\"legal\"><bpmn:multiInstanceLoopCharacteristics {attributes}>\
             {ends}</bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>"
        );
        imported(&process(&(task + flows(&[("s", "t", ""), ("t", "e", "")]).as_str()))).1
    };
    let ends = |words: &str| format!("<bpmn:completionCondition>{words}</bpmn:completionCondition>");
    assert!(several("", "").contains("countersign(\"t\", #{ by: [everyone_in(role(\"legal\"))] })"));
    assert!(several("isSequential=\"true\"", "").contains("rule: in_order()"));
    assert!(several("", &ends("${nrOfCompletedInstances/nrOfInstances >= 0.66}")).contains("rule: ratio(66)"));
    assert!(several("", &ends("${nrOfCompletedInstances == 1}")).contains("rule: any()"));
}

#[test]
fn parallel_ways_and_waits_and_what_has_no_place_are_told() {
    let tasks = r#"<bpmn:parallelGateway id="fork" /><bpmn:userTask id="a" camunda:candidateGroups="x" />
<bpmn:userTask id="b" camunda:candidateGroups="y" /><bpmn:parallelGateway id="join" />
<bpmn:intermediateCatchEvent id="pause"><bpmn:timerEventDefinition><bpmn:timeDuration>P3D</bpmn:timeDuration>
</bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>
<bpmn:subProcess id="sub" name="归档" /><bpmn:serviceTask id="mail" name="发邮件" />"#;
    let flows = flows(&[
        ("s", "fork", ""),
        ("fork", "a", ""),
        ("fork", "b", ""),
        ("a", "join", ""),
        ("b", "join", ""),
        ("join", "pause", ""),
        ("pause", "sub", ""),
        ("sub", "mail", ""),
        ("mail", "e", ""),
    ]);
    let (definition, source, notes) = imported(&process(&format!("{ENDS}{tasks}{flows}")));
    assert_eq!(names(&definition), ["fork", "a", "b", "pause", "mail"]);
    assert!(source.contains("wait(\"pause\", days(3))") && source.contains("act(\"mail\", [], #{"), "{source}");
    assert!(notes.iter().any(|note| note.contains("subProcess（sub）")), "{notes:#?}");
    assert!(notes.iter().any(|note| note.contains("serviceTask（mail）")), "{notes:#?}");
}

#[test]
fn ways_that_cross_are_told_and_nothing_stands_twice() {
    let tasks = r#"<bpmn:exclusiveGateway id="g" /><bpmn:userTask id="a" camunda:candidateGroups="x" />
<bpmn:userTask id="b" camunda:candidateGroups="y" /><bpmn:userTask id="c" camunda:candidateGroups="z" />
<bpmn:exclusiveGateway id="h" />"#;
    let flows = flows(&[
        ("s", "g", ""),
        ("g", "a", "${one}"),
        ("g", "b", "${two}"),
        ("g", "h", "${three}"),
        ("a", "c", ""),
        ("b", "c", ""),
        ("c", "h", ""),
        ("h", "e", ""),
    ]);
    let (definition, _, notes) = imported(&process(&format!("{ENDS}{tasks}{flows}")));
    assert_eq!(names(&definition), ["g", "a", "c", "b"]);
    assert!(notes.iter().any(|note| note.contains("userTask（c）") && note.contains("提前汇合")), "{notes:#?}");
}

#[test]
fn a_way_back_to_anything_else_is_told() {
    let tasks = r#"<bpmn:userTask id="a" camunda:candidateGroups="x" /><bpmn:serviceTask id="m" />
<bpmn:exclusiveGateway id="again" /><bpmn:userTask id="b" camunda:candidateGroups="y" />"#;
    let flows = flows(&[
        ("s", "a", ""),
        ("a", "m", ""),
        ("m", "again", ""),
        ("again", "b", "${done}"),
        ("again", "a", "${!done}"),
        ("b", "e", ""),
    ]);
    let (definition, _, notes) = imported(&process(&format!("{ENDS}{tasks}{flows}")));
    assert_eq!(names(&definition), ["a", "m", "b"]);
    assert!(notes.iter().any(|note| note.contains("sequenceFlow（f4）") && note.contains("往回")), "{notes:#?}");
}

#[test]
fn what_is_no_bpmn_is_refused_with_the_reason() {
    let refused = |xml: &str| import(xml, "contract", Lang::En).unwrap_err();
    assert!(matches!(refused("<a>\n<b></a>"), ImportError::NotXml { line: 2, .. }));
    assert_eq!(refused("<a/>"), ImportError::NoProcess);
    assert_eq!(refused(&process(ENDS)), ImportError::NoTasks);
}

#[test]
fn names_that_the_language_cannot_have_are_changed_and_stay_apart() {
    let tasks = r#"<bpmn:userTask id="a.b" name="带&quot;引号&quot;" camunda:candidateGroups="x" />
<bpmn:userTask id="a:b" camunda:candidateGroups="x" />"#;
    let flows = flows(&[("s", "a.b", ""), ("a.b", "a:b", ""), ("a:b", "e", "")]);
    let (definition, _, _) = imported(&process(&format!("{ENDS}{tasks}{flows}")));
    assert_eq!(names(&definition), ["a-b", "a-b-2"]);
    assert_eq!(definition.nodes[0].title, "带\"引号\"");
}

#[test]
fn forms_dates_listeners_and_lanes_that_could_not_be_taken_are_said() {
    let (_, _, notes) = imported(&process(&format!(
        r#"<bpmn:laneSet id="lanes"><bpmn:lane id="l" name="法务"/></bpmn:laneSet>
<bpmn:startEvent id="s"/>
<bpmn:userTask id="a" name="法务审核" camunda:candidateGroups="legal" camunda:formKey="f" camunda:dueDate="P2D">
<bpmn:extensionElements><camunda:taskListener event="create"/></bpmn:extensionElements></bpmn:userTask>
<bpmn:endEvent id="e"/>{}"#,
        flows(&[("s", "a", ""), ("a", "e", "")])
    )));
    assert!(notes.iter().any(|note| note.contains("lanes") && note.contains("泳道没有转换")), "{notes:#?}");
    let left = notes.iter().find(|note| note.contains("taskListener")).unwrap_or_else(|| panic!("{notes:#?}"));
    assert!(left.contains("dueDate") && left.contains("formKey") && left.contains("（a）"), "{left}");
}
