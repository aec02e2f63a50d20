//! The shipped templates, and what `check` says about a faulty one.

use qiyue::contract::document::{Deviation, Document, Draft, Origin, compare, fill, html};
use qiyue::contract::template::{Due, FieldProblem, FieldValue, Folder, Item, Part, Role, Template, shipped};
use qiyue::i18n::Lang;
use qiyue::kernel::{Currency, Hash, Money, Span};

fn folder(name: &str) -> Folder {
    shipped().into_iter().find(|folder| folder.name == name).unwrap()
}

fn load(folder: &Folder) -> Template {
    folder.load().unwrap_or_else(|faults| panic!("{}", report(&faults, Lang::En)))
}

fn sample(name: &str) -> (Template, Draft) {
    let folder = folder(name);
    let template = load(&folder);
    let draft = Draft::sample(&folder, &template).unwrap_or_else(|faults| panic!("{}", report(&faults, Lang::En)));
    (template, draft)
}

fn report(faults: &[qiyue::contract::template::Fault], lang: Lang) -> String {
    faults.iter().map(|fault| fault.report(lang)).collect()
}

fn text_of(document: &Document) -> String {
    let texts: Vec<String> =
        document.clauses.iter().map(|clause| format!("{}\n{}\n", clause.heading(), clause.text())).collect();
    texts.concat()
}

fn cny(text: &str) -> Money {
    Money::parse(text, Currency::CNY).unwrap()
}

#[test]
fn every_shipped_template_renders_its_sample_without_a_blank() {
    let folders = shipped();
    assert_eq!(
        folders.iter().map(|f| f.name.as_str()).collect::<Vec<_>>(),
        ["car-sale", "product-sale", "software-service"]
    );
    for folder in folders {
        let (template, draft) = sample(&folder.name);
        let document = fill(&template, &draft).unwrap();
        assert_eq!(draft.check(&template, &document), [], "{}", folder.name);
        assert_eq!(document.blanks(), Vec::<String>::new(), "{}", folder.name);
        assert!(!html(&document).contains("class=\"empty\""), "{}", folder.name);
        assert!(!text_of(&document).contains("{{"), "{}", folder.name);
    }
}

#[test]
fn every_alternative_of_every_template_renders_too() {
    for folder in shipped() {
        let (template, mut draft) = sample(&folder.name);
        for clause in template.clauses.clone() {
            let qiyue::contract::template::ClauseKind::Alternatives(alternatives) = &clause.kind else { continue };
            for alternative in alternatives {
                draft.choices.insert(clause.name.clone(), alternative.section.clone());
                let document = fill(&template, &draft).unwrap();
                assert_eq!(draft.check(&template, &document), [], "{} {}", folder.name, alternative.section);
            }
        }
    }
}

#[test]
fn every_template_has_the_eight_items_of_article_470() {
    for folder in shipped() {
        let template = load(&folder);
        for item in Item::ALL {
            assert!(
                template.clauses.iter().any(|clause| clause.covers.contains(&item)),
                "{}: {}",
                folder.name,
                item.in_law()
            );
        }
    }
}

#[test]
fn an_empty_draft_shows_its_blanks_and_says_what_is_missing() {
    let template = load(&folder("software-service"));
    let draft = Draft::new(&template, Role::Provider);
    let document = fill(&template, &draft).unwrap();
    assert!(html(&document).contains("<mark class=\"empty\" data-field=\"service_fee\">＿＿＿＿＿＿</mark>"));
    let errors = draft.check(&template, &document);
    let missing = |field: &str| errors.iter().any(|e| e.field == field && e.problem == FieldProblem::Missing);
    assert!(missing("service_fee") && missing("client.name") && missing("net_fee"));
    assert!(!missing("payment_terms"), "optional");
    assert!(!missing("arbitration_commission"), "its clause is not taken");
}

#[test]
fn amounts_and_dates_read_as_in_a_chinese_contract() {
    let (template, draft) = sample("software-service");
    let text = text_of(&fill(&template, &draft).unwrap());
    assert!(text.contains("含税总价为人民币壹佰贰拾捌万元整（¥1,280,000.00）"), "{text}");
    assert!(text.contains("不含税价款人民币壹佰贰拾万柒仟伍佰肆拾柒元壹角柒分（¥1,207,547.17）"));
    assert!(text.contains("自2026年3月1日起至2027年2月28日止"));
    assert!(text.contains("第十七条　生效与文本"), "{text}");
    assert!(text.contains("| 1 | 首付款 | 合同签订后10个工作日内 | 30% | ¥384,000.00 |"), "{text}");
}

#[test]
fn product_lines_are_a_table_with_totals() {
    let (template, draft) = sample("product-sale");
    let document = fill(&template, &draft).unwrap();
    let text = text_of(&document);
    let row = "| 1 | 伺服电机 | SGM7J-08A | 750W，带制动器 | 台 | 40 | 2,680.00 | 13% | 107,200.00 | 2026年5月10日 |";
    assert!(text.contains(row), "{text}");
    assert!(text.contains("合计"), "{text}");
    assert!(text.contains("¥175,720.00"), "{text}");
    let total: Money = Money::sum(document.milestones.iter().map(|m| m.amount.gross), Currency::CNY).unwrap();
    assert_eq!(total, cny("175720"));
    let tax = Money::sum(document.milestones.iter().map(|m| m.amount.tax), Currency::CNY).unwrap();
    let values = draft.values(&template);
    assert_eq!(tax, draft.total(&template, &values).unwrap().tax);
}

#[test]
fn the_category_follows_our_role() {
    let template = load(&folder("product-sale"));
    assert_eq!(template.our_roles, [Role::Seller, Role::Buyer]);
    assert_eq!((template.category(Role::Seller), template.category(Role::Buyer)), ("sales", "purchase"));
}

#[test]
fn each_way_to_pay_for_a_car_has_its_own_plan() {
    let (template, mut draft) = sample("car-sale");
    let mut plan_of = |section: &str| {
        draft.choices.insert("payment".to_owned(), section.to_owned());
        let milestones = draft.milestones(&template).unwrap();
        milestones.into_iter().map(|m| (m.row.name.clone(), m.amount.gross, m.row.due)).collect::<Vec<_>>()
    };
    let after = |event: &str, span| Due::After { event: event.to_owned(), span };
    assert_eq!(
        plan_of("payment-deposit"),
        [
            ("deposit".to_owned(), cny("10000"), after("signed", None)),
            ("balance".to_owned(), cny("99900"), after("delivered", None)),
        ]
    );
    assert_eq!(plan_of("payment-full"), [("full".to_owned(), cny("109900"), after("signed", Some(Span::Days(3))))]);
    assert_eq!(
        plan_of("payment-loan"),
        [
            ("down-payment".to_owned(), cny("43960"), after("signed", Some(Span::Days(3)))),
            ("loan".to_owned(), cny("65940"), after("down-payment", Some(Span::WorkingDays(15)))),
        ]
    );
}

#[test]
fn a_deposit_above_a_fifth_of_the_price_is_refused() {
    let (template, mut draft) = sample("car-sale");
    draft.values.insert("deposit".to_owned(), FieldValue::Money(cny("21980.01")));
    let errors = draft.check(&template, &fill(&template, &draft).unwrap());
    assert_eq!(errors.len(), 1);
    assert_eq!(
        (errors[0].field.as_str(), &errors[0].problem),
        ("deposit", &FieldProblem::AboveMaximum("¥21,980.00".to_owned()))
    );
}

#[test]
fn a_term_that_ends_before_it_starts_is_refused() {
    let (template, mut draft) = sample("software-service");
    draft.values.insert("ends_on".to_owned(), FieldValue::Date("2026-02-28".parse().unwrap()));
    let errors = draft.check(&template, &fill(&template, &draft).unwrap());
    assert_eq!(errors[0].problem, FieldProblem::TooEarly { other: "服务开始日".to_owned() });
}

#[test]
fn a_plan_of_the_drafters_own_must_divide_the_total() {
    let (template, mut draft) = sample("software-service");
    let mut rows = draft.plan(&template, &draft.values(&template));
    rows[0].part = Part::Share(qiyue::kernel::Rate::percent(40));
    draft.values.insert("payment_plan".to_owned(), FieldValue::Plan(rows.clone()));
    let document = fill(&template, &draft).unwrap();
    let errors = draft.check(&template, &document);
    assert_eq!((errors[0].field.as_str(), &errors[0].problem), ("payment_plan", &FieldProblem::PlanNotWhole));

    rows[2].part = Part::Rest;
    rows[1].part = Part::Amount(cny("333333.33"));
    draft.values.insert("payment_plan".to_owned(), FieldValue::Plan(rows));
    let amounts: Vec<Money> = draft.milestones(&template).unwrap().iter().map(|m| m.amount.gross).collect();
    assert_eq!(amounts, [cny("512000"), cny("333333.33"), cny("434666.67")]);
}

#[test]
fn deviations_are_computed() {
    let (template, mut draft) = sample("software-service");
    let deviations = |draft: &Draft| {
        let document = fill(&template, draft).unwrap();
        document.deviations().map(|c| (c.name.clone(), c.deviation.unwrap())).collect::<Vec<_>>()
    };
    assert_eq!(deviations(&draft), []);

    draft.choices.insert("dispute".to_owned(), "dispute-arbitration".to_owned());
    assert_eq!(deviations(&draft), [], "an alternative that the template does not mark is only listed");
    let document = fill(&template, &draft).unwrap();
    assert!(
        matches!(&document.clause("dispute").unwrap().origin, Origin::Alternative { other_than_first: true, label, .. } if label == "提交仲裁")
    );

    draft.choices.insert("liability".to_owned(), "liability-capped".to_owned());
    draft.free.insert("special-terms".to_owned(), "乙方可提前续签。".to_owned());
    let same = fill(&template, &draft).unwrap().clause("scope").unwrap().text();
    draft.changed.insert("scope".to_owned(), same);
    draft.changed.insert("training".to_owned(), "1. 不提供培训。".to_owned());
    assert_eq!(
        deviations(&draft),
        [
            ("training".to_owned(), Deviation::Changed),
            ("liability".to_owned(), Deviation::Alternative),
            ("special-terms".to_owned(), Deviation::Written)
        ],
        "a change that changes nothing is none"
    );
}

#[test]
fn what_people_type_never_becomes_markup() {
    let (template, mut draft) = sample("software-service");
    let nasty = "**粗** {{ provider.name }} <script>alert(1)</script> # 标 `x` [a](javascript:b) | \\";
    draft.values.insert("software_name".to_owned(), FieldValue::Text(nasty.to_owned()));
    draft.free.insert("special-terms".to_owned(), "# 大\n<img src=x>\n- 项".to_owned());
    draft.changed.insert("training".to_owned(), "<b onclick=x>改</b> [链](javascript:x) ![图](http://x)".to_owned());
    let page = html(&fill(&template, &draft).unwrap());
    assert!(
        page.contains(
            "**粗** {{ provider.name }} &lt;script&gt;alert(1)&lt;/script&gt; # 标 `x` [a](javascript:b) | \\</mark>"
        ),
        "{page}"
    );
    assert!(page.contains("# 大<br>&lt;img src=x&gt;<br>- 项"));
    assert!(page.contains("&lt;b onclick=x&gt;改&lt;/b&gt; 链 图"));
    assert!(!page.contains("<script") && !page.contains("<img") && !page.contains("<b ") && !page.contains("href"));
}

#[test]
fn the_manifest_names_every_part_once() {
    let (template, draft) = sample("product-sale");
    let document = fill(&template, &draft).unwrap();
    let manifest = document.manifest().unwrap();
    let paths: Vec<&str> = manifest.parts().map(|(path, _)| path).collect();
    for path in ["clauses/liability", "fields/copies_each", "lines/1", "lines/3", "parties/2", "plan/4"] {
        assert!(paths.contains(&path), "{path} in {paths:?}");
    }
    assert!(!paths.contains(&"fields/goods") && !paths.contains(&"fields/payment_plan"));
    let expected = Hash::of(
        "{\"due\":{\"after\":{\"event\":\"signed\",\"span\":{\"count\":5,\"unit\":\"working_days\"}}},\
         \"name\":\"prepayment\",\"part\":{\"share\":\"0.3\"},\"title\":\"预付款\"}"
            .as_bytes(),
    );
    assert_eq!(manifest.parts().find(|(path, _)| *path == "plan/1").unwrap().1, expected);

    assert!(manifest.to_string().lines().all(|line| line.split_once('\t').is_some_and(|(_, hash)| hash.len() == 64)));

    let mut other = draft.clone();
    let FieldValue::Lines(lines) = other.values.get_mut("goods").unwrap() else { panic!() };
    lines[0].quantity = "41".parse().unwrap();
    let changes = manifest.changes(&fill(&template, &other).unwrap().manifest().unwrap());
    let changed: Vec<&str> = changes.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(changed, ["clauses/goods", "clauses/payment", "lines/1"]);
}

#[test]
fn a_redline_shows_the_clause_that_changed() {
    let (template, draft) = sample("software-service");
    let mut later = draft.clone();
    later.values.insert("confidentiality_years".to_owned(), FieldValue::Number("5".parse().unwrap()));
    let (old, new) = (fill(&template, &draft).unwrap(), fill(&template, &later).unwrap());
    let redline = compare(&old, &new);
    assert_eq!(redline.changed().map(|clause| clause.name.as_str()).collect::<Vec<_>>(), ["confidentiality"]);
    assert_eq!(redline.apply(&old.texts()).unwrap(), new.texts());
}

#[test]
fn a_form_and_the_api_read_the_same_values() {
    let template = load(&folder("product-sale"));
    let read = |field: &str, texts: &[&str]| template.field(field).unwrap().kind.read_form(texts, Currency::CNY);
    assert_eq!(read("late_rate", &["0.05"]), read("late_rate", &["0.05%"]));
    assert!(matches!(read("late_rate", &["2"]), Err(FieldProblem::AboveMaximum(_))));
    assert!(matches!(read("court", &["月球"]), Err(FieldProblem::NotAnOption(_))));
    assert!(matches!(read("ends_on", &["2026-02-30"]), Err(FieldProblem::NotADate(_))));
    assert_eq!(read("ends_on", &[" "]), Ok(None));
    let json = r#"[{"name":"螺丝","unit":"个","quantity":"3","price":"0.1","tax_rate":"13%"}]"#;
    let Ok(Some(FieldValue::Lines(lines))) = read("goods", &[json]) else { panic!() };
    assert_eq!(lines[0].amount(Currency::CNY).unwrap(), cny("0.30"));
    for value in Draft::sample(&folder("product-sale"), &template).unwrap().values {
        let field = template.field(&value.0).unwrap();
        assert_eq!(field.kind.read_json(&value.1.to_json(), Currency::CNY), Ok(Some(value.1)), "{}", value.0);
    }
}

#[test]
fn a_draft_reads_back_from_its_json() {
    for folder in shipped() {
        let (_, draft) = sample(&folder.name);
        let json = serde_json::to_string(&draft).unwrap();
        assert_eq!(serde_json::from_str::<Draft>(&json).unwrap(), draft);
    }
}

/// The folder of that name under `tests/it/fixtures/templates`.
fn fixture(name: &str) -> Folder {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/fixtures/templates").join(name);
    let text = |file: &str| std::fs::read_to_string(folder.join(file)).unwrap();
    let sample = std::fs::read_to_string(folder.join("sample.toml")).ok();
    Folder::new(name, &text("template.toml"), &text("body.md"), sample.as_deref())
}

#[test]
fn a_faulty_template_is_told_with_file_line_the_line_itself_and_a_hint() {
    for (name, lang, expected) in [
        ("faulty", Lang::En, "faulty/expected.en.txt"),
        ("faulty", Lang::Zh, "faulty/expected.zh.txt"),
        ("broken", Lang::En, "broken/expected.en.txt"),
        ("broken", Lang::Zh, "broken/expected.zh.txt"),
        ("shares", Lang::En, "shares/expected.en.txt"),
        ("shares", Lang::Zh, "shares/expected.zh.txt"),
    ] {
        let found = report(&fixture(name).load().unwrap_err(), lang);
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/fixtures/templates").join(expected);
        let expected = std::fs::read_to_string(file).unwrap();
        assert!(found == expected, "found:\n{found}\nexpected:\n{expected}");
    }
}

#[test]
fn the_bytes_that_are_hashed_never_change() {
    let folder = fixture("hashed");
    let template = load(&folder);
    let draft = Draft::sample(&folder, &template).unwrap();
    let manifest = fill(&template, &draft).unwrap().manifest().unwrap();
    let expected = [
        ("clauses/parties", "甲方：启越科技有限公司\n乙方：林\\*晓峰"),
        ("clauses/price", "价款人民币壹佰元零伍分（¥100.05），于2026年3月1日前付清。"),
        ("fields/due", "\"2026-03-01\""),
        ("fields/price", r#"{"amount":"100.0500","currency":"CNY"}"#),
        ("parties/1", r#"{"label":"甲方","name":"启越科技有限公司","ours":true,"person":false,"role":"seller"}"#),
        ("parties/2", r#"{"label":"乙方","name":"林*晓峰","ours":false,"person":true,"role":"buyer"}"#),
        ("plan/1", r#"{"due":{"on":"2026-03-01"},"name":"all","part":{"share":"1"},"title":"全款"}"#),
    ];
    let lines: Vec<String> =
        expected.iter().map(|(path, bytes)| format!("{path}\t{}\n", Hash::of(bytes.as_bytes()))).collect();
    assert_eq!(manifest.to_string(), lines.concat());
}
