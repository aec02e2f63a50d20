//! Everything that proves a case, out of the database and the files.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::{Value, json};

use super::{
    ANCHOR, COVER, ContentPart, ContentParts, Cover, EVENTS, EventLine, FORMAT, Members, NamedPerson, PEOPLE, README,
    anchor, content_of, file_member, files_of, grid_member, manifest_member, pack, parts_member, people_in,
    runs_member, workflow_member,
};
use crate::approval::approvals::RACES;
use crate::approval::evidence::versions;
use crate::approval::look::Look;
use crate::approval::sheet::Asked;
use crate::approval::store::cases::{self, StoredEvent};
use crate::approval::store::evidence::{self, CaseLine};
use crate::approval::store::workflows::{self, WorkflowText};
use crate::approval::{ApprovalError, Approvals, KeptContent};
use crate::db::Conn;
use crate::files::Files;
use crate::i18n::Lang;
use crate::kernel::{CaseId, Hash, Manifest, UserId};
use crate::pdf;
use crate::workflow::{Directory, GridVersion};

/// What one instant of the database holds of a case.
struct Stored {
    line: CaseLine,
    events: Vec<StoredEvent>,
    kept: Vec<KeptContent>,
    sources: Vec<WorkflowText>,
    anchor: Option<anchor::Anchor>,
}

/// The contents that were decided on, with what their lines are over as far as it can be read.
type Contents = BTreeMap<Hash, (Manifest, Option<ContentParts>)>;

impl Approvals {
    /// The evidence bundle of a case; whoever asks has been asked for permission. A case that moves all the while is refused.
    pub async fn bundle(&self, case: CaseId, files: &Files) -> Result<Vec<u8>, ApprovalError> {
        // Each holds all of its files in memory.
        let _one_at_a_time = self.0.bundling.lock().await;
        for _ in 0..RACES {
            let look = self.look_at_all(case, Lang::Zh).await?;
            let stored = self.stored(case).await?;
            if stored.line.head != look.head {
                continue;
            }
            let english = self.look_at_all(case, Lang::En).await?;
            if english.head != look.head {
                continue;
            }
            let contents = contents(&look, &stored);
            let mut members = self.members(&look, &stored, &contents)?;
            put_files(&mut members, &contents, files).await?;
            let sheets = [look.sheet().shown(Lang::Zh), english.sheet().shown(Lang::En)];
            let packed = tokio::task::spawn_blocking(move || {
                for (sheet, lang) in sheets.iter().zip(Lang::ALL).filter(|_| pdf::BUILT) {
                    members.insert(format!("approval-sheet.{}.pdf", lang.code()), sheet.pdf()?);
                }
                pack(members).map_err(|error| ApprovalError::Json(error.to_string()))
            });
            return packed.await.map_err(|error| ApprovalError::Json(error.to_string()))?;
        }
        Err(ApprovalError::LostRace)
    }

    async fn stored(&self, case: CaseId) -> Result<Stored, ApprovalError> {
        let registry = self.0.registry.clone();
        let before = CaseId::new(case.get().saturating_sub(1));
        let read = async move |c: &mut Conn<'_>| {
            let line = evidence::cases(c, before, 1).await?.into_iter().find(|line| line.id == case);
            let line = line.ok_or(ApprovalError::NoCase(case))?;
            let events = cases::events(c, case).await?;
            let kept = match registry.subject(&line.subject.kind) {
                Some(subject) => subject.kept(c, line.subject.id).await?,
                None => Vec::new(),
            };
            let sources = workflows::with_runs(c, all_versions(&line, &events)).await?;
            let anchor = anchor::of(c, case, &events).await?;
            Ok::<_, ApprovalError>(Stored { line, events, kept, sources, anchor })
        };
        self.0.db.read(read).await
    }

    /// Every member but files and sheets.
    fn members(&self, look: &Look, stored: &Stored, contents: &Contents) -> Result<Members, ApprovalError> {
        let mut members = Members::new();
        members.insert(README.to_owned(), include_bytes!("README.txt").to_vec());
        let mut lines = Vec::new();
        for event in &stored.events {
            lines.extend(serde_json::to_vec(&EventLine::from(event))?);
            lines.push(b'\n');
        }
        members.insert(EVENTS.to_owned(), lines);
        if let Some(anchor) = &stored.anchor {
            members.insert(ANCHOR.to_owned(), pretty(anchor)?);
        }
        for source in &stored.sources {
            members.insert(workflow_member(source.version), source.text.clone().into_bytes());
            if !source.runs.is_empty() {
                members.insert(runs_member(source.version), pretty(&source.runs)?);
            }
        }
        let directory = &look.facts.directory;
        for (grid, version, asked) in grids(look) {
            let title = directory.grids.get(&grid).map(|grid| grid.title.clone());
            members.insert(
                grid_member(&grid, version),
                pretty(&json!({ "grid": grid, "title": title, "version": asked }))?,
            );
        }
        members.insert(PEOPLE.to_owned(), pretty(&people(look, stored, directory))?);
        for (content, (manifest, parts)) in contents {
            members.insert(manifest_member(*content), manifest.to_string().into_bytes());
            if let Some(parts) = parts {
                members.insert(parts_member(*content), pretty(parts)?);
            }
        }
        let named = named_contents(&stored.events).into_iter();
        let not_kept = named.filter(|content| !contents.contains_key(content)).collect();
        members.insert(COVER.to_owned(), pretty(&self.cover(look, stored, not_kept))?);
        Ok(members)
    }

    fn cover(&self, look: &Look, stored: &Stored, not_kept: Vec<Hash>) -> Cover {
        let line = &stored.line;
        Cover {
            format: FORMAT.to_owned(),
            installation: hex::encode(self.0.installation),
            case: line.id.get(),
            kind: line.subject.kind.clone(),
            record: line.subject.id,
            number: look.brief.as_ref().and_then(|brief| brief.number.clone()),
            title: look.facts.subject.title.clone(),
            workflow: look.workflow.definition.name.clone(),
            began: versions(line.definition, &stored.events).0,
            definition: line.definition,
            status: line.status.clone(),
            round: line.round,
            content: line.content,
            events: look.state.seq,
            head: line.head,
            not_kept,
        }
    }
}

/// The files that the contents name.
async fn put_files(members: &mut Members, contents: &Contents, files: &Files) -> Result<(), ApprovalError> {
    for (manifest, _) in contents.values() {
        for (_, hash) in files_of(manifest) {
            if let Entry::Vacant(place) = members.entry(file_member(hash)) {
                place.insert(files.read(hash).await?);
            }
        }
    }
    Ok(())
}

/// The versions on which a case ran.
fn all_versions(line: &CaseLine, events: &[StoredEvent]) -> BTreeSet<Hash> {
    let moves = events.iter().filter_map(|stored| match stored.event() {
        Ok(crate::workflow::Event::Migrated { from, to, .. }) => Some([from, to]),
        _ => None,
    });
    moves.flatten().chain([line.definition]).collect()
}

/// Contents that the events name.
fn named_contents(events: &[StoredEvent]) -> BTreeSet<Hash> {
    events.iter().filter_map(|stored| content_of(&stored.event().ok()?)).collect()
}

/// Those of them that there are: as the record kept them, or as it stands now.
fn contents(look: &Look, stored: &Stored) -> Contents {
    let mut contents = Contents::new();
    for content in named_contents(&stored.events) {
        let kept = stored.kept.iter().rev().find(|one| one.manifest.hash() == content);
        if let Some(kept) = kept {
            contents.insert(content, (kept.manifest.clone(), Some(ContentParts::of(kept))));
        } else if look.content() == content {
            contents.insert(content, (look.facts.subject.content.clone(), None));
        }
    }
    contents
}

impl ContentParts {
    fn of(kept: &KeptContent) -> Self {
        let part = |(path, part): &(String, _)| ContentPart { path: path.clone(), part: Clone::clone(part) };
        Self {
            version: kept.version,
            author: kept.author,
            at: kept.at,
            reason: kept.reason.clone(),
            previous: kept.previous,
            parts: kept.parts.iter().map(part).collect(),
        }
    }
}

/// The versions of authority grids that were asked, as they are.
fn grids(look: &Look) -> Vec<(String, u32, GridVersion)> {
    let mut found = Vec::new();
    for (name, versions) in Asked::of(look).grids {
        let Some(grid) = look.facts.directory.grids.get(&name) else { continue };
        let asked = grid.versions.iter().filter(|version| versions.contains(&version.number));
        found.extend(asked.map(|version| (name.clone(), version.number, version.clone())));
    }
    found
}

/// Everybody whom the events name, with the drafter and who handed contents in.
fn people(look: &Look, stored: &Stored, directory: &Directory) -> Vec<NamedPerson> {
    let mut ids: BTreeSet<UserId> = BTreeSet::from([look.facts.subject.drafter, look.facts.subject.owner]);
    ids.extend(stored.kept.iter().filter_map(|kept| kept.author));
    for event in &stored.events {
        if let Ok(body) = serde_json::from_str::<Value>(&event.body) {
            people_in(&body, &mut |person| {
                ids.insert(person);
            });
        }
    }
    let known = ids.into_iter().filter_map(|id| directory.people.get(&id));
    known.map(|one| NamedPerson { id: one.id, name: one.name.clone(), login: one.login.clone() }).collect()
}

fn pretty(value: &impl Serialize) -> Result<Vec<u8>, ApprovalError> {
    let mut bytes = serde_json::to_vec_pretty(value)?;
    bytes.push(b'\n');
    Ok(bytes)
}
