//! Who is away, and who acts for them: said by themselves, or by who administers accounts.

use crate::db::Conn;
use crate::kernel::{Ref, UserId};
use crate::org::absence::AbsenceFields;
use crate::org::permission::Authority;
use crate::org::role::Action;
use crate::org::session::{AbsenceId, Session};
use crate::org::{Org, OrgError, USER, store};

use super::Mark;
use super::users::person;

impl Org {
    /// Somebody will be away.
    pub async fn be_absent(&self, by: &Session, user: UserId, fields: AbsenceFields) -> Result<AbsenceId, OrgError> {
        let (by, mark) = (by.user_id(), Mark { actor: by.actor(), at: self.now() });
        self.change(move |authority| {
            guard(authority, by, user)?;
            fields.check(user, authority.directory(), mark.at)?;
            let fields = fields.clone();
            Ok(async move |c: &mut Conn<'_>| {
                let id = store::absences::insert(c, user, &fields, mark.at).await?;
                let new = store::absences::by_id(c, id).await?;
                mark.write(c, &Ref::new("user", user.get()), "user.absent", None, new.as_ref()).await?;
                Ok(id)
            })
        })
        .await
    }

    /// Somebody is back, or will not be away after all.
    pub async fn end_absence(&self, by: &Session, id: AbsenceId) -> Result<(), OrgError> {
        let find = async move |c: &mut Conn<'_>| store::absences::by_id(c, id).await?.ok_or(OrgError::NotFound);
        let absence = self.0.db.read(find).await?;
        let (by, mark) = (by.user_id(), Mark { actor: by.actor(), at: self.now() });
        self.change(move |authority| {
            guard(authority, by, absence.user)?;
            let absence = absence.clone();
            Ok(async move |c: &mut Conn<'_>| {
                store::absences::end(c, &absence, mark.at).await?;
                let subject = Ref::new("user", absence.user.get());
                Ok(mark.write(c, &subject, "user.absence_ended", Some(&absence), None).await?)
            })
        })
        .await
    }
}

fn guard(authority: &Authority, by: UserId, user: UserId) -> Result<(), OrgError> {
    let department = person(authority, user)?.department;
    if by != user {
        authority.scope(by, &USER, Action::Administer)?.demand(Some(user), department)?;
    }
    Ok(())
}
