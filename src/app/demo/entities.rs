//! Our entities and their seals.

use super::broken;
use super::company::Company;
use super::people::People;
use crate::app::StartError;
use crate::contract::{Contracts, SealFields, SealKind};

/// Who keeps the seals.
const KEEPER: &str = "xujing";

pub(super) async fn register(contracts: &Contracts, company: &Company, people: &People) -> Result<(), StartError> {
    let (admin, keeper) = (people.administrator(), people.user(KEEPER)?);
    for one in &company.entities {
        let id = contracts.add_entity(admin, one.fields.clone()).await?;
        for name in &one.seals {
            let kind = SealKind::named(name).ok_or_else(|| broken(&format!("there is no seal {name}")))?;
            contracts.add_seal(admin, id, SealFields { kind, keeper, active: true }).await?;
        }
    }
    Ok(())
}
