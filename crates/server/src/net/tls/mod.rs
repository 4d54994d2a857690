//! TLS on the public listener: one certificate and its key from files, which are read again when they change.

mod certificate;
mod error;
mod files;
mod reload;

use std::sync::{Arc, PoisonError, RwLock};

use jiff::Timestamp;
use tokio_rustls::rustls::ServerConfig;
use tracing::info;

use crate::config::TlsConfig;

pub use error::TlsError;
use files::{Files, Stamp};

/// The certificate that clients are shown. Clones share the same one.
#[derive(Debug, Clone)]
pub(crate) struct Tls {
    files: Files,
    /// How the files were when they were read at the start.
    stamp: Stamp,
    current: Arc<RwLock<Current>>,
}

#[derive(Debug)]
struct Current {
    config: Arc<ServerConfig>,
    expires_at: Timestamp,
}

impl Tls {
    /// Reads the files that `config` names; `None` without any.
    ///
    /// # Errors
    /// [`TlsError`] when they are not a certificate that is valid and its key.
    pub(crate) fn new(config: &TlsConfig) -> Result<Option<Self>, TlsError> {
        let Some(files) = Files::of(config) else { return Ok(None) };
        // Before they are read: what changes meanwhile is noticed.
        let stamp = files.stamp();
        let current = files.read(Timestamp::now())?;
        Ok(Some(Self { files, stamp, current: Arc::new(RwLock::new(current)) }))
    }

    /// How to meet the next client.
    pub(crate) fn config(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner).config)
    }

    /// When the certificate ends.
    pub(crate) fn expires_at(&self) -> Timestamp {
        self.current.read().unwrap_or_else(PoisonError::into_inner).expires_at
    }

    /// Reads the files again. Those who are connected stay as they are; all that belongs to the old certificate, the
    /// sessions that could be resumed included, goes with it.
    fn reload(&self) -> Result<(), TlsError> {
        let fresh = self.files.read(Timestamp::now())?;
        info!(expires_at = %fresh.expires_at, "certificate loaded");
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(())
    }
}

/// Checks that a server with these settings could serve.
///
/// # Errors
/// [`TlsError`] as at a start.
pub fn check_tls(config: &TlsConfig) -> Result<(), TlsError> {
    Tls::new(config).map(drop)
}
