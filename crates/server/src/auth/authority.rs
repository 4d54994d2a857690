//! Who decides who somebody is.

use collabd_core::faults;
use jiff::Timestamp;

use super::claims::Expected;
use super::setup::{self, SetupError};
use super::verifier::Verifier;
use super::{AuthError, Subject};
use crate::config::AuthConfig;

/// Verifies tokens in a secured server. In an open one there is nothing to verify, and every client's own word counts.
#[derive(Debug)]
pub(crate) struct Authority {
    verifier: Option<Verifier>,
}

impl Authority {
    /// Reads the key that `config` names. Published keys are fetched with the first token.
    ///
    /// # Errors
    /// [`SetupError`] when there is no such key, or none that is safe.
    pub(crate) fn new(config: &AuthConfig) -> Result<Self, SetupError> {
        let expected = Expected { issuer: config.issuer.clone(), audience: config.audience().to_owned() };
        let verifier = setup::keys(config)?.map(|keys| Verifier { keys, expected });
        Ok(Self { verifier })
    }

    /// Does every client's own word count?
    pub(crate) fn is_open(&self) -> bool {
        self.verifier.is_none()
    }

    /// Whom `token` names.
    ///
    /// # Errors
    /// [`AuthError`]; in an open server always, since no token was ever given out for it.
    pub(crate) async fn verify(&self, token: &str) -> Result<Subject, AuthError> {
        faults::strike("auth");
        let verifier = self.verifier.as_ref().ok_or(AuthError::Unauthenticated)?;
        verifier.verify(token, Timestamp::now()).await
    }
}
