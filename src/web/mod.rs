//! The kit for pages and APIs: layout, session, forms, errors, assets.
//!
//! A room writes handlers; the kit knows the reader. `app` builds one [`Kit`] and wraps all routes with it, and from
//! then on every handler can take a [`Visit`] (anybody) or a [`LoggedIn`] (somebody known), answer with a [`Page`], and
//! return its own errors with `?`: whatever implements [`Explain`](crate::i18n::Explain) becomes a page or JSON.
//!
//! ```text
//! // pages.rs
//! paths! {
//!     /// The form of a new customer.
//!     pub NewCustomerPath = "/customers/new" {}
//!     /// The page of a customer.
//!     pub CustomerPath = "/customers/{id}" { id: CustomerId }
//! }
//!
//! #[derive(Clone, Serialize)]
//! struct NewCustomerPage { form: FormState }
//! impl Page for NewCustomerPage { const TEMPLATE: &'static str = "crm/new_customer.html"; }
//!
//! pub fn routes(crm: Crm) -> Router {
//!     Router::new().route(NewCustomerPath::PATTERN, get(blank).post(create)).with_state(crm)
//! }
//!
//! async fn blank(visit: LoggedIn) -> web::Result {
//!     visit.page(&NewCustomerPage { form: FormState::empty() })
//! }
//!
//! async fn create(visit: LoggedIn, State(crm): State<Crm>, form: Form<NewCustomer>) -> web::Result {
//!     match crm.create(visit.user(), &form.value).await {
//!         Ok(id) => Ok(visit.go_with(CustomerPath { id }, &Note::done(visit.text(&msg!("crm.created"))))),
//!         Err(error) => visit.page_again(&NewCustomerPage { form: form.typed.refused(error)? }),
//!     }
//! }
//!
//! // api.rs
//! pub fn routes(crm: Crm) -> OpenApiRouter { OpenApiRouter::new().routes(routes!(create)).with_state(crm) }
//!
//! /// Adds a customer.
//! #[utoipa::path(post, path = "/customers", request_body = NewCustomer,
//!     responses((status = 201, body = Customer), (status = 422, body = Problem)))]
//! async fn create(caller: LoggedIn, State(crm): State<Crm>, Json(new): Json<NewCustomer>) -> web::Result {
//!     let customer = crm.create(caller.user(), &new).await?;
//!     Ok((StatusCode::CREATED, Json(customer)).into_response())
//! }
//! ```
//!
//! A page extends `web/base.html` (blocks `title`, `crumbs`, `lead`, `actions`, `content`) or `web/plain.html` for
//! readers without a session; `page` is the shell, with `page.csrf` for hand-written forms. Macros stand in
//! `web/forms.html` and `web/parts.html`; filters are `money`, `money_short`, `amount`, `number`, `date`, `datetime`,
//! `moment`, `time_of_day` and `text` for a [`Message`](crate::i18n::Message); functions `t("room.key", name=value)`,
//! `icon("name")`, `asset("file")`. A unit test calls `web::testing::renders(sample)` for every page.

pub mod api;
mod assets;
mod download;
mod error;
mod events;
mod explain;
mod form;
mod headers;
mod idempotency;
mod json_problem;
mod kit;
mod language;
mod nav;
mod note;
mod openapi;
#[doc(hidden)]
pub mod paths;
pub mod session;
mod store;
mod templates;
#[cfg(test)]
pub(crate) mod testing;
mod visit;

pub use download::{disposition, download};
pub use error::{Error, FieldError};
pub use events::Events;
pub use explain::{Problem, ProblemField};
pub use form::{Form, FormState, Query, Typed, Upload, UploadForm};
pub use kit::{Kit, Settings};
pub use nav::{NavEntry, NavGroup};
pub use note::Note;
pub use paths::Address;
pub use session::{People, Person};
pub use store::STATEMENTS;
pub use visit::{LoggedIn, Page, Visit};

/// What a handler answers.
pub type Result<T = axum::response::Response> = std::result::Result<T, Error>;
