//! When people are away and who acts for them: said by themselves, or by who administers accounts.

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};

use super::choices::{self, Choice, chosen};
use super::{AbsencesPath, CurrentUser, EndAbsencePath, EndUserAbsencePath, UserAbsencesPath};
use crate::i18n::msg;
use crate::kernel::time::{DEFAULT_ZONE, zone};
use crate::kernel::{Date, Timestamp, UserId};
use crate::org::{Absence, AbsenceFields, Org, OrgError};
use crate::web::{self, Address as _, Form, FormState, Note, Page};

#[derive(Clone, Serialize)]
struct AbsencesPage {
    form: FormState,
    person: String,
    own: bool,
    absences: Vec<ShownAbsence>,
    deputies: Vec<Choice>,
    action: String,
}

#[derive(Clone, Serialize)]
struct ShownAbsence {
    absence: Absence,
    deputy: String,
    end: String,
}

impl Page for AbsencesPage {
    const TEMPLATE: &'static str = "org/absences.html";
}

#[derive(Deserialize)]
struct AbsenceForm {
    from: String,
    until: String,
    deputy: String,
    #[serde(default)]
    workflow: String,
}

pub(super) fn routes() -> Router<Org> {
    Router::new()
        .route(AbsencesPath::PATTERN, get(own).post(add_own))
        .route(EndAbsencePath::PATTERN, post(end_own))
        .route(UserAbsencesPath::PATTERN, get(of_user).post(add_for_user))
        .route(EndUserAbsencePath::PATTERN, post(end_for_user))
}

async fn own(user: CurrentUser, State(org): State<Org>) -> web::Result {
    let id = user.user();
    user.page(&page(&user, &org, id, FormState::empty()).await?)
}

async fn of_user(user: CurrentUser, UserAbsencesPath { id }: UserAbsencesPath, State(org): State<Org>) -> web::Result {
    user.page(&page(&user, &org, id, FormState::empty()).await?)
}

async fn add_own(user: CurrentUser, State(org): State<Org>, form: Form<AbsenceForm>) -> web::Result {
    let id = user.user();
    add(&user, &org, id, form).await
}

async fn add_for_user(
    user: CurrentUser,
    UserAbsencesPath { id }: UserAbsencesPath,
    State(org): State<Org>,
    form: Form<AbsenceForm>,
) -> web::Result {
    add(&user, &org, id, form).await
}

async fn end_own(
    user: CurrentUser,
    EndAbsencePath { id }: EndAbsencePath,
    State(org): State<Org>,
    _form: Form<()>,
) -> web::Result {
    org.end_absence(user.session(), id).await?;
    Ok(ended(&user, user.user()))
}

async fn end_for_user(
    user: CurrentUser,
    EndUserAbsencePath { user: whose, id }: EndUserAbsencePath,
    State(org): State<Org>,
    _form: Form<()>,
) -> web::Result {
    org.end_absence(user.session(), id).await?;
    Ok(ended(&user, whose))
}

async fn add(user: &CurrentUser, org: &Org, id: UserId, form: Form<AbsenceForm>) -> web::Result {
    let outcome = match fields(&form.value) {
        Ok(fields) => org.be_absent(user.session(), id, fields).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(_) => Ok(user.go_with(address(user, id), &Note::done(user.text(&msg!("org.absence_added"))))),
        Err(error) => user.page_again(&page(user, org, id, form.typed.refused(error)?).await?),
    }
}

fn ended(user: &CurrentUser, id: UserId) -> Response {
    user.go_with(address(user, id), &Note::done(user.text(&msg!("org.absence_ended"))))
}

/// Days of the company: the last one is included.
fn fields(form: &AbsenceForm) -> Result<AbsenceFields, OrgError> {
    let day = |text: &str| text.trim().parse::<Date>().map_err(|_| OrgError::AbsenceEnds);
    let zone = zone(DEFAULT_ZONE);
    let until = day(&form.until)?.tomorrow().map_err(|_| OrgError::AbsenceEnds)?;
    let workflow = form.workflow.trim();
    Ok(AbsenceFields {
        from: Timestamp::start_of(day(&form.from)?, &zone),
        until: Timestamp::start_of(until, &zone),
        deputy: chosen(&form.deputy).ok_or(OrgError::AbsenceDeputy)?,
        workflow: (!workflow.is_empty()).then(|| workflow.to_owned()),
    })
}

fn address(user: &CurrentUser, id: UserId) -> String {
    if user.user() == id { AbsencesPath {}.to_string() } else { UserAbsencesPath { id }.to_string() }
}

async fn page(user: &CurrentUser, org: &Org, id: UserId, form: FormState) -> Result<AbsencesPage, web::Error> {
    let directory = org.directory();
    let own = user.user() == id;
    let absences = org.absences(user.session(), id).await?;
    let shown = absences.into_iter().map(|absence| ShownAbsence {
        deputy: directory.name(absence.deputy),
        end: if own {
            EndAbsencePath { id: absence.id }.to_string()
        } else {
            EndUserAbsencePath { user: id, id: absence.id }.to_string()
        },
        absence,
    });
    let absences = shown.collect();
    let deputies = choices::people(&directory, Some(id));
    Ok(AbsencesPage { form, person: directory.name(id), own, absences, deputies, action: address(user, id) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::org::AbsenceId;
    use crate::web::testing::renders;

    #[tokio::test]
    async fn absences_render() {
        let (from, until) = (Timestamp::from_micros(0), Timestamp::from_micros(1));
        let (id, user, deputy) = (AbsenceId::new(1), UserId::new(1), UserId::new(2));
        let absence = Absence { id, user, from, until, deputy, workflow: None };
        let shown = ShownAbsence { absence, deputy: "Li".into(), end: "/settings/absences/1/end".into() };
        let deputies = vec![Choice::new(2, "Li")];
        let (form, person, action) = (FormState::empty(), "Zhang".into(), "/settings/absences".into());
        renders(AbsencesPage { form, person, own: false, absences: vec![shown], deputies, action }).await;
    }

    #[test]
    fn the_last_day_is_included() {
        let form = |from: &str, until: &str| AbsenceForm {
            from: from.into(),
            until: until.into(),
            deputy: "2".into(),
            workflow: String::new(),
        };
        let day = fields(&form("2026-03-02", "2026-03-02")).unwrap();
        assert_eq!(day.until.since(day.from), std::time::Duration::from_hours(24));
        assert_eq!(fields(&form("tomorrow", "2026-03-02")), Err(OrgError::AbsenceEnds));
    }
}
