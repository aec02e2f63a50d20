//! Authority grids: kept beside the people, their versions, and the page and the JSON of administrators.

use qiyue::db::{self, Conn};
use qiyue::kernel::{Date, Ref};
use qiyue::org::{
    AUTHORITY_GRID, Action, DepartmentFields, Forbidden, GridError, GridFields, GridVersionFields, GridWithdrawal, Org,
    OrgError,
};
use qiyue::workflow::{GridFault, GridStanding, TypedRow};
use reqwest::header::LOCATION;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::House;
use crate::support::{Program, Reader, on_both, on_both_apps};

/// The day on which these companies begin.
pub(super) const TODAY: &str = "2026-03-02";

fn day(text: &str) -> Option<Date> {
    text.parse().ok()
}

fn row(from: &str, below: &str, who: &[&str]) -> TypedRow {
    let who = who.iter().map(ToString::to_string).collect();
    TypedRow { from: from.into(), below: below.into(), who, ..TypedRow::default() }
}

pub(super) fn version(from: &str, limit: &str) -> GridVersionFields {
    let rows = vec![row("", limit, &["role:general-manager"]), row(limit, "", &["role:president", "user:admin"])];
    GridVersionFields { from: day(from), note: "董事会决议".into(), rows }
}

pub(super) fn grid(name: &str) -> GridFields {
    GridFields { name: name.into(), title: "销售合同".into(), first: version(TODAY, "100万") }
}

#[tokio::test]
async fn a_grid_is_part_of_the_directory_and_another_process_reads_the_same() {
    on_both(async |db| {
        let house = House::new(db).await;
        let before = house.org.directory().version;
        assert_eq!(house.org.create_grid(&house.admin, grid("sales")).await, Ok("sales".into()));
        let directory = house.org.directory();
        assert_eq!(directory.version, before + 1);
        let version = directory.grids["sales"].in_force(house.org.today()).unwrap().clone();
        assert_eq!((version.number, version.from, version.note.as_str()), (1, day(TODAY).unwrap(), "董事会决议"));
        assert_eq!(version.made_by, Some(house.admin.user_id()));
        assert_eq!(
            version.rows[1].who.iter().map(ToString::to_string).collect::<Vec<_>>(),
            ["role:president", "user:admin"]
        );
        let other = house.other_process().await;
        assert_eq!(other.directory().grids, directory.grids);
    })
    .await;
}

#[tokio::test]
async fn a_version_waits_for_its_day_and_only_then_replaces_the_one_before() {
    on_both(async |db| {
        let house = House::new(db).await;
        house.org.create_grid(&house.admin, grid("sales")).await.unwrap();
        let ahead = version("2026-03-03", "200万");
        assert_eq!(house.org.add_grid_version(&house.admin, "sales", 1, ahead).await, Ok(2));
        let number = |org: &Org| org.directory().grids["sales"].in_force(org.today()).map(|version| version.number);
        assert_eq!(number(&house.org), Some(1));
        house.clock.advance(std::time::Duration::from_hours(24));
        assert_eq!(number(&house.org), Some(2));
    })
    .await;
}

#[tokio::test]
async fn a_version_is_taken_back_before_its_day_and_stays_in_the_history() {
    on_both(async |db| {
        let house = House::new(db).await;
        house.org.create_grid(&house.admin, grid("sales")).await.unwrap();
        house.org.add_grid_version(&house.admin, "sales", 1, version("2026-04-01", "200万")).await.unwrap();
        let withdraw = async |number| house.org.withdraw_grid_version(&house.admin, "sales", number).await;
        assert_eq!(withdraw(1).await, Err(GridError::NotAhead.into()), "it is in force");
        assert_eq!(withdraw(9).await, Err(OrgError::NotFound));
        assert_eq!(withdraw(2).await, Ok(GridWithdrawal::Done));
        assert_eq!(withdraw(2).await, Err(GridError::NotAhead.into()), "once is enough");
        let grid = house.org.directory().grids["sales"].clone();
        let taken_back = grid.version(2).unwrap();
        assert_eq!(grid.standing(taken_back, day("2026-05-01").unwrap()), GridStanding::Withdrawn);
        assert_eq!(grid.in_force(day("2026-05-01").unwrap()).unwrap().number, 1);
        let third = version("2026-04-01", "300万");
        assert_eq!(house.org.add_grid_version(&house.admin, "sales", 2, third).await, Ok(3), "a number is used once");
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_asked_is_not_stored() {
    on_both(async |db| {
        let house = House::new(db).await;
        let before = house.org.directory().version;
        let create = async |fields| house.org.create_grid(&house.admin, fields).await;
        let faulty = GridVersionFields { rows: vec![row("", "1", &["role:chief"])], ..version(TODAY, "1") };
        let refused = create(GridFields { first: faulty, ..grid("sales") }).await;
        let Err(OrgError::Grid(GridError::Faults(faults))) = refused else { panic!("{refused:?}") };
        assert_eq!(faults.iter().map(GridFault::place).collect::<Vec<_>>(), ["rows[0].who", "rows[0].below"]);
        let late = GridFields { first: version("2026-03-01", "1"), ..grid("sales") };
        assert_eq!(create(late).await, Err(GridError::Starts.into()));
        assert_eq!(create(grid("Sales")).await, Err(GridError::Name.into()));
        assert_eq!(house.org.directory().version, before);
        create(grid("sales")).await.unwrap();
        assert_eq!(create(grid("sales")).await, Err(GridError::NameTaken.into()));
    })
    .await;
}

#[tokio::test]
async fn a_version_takes_force_once_a_second_person_has_confirmed_it() {
    on_both(async |db| {
        let house = House::new(db).await;
        house.org.create_grid(&house.admin, grid("sales")).await.unwrap();
        let second = house.colleague("second", "13800000002", &["administrator"]).await;
        let number = || house.org.directory().grids["sales"].in_force(house.org.today()).map(|version| version.number);
        assert_eq!(house.org.add_grid_version(&house.admin, "sales", 1, version(TODAY, "50万")).await, Ok(2));
        assert_eq!(number(), Some(1), "its day has come, and nobody has confirmed it");
        let confirm = async |by, number| house.org.confirm_grid_version(by, "sales", number, None).await;
        assert_eq!(confirm(&house.admin, 2).await, Err(GridError::Own.into()));
        assert_eq!(confirm(&second, 2).await, Ok(()));
        assert_eq!(number(), Some(2));
        assert_eq!(house.org.directory().grids["sales"].versions[1].confirmed_by, Some(second.user_id()));
        assert_eq!(confirm(&second, 2).await, Err(GridError::NotProposed.into()), "once is enough");
        assert_eq!(confirm(&second, 9).await, Err(OrgError::NotFound));
    })
    .await;
}

#[tokio::test]
async fn a_version_that_nobody_confirmed_can_be_taken_back_by_either() {
    on_both(async |db| {
        let house = House::new(db).await;
        house.org.create_grid(&house.admin, grid("sales")).await.unwrap();
        let second = house.colleague("second", "13800000002", &["administrator"]).await;
        for (newest, by) in [(1, &house.admin), (2, &second)] {
            house.org.add_grid_version(&house.admin, "sales", newest, version(TODAY, "50万")).await.unwrap();
            house.org.withdraw_grid_version(by, "sales", newest + 1).await.unwrap();
        }
        assert_eq!(house.org.confirm_grid_version(&second, "sales", 3, None).await, Err(GridError::NotProposed.into()));
        assert_eq!(house.org.directory().grids["sales"].in_force(house.org.today()).unwrap().number, 1);
    })
    .await;
}

#[tokio::test]
async fn a_version_is_confirmed_against_the_one_with_which_it_was_compared() {
    on_both(async |db| {
        let house = House::new(db).await;
        house.org.create_grid(&house.admin, grid("sales")).await.unwrap();
        let second = house.colleague("second", "13800000002", &["administrator"]).await;
        for newest in [1, 2] {
            house.org.add_grid_version(&house.admin, "sales", newest, version(TODAY, "50万")).await.unwrap();
        }
        assert_eq!(house.org.confirm_grid_version(&second, "sales", 2, Some(1)).await, Ok(()));
        assert_eq!(house.org.confirm_grid_version(&second, "sales", 3, Some(1)).await, Err(OrgError::Changed));
        assert_eq!(house.org.confirm_grid_version(&second, "sales", 3, Some(2)).await, Ok(()));
    })
    .await;
}

#[tokio::test]
async fn a_department_with_another_code_keeps_its_rows() {
    on_both(async |db| {
        let house = House::new(db).await;
        let cars = |code: &str| DepartmentFields {
            code: code.into(),
            name: "汽车销售部".into(),
            active: true,
            ..DepartmentFields::default()
        };
        let id = house.org.create_department(&house.admin, cars("QC")).await.unwrap();
        let rows = vec![TypedRow { department: "QC".into(), ..row("", "", &["manager"]) }];
        let first = GridVersionFields { rows, ..version(TODAY, "1") };
        house.org.create_grid(&house.admin, GridFields { first, ..grid("sales") }).await.unwrap();
        house.org.edit_department(&house.admin, id, 1, cars("CAR")).await.unwrap();
        let row = &house.org.directory().grids["sales"].versions[0].rows[0];
        assert_eq!(row.scope.department.as_deref(), Some("CAR"));
    })
    .await;
}

#[tokio::test]
async fn of_two_who_write_the_next_version_the_second_reads_again() {
    on_both(async |db| {
        let house = House::new(db).await;
        house.org.create_grid(&house.admin, grid("sales")).await.unwrap();
        let add =
            async |limit| house.org.add_grid_version(&house.admin, "sales", 1, version("2026-04-01", limit)).await;
        assert_eq!(add("200万").await, Ok(2));
        assert_eq!(add("300万").await, Err(OrgError::Changed));
    })
    .await;
}

#[tokio::test]
async fn only_who_administers_grids_changes_them_and_the_log_says_who_did() {
    on_both(async |db| {
        let house = House::new(db).await;
        let auditor = house.colleague("auditor", "13800000002", &["auditor"]).await;
        let refused = house.org.create_grid(&auditor, grid("sales")).await;
        let forbidden = Forbidden { kind: AUTHORITY_GRID, action: Action::Administer };
        assert_eq!(refused, Err(OrgError::Forbidden(forbidden)));
        house.org.create_grid(&house.admin, grid("sales")).await.unwrap();
        house.org.add_grid_version(&house.admin, "sales", 1, version("2026-04-01", "200万")).await.unwrap();
        house.org.withdraw_grid_version(&house.admin, "sales", 2).await.unwrap();
        let subject = Ref::new("authority_grid", 1);
        let read = async move |c: &mut Conn<'_>| db::audit_of(c, &subject, None, 10).await;
        let acts = house.db.read(read).await.unwrap();
        let names: Vec<_> = acts.iter().map(|act| act.action.as_str()).collect();
        assert_eq!(
            names,
            ["authority_grid.version_withdrawn", "authority_grid.version_added", "authority_grid.created"]
        );
        assert!(acts.iter().all(|act| act.actor.user == Some(house.admin.user_id())));
        let below = |json: &Option<Value>| json.as_ref().unwrap()["rows"][0]["below"].clone();
        assert_eq!((below(&acts[1].old), below(&acts[1].new)), (json!("1000000.0000"), json!("2000000.0000")));
    })
    .await;
}

/// A form as the editor sends it.
const ROWS: [(&str, &str); 10] = [
    ("rows[0].category", ""),
    ("rows[0].from", ""),
    ("rows[0].below", "100万"),
    ("rows[0].department", ""),
    ("rows[0].who", "role:general-manager"),
    ("rows[1].category", ""),
    ("rows[1].from", "100万"),
    ("rows[1].below", ""),
    ("rows[1].department", ""),
    ("rows[1].who", "role:president"),
];

fn form<'a>(head: &[(&'a str, &'a str)], wish: &'a str) -> Vec<(&'a str, &'a str)> {
    head.iter().copied().chain(ROWS).chain([("do", wish)]).collect()
}

fn with<'a>(mut form: Vec<(&'a str, &'a str)>, field: &str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    form.iter_mut().filter(|(name, _)| *name == field).for_each(|one| one.1 = value);
    form
}

#[tokio::test]
async fn an_administrator_edits_a_grid_on_the_page() {
    on_both_apps(async |app| {
        let reader = Reader::admin(app).await;
        let head = [("name", "sales"), ("title", "销售合同权限"), ("starts_on", TODAY), ("note", "首版")];
        let added = reader.post("/admin/authority-grids/new", &form(&head, "add")).await;
        assert_eq!(added.status(), StatusCode::OK);
        assert!(added.text().await.unwrap().contains("rows[2].who"), "a row more");
        let removed = reader.post("/admin/authority-grids/new", &form(&head, "remove:0")).await.text().await.unwrap();
        assert!(!removed.contains("rows[1].who") && removed.contains("100万"), "a row less");
        let checked = reader.post("/admin/authority-grids/new", &form(&head, "check")).await.text().await.unwrap();
        assert!(checked.contains("没有发现问题"));
        let made = reader.post("/admin/authority-grids/new", &form(&head, "save")).await;
        assert_eq!(made.headers()[LOCATION], "/admin/authority-grids/sales");

        let next = "/admin/authority-grids/sales/versions/new";
        let head = [("newest", "1"), ("starts_on", "2099-01-01"), ("note", "")];
        let gap = with(form(&head, "save"), "rows[0].below", "90万");
        let refused = reader.post(next, &gap).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let page = refused.text().await.unwrap();
        assert!(page.contains("第 2 行从 1,000,000.00 元起，前一档到 900,000.00 元为止"), "{page}");
        assert!(page.contains("value=\"90万\""), "what was typed is still there");

        let whole = with(gap, "rows[1].from", "90万");
        assert_eq!(reader.post(next, &whole).await.status(), StatusCode::SEE_OTHER);
        let shown = reader.get("/admin/authority-grids/sales?number=2").await.text().await.unwrap();
        for text in ["尚未生效", "新增 不满 900,000 元", "取消 1,000,000 元以上", "撤回这一版"] {
            assert!(shown.contains(text), "{text}: {shown}");
        }
        let withdrawn = reader.post("/admin/authority-grids/sales/versions/2/withdraw", &[]).await;
        assert_eq!(withdrawn.status(), StatusCode::SEE_OTHER);
        let list = reader.get("/admin/authority-grids").await.text().await.unwrap();
        assert!(list.contains("销售合同权限") && list.contains("第 1 版"));
    })
    .await;
}

#[tokio::test]
async fn a_program_reads_and_writes_grids() {
    on_both_apps(async |app| {
        let program = Program::of(&Reader::admin(app).await).await;
        let rows =
            |limit: &str| json!([{"below": limit, "who": ["manager"]}, {"from": limit, "who": ["role:president"]}]);
        let new = json!({"name": "sales", "title": "销售合同", "starts_on": TODAY, "rows": rows("100万")});
        let (status, made) = program.call(Method::POST, "/authority-grids", new).await;
        assert_eq!((status, &made["in_force"]), (StatusCode::CREATED, &json!(1)), "{made}");
        assert_eq!(made["versions"][0]["rows"][0]["below"], "1000000.0000");

        let next = |rows: Value| json!({"newest": 1, "starts_on": "2099-01-01", "note": "涨一档", "rows": rows});
        let path = "/authority-grids/sales/versions";
        let gap = json!([{"below": "1", "who": ["manager"]}, {"from": "2", "who": []}]);
        let (status, problem) = program.call(Method::POST, path, next(gap)).await;
        let places: Vec<_> = problem["fields"].as_array().unwrap().iter().map(|one| one["field"].clone()).collect();
        assert_eq!(
            (status, places),
            (StatusCode::UNPROCESSABLE_ENTITY, vec![json!("rows[1].who"), json!("rows[1].from")])
        );
        let (status, version) = program.call(Method::POST, path, next(rows("200万"))).await;
        assert_eq!(
            (status, &version["number"], &version["standing"]),
            (StatusCode::CREATED, &json!(2), &json!("ahead"))
        );
        let (status, problem) = program.call(Method::POST, path, next(rows("300万"))).await;
        assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("version_conflict")));
        assert_eq!(program.get(&format!("{path}/2")).await.1["note"], "涨一档");
        assert_eq!(program.get(&format!("{path}/3")).await.0, StatusCode::NOT_FOUND);

        let withdraw = async |number: u32| program.call(Method::DELETE, &format!("{path}/{number}"), Value::Null).await;
        assert_eq!(withdraw(2).await.0, StatusCode::OK);
        assert_eq!(withdraw(1).await.1["code"], "grid_version_not_ahead");
        let (_, list) = program.get("/authority-grids").await;
        assert_eq!((&list["grids"][0]["newest"], &list["grids"][0]["in_force"]), (&json!(2), &json!(1)));
    })
    .await;
}
