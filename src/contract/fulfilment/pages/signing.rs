//! 登记签署: who signed for each party, with the scan. A file that came with a form that was refused is kept for the next try.

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::routing::get;
use serde::{Deserialize, Serialize};

use super::view::{capacity, deed_path};
use super::{SignChangePath, SigningPath, UPLOAD, papers};
use crate::contract::fulfilment::{
    CONTRACT_CHANGE, Capacity, Deed, Fulfilment, FulfilmentError, NewSigning, PaperId, PartySigning, Purpose,
};
use crate::contract::pages::actor;
use crate::contract::pages::choices::{Choice, role};
use crate::contract::template::Party;
use crate::contract::{CONTRACT, Move};
use crate::i18n::msg;
use crate::kernel::Ref;
use crate::org::Action;
use crate::web::{self, Address as _, FormState, LoggedIn, Note, Page, Typed, UploadForm};

#[derive(Clone, Serialize)]
struct SigningPage {
    back: String,
    number: String,
    title: String,
    form: FormState,
    version: i64,
    parties: Vec<PartyFields>,
    scan: Option<i64>,
}

impl Page for SigningPage {
    const TEMPLATE: &'static str = "contract/signing.html";
}

/// The fields of one party.
#[derive(Clone, Serialize)]
struct PartyFields {
    role: &'static str,
    heading: String,
    signatory: String,
    capacity: String,
    signed_on: String,
    authorisation: String,
    /// A file that was kept from the last try.
    kept: Option<i64>,
    capacities: Vec<Choice>,
}

#[derive(Clone, Deserialize)]
struct SigningForm {
    version: i64,
    #[serde(default)]
    copies: String,
    #[serde(default)]
    effective_on: String,
    #[serde(default)]
    scan_kept: String,
}

/// Files that are there already.
#[derive(Default)]
struct Kept {
    scan: Option<PaperId>,
    authorisations: Vec<(&'static str, PaperId)>,
}

pub(super) fn routes() -> Router<Fulfilment> {
    Router::new()
        .route(SigningPath::PATTERN, get(of_contract).post(sign_contract).layer(DefaultBodyLimit::max(UPLOAD)))
        .route(SignChangePath::PATTERN, get(of_change).post(sign_change).layer(DefaultBodyLimit::max(UPLOAD)))
}

async fn of_contract(
    visit: LoggedIn,
    SigningPath { id }: SigningPath,
    State(fulfilment): State<Fulfilment>,
) -> web::Result {
    blank(&visit, &fulfilment, &CONTRACT.reference(id.get())).await
}

async fn of_change(
    visit: LoggedIn,
    SignChangePath { id }: SignChangePath,
    State(fulfilment): State<Fulfilment>,
) -> web::Result {
    blank(&visit, &fulfilment, &CONTRACT_CHANGE.reference(id.get())).await
}

async fn sign_contract(
    visit: LoggedIn,
    SigningPath { id }: SigningPath,
    State(fulfilment): State<Fulfilment>,
    form: UploadForm<SigningForm>,
) -> web::Result {
    sign(&visit, &fulfilment, &CONTRACT.reference(id.get()), &form).await
}

async fn sign_change(
    visit: LoggedIn,
    SignChangePath { id }: SignChangePath,
    State(fulfilment): State<Fulfilment>,
    form: UploadForm<SigningForm>,
) -> web::Result {
    sign(&visit, &fulfilment, &CONTRACT_CHANGE.reference(id.get()), &form).await
}

async fn blank(visit: &LoggedIn, fulfilment: &Fulfilment, subject: &Ref) -> web::Result {
    let deed = fulfilment.deed(visit.user(), subject, Action::Edit).await?;
    deed.state.after(Move::Sign)?;
    let today = fulfilment.contracts().today().to_string();
    let mut form = FormState::empty();
    form.put("copies", "4");
    form.put("effective_on", &today);
    for party in &deed.parties {
        let role = party.role.name();
        form.put(&format!("signatory.{role}"), party.detail("legal_representative").unwrap_or_default());
        form.put(&format!("signed_on.{role}"), &today);
        let capacity = if party.person { Capacity::Oneself } else { Capacity::Representative };
        form.put(&format!("capacity.{role}"), capacity.name());
    }
    visit.page(&page(visit, &deed, form, &Kept::default()))
}

async fn sign(visit: &LoggedIn, fulfilment: &Fulfilment, subject: &Ref, form: &UploadForm<SigningForm>) -> web::Result {
    let deed = fulfilment.deed(visit.user(), subject, Action::Edit).await?;
    let mut kept = Kept::of(&deed, &form.typed, &form.value);
    let done = async {
        keep(visit, fulfilment, &deed, &form.files, &mut kept).await?;
        let signing = read(&deed, form, &kept)?;
        fulfilment.sign(actor(visit), subject, signing).await
    };
    match done.await {
        Ok(()) => {
            let note = Note::done(visit.text(&msg!("contract.signing.done")));
            Ok(visit.go_with(deed_path(&deed), &note))
        }
        Err(error) => {
            let error = web::Error::from(error);
            let mut state = form.typed.refused(error.clone())?;
            // A file is no typed field: what is wrong with it stands beside its own.
            for problem in error.fields().iter().filter(|one| form.typed.get(&one.field).is_none()) {
                state.error(&problem.field, problem.message.clone());
            }
            visit.page_again(&page(visit, &deed, state, &kept))
        }
    }
}

impl Kept {
    /// What a form says is there from the last try.
    fn of(deed: &Deed, typed: &Typed, form: &SigningForm) -> Self {
        let authorisations = deed.parties.iter().filter_map(|party| {
            let role = party.role.name();
            Some((role, typed.get(&format!("authorisation_kept.{role}"))?.parse().ok()?))
        });
        Self { scan: form.scan_kept.parse().ok(), authorisations: authorisations.collect() }
    }

    fn authorisation(&self, role: &str) -> Option<PaperId> {
        self.authorisations.iter().find(|(of, _)| *of == role).map(|(_, paper)| *paper)
    }
}

/// Keeps the files that came; a newer one takes the place of one that was there.
async fn keep(
    visit: &LoggedIn,
    fulfilment: &Fulfilment,
    deed: &Deed,
    files: &[web::Upload],
    kept: &mut Kept,
) -> Result<(), FulfilmentError> {
    if let Some(scan) = papers::keep(visit, fulfilment, &deed.subject, ("scan", Purpose::Signed), files).await? {
        kept.scan = Some(scan);
    }
    for party in &deed.parties {
        let role = party.role.name();
        let field = format!("authorisation.{role}");
        let came = (field.as_str(), Purpose::Authorisation);
        if let Some(paper) = papers::keep(visit, fulfilment, &deed.subject, came, files).await? {
            kept.authorisations.retain(|(of, _)| *of != role);
            kept.authorisations.push((role, paper));
        }
    }
    Ok(())
}

fn read(deed: &Deed, form: &UploadForm<SigningForm>, kept: &Kept) -> Result<NewSigning, FulfilmentError> {
    let needed = |field: String| FulfilmentError::Needed { field };
    let typed = |name: &str, role: &str| form.typed.get(&format!("{name}.{role}")).unwrap_or_default();
    let party = |party: &Party| {
        let role = party.role.name();
        Ok(PartySigning {
            party: role.to_owned(),
            signatory: typed("signatory", role).to_owned(),
            capacity: Capacity::named(typed("capacity", role)).ok_or_else(|| needed(format!("capacity.{role}")))?,
            authorisation: kept.authorisation(role),
            signed_on: typed("signed_on", role).parse().map_err(|_| needed(format!("signed_on.{role}")))?,
        })
    };
    let effective_on = match form.value.effective_on.trim() {
        "" => None,
        date => Some(date.parse().map_err(|_| needed("effective_on".to_owned()))?),
    };
    Ok(NewSigning {
        parties: deed.parties.iter().map(party).collect::<Result<_, FulfilmentError>>()?,
        scan: kept.scan,
        copies: form.value.copies.trim().parse().map_err(|_| FulfilmentError::Copies)?,
        effective_on,
        version: form.value.version,
    })
}

fn page(visit: &LoggedIn, deed: &Deed, form: FormState, kept: &Kept) -> SigningPage {
    let parties = deed.parties.iter().map(|party| {
        let of = party.role.name();
        let allowed = Capacity::ALL.into_iter().filter(|one| party.person || *one != Capacity::Oneself);
        PartyFields {
            role: of,
            heading: format!("{} · {}", visit.text(&role(party.role)), party.name()),
            signatory: format!("signatory.{of}"),
            capacity: format!("capacity.{of}"),
            signed_on: format!("signed_on.{of}"),
            authorisation: format!("authorisation.{of}"),
            kept: kept.authorisation(of).map(PaperId::get),
            capacities: allowed.map(|one| Choice::new(one.name(), visit.text(&capacity(one)))).collect(),
        }
    });
    SigningPage {
        back: deed_path(deed),
        number: deed.number.clone(),
        title: deed.title.clone(),
        form,
        version: deed.version,
        parties: parties.collect(),
        scan: kept.scan.map(PaperId::get),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::testing::renders;

    #[tokio::test]
    async fn the_signing_form_renders() {
        let party = PartyFields {
            role: "client",
            heading: "Client · Acme".into(),
            signatory: "signatory.client".into(),
            capacity: "capacity.client".into(),
            signed_on: "signed_on.client".into(),
            authorisation: "authorisation.client".into(),
            kept: Some(3),
            capacities: vec![Choice::new("agent", "Agent")],
        };
        let page = SigningPage {
            back: "/contracts/7/fulfilment".into(),
            number: "HT-1".into(),
            title: "Service".into(),
            form: FormState::empty(),
            version: 3,
            parties: vec![PartyFields { kept: None, ..party.clone() }, party],
            scan: None,
        };
        renders(SigningPage { scan: Some(4), ..page.clone() }).await;
        renders(page).await;
    }
}
