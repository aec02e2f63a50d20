//! A person with a login: what is known of them, and what each of these must look like.

use std::collections::BTreeSet;

use serde::Serialize;

use super::error::OrgError;
use crate::i18n::Lang;
use crate::kernel::{DepartmentId, Timestamp, UserId, check};

/// A person with a login.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct User {
    /// Id.
    pub id: UserId,
    /// What they sign in with, folded to lower case.
    pub login: String,
    /// What they are called.
    pub name: String,
    /// Employee number (工号).
    pub number: Option<String>,
    /// Mobile number, 11 digits.
    pub mobile: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Where they work.
    pub department: Option<DepartmentId>,
    /// Their manager, where it is not the head of the department.
    pub manager: Option<UserId>,
    /// Whether they can sign in and be asked.
    pub active: bool,
    /// The language of their pages and messages.
    pub language: Lang,
    /// Whether their password was given to them by somebody else.
    pub must_change_password: bool,
    /// When they had set a password of their own and bound a mobile number.
    pub activated_at: Option<Timestamp>,
    /// Names of their roles.
    pub roles: BTreeSet<String>,
    /// Rises with every change.
    pub version: i64,
}

impl User {
    /// Whether they may go on to other pages than the first login (R3).
    pub fn is_activated(&self) -> bool {
        self.activated_at.is_some() && !self.must_change_password
    }
}

/// How a person is written to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// What they are called.
    pub name: String,
    /// E-mail address.
    pub email: Option<String>,
    /// The language of their messages.
    pub language: Lang,
    /// Whether their account is enabled; nobody else is written to.
    pub active: bool,
}

/// What the administrator says of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserFields {
    /// What they sign in with.
    pub login: String,
    /// What they are called.
    pub name: String,
    /// Employee number; empty is none.
    pub number: String,
    /// Mobile number; empty is none.
    pub mobile: String,
    /// E-mail address; empty is none.
    pub email: String,
    /// Where they work.
    pub department: Option<DepartmentId>,
    /// Their manager.
    pub manager: Option<UserId>,
    /// Names of their roles.
    pub roles: BTreeSet<String>,
}

/// What a person says of themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// What they are called.
    pub name: String,
    /// Mobile number, 11 digits.
    pub mobile: String,
    /// E-mail address; empty is none.
    pub email: String,
    /// The language of their pages and messages.
    pub language: Lang,
}

/// Characters in the longest name.
const NAME_MAX: usize = 50;

impl UserFields {
    /// The same with every text in its one form, or what is wrong with the first that has none.
    pub fn checked(mut self) -> Result<Self, OrgError> {
        self.login = login(&self.login)?;
        self.name = name(&self.name)?;
        self.number = number(&self.number)?;
        self.mobile = if self.mobile.trim().is_empty() { String::new() } else { mobile(&self.mobile)? };
        self.email = email(&self.email)?;
        Ok(self)
    }
}

impl Profile {
    /// The same with every text in its one form, or what is wrong with the first that has none.
    pub fn checked(self) -> Result<Self, OrgError> {
        Ok(Self {
            name: name(&self.name)?,
            mobile: mobile(&self.mobile)?,
            email: email(&self.email)?,
            language: self.language,
        })
    }
}

/// What is signed in with: folded, so that `Zhang` and `zhang` are one.
pub(super) fn login(text: &str) -> Result<String, OrgError> {
    let login = text.trim().to_lowercase();
    let fits = (2..=50).contains(&login.len())
        && login.starts_with(|c: char| c.is_ascii_alphanumeric())
        && login.chars().all(|c| c.is_ascii_alphanumeric() || "._-@".contains(c));
    if fits { Ok(login) } else { Err(OrgError::Login) }
}

/// A name: one line, not empty.
pub(super) fn name(text: &str) -> Result<String, OrgError> {
    let name = text.trim();
    let fits = !name.is_empty() && name.chars().count() <= NAME_MAX && !name.chars().any(char::is_control);
    if fits { Ok(name.to_owned()) } else { Err(OrgError::Name { longest: NAME_MAX }) }
}

/// An employee number: letters, digits and `-`; empty is none.
pub(super) fn number(text: &str) -> Result<String, OrgError> {
    let number = text.trim();
    let fits = number.len() <= 20 && number.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if fits { Ok(number.to_owned()) } else { Err(OrgError::Number) }
}

/// A mobile number of 11 digits (R1), however it was grouped.
pub(super) fn mobile(text: &str) -> Result<String, OrgError> {
    check::mobile(text).map_err(|_| OrgError::Mobile)
}

/// An e-mail address; empty is none.
pub(super) fn email(text: &str) -> Result<String, OrgError> {
    if text.trim().is_empty() { Ok(String::new()) } else { check::email(text).map_err(|_| OrgError::Email) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mobile_number_has_eleven_digits() {
        for text in ["13800138000", " 138 0013 8000", "138-0013-8000", "+8613800138000"] {
            assert_eq!(mobile(text).unwrap(), "13800138000", "{text}");
        }
        for text in ["", "1380013800", "138001380000", "23800138000", "1380013800a"] {
            assert!(mobile(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_login_is_folded() {
        assert_eq!(login(" Zhang.San ").unwrap(), "zhang.san");
        for text in ["", "a", "张三", ".zhang", "zhang san"] {
            assert!(login(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_email_has_a_name_and_a_domain() {
        assert_eq!(email("").unwrap(), "");
        assert_eq!(email(" zhang@example.com ").unwrap(), "zhang@example.com");
        for text in ["zhang", "zhang@", "@example.com", "zhang@example", "a b@c.com"] {
            assert!(email(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_name_is_one_line_that_says_something() {
        assert_eq!(name(" 张三 ").unwrap(), "张三");
        assert!(name("  ").is_err());
        assert!(name("张\n三").is_err());
        assert!(name(&"张".repeat(51)).is_err());
    }
}
