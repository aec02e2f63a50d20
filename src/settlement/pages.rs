//! 收付款: what is owed, and the plan of one record with its payments.

use axum::Router;
use axum::extract::State;
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};

use super::queries::{MilestoneFilter, MilestoneRow, Overview};
use super::{Direction, Method, NewPayment, PlanId, SettlementError, Settlements, Standing};
use crate::db::Cursor;
use crate::i18n::msg;
use crate::kernel::{Actor, Currency, Date, Money, PaymentId};
use crate::org::Action;
use crate::paths;
use crate::web::{self, Address as _, Form, FormState, LoggedIn, NavEntry, NavGroup, Note, Page, Query};

paths! {
    /// What is owed.
    pub MilestonesPath = "/payments" {}
    /// The plan of one record.
    pub PlanPath = "/payments/{plan}" { plan: PlanId }
    /// Records an event of the record.
    pub HappenedPath = "/payments/{plan}/events" { plan: PlanId }
    /// Takes a payment back.
    pub ReversePath = "/payments/{plan}/reversals/{payment}" { plan: PlanId, payment: PaymentId }
}

/// The pages of this room.
pub fn routes(settlements: Settlements) -> Router {
    Router::new()
        .route(MilestonesPath::PATTERN, get(list))
        .route(PlanPath::PATTERN, get(plan).post(pay))
        .route(HappenedPath::PATTERN, post(happened))
        .route(ReversePath::PATTERN, post(reverse))
        .with_state(settlements)
}

/// Its line in the navigation.
pub fn nav() -> NavEntry {
    NavEntry::new(NavGroup::Contracts, msg!("settlement.title"), "coins", &MilestonesPath {}).needs("payment_plan.read")
}

/// A value and its name, for a list that opens.
#[derive(Clone, Serialize)]
struct Choice {
    value: String,
    label: String,
}

#[derive(Clone, Default, Serialize, Deserialize)]
struct ListQuery {
    #[serde(default)]
    direction: String,
    #[serde(default)]
    all: String,
    #[serde(default)]
    words: String,
    #[serde(default)]
    after: String,
}

#[derive(Clone, Serialize)]
struct ListPage {
    filter: FormState,
    directions: Vec<Choice>,
    rows: Vec<ListRow>,
    count: String,
    next: String,
}
impl Page for ListPage {
    const TEMPLATE: &'static str = "settlement/list.html";
}

#[derive(Clone, Serialize)]
struct ListRow {
    #[serde(flatten)]
    row: MilestoneRow,
    address: String,
    late: bool,
}

/// A plan as pages show it; the contract's page includes `settlement/plan_part.html` with it.
#[derive(Clone, Debug, Serialize)]
pub struct PlanView {
    address: String,
    version: i64,
    direction: Direction,
    planned: Money,
    paid: Money,
    open: Money,
    overdue: Option<Money>,
    in_advance: Option<Money>,
    percent: i128,
    milestones: Vec<MilestoneView>,
    payments: Vec<PaymentView>,
}

#[derive(Clone, Debug, Serialize)]
struct MilestoneView {
    title: String,
    gross: Money,
    tax: Money,
    paid: Money,
    due_on: Option<Date>,
    standing: Standing,
    standing_label: String,
}

#[derive(Clone, Debug, Serialize)]
struct PaymentView {
    amount: Money,
    paid_on: Date,
    method: String,
    note: String,
    recorded_by: String,
    reversed: bool,
    reversal_reason: String,
    reverse: String,
}

#[derive(Clone, Serialize)]
struct PlanPage {
    heading: String,
    record: String,
    plan: PlanView,
    may_record: bool,
    form: FormState,
    happened: FormState,
    events: Vec<Choice>,
    milestones: Vec<Choice>,
    methods: Vec<Choice>,
    event_path: String,
}
impl Page for PlanPage {
    const TEMPLATE: &'static str = "settlement/plan.html";
}

/// What the payment form sends.
#[derive(Clone, Deserialize)]
struct PaymentForm {
    amount: String,
    paid_on: String,
    method: String,
    /// Empty: the earliest first.
    #[serde(default)]
    milestone: String,
    #[serde(default)]
    note: String,
    version: i64,
}

impl PaymentForm {
    fn payment(&self, currency: Currency) -> Result<NewPayment, SettlementError> {
        let milestone = match self.milestone.as_str() {
            "" => None,
            id => Some(id.parse().map_err(|_| SettlementError::Changed)?),
        };
        Ok(NewPayment {
            amount: Money::parse(&self.amount, currency)?,
            paid_on: date("paid_on", &self.paid_on)?,
            method: Method::named(&self.method).ok_or(SettlementError::Needed("method"))?,
            milestone,
            note: self.note.clone(),
            version: self.version,
        })
    }
}

#[derive(Clone, Deserialize)]
struct EventForm {
    event: String,
    on: String,
}

fn date(field: &'static str, typed: &str) -> Result<Date, SettlementError> {
    typed.trim().parse().map_err(|_| SettlementError::Needed(field))
}

#[derive(Clone, Deserialize)]
struct ReversalForm {
    #[serde(default)]
    reason: String,
}

impl PlanView {
    /// As a reader of that language sees it.
    pub fn of(settlements: &Settlements, overview: &Overview, visit: &LoggedIn) -> Self {
        let Overview { plan, milestones, payments, balance, .. } = overview;
        let directory = settlements.org.directory();
        let some = |money: Money| (!money.amount.is_zero()).then_some(money);
        let milestones = milestones.iter().map(|(one, standing)| MilestoneView {
            title: one.planned.title.clone(),
            gross: one.planned.amount.gross,
            tax: one.planned.amount.tax,
            paid: Money::new(one.paid, plan.currency),
            due_on: one.due_on,
            standing: *standing,
            standing_label: visit.text(&standing_name(*standing)),
        });
        let payments = payments.iter().map(|one| PaymentView {
            amount: Money::new(one.amount, plan.currency),
            paid_on: one.paid_on,
            method: visit.text(&one.method.label()),
            note: one.note.clone(),
            recorded_by: one.recorded_by.map(|user| directory.name(user)).unwrap_or_default(),
            reversed: one.reversed_at.is_some(),
            reversal_reason: one.reversal_reason.clone().unwrap_or_default(),
            reverse: ReversePath { plan: plan.id, payment: one.id }.to_string(),
        });
        Self {
            address: PlanPath { plan: plan.id }.to_string(),
            version: plan.version,
            direction: plan.direction,
            planned: balance.planned,
            paid: balance.paid,
            open: balance.open,
            overdue: some(balance.overdue),
            in_advance: some(balance.in_advance),
            percent: balance.percent(),
            milestones: milestones.collect(),
            payments: payments.collect(),
        }
    }
}

async fn list(visit: LoggedIn, State(settlements): State<Settlements>, Query(query): Query<ListQuery>) -> web::Result {
    let scope = settlements.scope(visit.user(), Action::Read)?;
    let filter = MilestoneFilter {
        direction: Direction::named(&query.direction),
        open: query.all.is_empty(),
        before: None,
        words: query.words.trim().to_owned(),
    };
    let after = query.after.parse::<Cursor>().ok();
    let (page, count) = settlements.milestones(&scope, &filter, after).await?;
    let today = settlements.today();
    let rows = page.rows.into_iter().map(|row| ListRow {
        address: PlanPath { plan: row.plan }.to_string(),
        late: row.due_on.is_some_and(|due| due < today) && row.paid != row.gross,
        row,
    });
    let next = match page.next {
        Some(cursor) => {
            let query = ListQuery { after: cursor.to_string(), ..query.clone() };
            MilestonesPath {}.with_query(&query).map_err(web::Error::internal)?
        }
        None => String::new(),
    };
    let directions = [Direction::Receivable, Direction::Payable]
        .map(|direction| Choice { value: direction.name().to_owned(), label: visit.text(&direction_name(direction)) });
    visit.page(&ListPage {
        filter: FormState::of(&query)?,
        directions: directions.to_vec(),
        rows: rows.collect(),
        count: count.to_string(),
        next,
    })
}

async fn plan(visit: LoggedIn, path: PlanPath, State(settlements): State<Settlements>) -> web::Result {
    let page = plan_page(&visit, &settlements, path.plan).await?;
    visit.page(&page)
}

async fn pay(
    visit: LoggedIn,
    path: PlanPath,
    State(settlements): State<Settlements>,
    form: Form<PaymentForm>,
) -> web::Result {
    match record_payment(&visit, &settlements, path.plan, &form.value).await {
        Ok(()) => Ok(visit.go_with(&path, &Note::done(visit.text(&msg!("settlement.recorded"))))),
        Err(error) => {
            let mut page = plan_page(&visit, &settlements, path.plan).await?;
            page.form = form.typed.refused(error)?;
            visit.page_again(&page)
        }
    }
}

async fn record_payment(
    visit: &LoggedIn,
    settlements: &Settlements,
    plan: PlanId,
    form: &PaymentForm,
) -> Result<(), SettlementError> {
    let scope = settlements.scope(visit.user(), Action::Edit)?;
    let currency = settlements.plan(&scope, plan).await?.plan.currency;
    settlements.pay(&scope, plan, form.payment(currency)?, actor(visit)).await.map(drop)
}

async fn happened(
    visit: LoggedIn,
    path: HappenedPath,
    State(settlements): State<Settlements>,
    form: Form<EventForm>,
) -> web::Result {
    let scope = settlements.scope(visit.user(), Action::Edit)?;
    let EventForm { event, on } = form.value;
    let recorded = async { settlements.happened(&scope, path.plan, event, date("on", &on)?, actor(&visit)).await };
    match recorded.await {
        Ok(()) => {
            let note = Note::done(visit.text(&msg!("settlement.recorded")));
            Ok(visit.go_with(PlanPath { plan: path.plan }, &note))
        }
        Err(error) => {
            let mut page = plan_page(&visit, &settlements, path.plan).await?;
            page.happened = form.typed.refused(error)?;
            visit.page_again(&page)
        }
    }
}

async fn reverse(
    visit: LoggedIn,
    path: ReversePath,
    State(settlements): State<Settlements>,
    form: Form<ReversalForm>,
) -> web::Result {
    let scope = settlements.scope(visit.user(), Action::Edit)?;
    settlements.reverse(&scope, path.payment, form.value.reason, actor(&visit)).await?;
    let note = Note::done(visit.text(&msg!("settlement.reversed")));
    Ok(visit.go_with(PlanPath { plan: path.plan }, &note))
}

async fn plan_page(visit: &LoggedIn, settlements: &Settlements, plan: PlanId) -> Result<PlanPage, SettlementError> {
    let scope = settlements.scope(visit.user(), Action::Read)?;
    let overview = settlements.plan(&scope, plan).await?;
    let may_record = settlements
        .scope(visit.user(), Action::Edit)
        .is_ok_and(|scope| scope.covers(Some(overview.plan.owner), overview.plan.department));
    let mut form = FormState::empty();
    form.put("paid_on", &settlements.today().to_string());
    let mut happened = FormState::empty();
    happened.put("on", &settlements.today().to_string());
    let open = overview.milestones.iter().filter(|(_, standing)| *standing != Standing::Paid);
    let milestones = open.map(|(one, _)| Choice { value: one.id.to_string(), label: one.planned.title.clone() });
    Ok(PlanPage {
        heading: format!("{} {}", overview.plan.number, overview.plan.title),
        record: overview.plan.path.clone(),
        plan: PlanView::of(settlements, &overview, visit),
        may_record,
        form,
        happened,
        events: overview.awaited.iter().map(|event| event_choice(event, &overview, visit)).collect(),
        milestones: milestones.collect(),
        methods: Method::ALL.map(|one| Choice { value: one.name().into(), label: visit.text(&one.label()) }).to_vec(),
        event_path: HappenedPath { plan }.to_string(),
    })
}

fn actor(visit: &LoggedIn) -> Actor {
    Actor::person(visit.user(), visit.channel())
}

/// An event by its name in the language, or the milestone that it is.
fn event_choice(event: &str, overview: &Overview, visit: &LoggedIn) -> Choice {
    let milestone = overview.milestones.iter().find(|(one, _)| one.planned.name == event);
    let label = match (event, milestone) {
        (_, Some((one, _))) => one.planned.title.clone(),
        ("signed", _) => visit.text(&msg!("settlement.event.signed")),
        ("effective", _) => visit.text(&msg!("settlement.event.effective")),
        ("delivered", _) => visit.text(&msg!("settlement.event.delivered")),
        ("accepted", _) => visit.text(&msg!("settlement.event.accepted")),
        _ => event.to_owned(),
    };
    Choice { value: event.to_owned(), label }
}

fn standing_name(standing: Standing) -> crate::i18n::Message {
    match standing {
        Standing::Waiting => msg!("settlement.standing.waiting"),
        Standing::Due => msg!("settlement.standing.due"),
        Standing::Partly => msg!("settlement.standing.partly"),
        Standing::Overdue => msg!("settlement.standing.overdue"),
        Standing::Paid => msg!("settlement.standing.paid"),
    }
}

fn direction_name(direction: Direction) -> crate::i18n::Message {
    match direction {
        Direction::Receivable => msg!("settlement.direction.receivable"),
        Direction::Payable => msg!("settlement.direction.payable"),
    }
}
