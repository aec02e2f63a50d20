use super::*;
use crate::i18n::{Lang, text};
use crate::workflow::language::load;

const OLD: &str = r#"
workflow("w", #{ title: "合同审批", subject: "contract", takes: category_is("sales") });
approve("manager", #{ title: "经理审批", by: manager_of(drafter()), within: working_hours(8) });
countersign("review", #{ title: "会签", by: [one_of(role("legal")), one_of(role("finance"))],
    when: any_of([deviates(), |c| c.delivery_days > 90]) });
by_amount("final", [
    below("100万", approve("gm", #{ title: "总经理审批", by: role("general-manager") })),
    from("100万", approve("president", #{ title: "总裁审批", by: role("president") })),
]);
copy_to("desk", #{ title: "抄送", to: role("accountant") });
on_approved([request_seal("合同专用章")]);
"#;

fn loaded(source: &str) -> Loaded {
    load(source, "w.rhai").unwrap_or_else(|faults| panic!("{faults:#?}"))
}

/// The changes in words.
fn said(lang: Lang, new: &str) -> Vec<String> {
    let names = Names { lang, ..Names::default() };
    diff(&loaded(OLD), &loaded(new), names).iter().map(|change| text(lang, &change.message())).collect()
}

fn one(new: &str) -> String {
    let said = said(Lang::Zh, new);
    assert_eq!(said.len(), 1, "{said:#?}");
    said[0].clone()
}

#[test]
fn lines_comments_and_the_order_of_options_change_nothing() {
    let new = OLD
        .replace(
            "title: \"经理审批\", by: manager_of(drafter())",
            "by: manager_of(drafter()), // 谁\n title: \"经理审批\"",
        )
        .replace("|c| c.delivery_days > 90", "|c|\n   c.delivery_days  >  90");
    assert_eq!(said(Lang::Zh, &new), Vec::<String>::new());
}

#[test]
fn an_option_of_a_node_is_told_with_what_it_said_and_says() {
    let new = OLD.replace("working_hours(8)", "working_days(1)");
    assert_eq!(one(&new), "「经理审批」（manager）：`within` 由「8 个工作小时」改为「1 个工作日」。");
    let english = said(Lang::En, &new);
    assert_eq!(english, ["经理审批 (manager): `within` was '8 working hours' and is '1 working days'."]);
}

#[test]
fn an_option_that_was_not_written_or_is_no_longer_is_told_so() {
    let new = OLD.replace(", within: working_hours(8)", "");
    assert_eq!(one(&new), "「经理审批」（manager）：去掉了 `within`，原来是「8 个工作小时」。");
    let new = OLD.replace("by: role(\"general-manager\")", "by: role(\"general-manager\"), when: deviates()");
    assert_eq!(one(&new), "「总经理审批」（gm）：`when` 新写为「偏离标准文本」。");
}

#[test]
fn closures_are_compared_and_shown_by_their_text() {
    let told = one(&OLD.replace("> 90", "> 60"));
    assert!(told.contains("由「偏离标准文本，或者专家写法 |c| c.delivery_days > 90」"), "{told}");
    assert!(told.contains("改为「偏离标准文本，或者专家写法 |c| c.delivery_days > 60」"), "{told}");
}

#[test]
fn a_value_that_a_closure_captured_and_a_function_that_it_calls_belong_to_it() {
    let old = OLD.replace("countersign(", "let most = 90;\ncountersign(").replace("> 90", "> most");
    let new = old.replace("most = 90", "most = 60");
    let changed = |old: &str, new: &str| diff(&loaded(old), &loaded(new), Names::default()).len();
    assert_eq!(changed(&old, &new), 1);
    let old = OLD.replace("c.delivery_days > 90", "late(c)") + "fn late(c) { c.delivery_days > 90 }";
    assert_eq!(changed(&old, &old.replace("> 90", "> 60")), 1);
    let other = old.replace("to: role(\"accountant\")", "when: |c| c.other, to: role(\"accountant\")");
    let text = |number| loaded(&other).script.text(crate::workflow::ScriptId(number)).unwrap_or_default().to_owned();
    assert_eq!([text(0), text(1)], ["|c| late(c)\nfn late(c) { c.delivery_days > 90 }", "|c| c.other"]);
}

#[test]
fn nodes_are_added_and_removed_with_their_place() {
    let new = OLD.replace("copy_to(", "approve(\"vp\", #{ title: \"副总审批\", by: role(\"vp\") });\ncopy_to(");
    assert_eq!(one(&new), "新增「副总审批」（vp），在「final」之后。副总审批：由角色 vp审批。");
    let new = OLD.replace("copy_to(\"desk\", #{ title: \"抄送\", to: role(\"accountant\") });", "");
    assert_eq!(one(&new), "去掉「抄送」（desk），原来在「final」之后。");
}

#[test]
fn a_node_that_changed_its_place_is_moved_and_its_neighbours_are_not() {
    let copy = "copy_to(\"desk\", #{ title: \"抄送\", to: role(\"accountant\") });\n";
    let new = OLD.replace(copy, "").replace("approve(\"manager\"", &format!("{copy}approve(\"manager\""));
    assert_eq!(one(&new), "「抄送」（desk）从「final」之后移到最前面。");
    let gm = "approve(\"gm\", #{ title: \"总经理审批\", by: role(\"general-manager\") })";
    let president = "approve(\"president\", #{ title: \"总裁审批\", by: role(\"president\") })";
    let new = OLD.replace(&format!("from(\"100万\", {president})"), &format!("from(\"100万\", [{gm}, {president}])"));
    let new = new.replace(&format!("below(\"100万\", {gm})"), "below(\"100万\", [])");
    let told = one(&new);
    assert!(
        told.contains("gm") && told.contains("分支「不满 100万」") && told.contains("分支「100万 以上」"),
        "{told}"
    );
}

#[test]
fn a_band_with_another_limit_is_the_same_way() {
    let told = said(Lang::Zh, &OLD.replace("100万", "200万"));
    assert_eq!(
        told,
        [
            "「final」的分支「不满 200万」：`condition` 由「审批金额不满 1,000,000 元」改为「审批金额不满 2,000,000 元」。",
            "「final」的分支「200万 以上」：`condition` 由「审批金额 1,000,000 元以上（含）」改为「审批金额 2,000,000 元以上（含）」。",
        ]
    );
}

#[test]
fn a_band_more_is_a_way_more_with_its_node() {
    let new = OLD.replace("below(\"100万\"", "below(\"10万\", []),\n    between(\"10万\", \"100万\"");
    let told = said(Lang::Zh, &new);
    assert!(told.iter().any(|line| line.contains("新增分支「不满 10万」")), "{told:#?}");
    assert!(told.iter().any(|line| line.contains("分支「10万 以上不满 100万」：`condition`")), "{told:#?}");
    assert_eq!(told.len(), 2, "{told:#?}");
}

#[test]
fn options_of_the_workflow_and_what_happens_at_the_ends_are_told() {
    let new = OLD.replace("category_is(\"sales\")", "category_is(\"sales\", \"lease\")").replace("合同专用章", "公章");
    let told = said(Lang::Zh, &new);
    assert_eq!(told.len(), 2, "{told:#?}");
    assert!(told[0].starts_with("流程：`takes` 由「类别为sales」改为「类别为sales"), "{told:#?}");
    assert_eq!(told[1], "流程：`on_approved` 由「申请用印（合同专用章）」改为「申请用印（公章）」。");
}

#[test]
fn another_kind_of_node_of_the_same_name_is_told_as_one() {
    let new = OLD.replace(
        "copy_to(\"desk\", #{ title: \"抄送\", to: role(\"accountant\") });",
        "wait(\"desk\", event(\"signed\"), #{ title: \"抄送\" });",
    );
    let told = said(Lang::Zh, &new);
    assert!(told.iter().any(|line| line.contains("`kind` 由「copy_to」改为「wait」")), "{told:#?}");
}
