//! Whom a contract is with, out of the CRM.

use super::{Seen, person};
use crate::contract::template::Template;
use crate::contract::{Contract, ContractError, Contracts, filling};
use crate::crm::{CustomerCard, CustomerChoice, OpportunityCard};
use crate::kernel::{Actor, ContractId, CustomerId, OpportunityId, UserId};

/// Customers in the list to pick from.
const CHOICES: u32 = 30;

impl Contracts {
    /// Customers that the person may see and whose name, code or telephone has these words.
    pub async fn customers(&self, user: UserId, words: &str) -> Result<Vec<CustomerChoice>, ContractError> {
        Ok(self.0.crm.customers(user, words, CHOICES).await?)
    }

    /// Puts a customer in the place of the other party.
    pub async fn pick_customer(
        &self,
        actor: Actor,
        (id, seen): (ContractId, &Seen),
        customer: CustomerId,
    ) -> Result<Contract, ContractError> {
        let card = self.customer_card(person(actor)?, customer).await?;
        let write = |template: &Template, contract: &mut Contract| {
            filling::customer(template, &mut contract.content, &card);
            if contract.customer != Some(card.id) {
                contract.opportunity = None;
            }
            contract.customer = Some(card.id);
            Ok(())
        };
        self.rewrite(actor, id, seen, write).await
    }

    /// The customer, if the person may see it.
    pub async fn customer_card(&self, user: UserId, id: CustomerId) -> Result<CustomerCard, ContractError> {
        self.0.crm.customer(user, id).await?.ok_or(ContractError::NoCustomer)
    }

    /// The opportunity, if the person may see it.
    pub async fn opportunity_card(&self, user: UserId, id: OpportunityId) -> Result<OpportunityCard, ContractError> {
        self.0.crm.opportunity(user, id).await?.ok_or(ContractError::NoOpportunity)
    }
}
