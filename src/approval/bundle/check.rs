//! Whether a bundle is what was handed out: every member against the list of hashes, and all of it against the chain of the events.

use std::collections::{BTreeMap, BTreeSet};

use super::anchor::Anchor;
use super::{
    ANCHOR, BundleFlaw, COVER, ContentParts, Cover, EVENTS, EventLine, FORMAT, Members, SUMS, content_of, file_member,
    files_of, grid_member, manifest_member, parts_member, runs_member, workflow_member,
};
use crate::approval::evidence::{Broken, versions, walk};
use crate::approval::store::cases::StoredEvent;
use crate::kernel::{Hash, Manifest};
use crate::workflow::{Case, Decided, Event, definition_version, first_prev};

/// What was looked at, and what is wrong with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckedBundle {
    /// Number of the case.
    pub case: i64,
    /// What people call the record, and its number.
    pub title: String,
    /// Its events.
    pub events: usize,
    /// Its members.
    pub members: usize,
    /// The head of the chain, to be compared with an approval sheet or the database.
    pub head: Option<Hash>,
    /// The day whose root it hangs on, with that root, to be compared with the database or with where the root was published.
    pub anchor: Option<Anchored>,
    /// Contents that events name and that the record did not keep.
    pub not_kept: usize,
    /// What is wrong.
    pub flaws: Vec<BundleFlaw>,
}

/// The root of a day on which a bundle hangs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchored {
    /// Which day.
    pub day: String,
    /// Its root.
    pub root: Hash,
    /// How many events of the case it covers, from the first; what came later hangs on the head alone.
    pub events: i64,
}

/// Looks at everything in a bundle.
pub fn check(members: &Members) -> CheckedBundle {
    let mut checked = CheckedBundle { members: members.len(), ..CheckedBundle::default() };
    checked.sums(members);
    let Some(cover) = json::<Cover>(members, COVER).filter(|cover| cover.format == FORMAT) else {
        checked.unreadable(members, COVER);
        return checked;
    };
    (checked.case, checked.head, checked.not_kept) = (cover.case, Some(cover.head), cover.not_kept.len());
    checked.title = match &cover.number {
        Some(number) => format!("{number} {}", cover.title),
        None => cover.title.clone(),
    };
    let Some(events) = events(members) else {
        checked.unreadable(members, EVENTS);
        return checked;
    };
    checked.events = events.len();
    checked.chain(&cover, &events);
    checked.workflows(members, &cover, &events);
    checked.contents(members, &cover, &events);
    checked.anchor(members, &events);
    checked
}

fn json<T: serde::de::DeserializeOwned>(members: &Members, name: &str) -> Option<T> {
    serde_json::from_slice(members.get(name)?).ok()
}

fn events(members: &Members) -> Option<Vec<StoredEvent>> {
    let lines = std::str::from_utf8(members.get(EVENTS)?).ok()?.lines();
    lines.map(|line| serde_json::from_str::<EventLine>(line).ok().map(StoredEvent::from)).collect()
}

impl CheckedBundle {
    /// Each member against the list of hashes.
    fn sums(&mut self, members: &Members) {
        let Some(sums) = members.get(SUMS).and_then(|bytes| std::str::from_utf8(bytes).ok()) else {
            self.unreadable(members, SUMS);
            return;
        };
        let mut listed = BTreeSet::from([SUMS]);
        for line in sums.lines() {
            let Some((hash, name)) =
                line.split_once("  ").and_then(|(hash, name)| Some((hash.parse::<Hash>().ok()?, name)))
            else {
                self.flaws.push(BundleFlaw::Unreadable { member: SUMS.to_owned() });
                continue;
            };
            listed.insert(name);
            match members.get(name) {
                None => self.flaws.push(BundleFlaw::Missing { member: name.to_owned() }),
                Some(bytes) if Hash::of(bytes) != hash => {
                    self.flaws.push(BundleFlaw::Changed { member: name.to_owned() });
                }
                Some(_) => {}
            }
        }
        let extra = members.keys().filter(|name| !listed.contains(name.as_str()));
        self.flaws.extend(extra.map(|name| BundleFlaw::Extra { member: name.clone() }));
    }

    /// The chain, and what the cover says of it.
    fn chain(&mut self, cover: &Cover, events: &[StoredEvent]) {
        let Some(installation) = hex::decode(&cover.installation).ok().and_then(|it| <[u8; 16]>::try_from(it).ok())
        else {
            self.flaws.push(BundleFlaw::Cover { field: "installation" });
            return;
        };
        let first = first_prev(installation, &cover.kind, cover.record, cover.began);
        let length = usize::try_from(cover.events).unwrap_or(usize::MAX);
        let mut state = Case::default();
        // As far as the head, so that what stands behind it is told apart from what was changed before it.
        let (upto, behind) = events.split_at(events.len().min(length));
        match walk(first, upto, |_, after| state = after.clone()) {
            Err(Broken::Missing(seq)) if events.iter().any(|event| event.seq == seq) => {
                return self.flaws.push(BundleFlaw::EventMoved { seq });
            }
            Err(Broken::Missing(seq)) => return self.flaws.push(BundleFlaw::EventMissing { seq }),
            Err(Broken::Altered(seq)) => return self.flaws.push(BundleFlaw::EventAltered { seq }),
            Ok((head, _)) if upto.len() == length && head != cover.head => {
                self.flaws.push(BundleFlaw::Cover { field: "head" });
            }
            Ok(_) => {}
        }
        if upto.len() < length {
            let seq = crate::approval::store::column(upto.len() as u64) + 1;
            return self.flaws.push(BundleFlaw::EventMissing { seq });
        }
        self.flaws.extend(behind.iter().map(|event| BundleFlaw::EventAdded { seq: event.seq }));
        let (_, runs_on) = versions(cover.began, upto);
        let said = [
            ("status", state.status.word() == cover.status),
            ("round", state.round == cover.round),
            ("content", state.content == cover.content),
            ("definition", runs_on == cover.definition),
        ];
        self.flaws.extend(said.into_iter().filter(|(_, fits)| !fits).map(|(field, _)| BundleFlaw::Cover { field }));
    }

    /// The versions of the workflow, and that the grids that were asked are there.
    fn workflows(&mut self, members: &Members, cover: &Cover, events: &[StoredEvent]) {
        let mut versions = BTreeSet::from([cover.began, cover.definition]);
        let mut asked = BTreeSet::new();
        for event in events.iter().filter_map(|stored| stored.event().ok()) {
            let grids = match event {
                Event::Migrated { from, to, grids, .. } => {
                    versions.extend([from, to]);
                    grids
                }
                Event::Submitted { grids, .. } | Event::Unstuck { grids, .. } => grids,
                _ => continue,
            };
            asked.extend(grids.into_iter().map(|(name, version)| grid_member(&name, version)));
        }
        let mut seen = BTreeSet::new();
        while let Some(version) = versions.pop_first() {
            seen.insert(version);
            let name = workflow_member(version);
            let runs: BTreeMap<String, Hash> = json(members, &runs_member(version)).unwrap_or_default();
            let named = runs.iter().map(|(name, run)| (name.as_str(), *run)).collect();
            match members.get(&name).map(|bytes| std::str::from_utf8(bytes)) {
                None => self.missing(name),
                Some(Ok(source)) if definition_version(source, &named) == version => {
                    versions.extend(runs.values().filter(|run| !seen.contains(*run)));
                }
                Some(_) => self.flaws.push(BundleFlaw::Workflow { version }),
            }
        }
        asked.into_iter().filter(|name| !members.contains_key(name)).for_each(|name| self.missing(name));
    }

    /// The contents that the events name, with their parts and files, and what each decision says of them.
    fn contents(&mut self, members: &Members, cover: &Cover, events: &[StoredEvent]) {
        let named: Vec<(i64, Event)> = events.iter().filter_map(|one| Some((one.seq, one.event().ok()?))).collect();
        let contents: BTreeSet<Hash> = named.iter().filter_map(|(_, event)| content_of(event)).collect();
        for content in contents.into_iter().filter(|content| !cover.not_kept.contains(content)) {
            let Some(bytes) = members.get(&manifest_member(content)) else {
                self.missing(manifest_member(content));
                continue;
            };
            let manifest = std::str::from_utf8(bytes).ok().and_then(|lines| lines.parse::<Manifest>().ok());
            let Some(manifest) = manifest.filter(|manifest| manifest.hash() == content) else {
                self.flaws.push(BundleFlaw::Content { content });
                continue;
            };
            self.content(members, content, &manifest);
            let decisions = named.iter().filter_map(|(seq, event)| match event {
                Event::Decided(decided) if decided.content == content => Some((*seq, decided)),
                _ => None,
            });
            let wrong = decisions.filter(|(_, decided)| !is_seen(&manifest, decided));
            self.flaws.extend(wrong.map(|(seq, _)| BundleFlaw::Decision { seq }));
        }
    }

    /// The parts and files of a content.
    fn content(&mut self, members: &Members, content: Hash, manifest: &Manifest) {
        let name = parts_member(content);
        match json::<ContentParts>(members, &name) {
            None if members.contains_key(&name) => self.flaws.push(BundleFlaw::Unreadable { member: name }),
            None => {}
            Some(kept) => {
                let wrong = kept.parts.into_iter().filter(|one| !manifest.holds(&one.path, &one.part));
                self.flaws.extend(wrong.map(|one| BundleFlaw::Part { content, path: one.path }));
            }
        }
        for (path, hash) in files_of(manifest) {
            match members.get(&file_member(hash)) {
                None => self.missing(file_member(hash)),
                Some(bytes) if Hash::of(bytes) != hash => self.flaws.push(BundleFlaw::File { path: path.to_owned() }),
                Some(_) => {}
            }
        }
    }

    /// The way to the root of a day.
    fn anchor(&mut self, members: &Members, events: &[StoredEvent]) {
        let Some(anchor) = json::<Anchor>(members, ANCHOR) else {
            if members.contains_key(ANCHOR) {
                self.unreadable(members, ANCHOR);
            }
            return;
        };
        let head = events.iter().find(|event| event.seq == anchor.seq).map(|event| event.hash);
        if head.is_some_and(|head| anchor.holds(head)) {
            self.anchor = Some(Anchored { day: anchor.day, root: anchor.root, events: anchor.seq });
        } else {
            self.flaws.push(BundleFlaw::Anchor { day: anchor.day });
        }
    }

    fn unreadable(&mut self, members: &Members, member: &str) {
        if members.contains_key(member) {
            self.flaws.push(BundleFlaw::Unreadable { member: member.to_owned() });
        } else {
            self.missing(member.to_owned());
        }
    }

    fn missing(&mut self, member: String) {
        let flaw = BundleFlaw::Missing { member };
        if !self.flaws.contains(&flaw) {
            self.flaws.push(flaw);
        }
    }
}

/// Whether a decision names the parts in its scope as the content has them.
fn is_seen(manifest: &Manifest, decided: &Decided) -> bool {
    let scope = if decided.scope.is_empty() { manifest.hash() } else { manifest.scope(&decided.scope) };
    scope == decided.seen
}
