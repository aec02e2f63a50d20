//! The published templates, compiled once a version.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use super::ContractError;
pub use super::store::templates::Publication;
use super::store::templates::{self, TemplateRow};
use super::template::{Folder, Template, shipped};
use crate::db::{Conn, Db};
use crate::kernel::{Clock, Hash, Timestamp, UserId};

/// The published templates; cheap to clone.
#[derive(Clone)]
pub struct Library {
    db: Db,
    compiled: Arc<RwLock<BTreeMap<Hash, Arc<Template>>>>,
}

impl Library {
    /// Opens it over a migrated database: a shipped template of which no version was ever published is published once.
    pub async fn open(db: Db, clock: &dyn Clock) -> Result<Self, ContractError> {
        let now = clock.now();
        let mut rows = Vec::new();
        for folder in shipped() {
            let template = folder.load().map_err(|_| ContractError::Unreadable(folder.name.clone()))?;
            rows.push(row(folder, &template));
        }
        let seed = async move |c: &mut Conn<'_>| {
            for row in &rows {
                // Its text may have been published under another name before it shipped.
                let known =
                    templates::is_known(c, &row.name).await? || templates::find(c, row.version).await?.is_some();
                if !known {
                    templates::insert(c, row, None, now).await?;
                }
            }
            Ok::<_, ContractError>(())
        };
        db.write(seed).await?;
        Ok(Self::over(db))
    }

    /// What was published already, for a command that only reads.
    pub fn over(db: Db) -> Self {
        Self { db, compiled: Arc::default() }
    }

    /// The versions that new contracts are drafted from, by title.
    pub async fn current(&self) -> Result<Vec<Arc<Template>>, ContractError> {
        let rows = self.db.read(async |c| templates::current(c).await.map_err(ContractError::from)).await?;
        rows.iter().map(|row| self.compile(row)).collect()
    }

    /// The current version of that name.
    pub async fn named(&self, name: &str) -> Result<Arc<Template>, ContractError> {
        let current = self.current().await?;
        let found = current.into_iter().find(|one| one.name == name);
        found.ok_or_else(|| ContractError::NoTemplate(name.to_owned()))
    }

    /// Every published version of that name, the newest first.
    pub async fn history(&self, name: &str) -> Result<Vec<Publication>, ContractError> {
        let name = name.to_owned();
        self.db.read(async move |c: &mut Conn<'_>| Ok::<_, ContractError>(templates::history(c, &name).await?)).await
    }

    /// A version, current or not.
    pub async fn version(&self, version: Hash) -> Result<Arc<Template>, ContractError> {
        if let Some(known) = self.known(version) {
            return Ok(known);
        }
        let read = async move |c: &mut Conn<'_>| Ok::<_, ContractError>(templates::find(c, version).await?);
        let row = self.db.read(read).await?;
        self.compile(&row.ok_or_else(|| ContractError::Unreadable(version.short()))?)
    }

    /// A version that was compiled before; within a unit nothing is compiled.
    pub(super) fn known(&self, version: Hash) -> Option<Arc<Template>> {
        self.compiled.read().unwrap_or_else(PoisonError::into_inner).get(&version).map(Arc::clone)
    }

    /// Within a unit that only reads: a version that nobody has asked for since the start is compiled there, once.
    pub(super) async fn within(&self, c: &mut Conn<'_>, version: Hash) -> Result<Option<Arc<Template>>, ContractError> {
        match self.known(version) {
            Some(known) => Ok(Some(known)),
            None => templates::find(c, version).await?.map(|row| self.compile(&row)).transpose(),
        }
    }

    /// Makes a checked folder the version that new contracts are drafted from, in the write of the caller.
    pub(super) async fn publish(
        c: &mut Conn<'_>,
        (folder, template): (&Folder, &Template),
        by: Option<UserId>,
        at: Timestamp,
    ) -> Result<(), ContractError> {
        let row = row(folder.clone(), template);
        match templates::find(c, row.version).await? {
            Some(known) if known.name != row.name => Err(ContractError::TemplateKnown(known.name)),
            known => Ok(templates::publish(c, &row, known.is_some(), (by, at)).await?),
        }
    }

    fn compile(&self, row: &TemplateRow) -> Result<Arc<Template>, ContractError> {
        if let Some(known) = self.known(row.version) {
            return Ok(known);
        }
        let folder = Folder::new(&row.name, &row.definition, &row.body, None);
        let template = Arc::new(folder.load().map_err(|_| ContractError::Unreadable(row.version.short()))?);
        let mut compiled = self.compiled.write().unwrap_or_else(PoisonError::into_inner);
        Ok(Arc::clone(compiled.entry(row.version).or_insert(template)))
    }
}

fn row(folder: Folder, template: &Template) -> TemplateRow {
    TemplateRow {
        version: template.version,
        name: folder.name,
        title: template.title.clone(),
        definition: folder.template,
        body: folder.body,
    }
}
