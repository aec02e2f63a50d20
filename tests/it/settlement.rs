//! Payment plans: dates that appear with their events, payments divided to the fen, reversals that delete nothing.

use std::sync::Arc;

use qiyue::db::{Conn, Db};
use qiyue::deadline::{Deadlines, DueFilter};
use qiyue::i18n::Explain as _;
use qiyue::kernel::{
    Actor, Channel, Clock, Currency, Date, ManualClock, Money, OfficeHours, Rate, Ref, Span, Taxed, UserId,
};
use qiyue::org::{Action, Scope};
use qiyue::settlement::{
    At, Direction, DueRule, Method, MilestoneFilter, NewPayment, NewPlan, PAYMENT_PLAN, PlanId, PlannedMilestone,
    SettlementError, Settlements, Standing, record_event, start_plan,
};

use crate::org::House;
use crate::support::on_both;

const CONTRACT: Ref = Ref::new("contract", 1);

/// A signed contract of 100,000 yuan: a third at signing, a third after acceptance, the rest when that was paid.
struct Signed {
    settlements: Settlements,
    deadlines: Deadlines,
    scope: Scope,
    plan: PlanId,
    db: Db,
    clock: Arc<ManualClock>,
    owner: UserId,
}

impl Signed {
    async fn new(db: Db) -> Self {
        let house = House::new(db.clone()).await;
        let owner = house.admin.user.id;
        let clock: Arc<dyn Clock> = Arc::clone(&house.clock) as Arc<dyn Clock>;
        let settlements = Settlements::new(db.clone(), Arc::clone(&clock), house.org.clone());
        let deadlines = Deadlines::new(db.clone(), Arc::clone(&clock), house.org.clone(), OfficeHours::default());
        let new = plan_of(owner);
        write(&db, house.clock.now(), async move |c, at| start_plan(c, &new, &at).await).await.unwrap();
        let scope = settlements.scope(owner, Action::Edit).unwrap();
        let plan = settlements.of(&CONTRACT).await.unwrap().unwrap().plan.id;
        Self { settlements, deadlines, scope, plan, db, clock: house.clock, owner }
    }

    async fn happened(&self, event: &'static str, on: &str) -> bool {
        let on: Date = on.parse().unwrap();
        write(&self.db, self.clock.now(), async move |c, at| record_event(c, &CONTRACT, event, on, &at).await)
            .await
            .unwrap()
    }

    async fn pay(&self, amount: &str, on: &str) -> Result<(), SettlementError> {
        let version = self.settlements.plan(&self.scope, self.plan).await?.plan.version;
        self.pay_as_of(version, amount, on).await
    }

    async fn pay_as_of(&self, version: i64, amount: &str, on: &str) -> Result<(), SettlementError> {
        let new = NewPayment {
            amount: yuan(amount),
            paid_on: on.parse().unwrap(),
            method: Method::BankTransfer,
            milestone: None,
            note: String::new(),
            version,
        };
        self.settlements.pay(&self.scope, self.plan, new, self.actor()).await.map(drop)
    }

    fn actor(&self) -> Actor {
        Actor::person(self.owner, Channel::Page)
    }

    /// Title, date, paid, standing of each milestone.
    async fn milestones(&self) -> Vec<(String, Option<String>, String, Standing)> {
        let overview = self.settlements.plan(&self.scope, self.plan).await.unwrap();
        let rows = overview.milestones.into_iter();
        rows.map(|(one, standing)| {
            (one.planned.title, one.due_on.map(|on| on.to_string()), one.paid.to_string(), standing)
        })
        .collect()
    }

    async fn due(&self) -> Vec<(String, String)> {
        let scope = self.scope.clone();
        let (page, _) = self.deadlines.due(&scope, &DueFilter::default(), None).await.unwrap();
        page.rows.into_iter().map(|row| (row.source, row.due_on.to_string())).collect()
    }
}

async fn write<T: Send + 'static>(
    db: &Db,
    now: qiyue::kernel::Timestamp,
    act: impl AsyncFn(&mut Conn<'_>, At<'_>) -> Result<T, SettlementError> + Send + Sync + 'static,
) -> Result<T, SettlementError> {
    db.write(async move |c: &mut Conn<'_>| {
        let (actor, office) = (Actor::SYSTEM, OfficeHours::default());
        act(c, At { actor: &actor, now, office: &office }).await
    })
    .await
}

fn yuan(text: &str) -> Money {
    Money::parse(text, Currency::CNY).unwrap()
}

fn plan_of(owner: UserId) -> NewPlan {
    let shares = yuan("100000").allocate(&[1, 1, 1]).unwrap();
    let after = |event: &str, span| DueRule::After { event: event.into(), span };
    let rules = [
        ("first", "首付款", after("signed", Some(Span::Days(10)))),
        ("second", "验收款", after("accepted", Some(Span::WorkingDays(10)))),
        ("last", "尾款", after("second", Some(Span::Months(1)))),
    ];
    let milestones = rules.into_iter().zip(shares).map(|((name, title, due), gross)| PlannedMilestone {
        name: name.into(),
        title: title.into(),
        amount: Taxed::from_gross(gross, Rate::percent(6)).unwrap(),
        due,
        retention: false,
    });
    NewPlan {
        subject: CONTRACT,
        title: "软件服务合同".into(),
        number: "HT-2026-0001".into(),
        other_party: "远望科技".into(),
        path: "/contracts/1".into(),
        direction: Direction::Receivable,
        owner,
        department: None,
        milestones: milestones.collect(),
    }
}

#[tokio::test]
async fn dates_appear_with_their_events_and_fall_due() {
    on_both(async |db| {
        let signed = Signed::new(db).await;
        assert!(signed.due().await.is_empty());
        assert!(signed.happened("signed", "2026-03-02").await);
        assert!(signed.happened("accepted", "2026-03-02").await);
        assert!(!signed.happened("delivered", "2026-03-02").await);
        let dates: Vec<_> = signed.milestones().await.into_iter().map(|one| one.1).collect();
        assert_eq!(dates, [Some("2026-03-12".into()), Some("2026-03-16".into()), None]);
        let sources = signed.due().await;
        assert_eq!(sources.iter().map(|one| one.1.as_str()).collect::<Vec<_>>(), ["2026-03-12", "2026-03-16"]);
    })
    .await;
}

#[tokio::test]
async fn a_payment_pays_the_earliest_first_and_paid_milestones_date_those_that_wait_for_them() {
    on_both(async |db| {
        let signed = Signed::new(db).await;
        signed.happened("signed", "2026-03-02").await;
        signed.happened("accepted", "2026-03-02").await;
        signed.pay("66666.67", "2026-03-05").await.unwrap();
        let milestones = signed.milestones().await;
        assert_eq!(milestones[0].2, "33,333.34");
        assert_eq!((milestones[1].2.as_str(), milestones[1].3), ("33,333.33", Standing::Paid));
        assert_eq!((milestones[2].1.as_deref(), milestones[2].3), (Some("2026-04-05"), Standing::Due));
        assert_eq!(signed.due().await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_reversal_opens_what_was_paid_and_stays_in_the_list() {
    on_both(async |db| {
        let signed = Signed::new(db).await;
        signed.happened("signed", "2026-03-02").await;
        signed.pay("120000", "2026-03-05").await.unwrap();
        let before = signed.settlements.plan(&signed.scope, signed.plan).await.unwrap();
        assert_eq!(before.balance.in_advance, yuan("20000"));
        let payment = before.payments[0].id;
        signed.settlements.reverse(&signed.scope, payment, "录入错误".into(), signed.actor()).await.unwrap();
        let after = signed.settlements.plan(&signed.scope, signed.plan).await.unwrap();
        assert_eq!((after.balance.open, after.balance.paid), (yuan("100000"), yuan("0")));
        assert_eq!(after.payments[0].reversal_reason.as_deref(), Some("录入错误"));
        let again = signed.settlements.reverse(&signed.scope, payment, "再来".into(), signed.actor()).await;
        assert_eq!(again.unwrap_err().code(), "payment_already_reversed");
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_recorded_changes_nothing() {
    on_both(async |db| {
        let signed = Signed::new(db).await;
        let before = signed.settlements.plan(&signed.scope, signed.plan).await.unwrap();
        for (amount, code) in [("0", "amount_not_payable"), ("-5", "amount_not_payable")] {
            assert_eq!(signed.pay(amount, "2026-03-05").await.unwrap_err().code(), code, "{amount}");
        }
        let stale = signed.pay_as_of(before.plan.version - 1, "1", "2026-03-05").await;
        assert_eq!(stale.unwrap_err().code(), "version_conflict");
        assert_eq!(signed.settlements.plan(&signed.scope, signed.plan).await.unwrap(), before);
    })
    .await;
}

#[tokio::test]
async fn a_plan_starts_once() {
    on_both(async |db| {
        let signed = Signed::new(db).await;
        let new = plan_of(signed.owner);
        write(&signed.db, signed.clock.now(), async move |c, at| start_plan(c, &new, &at).await).await.unwrap();
        let (page, count) =
            signed.settlements.milestones(&signed.scope, &MilestoneFilter::default(), None).await.unwrap();
        assert_eq!((page.rows.len(), count.counted), (3, 3));
        assert_eq!(signed.scope.kind(), &PAYMENT_PLAN);
    })
    .await;
}
