//! What administrators do with lists of choices and patterns of codes.

use serde_json::json;

use crate::db::{self, AuditEntry, Conn, DbError};
use crate::kernel::{Actor, Ref, UserId};
use crate::org::Action;
use crate::record::code::Pattern;
use crate::record::dictionary::{self, Choice, ChoiceFields, Dictionaries};
use crate::record::error::RecordError;
use crate::record::field::FieldKind;
use crate::record::kind::Kind;
use crate::record::records::Records;
use crate::record::{DICTIONARY, DictionaryOf};

/// The setting that keeps the pattern of a kind.
pub(super) fn pattern_setting(kind: &Kind) -> String {
    format!("record.code.{}", kind.name)
}

impl Records {
    /// The lists that kinds choose from, in the order in which their forms ask.
    pub fn dictionaries_of_kinds(&self) -> Vec<DictionaryOf> {
        let mut found: Vec<DictionaryOf> = Vec::new();
        for kind in self.kinds() {
            for field in kind.fields {
                if let FieldKind::Choice(name) = field.kind
                    && found.iter().all(|known| known.name != name)
                {
                    found.push(DictionaryOf { room: kind.room, name });
                }
            }
        }
        found
    }

    /// Adds a choice at the end of a list.
    pub async fn add_choice(&self, by: Actor, list: &str, fields: ChoiceFields) -> Result<i64, RecordError> {
        self.may_administer(by.user)?;
        let (fields, percent) = fields.checked()?;
        let known = self.dictionaries_of_kinds().into_iter().find(|known| known.name == list);
        let (list, now) = (known.ok_or(RecordError::NoDictionary)?.name, self.now());
        let unit = async move |c: &mut Conn<'_>| {
            let lists = dictionary::load(c).await?;
            let name = lists.name_for(list, &fields.label_en);
            let position = lists.of(list).last().map_or(1, |last| last.position + 1);
            let percent = percent.or_else(|| has_percent(&lists, list).then_some(0));
            let id = dictionary::add(c, (list, &name, position), &fields, percent).await?;
            let new =
                Some(json!({ "list": list, "name": name, "label_zh": fields.label_zh, "label_en": fields.label_en }));
            log(c, by, now, id, "dictionary.added", (None, new)).await?;
            Ok(id)
        };
        self.0.db.write(unit).await
    }

    /// Changes a choice as it was read: labels, probability, whether it is offered.
    pub async fn change_choice(
        &self,
        by: Actor,
        (id, version): (i64, i64),
        fields: ChoiceFields,
    ) -> Result<(), RecordError> {
        self.may_administer(by.user)?;
        let (fields, percent) = fields.checked()?;
        let now = self.now();
        let unit = async move |c: &mut Conn<'_>| {
            let old = find(&dictionary::load(c).await?, id)?;
            let percent = percent.or(old.percent).filter(|_| old.percent.is_some());
            dictionary::change(c, (id, version), &fields, percent).await?;
            let new = json!({ "label_zh": fields.label_zh, "label_en": fields.label_en, "percent": percent, "active": fields.active });
            let was = json!({ "label_zh": old.label_zh, "label_en": old.label_en, "percent": old.percent, "active": old.active });
            log(c, by, now, id, "dictionary.changed", (Some(was), Some(new))).await
        };
        self.0.db.write(unit).await
    }

    /// Moves a choice one place up or down among the others.
    pub async fn move_choice(&self, by: Actor, id: i64, up: bool) -> Result<(), RecordError> {
        self.may_administer(by.user)?;
        let now = self.now();
        let unit = async move |c: &mut Conn<'_>| {
            let lists = dictionary::load(c).await?;
            let list = find(&lists, id)?.dictionary;
            let mut ids: Vec<i64> = lists.of(&list).iter().map(|choice| choice.id).collect();
            let at = ids.iter().position(|one| *one == id).unwrap_or_default();
            let to = if up { at.saturating_sub(1) } else { (at + 1).min(ids.len() - 1) };
            if at == to {
                return Ok(());
            }
            ids.swap(at, to);
            dictionary::place(c, &ids).await?;
            log(
                c,
                by,
                now,
                id,
                "dictionary.moved",
                (Some(json!({ "place": at + 1 })), Some(json!({ "place": to + 1 }))),
            )
            .await
        };
        self.0.db.write(unit).await
    }

    /// The patterns of the kinds that have codes, each with the version of the setting.
    pub async fn code_patterns(&self) -> Result<Vec<(&'static Kind, String, i64)>, RecordError> {
        let coded: Vec<(&'static Kind, &'static str)> =
            self.kinds().filter_map(|kind| kind.code.map(|shipped| (kind, shipped))).collect();
        let unit = async move |c: &mut Conn<'_>| {
            let mut found = Vec::new();
            for (kind, shipped) in &coded {
                let kept = db::setting(c, &pattern_setting(kind)).await?;
                let (pattern, version) =
                    kept.map_or_else(|| ((*shipped).to_owned(), 0), |kept| (kept.value, kept.version));
                found.push((*kind, pattern, version));
            }
            Ok::<_, RecordError>(found)
        };
        self.0.db.read(unit).await
    }

    /// Changes the pattern of a kind; codes that were given stay as they are.
    pub async fn set_code_pattern(
        &self,
        by: Actor,
        kind: &'static Kind,
        pattern: &str,
        version: i64,
    ) -> Result<(), RecordError> {
        self.may_administer(by.user)?;
        let pattern = pattern.trim().to_owned();
        Pattern::read(kind, &pattern).filter(|_| kind.code.is_some()).ok_or(RecordError::Pattern)?;
        let now = self.now();
        let unit = async move |c: &mut Conn<'_>| {
            if !db::set_setting(c, &pattern_setting(kind), &pattern, version).await? {
                return Err(RecordError::Changed);
            }
            let new = json!({ "kind": kind.name, "pattern": pattern });
            log(c, by, now, 0, "code_pattern.changed", (None, Some(new))).await
        };
        self.0.db.write(unit).await
    }

    fn may_administer(&self, user: Option<UserId>) -> Result<(), RecordError> {
        match user {
            Some(user) => Ok(self.0.org.scope_of(user, &DICTIONARY, Action::Administer).map(drop)?),
            None => Ok(()),
        }
    }
}

fn find(lists: &Dictionaries, id: i64) -> Result<Choice, RecordError> {
    let all = lists.names().flat_map(|name| lists.of(name));
    all.into_iter().find(|choice| choice.id == id).cloned().ok_or(RecordError::NoDictionary)
}

fn has_percent(lists: &Dictionaries, list: &str) -> bool {
    lists.of(list).iter().any(|choice| choice.percent.is_some())
}

async fn log(
    c: &mut Conn<'_>,
    by: Actor,
    at: crate::kernel::Timestamp,
    id: i64,
    action: &'static str,
    (old, new): (Option<serde_json::Value>, Option<serde_json::Value>),
) -> Result<(), RecordError> {
    let subject = Ref { kind: DICTIONARY, id };
    let entry = AuditEntry { at, actor: by, subject, action, old, new };
    Ok::<_, DbError>(db::record(c, &entry).await?).map_err(RecordError::from)
}
