//! Roles and what they may do: kind × action, each reaching so far.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::error::OrgError;
use crate::kernel::{Kind, RoleId};

/// Declares an enum whose values are stored, sent and shown by a name.
macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($(#[$about:meta])* $variant:ident = $text:literal, $title:literal);+ $(;)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $($(#[$about])* $variant),+
        }

        impl $name {
            /// All of them, in the order of the columns of the roles page.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its name in tables, addresses and JSON.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// The key of what people call it.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title),+ }
            }

            /// The one with that name.
            pub fn named(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.name() == name)
            }
        }
    };
}

named! {
    /// What can be done with records of a kind.
    Action {
        /// See them in lists, pages, searches and reports.
        Read = "read", "org.action.read";
        /// Make new ones.
        Create = "create", "org.action.create";
        /// Change them.
        Edit = "edit", "org.action.edit";
        /// Give them to somebody else.
        Transfer = "transfer", "org.action.transfer";
        /// Delete them.
        Delete = "delete", "org.action.delete";
        /// Take them out as a file.
        Export = "export", "org.action.export";
        /// Bring them in from a file.
        Import = "import", "org.action.import";
        /// Decide on them outside a workflow.
        Approve = "approve", "org.action.approve";
        /// Set up how the kind works.
        Administer = "administer", "org.action.administer";
    }
}

named! {
    /// Which records a grant reaches.
    Reach {
        /// Those that the person owns.
        Own = "own", "org.reach.own";
        /// Also those of the people they lead, directly or through others.
        Team = "team", "org.reach.team";
        /// Also those of their department and of every one below it, and of the departments they head.
        DepartmentAndBelow = "department_and_below", "org.reach.department_and_below";
        /// Every record.
        All = "all", "org.reach.all";
    }
}

/// A role may do this with records of that kind, so far.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Grant {
    /// The kind of record.
    pub kind: Kind,
    /// What may be done.
    pub action: Action,
    /// Which records.
    pub reach: Reach,
}

/// A role that people hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Role {
    /// Id.
    pub id: RoleId,
    /// As workflows write it: `role("general-manager")`.
    pub name: String,
    /// What it is called in Chinese.
    pub title_zh: String,
    /// What it is called in English.
    pub title_en: String,
    /// Comes with the program; it cannot be deleted because shipped workflows name it.
    pub shipped: bool,
    /// What it may do. The administrator may do everything and has none.
    pub grants: BTreeSet<Grant>,
    /// Rises with every change.
    pub version: i64,
}

/// The role that may do everything. It cannot be narrowed, so that nobody locks everybody out.
pub const ADMINISTRATOR: &str = "administrator";

/// What the administrator says of a role.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RoleFields {
    /// As workflows write it.
    pub name: String,
    /// What it is called in Chinese.
    pub title_zh: String,
    /// What it is called in English; empty is as in Chinese.
    pub title_en: String,
    /// What it may do.
    pub grants: BTreeSet<Grant>,
}

impl RoleFields {
    /// The same with every text in its one form, or what is wrong with the first that has none.
    pub fn checked(mut self) -> Result<Self, OrgError> {
        self.name = self.name.trim().to_owned();
        if !is_name(&self.name) {
            return Err(OrgError::RoleName);
        }
        self.title_zh = super::user::name(&self.title_zh).map_err(|_| OrgError::RoleTitle)?;
        self.title_en = self.title_en.trim().to_owned();
        if self.title_en.is_empty() {
            self.title_en.clone_from(&self.title_zh);
        }
        if self.title_en.chars().count() > 50 {
            return Err(OrgError::RoleTitle);
        }
        Ok(self)
    }
}

/// Whether workflows can write a role or a grid by this name.
pub(super) fn is_name(name: &str) -> bool {
    name.len() <= 50
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// A role that comes with the program: name, Chinese and English title.
pub(super) struct Shipped(pub(super) &'static str, pub(super) &'static str, pub(super) &'static str);

/// The roles that come with the program; the shipped workflows ask them.
pub(super) const SHIPPED: [Shipped; 14] = [
    Shipped(ADMINISTRATOR, "系统管理员", "Administrator"),
    Shipped("drafter", "合同起草人（销售）", "Contract drafter (sales)"),
    Shipped("sales-manager", "销售经理", "Sales manager"),
    Shipped("purchaser", "采购专员", "Purchaser"),
    Shipped("legal", "法务", "Legal"),
    Shipped("finance", "财务", "Finance"),
    Shipped("accountant", "会计", "Accountant"),
    Shipped("finance-director", "财务总监", "Finance director"),
    Shipped("vice-president", "分管副总裁", "Vice president"),
    Shipped("general-manager", "总经理", "General manager"),
    Shipped("president", "总裁", "President"),
    Shipped("archivist", "档案管理员", "Archivist"),
    Shipped("seal-keeper", "印章保管人", "Seal keeper"),
    Shipped("auditor", "审计", "Auditor"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back() {
        for action in Action::ALL {
            assert_eq!(Action::named(action.name()), Some(*action));
            assert_eq!(serde_json::to_value(action).unwrap(), action.name());
        }
        for reach in Reach::ALL {
            assert_eq!(Reach::named(reach.name()), Some(*reach));
            assert_eq!(serde_json::to_value(reach).unwrap(), reach.name());
        }
        assert_eq!(Action::named("fly"), None);
    }

    #[test]
    fn a_role_has_a_name_that_workflows_can_write() {
        let named =
            |name: &str| RoleFields { name: name.into(), title_zh: "角色".into(), ..RoleFields::default() }.checked();
        assert_eq!(named("vice-president").unwrap().title_en, "角色");
        for name in ["", "Vice", "副总", "vice president", "-vice", "1st"] {
            assert!(matches!(named(name), Err(OrgError::RoleName)), "{name}");
        }
    }

    #[test]
    fn shipped_roles_pass_their_own_rules() {
        for Shipped(name, zh, en) in SHIPPED {
            let fields =
                RoleFields { name: name.into(), title_zh: zh.into(), title_en: en.into(), ..RoleFields::default() };
            assert!(fields.checked().is_ok(), "{name}");
        }
    }
}
