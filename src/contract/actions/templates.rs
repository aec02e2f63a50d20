//! Publishing templates.

use super::{log, person};
use crate::contract::document::{Draft, fill};
use crate::contract::template::{Folder, Template};
use crate::contract::{ContractError, Contracts, Library, Publication, TEMPLATE};
use crate::db::Conn;
use crate::kernel::{Actor, Hash};
use crate::org::Action;

impl Contracts {
    /// Publishes a folder as the version that new contracts are drafted from. Contracts under way keep theirs. A folder with faults is
    /// refused with all of them.
    pub async fn publish_template(&self, actor: Actor, folder: Folder) -> Result<Hash, ContractError> {
        self.demand_templates(actor, Action::Administer)?;
        self.install_template(actor, folder).await
    }

    /// Publishes a folder for whoever has the data of the installation in their hands; nobody's rights are asked.
    pub async fn install_template(&self, actor: Actor, folder: Folder) -> Result<Hash, ContractError> {
        let template = check_folder(&folder)?;
        let (at, version, name) = (self.now(), template.version, folder.name.clone());
        let unit = async move |c: &mut Conn<'_>| {
            Library::publish(c, (&folder, &template), actor.user, at).await?;
            let new = serde_json::json!({ "name": name, "version": version });
            log(c, (actor, at), &TEMPLATE.reference(0), "contract.template_published", Some(new)).await?;
            c.notify("contracts");
            Ok::<_, ContractError>(version)
        };
        self.0.db.write(unit).await
    }

    /// Whether the person may see the templates as such.
    pub fn demand_templates(&self, actor: Actor, action: Action) -> Result<(), ContractError> {
        self.0.org.scope_of(person(actor)?, &TEMPLATE, action)?;
        Ok(())
    }

    /// The published versions of a template, the newest first.
    pub async fn template_history(&self, name: &str) -> Result<Vec<Publication>, ContractError> {
        self.0.library.history(name).await
    }
}

/// Everything that is wrong with a folder: with its files, and with the sample that fills it, if it has one.
pub fn check_folder(folder: &Folder) -> Result<Template, ContractError> {
    let faulty = |faults| ContractError::Faults { name: folder.name.clone(), faults };
    if !is_name(&folder.name) {
        return Err(ContractError::TemplateName);
    }
    let template = folder.load().map_err(faulty)?;
    if folder.sample.is_some() {
        let draft = Draft::sample(folder, &template).map_err(faulty)?;
        fill(&template, &draft)?;
    }
    Ok(template)
}

/// The name of a folder: lower-case letters, digits and hyphens.
fn is_name(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=60).contains(&name.len()) && name.bytes().all(fits) && name.as_bytes()[0].is_ascii_lowercase()
}
