//! From files to what the TLS library wants.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use jiff::Timestamp;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{Error, ServerConfig, crypto};

use super::{Current, TlsError, certificate};
use crate::config::TlsConfig;

/// What is spoken inside: what a client is told that asks for it (ALPN).
const PROTOCOL: &[u8] = b"http/1.1";

/// The two files.
#[derive(Debug, Clone)]
pub(super) struct Files {
    certificate: PathBuf,
    key: PathBuf,
}

/// By what a changed file is known: when each was written and how long it is. `None` where there is no file.
pub(super) type Stamp = [Option<(SystemTime, u64)>; 2];

impl Files {
    pub(super) fn of(config: &TlsConfig) -> Option<Self> {
        let (certificate, key) = (config.certificate_file.clone()?, config.key_file.clone()?);
        Some(Self { certificate, key })
    }

    /// How the files are now.
    pub(super) fn stamp(&self) -> Stamp {
        [&self.certificate, &self.key].map(|path| {
            let metadata = fs::metadata(path).ok()?;
            Some((metadata.modified().ok()?, metadata.len()))
        })
    }

    /// Reads and checks both.
    pub(super) fn read(&self, now: Timestamp) -> Result<Current, TlsError> {
        let chain = self.chain()?;
        let expires_at = chain.first().and_then(|first| certificate::not_after(first));
        let expires_at = expires_at.ok_or_else(|| TlsError::NoCertificate(self.certificate.clone()))?;
        if expires_at <= now {
            return Err(TlsError::Expired { path: self.certificate.clone(), at: expires_at });
        }
        let config = server_config(chain, self.private_key()?).map_err(|error| match error {
            Error::InconsistentKeys(_) => TlsError::OtherKey(self.key.clone()),
            other => TlsError::Unusable(other),
        })?;
        Ok(Current { config: Arc::new(config), expires_at })
    }

    fn chain(&self) -> Result<Vec<CertificateDer<'static>>, TlsError> {
        let pem = read("tls_certificate_file", &self.certificate)?;
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
        chain.map_err(|_| TlsError::NoCertificate(self.certificate.clone()))
    }

    fn private_key(&self) -> Result<PrivateKeyDer<'static>, TlsError> {
        let pem = read("tls_key_file", &self.key)?;
        // In PKCS #8 the label says it, in the older form a header.
        if ["BEGIN ENCRYPTED PRIVATE KEY", "Proc-Type: 4,ENCRYPTED"].iter().any(|mark| contains(&pem, mark)) {
            return Err(TlsError::EncryptedKey(self.key.clone()));
        }
        PrivateKeyDer::from_pem_slice(&pem).map_err(|_| TlsError::NoKey(self.key.clone()))
    }
}

fn read(setting: &'static str, path: &Path) -> Result<Vec<u8>, TlsError> {
    fs::read(path).map_err(|source| TlsError::File { setting, path: path.to_owned(), source })
}

fn contains(text: &[u8], part: &str) -> bool {
    text.windows(part.len()).any(|window| window == part.as_bytes())
}

fn server_config(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<ServerConfig, Error> {
    let provider = Arc::new(crypto::aws_lc_rs::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    config.alpn_protocols = vec![PROTOCOL.to_vec()];
    Ok(config)
}
