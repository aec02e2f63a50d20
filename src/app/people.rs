//! An installation without accounts: nobody can log in.

use async_trait::async_trait;

use crate::i18n::Lang;
use crate::kernel::Token;
use crate::web::{Error, People, Person};

/// Knows no one.
pub(super) struct Nobody;

#[async_trait]
impl People for Nobody {
    async fn by_session(&self, _: &Token) -> Result<Option<Person>, Error> {
        Ok(None)
    }

    async fn by_api_token(&self, _: &Token) -> Result<Option<Person>, Error> {
        Ok(None)
    }

    async fn choose_language(&self, _: &Person, _: Lang) -> Result<(), Error> {
        Ok(())
    }
}
