//! The company of the tests with Latin names throughout, and contracts wherever one can stand.

use qiyue::contract::fulfilment::{
    Archived, CONTRACT_CHANGE, Capacity, ChangeEdit, ChangeId, ChangeKind, NewEvent, NewSigning, PartySigning, Purpose,
};
use qiyue::contract::{CONTRACT, DraftEdit, EntityFields, NewContract, OurEntity, SealFields, SealKind, Seen, State};
use qiyue::db::Db;
use qiyue::kernel::{Actor, ContractId, Ref};
use qiyue::org::{Action, DepartmentFields, GridFields, GridVersionFields, USER, UserFields};
use qiyue::workflow::TypedRow;
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::crawl::Reader;
use crate::fulfilment::site::Site;
use crate::fulfilment::{Company, PDF, stuck};
use crate::org::{activated, sign_in};

/// Login, name.
const NAMES: [(&str, &str); 9] = [
    ("admin", "Ada"),
    ("drafter", "Dora"),
    ("manager", "Mark"),
    ("boss", "Bess"),
    ("legal", "Leo"),
    ("finance", "Fay"),
    ("keeper", "Ken"),
    ("archivist", "Amy"),
    ("outsider", "Oz"),
];

/// The workflows of other records that come with the program, and what they carry.
const RECORD_WORKFLOWS: [(&str, &str); 5] = [
    ("customer-admission", "customer"),
    ("discount", "discount"),
    ("expense", "expense"),
    ("invoice-request", "invoice_request"),
    ("payment-request", "payment_request"),
];

pub(crate) struct EnglishCompany {
    company: Company,
    site: Site,
}

impl EnglishCompany {
    pub(crate) async fn found(db: Db) -> Self {
        let company = Company::without_seal(db).await;
        let site = Site::of(&company).await;
        let english = Self { company, site };
        english.rename().await;
        for (login, _) in NAMES {
            english.site.visitor(&english.company, login).await.reads("en").await;
        }
        english.authorise().await;
        english.publish().await;
        english.meet_customers().await;
        // Nobody can seal yet, so that an effect is stuck.
        english.approved().await;
        assert!(!stuck(&english.company).await.is_empty());
        let seal = SealFields { kind: SealKind::Contract, keeper: english.company.id("keeper"), active: true };
        let company = &english.company;
        company.contracts().add_seal(company.administrator(), company.entity, seal).await.unwrap();
        english.perform().await;
        english.change().await;
        english.leave_open().await;
        english.write_workflows().await;
        // What is held back for the time of an undo leaves.
        english.company.effects().await;
        english.company.app.run_due().await;
        english
    }

    /// Pages that a button leads to, not a link: the customers to pick for a draft.
    pub(crate) async fn behind_buttons(&self) -> Vec<String> {
        let drafts = (1..=20).map(ContractId::new);
        let mut found = Vec::new();
        for id in drafts {
            let contract = self.company.contracts().get(self.company.id("drafter"), id).await;
            if contract.is_ok_and(|contract| contract.state == State::Draft) {
                found.push(format!("/contracts/{id}/customer"));
            }
        }
        found
    }

    /// Somebody who reads English.
    pub(crate) async fn reader(&self, login: &'static str) -> Reader {
        let visitor = self.site.visitor(&self.company, login).await;
        visitor.reads("en").await;
        let cookie = format!("qiyue_session={}", self.company.session(login).await);
        Reader { login, address: self.site.address.clone(), public: "http://127.0.0.1:8080".into(), cookie }
    }

    /// Somebody before their first login.
    pub(crate) async fn newcomer(&self) -> Reader {
        let org = self.company.app.org();
        let fields = UserFields { login: "nina".into(), name: "Nina".into(), ..UserFields::default() };
        let (_, password) = org.create_user(&self.company.admin, fields, None).await.unwrap();
        let token = sign_in(org, "nina", password.reveal()).await.unwrap().token.reveal();
        self.site.with_session(&token).reads("en").await;
        Reader { login: "newcomer", cookie: format!("qiyue_session={token}"), ..self.reader("admin").await }
    }

    async fn rename(&self) {
        let Self { company, .. } = self;
        let (org, scope) = (company.app.org(), company.admin.scope(&USER, Action::Read).unwrap());
        for (login, name) in NAMES {
            let id = if login == "admin" { company.admin.user_id() } else { company.id(login) };
            let user = org.user(&scope, id).await.unwrap();
            let fields = UserFields {
                login: login.into(),
                name: name.into(),
                mobile: user.mobile.clone().unwrap_or_default(),
                email: format!("{login}@example.com"),
                department: user.department,
                roles: user.roles.clone(),
                ..UserFields::default()
            };
            org.edit_user(&company.admin, id, user.version, fields).await.unwrap();
        }
        let directory = org.directory();
        let department = *directory.departments.keys().next().unwrap();
        let head = Some(company.id("manager"));
        let sales = DepartmentFields { code: "XS".into(), name: "Sales".into(), parent: None, head, active: true };
        org.edit_department(&company.admin, department, 2, sales).await.unwrap();
        org.refresh().await.unwrap();
        let known: OurEntity = company.contracts().entities().await.unwrap().remove(0);
        let fields = EntityFields {
            name: "Kaisi Software Ltd".into(),
            address: "1398 Jinqiao Road, Shanghai".into(),
            legal_representative: "Zhou".into(),
            ..known.fields.clone()
        };
        company.contracts().change_entity(company.administrator(), OurEntity { fields, ..known }).await.unwrap();
    }

    /// An authority grid, and a version of it whose day has not come.
    async fn authorise(&self) {
        let (org, admin) = (self.company.app.org(), &self.company.admin);
        let version = |days: i64, who: &str| GridVersionFields {
            from: Some(org.today().saturating_add(jiff::Span::new().days(days))),
            note: "Board".into(),
            rows: vec![TypedRow { who: vec![who.into()], department: "XS".into(), ..TypedRow::default() }],
        };
        let first = version(0, "role:general-manager");
        let fields = GridFields { name: "sales".into(), title: "Sales contracts".into(), first };
        org.create_grid(admin, fields).await.unwrap();
        org.add_grid_version(admin, "sales", 1, version(30, "manager")).await.unwrap();
    }

    /// English workflows and templates take the place of those that come with the program.
    async fn publish(&self) {
        let admin = self.site.program(&self.company, "admin").await;
        let of_contracts = [
            include_str!("sales-contract.rhai"),
            include_str!("purchase-contract.rhai"),
            include_str!("contract-change.rhai"),
        ];
        let of_records = RECORD_WORKFLOWS.map(|(name, kind)| {
            format!(
                "workflow(\"{name}\", #{{ title: \"Approval of a {name}\", subject: \"{kind}\" }});\n\n\
                 approve(\"manager\", #{{ title: \"Manager\", by: manager_of(drafter()) }});\n"
            )
        });
        for source in of_contracts.map(str::to_owned).into_iter().chain(of_records) {
            let file = json!({ "source": source, "alone_because": "Nobody else is there yet" });
            let (status, made) = admin.post("/workflows", file).await;
            assert_eq!(status, StatusCode::CREATED, "{made}");
        }
        for shipped in qiyue::contract::template::shipped() {
            let (definition, body) = (include_str!("template.toml"), include_str!("body.md"));
            let definition = definition.replace("Maintenance agreement", &format!("Maintenance ({})", shipped.name));
            let folder = json!({ "name": shipped.name, "definition": definition, "body": body });
            let (status, made) = admin.post("/templates", folder).await;
            assert_eq!(status, StatusCode::CREATED, "{made}");
        }
    }

    async fn meet_customers(&self) {
        let drafter = self.site.program(&self.company, "drafter").await;
        let acme = json!({
            "name": "Acme Ltd", "contact_name": "Ann", "phone": "13800138000", "industry": "retail", "source": "website",
            "province": "Zhejiang", "city": "Hangzhou", "address": "1 Main Street", "legal_representative": "Bob",
            "annual_revenue": { "amount": "1280000.0000", "currency": "CNY" },
        });
        let deal =
            json!({ "title": "Maintenance", "customer": 1, "amount": { "amount": "500000", "currency": "CNY" } });
        let talk = json!({ "subject": "Call back", "customer": 1, "planned_at": "2026-03-03T02:00:00Z" });
        let price = json!({ "amount": "45000", "currency": "CNY" });
        let lead = json!({ "name": "Lou", "source": "website" });
        let quote = json!({ "title": "Licences", "customer": 1, "amount": price, "valid_until": "2026-04-30", "products": "One" });
        let discount = json!({
            "title": "Frame", "customer": 1, "list_price": price, "amount": price, "percent": 10, "reason": "Volume",
        });
        let expense = json!({ "title": "Trip", "category": "travel", "amount": price, "spent_on": "2026-03-01" });
        let payment = json!({
            "title": "Deposit", "payee": "Star Ltd", "bank": "First Bank", "bank_account": "6222", "amount": price,
            "needed_on": "2026-03-10",
        });
        let invoice = json!({ "title": "Deposit", "customer": 1, "amount": price, "invoice_title": "Acme Ltd" });
        for (path, body) in [
            ("/customers", acme),
            ("/opportunities", deal),
            ("/follow-ups", talk),
            ("/leads", lead),
            ("/quotes", quote),
            ("/discounts", discount),
            ("/expenses", expense),
            ("/payment-requests", payment),
            ("/invoice-requests", invoice),
        ] {
            let (status, made) = drafter.post(path, body).await;
            assert_eq!(status, StatusCode::CREATED, "{path}: {made}");
        }
    }

    fn drafter(&self) -> Actor {
        self.company.by("drafter")
    }

    async fn draft(&self) -> ContractId {
        let contracts = self.company.contracts();
        let new = NewContract {
            template: "software-service".into(),
            entity: self.company.entity,
            our_role: None,
            customer: Some(qiyue::kernel::CustomerId::new(1)),
            opportunity: None,
        };
        let id = contracts.begin(self.drafter(), new).await.unwrap();
        let edit: DraftEdit = serde_json::from_value(json!({
            "fields": {
                "place": "Shanghai", "starts_on": "2026-03-01", "ends_on": "2027-02-28",
                "price": { "amount": "60000", "currency": "CNY" },
            },
            "choices": { "liability": "liability-capped" },
        }))
        .unwrap();
        let version = self.company.contract(id).await.version;
        contracts.save_edit(self.drafter(), id, version, &edit).await.unwrap();
        contracts.attach(self.drafter(), (id, &Seen::Anything), "licence", ("licence.pdf", PDF)).await.unwrap();
        id
    }

    async fn approved(&self) -> ContractId {
        let id = self.draft().await;
        self.company.approve(&CONTRACT.reference(id.get())).await;
        id
    }

    async fn waiting(&self) -> ContractId {
        let id = self.approved().await;
        self.company.seal_all().await;
        id
    }

    async fn sign(&self, subject: &Ref) {
        let fulfilment = self.company.fulfilment();
        let scan = ("scan.pdf", PDF);
        let scan = fulfilment.keep_paper(self.drafter(), subject, Purpose::Signed, scan).await.unwrap();
        let deed = fulfilment.deed(self.company.id("drafter"), subject, Action::Read).await.unwrap();
        let signed_on = self.company.contracts().today();
        let party = |party: &str, signatory: &str| PartySigning {
            party: party.into(),
            signatory: signatory.into(),
            capacity: Capacity::Representative,
            authorisation: None,
            signed_on,
        };
        let parties = vec![party("provider", "Zhou"), party("client", "Bob")];
        let signing = NewSigning { parties, scan: Some(scan), copies: 4, effective_on: None, version: deed.version };
        fulfilment.sign(self.drafter(), subject, signing).await.unwrap();
        self.company.effects().await;
    }

    async fn signed(&self) -> ContractId {
        let id = self.waiting().await;
        self.sign(&CONTRACT.reference(id.get())).await;
        id
    }

    /// One that runs: accepted, paid in part, its original back, archived; and one whose folder is claimed.
    async fn perform(&self) {
        let Self { company, site } = self;
        let (id, today) = (self.signed().await, company.contracts().today());
        let event = NewEvent { event: "accepted".into(), on: today, paper: None, note: "On site".into() };
        company.fulfilment().record_event(self.drafter(), id, event).await.unwrap();
        let finance = site.program(company, "finance").await;
        for amount in ["20000.00", "100.00"] {
            let (_, plan) = finance.get("/plans/1").await;
            let payment = json!({ "amount": { "amount": amount, "currency": "CNY" }, "paid_on": today.to_string(),
                "method": "bank_transfer", "note": "Receipt", "version": plan["version"] });
            assert_eq!(finance.post("/plans/1/payments", payment).await.0, StatusCode::CREATED, "{plan}");
        }
        let reversed = finance.post("/payments/2/reversal", json!({ "reason": "By mistake" })).await;
        assert_eq!(reversed.0, StatusCode::NO_CONTENT);
        company.fulfilment().original_back(self.drafter(), company.originals().await[0].id, (today, 2)).await.unwrap();
        let archivist = company.by("archivist");
        let task = company.archive_tasks().await.remove(0);
        company.fulfilment().claim_archive_task(archivist, task.id, true).await.unwrap();
        for item in &task.items {
            company.fulfilment().check_archive_item(archivist, (task.id, None), item.position, true).await.unwrap();
        }
        let version = company.archive_tasks().await[0].version;
        let (number, box_name, shelf) = (String::new(), "A-1".into(), "2".into());
        let place = Archived { number, box_name, shelf, copies: 2, version };
        company.fulfilment().archive(archivist, task.id, place).await.unwrap();
        self.signed().await;
        let open = company.archive_tasks().await.remove(0);
        company.fulfilment().claim_archive_task(archivist, open.id, true).await.unwrap();
    }

    /// The first contract that runs has a change in force and the draft of an end; the second one waits for its signatures.
    async fn change(&self) {
        let company = &self.company;
        let tasks = company.archived().await;
        let first = tasks[0].contract;
        let change = self.written(first, ChangeKind::Supplement).await;
        company.approve(&CONTRACT_CHANGE.reference(change.get())).await;
        company.seal_all().await;
        self.sign(&CONTRACT_CHANGE.reference(change.get())).await;
        self.written(first, ChangeKind::Termination).await;
        let second = company.archive_tasks().await[0].contract;
        let change = self.written(second, ChangeKind::Supplement).await;
        company.approve(&CONTRACT_CHANGE.reference(change.get())).await;
        company.seal_all().await;
    }

    async fn written(&self, id: ContractId, kind: ChangeKind) -> ChangeId {
        let fulfilment = self.company.fulfilment();
        let change = fulfilment.begin_change(self.drafter(), id, kind).await.unwrap();
        let edit = ChangeEdit {
            reason: "Longer".into(),
            impact: "None".into(),
            expires_on: "2027-08-31".parse().ok(),
            text: "As before.".into(),
            version: 1,
            ..ChangeEdit::default()
        };
        fulfilment.save_change(self.drafter(), change, edit).await.unwrap();
        fulfilment.add_evidence(self.drafter(), (change, 2), ("letter.pdf", PDF)).await.unwrap();
        change
    }

    /// A draft of the administrator, a proposal of theirs, and one of a second administrator that waits for them.
    async fn write_workflows(&self) {
        let Self { company, site } = self;
        let org = company.app.org();
        let fields = UserFields {
            login: "seth".into(),
            name: "Seth".into(),
            roles: ["administrator".to_owned()].into(),
            ..UserFields::default()
        };
        let (_, one_time) = org.create_user(&company.admin, fields, None).await.unwrap();
        activated(org, "seth", one_time.reveal(), "13900000099").await;
        org.refresh().await.unwrap();
        let seth = site.program_with(org.create_token_for("seth", "test", None).await.unwrap().1.reveal());
        let admin = site.program(company, "admin").await;
        for (program, source) in
            [(&admin, include_str!("sales-contract.rhai")), (&seth, include_str!("contract-change.rhai"))]
        {
            let file = json!({ "source": format!("// Reworded\n{source}"), "note": "Reworded" });
            let (status, made) = program.post("/workflows", file).await;
            assert_eq!(status, StatusCode::CREATED, "{made}");
        }
        let author = site.visitor(company, "admin").await;
        let source = concat!("// Reworded\n", include_str!("purchase-contract.rhai"));
        let begun = author.upload("/admin/workflow-drafts/new", &[("source", source)], &[]).await;
        assert_eq!(begun.status(), StatusCode::SEE_OTHER);
    }

    /// One at the keeper, one with the other side, one with approvers who talk, one sent back, one given up, one draft.
    async fn leave_open(&self) {
        let Self { company, site } = self;
        self.waiting().await;
        self.approved().await;
        let (talked, returned, given_up) = (self.draft().await, self.draft().await, self.draft().await);
        self.draft().await;
        let drafter = site.program(company, "drafter").await;
        let manager = site.program(company, "manager").await;
        let mut cases = Vec::new();
        for id in [talked, returned] {
            let version = company.contract(id).await.version;
            let (status, said) = drafter.post(&format!("/contracts/{id}/submit"), json!({ "version": version })).await;
            assert_eq!(status, StatusCode::OK, "{said}");
            cases.push(company.contract(id).await.case.unwrap());
        }
        let say = async |command: &str, case: usize, more: Value| {
            let (_, shown) = manager.get(&format!("/approvals/{}", cases[case])).await;
            let mut body = json!({ "task": shown["tasks"][0]["task"] });
            body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            if command == "return" {
                body["content"] = shown["content"].clone();
            }
            let (status, said) = manager.post(&format!("/approvals/{}/{command}", cases[case]), body).await;
            assert_eq!(status, StatusCode::OK, "{said} {shown}");
        };
        say("ask", 0, json!({ "whom": company.id("legal"), "text": "Is the cap all right?" })).await;
        let words = json!({ "path": "clauses/special-terms", "text": "Weekends too.", "reason": "They asked" });
        say("suggest", 0, words).await;
        say("return", 1, json!({ "opinion": "The price is too low" })).await;
        let version = company.contract(given_up).await.version;
        company.contracts().abandon(self.drafter(), given_up, version, "No longer wanted").await.unwrap();
    }
}
