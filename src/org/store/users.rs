//! People.

use std::collections::{BTreeMap, BTreeSet};

use crate::db::{Conn, DbError, FromRow, Row};
use crate::i18n::Lang;
use crate::kernel::{Timestamp, UserId};
use crate::org::error::OrgError;
use crate::org::user::{Contact, Profile, User, UserFields};
use crate::params;

/// The columns of [`User`], but for the roles.
macro_rules! columns {
    () => {
        "u.id, u.login, u.name, u.number, u.mobile, u.email, u.department, u.manager, u.active, u.language, \
         u.must_change_password, u.activated_at, u.version"
    };
}
pub(in crate::org) use columns;

const ALL: &str = concat!("SELECT ", columns!(), " FROM users u ORDER BY u.login");
const BY_ID: &str = concat!("SELECT ", columns!(), " FROM users u WHERE u.id = $1");
const BY_LOGIN: &str = concat!("SELECT ", columns!(), ", u.password FROM users u WHERE u.login = $1");
const CONTACT: &str = "SELECT name, email, language, active FROM users WHERE id = $1";
const PASSWORD: &str = "SELECT password FROM users WHERE id = $1";
const COUNT: &str = "SELECT count(*) FROM users";
const ROLES: &str =
    "SELECT ur.user_id, r.name FROM user_roles ur JOIN roles r ON r.id = ur.role ORDER BY ur.user_id, r.name";
const ROLES_OF: &str = "SELECT r.name FROM user_roles ur JOIN roles r ON r.id = ur.role WHERE ur.user_id = $1";
const INSERT: &str = "INSERT INTO users (login, name, number, mobile, email, department, manager, active, language, password, \
    must_change_password, version, created_at, updated_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1, $12, $12) RETURNING id";
const UPDATE: &str = "UPDATE users SET login = $3, name = $4, number = $5, mobile = $6, email = $7, department = $8, \
    manager = $9, version = version + 1, updated_at = $10 WHERE id = $1 AND version = $2";
const UPDATE_PROFILE: &str = "UPDATE users SET name = $3, mobile = $4, email = $5, language = $6, version = version + 1, \
    updated_at = $7 WHERE id = $1 AND version = $2";
const SET_ACTIVE: &str =
    "UPDATE users SET active = $3, version = version + 1, updated_at = $4 WHERE id = $1 AND version = $2";
const SET_PASSWORD: &str = "UPDATE users SET password = $3, must_change_password = $4, version = version + 1, \
    updated_at = $5 WHERE id = $1 AND version = $2";
const ACTIVATE: &str = "UPDATE users SET password = $3, must_change_password = $7, mobile = $4, \
    activated_at = COALESCE(activated_at, $5), version = version + 1, updated_at = $6 WHERE id = $1 AND version = $2";
const SET_LANGUAGE: &str = "UPDATE users SET language = $2, version = version + 1, updated_at = $3 WHERE id = $1";
const CLEAR_ROLES: &str = "DELETE FROM user_roles WHERE user_id = $1";
const GIVE_ROLE: &str =
    "INSERT INTO user_roles (user_id, role) SELECT CAST($1 AS BIGINT), r.id FROM roles r WHERE r.name = $2";

pub(super) const STATEMENTS: &[&str] = &[
    ALL,
    BY_ID,
    BY_LOGIN,
    CONTACT,
    PASSWORD,
    COUNT,
    ROLES,
    ROLES_OF,
    INSERT,
    UPDATE,
    UPDATE_PROFILE,
    SET_ACTIVE,
    SET_PASSWORD,
    ACTIVATE,
    SET_LANGUAGE,
    CLEAR_ROLES,
    GIVE_ROLE,
];

/// A person with their stored password.
pub(in crate::org) struct Known {
    pub(in crate::org) user: User,
    pub(in crate::org) password: String,
}

impl FromRow for User {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get("id")?,
            login: row.get("login")?,
            name: row.get("name")?,
            number: row.get("number")?,
            mobile: row.get("mobile")?,
            email: row.get("email")?,
            department: row.get("department")?,
            manager: row.get("manager")?,
            active: row.get("active")?,
            language: Lang::from_code(&row.get::<String>("language")?).unwrap_or_default(),
            must_change_password: row.get("must_change_password")?,
            activated_at: row.get("activated_at")?,
            roles: BTreeSet::new(),
            version: row.get("version")?,
        })
    }
}

impl FromRow for Contact {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            name: row.get("name")?,
            email: row.get("email")?,
            language: Lang::from_code(&row.get::<String>("language")?).unwrap_or_default(),
            active: row.get("active")?,
        })
    }
}

impl FromRow for Known {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self { user: User::from_row(row)?, password: row.get("password")? })
    }
}

/// Everybody, by login, with their roles.
pub(in crate::org) async fn all(c: &mut Conn<'_>) -> Result<Vec<User>, DbError> {
    let mut roles: BTreeMap<i64, BTreeSet<String>> = BTreeMap::new();
    for (id, role) in c.all::<(i64, String)>(ROLES, params![]).await? {
        roles.entry(id).or_default().insert(role);
    }
    let mut users: Vec<User> = c.all(ALL, params![]).await?;
    for user in &mut users {
        user.roles = roles.remove(&user.id.get()).unwrap_or_default();
    }
    Ok(users)
}

/// One person with their roles.
pub(in crate::org) async fn by_id(c: &mut Conn<'_>, id: UserId) -> Result<Option<User>, DbError> {
    let Some(mut user) = c.maybe::<User>(BY_ID, params![id]).await? else { return Ok(None) };
    let roles: Vec<(String,)> = c.all(ROLES_OF, params![id]).await?;
    user.roles = roles.into_iter().map(|(name,)| name).collect();
    Ok(Some(user))
}

/// How a person is written to.
pub(in crate::org) async fn contact(c: &mut Conn<'_>, id: UserId) -> Result<Option<Contact>, DbError> {
    c.maybe(CONTACT, params![id]).await
}

/// One person with the stored password, by a folded login.
pub(in crate::org) async fn by_login(c: &mut Conn<'_>, login: &str) -> Result<Option<Known>, DbError> {
    c.maybe(BY_LOGIN, params![login]).await
}

/// The stored password of a person.
pub(in crate::org) async fn password(c: &mut Conn<'_>, id: UserId) -> Result<Option<String>, DbError> {
    Ok(c.maybe::<(String,)>(PASSWORD, params![id]).await?.map(|(password,)| password))
}

/// How many people there are.
pub(in crate::org) async fn count(c: &mut Conn<'_>) -> Result<i64, DbError> {
    Ok(c.one::<(i64,)>(COUNT, params![]).await?.0)
}

/// A new person, active, whose password somebody else chose.
pub(in crate::org) async fn insert(
    c: &mut Conn<'_>,
    fields: &UserFields,
    password: &str,
    at: Timestamp,
) -> Result<UserId, DbError> {
    let values = params![
        fields.login,
        fields.name,
        given(&fields.number),
        given(&fields.mobile),
        given(&fields.email),
        fields.department,
        fields.manager,
        true,
        Lang::default().code(),
        password,
        true,
        at
    ];
    let (id,) = c.one::<(i64,)>(INSERT, values).await?;
    set_roles(c, UserId::new(id), &fields.roles).await?;
    Ok(UserId::new(id))
}

/// What the administrator says of a person now.
pub(in crate::org) async fn update(
    c: &mut Conn<'_>,
    id: UserId,
    version: i64,
    fields: &UserFields,
    at: Timestamp,
) -> Result<(), OrgError> {
    let values = params![
        id,
        version,
        fields.login,
        fields.name,
        given(&fields.number),
        given(&fields.mobile),
        given(&fields.email),
        fields.department,
        fields.manager,
        at
    ];
    changed(c.exec(UPDATE, values).await?)?;
    Ok(set_roles(c, id, &fields.roles).await?)
}

/// What a person says of themselves now.
pub(in crate::org) async fn update_profile(
    c: &mut Conn<'_>,
    id: UserId,
    version: i64,
    profile: &Profile,
    at: Timestamp,
) -> Result<(), OrgError> {
    let values =
        params![id, version, profile.name, given(&profile.mobile), given(&profile.email), profile.language.code(), at];
    changed(c.exec(UPDATE_PROFILE, values).await?)
}

/// Whether they can sign in and be asked.
pub(in crate::org) async fn set_active(
    c: &mut Conn<'_>,
    id: UserId,
    version: i64,
    active: bool,
    at: Timestamp,
) -> Result<(), OrgError> {
    changed(c.exec(SET_ACTIVE, params![id, version, active, at]).await?)
}

/// A new password; `given` by somebody else it must be changed at the next login.
pub(in crate::org) async fn set_password(
    c: &mut Conn<'_>,
    id: UserId,
    version: i64,
    password: &str,
    given: bool,
    at: Timestamp,
) -> Result<(), OrgError> {
    changed(c.exec(SET_PASSWORD, params![id, version, password, given, at]).await?)
}

/// The first login is done: a password of their own and a mobile number.
pub(in crate::org) async fn activate(
    c: &mut Conn<'_>,
    id: UserId,
    version: i64,
    password: &str,
    mobile: &str,
    at: Timestamp,
) -> Result<(), OrgError> {
    let values = params![id, version, password, mobile, at, at, false];
    changed(c.exec(ACTIVATE, values).await?)
}

/// The language of their pages and messages.
pub(in crate::org) async fn set_language(
    c: &mut Conn<'_>,
    id: UserId,
    language: Lang,
    at: Timestamp,
) -> Result<(), DbError> {
    c.exec(SET_LANGUAGE, params![id, language.code(), at]).await.map(drop)
}

async fn set_roles(c: &mut Conn<'_>, id: UserId, roles: &BTreeSet<String>) -> Result<(), DbError> {
    c.exec(CLEAR_ROLES, params![id]).await?;
    for role in roles {
        c.exec(GIVE_ROLE, params![id, role]).await?;
    }
    Ok(())
}

/// Empty text is NULL, so that two people without a mobile number do not share one.
fn given(text: &str) -> Option<&str> {
    if text.is_empty() { None } else { Some(text) }
}

/// A row that was not changed had another version.
pub(super) fn changed(rows: u64) -> Result<(), OrgError> {
    if rows == 1 { Ok(()) } else { Err(OrgError::Changed) }
}
