//! From settings to keys, and why there are none.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jsonwebtoken::{Algorithm, DecodingKey};

use super::jwks::{Jwks, RootsError};
use super::keys::{Key, Keys};
use crate::config::{AuthConfig, JwksUrlError, Secret, SecretError};

/// Why no token could be verified with these settings. The display names the setting and never a secret.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// A key's file cannot be read.
    #[error("{setting} ({}) cannot be read: {source}", .path.display())]
    File {
        /// Which setting names it.
        setting: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A secret that is none.
    #[error("auth_secret_file ({}) {problem}", .path.display())]
    Secret {
        /// The file.
        path: PathBuf,
        /// What is wrong with what it holds.
        problem: SecretError,
    },
    /// A file without a public key of a kind that tokens are signed with.
    #[error("auth_public_key_file ({}) holds no RSA, ECDSA (P-256 or P-384) or Ed25519 public key in PEM", .0.display())]
    NoKey(PathBuf),
    /// A private key where a public one belongs: it would lie on one machine more than it must.
    #[error("auth_public_key_file ({}) holds a private key: keep it where tokens are issued", .0.display())]
    PrivateKey(PathBuf),
    /// An algorithm that the key is not for.
    #[error("auth_algorithm does not fit the kind of key of {0}")]
    Algorithm(&'static str),
    /// Keys cannot be fetched from there.
    #[error("auth_jwks_url (not shown) {0}")]
    Url(#[from] JwksUrlError),
    /// There is nobody to trust.
    #[error("auth_jwks_url: {0}")]
    Roots(#[from] RootsError),
}

/// The keys that `config` names; `None` for an open server.
pub(super) fn keys(config: &AuthConfig) -> Result<Option<Keys>, SetupError> {
    let algorithm = config.algorithm.map(Algorithm::from);
    if let Some(url) = &config.jwks_url {
        return Ok(Some(Keys::Published(Box::new(Jwks::new(&url.uri()?, algorithm)?))));
    }
    let (setting, decoding) = if let Some(secret) = secret(config)? {
        ("auth_secret", DecodingKey::from_secret(secret.bytes()))
    } else if let Some(path) = &config.public_key_file {
        ("auth_public_key_file", public_key_of(path)?)
    } else {
        return Ok(None);
    };
    let key = Key::bind(decoding, algorithm).ok_or(SetupError::Algorithm(setting))?;
    Ok(Some(Keys::Fixed(Arc::new(key))))
}

/// The secret that `config` holds or whose file it names.
pub(super) fn secret(config: &AuthConfig) -> Result<Option<Secret>, SetupError> {
    match (&config.secret, &config.secret_file) {
        (Some(secret), _) => Ok(Some(secret.clone())),
        (None, Some(path)) => secret_of(path).map(Some),
        (None, None) => Ok(None),
    }
}

fn secret_of(path: &Path) -> Result<Secret, SetupError> {
    let text = read("auth_secret_file", path)?;
    let Ok(secret) = text.trim_end_matches(['\r', '\n']).parse::<Secret>();
    secret.validate().map_err(|problem| SetupError::Secret { path: path.to_owned(), problem })?;
    Ok(secret)
}

fn public_key_of(path: &Path) -> Result<DecodingKey, SetupError> {
    let text = read("auth_public_key_file", path)?;
    if text.contains("PRIVATE KEY-----") {
        return Err(SetupError::PrivateKey(path.to_owned()));
    }
    let pem = text.as_bytes();
    // Each takes only the keys of its own kind.
    DecodingKey::from_rsa_pem(pem)
        .or_else(|_| DecodingKey::from_ec_pem(pem))
        .or_else(|_| DecodingKey::from_ed_pem(pem))
        .map_err(|_| SetupError::NoKey(path.to_owned()))
}

/// Checks that tokens could be verified with these settings. Published keys are not fetched.
///
/// # Errors
/// [`SetupError`] as at a start.
pub fn check(config: &AuthConfig) -> Result<(), SetupError> {
    keys(config).map(drop)
}

fn read(setting: &'static str, path: &Path) -> Result<String, SetupError> {
    fs::read_to_string(path).map_err(|source| SetupError::File { setting, path: path.to_owned(), source })
}
