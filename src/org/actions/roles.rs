//! What administrators do with roles. A change takes effect when it is saved (R16).

use crate::db::Conn;
use crate::kernel::{Ref, RoleId};
use crate::org::permission::Authority;
use crate::org::role::{ADMINISTRATOR, Action, Role, RoleFields};
use crate::org::session::Session;
use crate::org::{Org, OrgError, ROLE, store};

use super::Mark;

impl Org {
    /// A new role.
    pub async fn create_role(&self, by: &Session, fields: RoleFields) -> Result<RoleId, OrgError> {
        let fields = fields.checked()?;
        let (by, mark) = (by.user_id(), Mark { actor: by.actor(), at: self.now() });
        self.change(move |authority| {
            authority.scope(by, &ROLE, Action::Administer)?;
            check_grants(authority, &fields)?;
            let fields = fields.clone();
            Ok(async move |c: &mut Conn<'_>| {
                let id = store::roles::insert(c, &fields, false, mark.at).await?;
                let new = load(c, id).await?;
                mark.write(c, &subject(id), "role.created", None, Some(&new)).await?;
                Ok(id)
            })
        })
        .await
    }

    /// What a role is called and may do from now on.
    pub async fn edit_role(&self, by: &Session, id: RoleId, version: i64, fields: RoleFields) -> Result<(), OrgError> {
        let fields = fields.checked()?;
        let (by, mark) = (by.user_id(), Mark { actor: by.actor(), at: self.now() });
        self.change(move |authority| {
            authority.scope(by, &ROLE, Action::Administer)?;
            check_grants(authority, &fields)?;
            let fields = fields.clone();
            Ok(async move |c: &mut Conn<'_>| {
                let old = load(c, id).await?;
                if old.shipped && old.name != fields.name {
                    return Err(OrgError::RoleShipped);
                }
                let mut fields = fields.clone();
                if old.name == ADMINISTRATOR {
                    fields.grants.clear();
                }
                store::roles::update(c, id, version, &fields, mark.at).await?;
                let new = load(c, id).await?;
                Ok(mark.write(c, &subject(id), "role.changed", Some(&old), Some(&new)).await?)
            })
        })
        .await
    }

    /// Deletes a role of their own that nobody holds.
    pub async fn delete_role(&self, by: &Session, id: RoleId, version: i64) -> Result<(), OrgError> {
        let (by, mark) = (by.user_id(), Mark { actor: by.actor(), at: self.now() });
        self.change(move |authority| {
            authority.scope(by, &ROLE, Action::Administer)?;
            Ok(async move |c: &mut Conn<'_>| {
                let old = load(c, id).await?;
                if old.shipped {
                    return Err(OrgError::RoleShipped);
                }
                let holders = store::roles::holders(c, id).await?;
                if holders > 0 {
                    return Err(OrgError::RoleInUse { holders });
                }
                store::roles::delete(c, id, version).await?;
                Ok(mark.write(c, &subject(id), "role.deleted", Some(&old), None).await?)
            })
        })
        .await
    }
}

fn subject(id: RoleId) -> Ref {
    Ref::new("role", id.get())
}

async fn load(c: &mut Conn<'_>, id: RoleId) -> Result<Role, OrgError> {
    store::roles::all(c).await?.into_iter().find(|role| role.id == id).ok_or(OrgError::NotFound)
}

fn check_grants(authority: &Authority, fields: &RoleFields) -> Result<(), OrgError> {
    let unknown = fields.grants.iter().find(|one| {
        !authority.kinds().iter().any(|known| known.kind == one.kind && known.actions.contains(&one.action))
    });
    match unknown {
        Some(one) => Err(OrgError::Grant { kind: one.kind.to_string(), action: one.action.name().to_owned() }),
        None => Ok(()),
    }
}
