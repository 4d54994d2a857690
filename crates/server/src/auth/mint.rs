//! Tokens of our own making, for trying a secured server out: whoever has its secret could sign them elsewhere, too.

use jiff::Timestamp;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Map, Value, json};

use super::setup::{self, SetupError};
use crate::config::{AuthConfig, MintArgs};

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
pub enum MintError {
    /// The server cannot sign.
    #[error(
        "a token is signed with auth_secret or auth_secret_file; with a public key only its owner can sign one"
    )]
    NoSecret,
    /// The secret cannot be used.
    #[error(transparent)]
    Setup(#[from] SetupError),
    /// It would last longer than calendars do.
    #[error("lifetime is too long: {0}")]
    Lifetime(#[from] jiff::Error),
    /// The library refuses.
    #[error("cannot sign: {0}")]
    Sign(#[from] jsonwebtoken::errors::Error),
}

/// Signs a token that a server with the settings `config` believes.
///
/// # Errors
/// [`MintError`] when these settings hold no secret to sign with.
pub fn mint(config: &AuthConfig, token: &MintArgs) -> Result<String, MintError> {
    let secret = setup::secret(config)?.ok_or(MintError::NoSecret)?;
    let now = Timestamp::now();
    let projects: Map<String, Value> =
        token.grants.iter().map(|(project, role)| (project.to_string(), json!(role.name()))).collect();
    let mut claims = json!({
        "sub": token.user,
        "aud": config.audience(),
        "iat": now.as_second(),
        "exp": now.checked_add(token.lifetime)?.as_second(),
        "agent": token.agent,
        "create_projects": token.create_projects,
        "projects": projects,
    });
    let more = [
        ("iss", config.issuer.as_ref().map(|issuer| json!(issuer))),
        ("name", token.name.as_ref().map(|name| json!(name))),
        ("color", token.color.as_ref().map(|color| json!(color))),
    ];
    for (claim, value) in more {
        if let Some(value) = value {
            claims[claim] = value;
        }
    }
    let header = Header::new(config.algorithm.map_or(Algorithm::HS256, Algorithm::from));
    Ok(encode(&header, &claims, &EncodingKey::from_secret(secret.bytes()))?)
}
