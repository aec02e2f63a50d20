//! Our legal entities (我方主体) and their seals.

use serde::{Deserialize, Serialize};

use super::ContractError;
use super::template::{Party, PartySlot};
use crate::i18n::{Message, msg};
use crate::kernel::check::{self, CodeError};
use crate::kernel::{DepartmentId, EntityId, Ref, UserId, id};

id::id! {
    /// A seal of one of our entities.
    SealId
}

/// One of our legal entities.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OurEntity {
    /// Id.
    pub id: EntityId,
    /// What it is.
    pub fields: EntityFields,
    /// Whether contracts can be drafted for it.
    pub active: bool,
    /// Rises with every change.
    pub version: i64,
}

/// What is written down about one of our entities.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct EntityFields {
    /// The short code that stands in contract numbers: capital letters and digits.
    pub code: String,
    /// The registered name.
    pub name: String,
    /// 统一社会信用代码.
    pub credit_code: String,
    /// 住所.
    pub address: String,
    /// 法定代表人.
    pub legal_representative: String,
    /// Who is asked about contracts.
    pub contact: String,
    /// Their telephone.
    pub phone: String,
    /// Their e-mail.
    pub email: String,
    /// The bank.
    pub bank: String,
    /// The account that is paid to.
    pub bank_account: String,
    /// The department that looks after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>)]
    pub department: Option<DepartmentId>,
}

/// The kinds of seals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum SealKind {
    /// 公章.
    #[serde(rename = "公章")]
    Company,
    /// 合同专用章.
    #[serde(rename = "合同专用章")]
    Contract,
    /// 财务专用章.
    #[serde(rename = "财务专用章")]
    Finance,
    /// 法定代表人章.
    #[serde(rename = "法定代表人章")]
    Representative,
}

/// A seal with its keeper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seal {
    /// Id.
    pub id: SealId,
    /// Whose it is.
    pub entity: EntityId,
    /// What it is.
    pub kind: SealKind,
    /// Who keeps it.
    pub keeper: UserId,
    /// Whether it is in use.
    pub active: bool,
    /// Rises with every change.
    pub version: i64,
}

/// What is written down about a seal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SealFields {
    /// What it is.
    pub kind: SealKind,
    /// Who keeps it.
    pub keeper: UserId,
    /// Whether it is in use.
    pub active: bool,
}

impl SealKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Company, Self::Contract, Self::Finance, Self::Representative];

    /// The word in workflows and tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Company => "公章",
            Self::Contract => "合同专用章",
            Self::Finance => "财务专用章",
            Self::Representative => "法定代表人章",
        }
    }

    /// What people call it.
    pub fn label(self) -> Message {
        match self {
            Self::Company => msg!("contract.seal.company"),
            Self::Contract => msg!("contract.seal.contract"),
            Self::Finance => msg!("contract.seal.finance"),
            Self::Representative => msg!("contract.seal.representative"),
        }
    }

    /// The kind of that name; the short names of practice and the English ones are understood too.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "company seal" => Some(Self::Company),
            "合同章" | "contract seal" => Some(Self::Contract),
            "财务章" | "finance seal" => Some(Self::Finance),
            "法人章" | "法人名章" | "legal representative's seal" => Some(Self::Representative),
            name => Self::ALL.into_iter().find(|kind| kind.name() == name),
        }
    }
}

impl EntityFields {
    /// The same with every text in its one form, or what is wrong with the first that has none.
    pub fn checked(mut self) -> Result<Self, ContractError> {
        for text in [
            &mut self.code,
            &mut self.name,
            &mut self.address,
            &mut self.legal_representative,
            &mut self.contact,
            &mut self.phone,
            &mut self.email,
            &mut self.bank,
            &mut self.bank_account,
        ] {
            *text = text.trim().to_owned();
        }
        let fits = (1..=12).contains(&self.code.len())
            && self.code.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        if !fits {
            return Err(ContractError::EntityCode);
        }
        for (field, text) in [("name", &self.name), ("address", &self.address)] {
            if text.is_empty() || text.chars().count() > 200 {
                return Err(ContractError::Required { field });
            }
        }
        let wrong = |field| move |error: CodeError| ContractError::Code { field, error };
        self.credit_code = check::credit_code(&self.credit_code).map_err(wrong("credit_code"))?;
        if !self.email.is_empty() {
            self.email = check::email(&self.email).map_err(wrong("email"))?;
        }
        Ok(self)
    }
}

impl OurEntity {
    /// The entity as a party of a contract, in a place that the template provides.
    pub fn party(&self, slot: &PartySlot) -> Party {
        let EntityFields { name, credit_code, address, legal_representative, .. } = &self.fields;
        let EntityFields { contact, phone, email, bank, bank_account, .. } = &self.fields;
        let details = [
            ("name", name),
            ("credit_code", credit_code),
            ("address", address),
            ("legal_representative", legal_representative),
            ("contact", contact),
            ("phone", phone),
            ("email", email),
            ("bank", bank),
            ("bank_account", bank_account),
        ];
        let filled = details.into_iter().filter(|(_, text)| !text.is_empty());
        Party {
            role: slot.role,
            label: slot.label.clone(),
            ours: true,
            person: false,
            record: Some(Ref::new("our_entity", self.id.get())),
            details: filled.map(|(name, text)| (name.to_owned(), text.clone())).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::{self, Lang};

    fn fields() -> EntityFields {
        EntityFields {
            code: "KS".into(),
            name: " 开思软件（上海）有限公司 ".into(),
            credit_code: "91110000600037341L".into(),
            address: "上海市浦东新区金桥路1398号5幢".into(),
            ..EntityFields::default()
        }
    }

    #[test]
    fn texts_are_trimmed_and_codes_checked() {
        let wrong = EntityFields { credit_code: "91310115607288765X".into(), ..fields() }.checked();
        assert!(matches!(wrong, Err(ContractError::Code { field: "credit_code", .. })), "{wrong:?}");
        for code in ["", "ks", "K S", "开思", "ABCDEFGHIJKLM"] {
            let refused = EntityFields { code: code.into(), ..fields() }.checked();
            assert!(matches!(refused, Err(ContractError::EntityCode)), "{code}");
        }
    }

    #[test]
    fn a_seal_is_known_by_its_short_name_too() {
        assert_eq!(SealKind::named("法人章"), Some(SealKind::Representative));
        assert_eq!(SealKind::named("合同专用章"), Some(SealKind::Contract));
        assert_eq!(SealKind::named("私章"), None);
        for kind in SealKind::ALL {
            let english = i18n::text(Lang::En, &kind.label());
            assert_eq!(SealKind::named(&english.to_lowercase()), Some(kind), "{english}");
        }
    }
}
