//! What administrators do with departments.

use std::collections::BTreeMap;

use crate::db::Conn;
use crate::kernel::{DepartmentId, Ref};
use crate::org::department::{Department, DepartmentFields, is_within};
use crate::org::permission::Authority;
use crate::org::role::Action;
use crate::org::session::Session;
use crate::org::{DEPARTMENT, Org, OrgError, store};

use super::Mark;

impl Org {
    /// A new department.
    pub async fn create_department(&self, by: &Session, fields: DepartmentFields) -> Result<DepartmentId, OrgError> {
        let fields = fields.checked()?;
        let (by, mark) = (by.user_id(), Mark { actor: by.actor(), at: self.now() });
        self.change(move |authority| {
            authority.scope(by, &DEPARTMENT, Action::Create)?.demand(None, fields.parent)?;
            check_fields(authority, None, &fields)?;
            let fields = fields.clone();
            Ok(async move |c: &mut Conn<'_>| {
                let id = store::departments::insert(c, &fields, mark.at).await?;
                let new = load(c, id).await?;
                mark.write(c, &subject(id), "department.created", None, new.as_ref()).await?;
                Ok(id)
            })
        })
        .await
    }

    /// What is said of a department from now on. One that people or open departments are still in is not closed.
    pub async fn edit_department(
        &self,
        by: &Session,
        id: DepartmentId,
        version: i64,
        fields: DepartmentFields,
    ) -> Result<(), OrgError> {
        let fields = fields.checked()?;
        let (by, mark) = (by.user_id(), Mark { actor: by.actor(), at: self.now() });
        self.change(move |authority| {
            let known = authority.directory().departments.get(&id).ok_or(OrgError::NotFound)?;
            let scope = authority.scope(by, &DEPARTMENT, Action::Edit)?;
            scope.demand(None, Some(id))?;
            if known.parent != fields.parent {
                scope.demand(None, fields.parent)?;
            }
            check_fields(authority, Some(id), &fields)?;
            let fields = fields.clone();
            Ok(async move |c: &mut Conn<'_>| {
                let old = load(c, id).await?;
                store::departments::update(c, id, version, &fields, mark.at).await?;
                let new = load(c, id).await?;
                Ok(mark.write(c, &subject(id), "department.changed", old.as_ref(), new.as_ref()).await?)
            })
        })
        .await
    }
}

fn subject(id: DepartmentId) -> Ref {
    Ref::new("department", id.get())
}

async fn load(c: &mut Conn<'_>, id: DepartmentId) -> Result<Option<Department>, OrgError> {
    Ok(store::departments::all(c).await?.into_iter().find(|one| one.id == id))
}

fn check_fields(authority: &Authority, id: Option<DepartmentId>, fields: &DepartmentFields) -> Result<(), OrgError> {
    let directory = authority.directory();
    let unchanged = id.and_then(|id| directory.departments.get(&id));
    if let Some(parent) = fields.parent {
        let parents: BTreeMap<_, _> = directory.departments.iter().map(|(id, one)| (*id, one.parent)).collect();
        let circle = id.is_some_and(|id| is_within(&parents, parent, id));
        let closed = !authority.is_open(parent) && unchanged.is_none_or(|old| old.parent != fields.parent);
        if circle || closed {
            return Err(OrgError::DepartmentParent);
        }
    }
    if let Some(head) = fields.head
        && unchanged.is_none_or(|old| old.head != fields.head)
        && !directory.people.get(&head).is_some_and(|person| person.active)
    {
        return Err(OrgError::DepartmentHead);
    }
    let Some(id) = id.filter(|_| !fields.active) else { return Ok(()) };
    let people = directory.people.values().any(|person| person.active && person.department == Some(id));
    let below = directory.departments.values().any(|one| one.parent == Some(id) && authority.is_open(one.id));
    if people || below { Err(OrgError::DepartmentInUse) } else { Ok(()) }
}
