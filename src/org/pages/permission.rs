//! A right as an argument: a handler that takes a [`Permission`] cannot run without it.

use std::marker::PhantomData;
use std::ops::Deref;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::CurrentUser;
use crate::kernel::Kind;
use crate::org::{AUTHORITY_GRID, Action, DEPARTMENT, ROLE, Scope, USER};
use crate::web::Error;

/// A right that a page or an API call needs.
pub trait Permit {
    /// The kind of record.
    const KIND: Kind;
    /// What is done with it.
    const ACTION: Action;
}

/// Declares rights: `permits! { /// Reading contracts. pub ReadContracts = CONTRACT, Read; }`.
#[macro_export]
macro_rules! permits {
    ($($(#[$about:meta])* $seen:vis $name:ident = $kind:expr, $action:ident;)+) => {$(
        $(#[$about])*
        #[derive(Clone, Copy, Debug)]
        $seen struct $name;

        impl $crate::org::pages::Permit for $name {
            const KIND: $crate::kernel::Kind = $kind;
            const ACTION: $crate::org::Action = $crate::org::Action::$action;
        }
    )+};
}

permits! {
    /// Seeing people.
    pub ReadUsers = USER, Read;
    /// Adding people.
    pub CreateUsers = USER, Create;
    /// Changing people.
    pub EditUsers = USER, Edit;
    /// Disabling people, their passwords, tokens and absences.
    pub AdministerUsers = USER, Administer;
    /// Seeing departments.
    pub ReadDepartments = DEPARTMENT, Read;
    /// Adding departments.
    pub CreateDepartments = DEPARTMENT, Create;
    /// Changing departments.
    pub EditDepartments = DEPARTMENT, Edit;
    /// Seeing roles.
    pub ReadRoles = ROLE, Read;
    /// Seeing authority grids.
    pub ReadGrids = AUTHORITY_GRID, Read;
    /// Changing authority grids.
    pub AdministerGrids = AUTHORITY_GRID, Administer;
    /// Changing roles.
    pub AdministerRoles = ROLE, Administer;
}

/// Somebody who has a right, and the records that it reaches.
pub struct Permission<P> {
    /// Who asks.
    pub user: CurrentUser,
    /// The records that they may do it with.
    pub scope: Scope,
    permit: PhantomData<P>,
}

impl<P> Deref for Permission<P> {
    type Target = CurrentUser;

    fn deref(&self) -> &CurrentUser {
        &self.user
    }
}

impl<P: Permit, S: Send + Sync> FromRequestParts<S> for Permission<P> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let user = CurrentUser::from_request_parts(parts, state).await?;
        let scope = user.session().scope(&P::KIND, P::ACTION)?;
        Ok(Self { user, scope, permit: PhantomData })
    }
}
