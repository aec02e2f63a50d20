//! Giving records to somebody else.

use serde_json::{Map, Value as Json, json};

use super::{Mark, Scopes, check};
use crate::db::Conn;
use crate::i18n::msg;
use crate::kernel::{Actor, UserId};
use crate::org::Action;
use crate::record::behaviour::Stored;
use crate::record::error::RecordError;
use crate::record::hold;
use crate::record::kind::Kind;
use crate::record::records::Records;
use crate::record::store::{self, Record};
use crate::record::timeline::{TimelineEntry, add_to_timeline};
use crate::record::value::Values;

impl Records {
    /// Gives a record, as it was read, to another person; what shares its owner goes along. The version from now on.
    pub async fn transfer(
        &self,
        kind: &'static Kind,
        by: Actor,
        read: (i64, i64),
        to: UserId,
    ) -> Result<i64, RecordError> {
        let scopes = Scopes::new(self, &by, kind, Action::Transfer)?;
        let now = self.now();
        let to = check::owner(self, to)?;
        let (behaviour, records) = (self.behaviour(kind), self.clone());
        let followers: Vec<&'static Kind> = self.children(kind).filter(|child| child.shares_owner).collect();
        let unit = async move |c: &mut Conn<'_>| {
            let old = scopes.record(c, kind, read).await?;
            if old.owner == Some(to.0) {
                return Ok(old.version);
            }
            let hold = hold::unlocked(c, kind, old.id).await?;
            store::hand_over(c, kind, read, to, now).await?;
            for child in &followers {
                hold::unlocked_below(c, child, old.id).await?;
                store::follow_owner(c, child, old.id, to).await?;
            }
            let new = Record { owner: Some(to.0), department: to.1, version: old.version + 1, ..old.clone() };
            hold::moved(c, behaviour.as_ref(), hold, &new).await?;
            let log = |owner: Option<UserId>| {
                Map::from_iter([("owner".to_owned(), owner.map_or(Json::Null, |id| json!(id)))])
            };
            let mark = Mark { by, at: now };
            mark.write(c, (kind, old.id), "record.transferred", (log(old.owner), log(new.owner))).await?;
            let directory = records.0.org.directory();
            let from = old.owner.map(|owner| directory.name(owner)).unwrap_or_default();
            let head = msg!("record.timeline.transferred", from = from, to = directory.name(to.0));
            let entry = TimelineEntry { at: now, actor: by.user, head, text: String::new(), path: String::new() };
            add_to_timeline(c, &[kind.reference(old.id)], &entry).await?;
            let (office, asked) = (&records.0.office, &Values::default());
            behaviour.stored(c, &Stored { old: Some(&old), new: &new, asked, by: &by, now, office }).await?;
            c.notify(kind.name);
            Ok(new.version)
        };
        self.0.db.write(unit).await
    }
}
