//! The words that templates use for roles and for the items of article 470, and the nearest word to a mistyped one.

use super::{Item, Role};
use crate::i18n::{Message, msg};

impl Role {
    /// Every role.
    pub const ALL: [Self; 9] = [
        Self::Seller,
        Self::Buyer,
        Self::Provider,
        Self::Client,
        Self::Lessor,
        Self::Lessee,
        Self::Licensor,
        Self::Licensee,
        Self::Other,
    ];

    /// Its name in templates, placeholders and the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Seller => "seller",
            Self::Buyer => "buyer",
            Self::Provider => "provider",
            Self::Client => "client",
            Self::Lessor => "lessor",
            Self::Lessee => "lessee",
            Self::Licensor => "licensor",
            Self::Licensee => "licensee",
            Self::Other => "other",
        }
    }

    /// The role of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }

    /// The category of a contract in which our entity has this role.
    pub const fn category(self) -> &'static str {
        match self {
            Self::Seller | Self::Provider | Self::Lessor | Self::Licensor => "sales",
            Self::Buyer | Self::Client | Self::Lessee | Self::Licensee => "purchase",
            Self::Other => "other",
        }
    }
}

impl Item {
    /// All eight, in the order of the article.
    pub const ALL: [Self; 8] = [
        Self::Parties,
        Self::Subject,
        Self::Quantity,
        Self::Quality,
        Self::Price,
        Self::Performance,
        Self::Liability,
        Self::Disputes,
    ];

    /// Its name in templates.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Parties => "parties",
            Self::Subject => "subject",
            Self::Quantity => "quantity",
            Self::Quality => "quality",
            Self::Price => "price",
            Self::Performance => "performance",
            Self::Liability => "liability",
            Self::Disputes => "disputes",
        }
    }

    /// Its words in the law.
    pub const fn in_law(self) -> &'static str {
        match self {
            Self::Parties => "当事人的姓名或者名称和住所",
            Self::Subject => "标的",
            Self::Quantity => "数量",
            Self::Quality => "质量",
            Self::Price => "价款或者报酬",
            Self::Performance => "履行期限、地点和方式",
            Self::Liability => "违约责任",
            Self::Disputes => "解决争议的方法",
        }
    }

    /// The same, as a reader of either language has it.
    pub fn label(self) -> Message {
        match self {
            Self::Parties => msg!("contract.item_parties"),
            Self::Subject => msg!("contract.item_subject"),
            Self::Quantity => msg!("contract.item_quantity"),
            Self::Quality => msg!("contract.item_quality"),
            Self::Price => msg!("contract.item_price"),
            Self::Performance => msg!("contract.item_performance"),
            Self::Liability => msg!("contract.item_liability"),
            Self::Disputes => msg!("contract.item_disputes"),
        }
    }

    /// The item of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|item| item.name() == name)
    }
}

/// The known name that is most like `found`; empty when there is none.
pub(super) fn nearest<'a>(found: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let alike = |name: &&str| {
        let same = similar::TextDiff::from_chars(found, *name).ratio() * 1_000.0;
        // Only the order matters here, not the number.
        format!("{same:08.0}")
    };
    known.into_iter().max_by_key(alike).unwrap_or_default().to_owned()
}
