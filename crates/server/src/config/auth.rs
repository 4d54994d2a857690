//! Who may come in: which tokens the server believes.

use std::convert::Infallible;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use clap::builder::BoolishValueParser;
use clap::{Args, ValueEnum};
use secrecy::{ExposeSecret as _, SecretString};

use super::ConfigError;
use super::jwks_url::JwksUrl;

/// A secret below this can be guessed: RFC 7518, section 3.2, wants as many bits as the hash of HS256 has.
const LEAST_SECRET_BYTES: usize = 32;

/// The audience of tokens unless a setting names another.
const DEFAULT_AUDIENCE: &str = "collabd";

/// How tokens are verified. Exactly one of the first four makes the server a secured one; without any it is open.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
#[command(next_help_heading = "Authentication")]
pub struct AuthConfig {
    /// Secret that whoever issues tokens shares with the server, at least 32 bytes. Prefer `auth_secret_file` or the
    /// environment to the flag, which other users of the machine can see [default: none].
    #[arg(id = "auth_secret", long = "auth-secret", value_name = "SECRET")]
    pub secret: Option<Secret>,

    /// File with that secret; a line break at its end does not count [default: none].
    #[arg(id = "auth_secret_file", long = "auth-secret-file", value_name = "FILE")]
    pub secret_file: Option<PathBuf>,

    /// PEM file with the RSA, ECDSA or Ed25519 public key of whoever issues tokens [default: none].
    #[arg(id = "auth_public_key_file", long = "auth-public-key-file", value_name = "FILE")]
    pub public_key_file: Option<PathBuf>,

    /// Where the public keys of whoever issues tokens are published (RFC 7517): https, or http on this machine
    /// [default: none].
    #[arg(id = "auth_jwks_url", long = "auth-jwks-url", value_name = "URL")]
    pub jwks_url: Option<JwksUrl>,

    /// The one algorithm of tokens: HS256, HS384, HS512, RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384 or
    /// `EdDSA` [default: the usual one of the key's kind].
    #[arg(id = "auth_algorithm", long = "auth-algorithm", value_name = "NAME", value_enum)]
    #[arg(hide_possible_values = true)]
    pub algorithm: Option<TokenAlgorithm>,

    /// Whom tokens must name as their issuer (`iss`); with `auth_jwks_url` it must be set [default: none].
    #[arg(id = "auth_issuer", long = "auth-issuer", value_name = "NAME")]
    pub issuer: Option<String>,

    /// Whom tokens must be meant for (`aud`) [default: collabd].
    #[arg(id = "auth_audience", long = "auth-audience", value_name = "NAME")]
    pub audience: Option<String>,

    /// Accept a token in the query of v1 sockets, for clients that can send it nowhere else. Whatever logs addresses
    /// on the way sees it.
    #[arg(id = "auth_query_token", long = "auth-query-token", value_name = "BOOL", default_value_t = false)]
    #[arg(num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    #[arg(value_parser = BoolishValueParser::new(), action = clap::ArgAction::Set)]
    pub query_token: bool,
}

/// What a token is signed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[expect(missing_docs, reason = "the names are those of RFC 7518, section 3.1")]
#[value(rename_all = "verbatim")]
pub enum TokenAlgorithm {
    HS256,
    HS384,
    HS512,
    RS256,
    RS384,
    RS512,
    PS256,
    PS384,
    PS512,
    ES256,
    ES384,
    EdDSA,
}

impl TokenAlgorithm {
    /// Is the key that verifies also the key that signs?
    pub fn is_symmetric(self) -> bool {
        matches!(self, Self::HS256 | Self::HS384 | Self::HS512)
    }
}

impl AuthConfig {
    /// Must everybody prove who they are?
    pub fn is_secured(&self) -> bool {
        self.key_settings().next().is_some()
    }

    /// Whom tokens must be meant for.
    pub fn audience(&self) -> &str {
        self.audience.as_deref().unwrap_or(DEFAULT_AUDIENCE)
    }

    /// The settings that name a key and are set.
    fn key_settings(&self) -> impl Iterator<Item = &'static str> {
        let settings = [
            ("auth_secret", self.secret.is_some()),
            ("auth_secret_file", self.secret_file.is_some()),
            ("auth_public_key_file", self.public_key_file.is_some()),
            ("auth_jwks_url", self.jwks_url.is_some()),
        ];
        settings.into_iter().filter_map(|(name, is_set)| is_set.then_some(name))
    }

    pub(super) fn validate(&self) -> Result<(), ConfigError> {
        let mut keys = self.key_settings();
        let Some(key) = keys.next() else { return self.validate_open() };
        if let Some(second) = keys.next() {
            return Err(ConfigError::Both(key, second));
        }
        if let Some(algorithm) = self.algorithm
            && algorithm.is_symmetric() != matches!(key, "auth_secret" | "auth_secret_file")
        {
            return Err(ConfigError::KeyAlgorithm(key));
        }
        // Whoever publishes keys issues tokens to others, too.
        if self.jwks_url.is_some() && self.issuer.is_none() {
            return Err(ConfigError::NoIssuer);
        }
        self.jwks_url.as_ref().map_or(Ok(()), JwksUrl::validate)?;
        self.secret.as_ref().map_or(Ok(()), |secret| {
            secret.validate().map_err(|problem| ConfigError::Secret { setting: "auth_secret", problem })
        })
    }

    /// Whoever sets one of these believes that tokens are verified.
    fn validate_open(&self) -> Result<(), ConfigError> {
        let settings = [
            ("auth_algorithm", self.algorithm.is_some()),
            ("auth_issuer", self.issuer.is_some()),
            ("auth_audience", self.audience.is_some()),
            ("auth_query_token", self.query_token),
        ];
        match settings.into_iter().find(|(_, is_set)| *is_set) {
            Some((setting, _)) => Err(ConfigError::NoKey(setting)),
            None => Ok(()),
        }
    }
}

/// What is wrong with a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// It can be guessed.
    #[error("must have at least {LEAST_SECRET_BYTES} bytes")]
    Short,
    /// A public key is known to everybody, who could then sign with it as a secret.
    #[error("is the text of a key file: name the file with auth_public_key_file")]
    KeyFile,
}

/// A secret shared with whoever issues tokens. Neither `Debug` nor anything else prints it.
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// The secret itself, for the key that is made of it.
    pub fn bytes(&self) -> &[u8] {
        self.0.expose_secret().as_bytes()
    }

    /// Checks what a secret must be.
    ///
    /// # Errors
    /// [`SecretError`] when it is too short or no secret.
    pub fn validate(&self) -> Result<(), SecretError> {
        if self.bytes().starts_with(b"-----BEGIN") {
            return Err(SecretError::KeyFile);
        }
        if self.bytes().len() < LEAST_SECRET_BYTES { Err(SecretError::Short) } else { Ok(()) }
    }
}

/// Takes any text: clap would print a refused one, so `AuthConfig::validate` judges.
impl FromStr for Secret {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(text.into()))
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.bytes() == other.bytes()
    }
}

impl Eq for Secret {}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> Secret {
        text.parse().unwrap()
    }

    fn refusal(config: &AuthConfig) -> String {
        config.validate().unwrap_err().to_string()
    }

    /// A13
    #[test]
    fn a_secret_that_can_be_guessed_is_refused_and_never_printed() {
        let config = |text| AuthConfig { secret: Some(secret(text)), ..AuthConfig::default() };
        config("0123456789abcdef0123456789abcdef").validate().unwrap();
        for (text, problem) in [
            ("", "must have at least 32 bytes"),
            ("0123456789abcdef0123456789abcde", "must have at least 32 bytes"),
            ("-----BEGIN PUBLIC KEY-----\nMCowBQYDK2Vw", "is the text of a key file"),
        ] {
            let config = config(text);
            let message = refusal(&config);
            assert!(message.starts_with(&format!("auth_secret (not shown) {problem}")), "{message}");
            assert!(text.is_empty() || !format!("{message} {config:?}").contains(text), "{message}");
        }
    }

    #[test]
    fn there_is_one_key_and_its_algorithm_fits() {
        let long = secret("0123456789abcdef0123456789abcdef");
        let two = AuthConfig {
            secret: Some(long.clone()),
            public_key_file: Some("key.pem".into()),
            ..AuthConfig::default()
        };
        assert_eq!(refusal(&two), "auth_secret and auth_public_key_file must not both be set");
        let unfit = AuthConfig {
            secret: Some(long),
            algorithm: Some(TokenAlgorithm::RS256),
            ..AuthConfig::default()
        };
        assert_eq!(refusal(&unfit), "auth_algorithm does not fit the kind of key of auth_secret");
    }

    /// A13
    #[test]
    fn what_only_makes_sense_with_a_key_is_refused_without_one() {
        let config = AuthConfig { issuer: Some("https://id.example".to_owned()), ..AuthConfig::default() };
        assert!(refusal(&config).starts_with("auth_issuer has no effect without a key"), "{config:?}");
        let config = AuthConfig {
            jwks_url: Some("https://id.example/keys".parse().unwrap()),
            ..AuthConfig::default()
        };
        assert_eq!(refusal(&config), "auth_issuer must be set beside auth_jwks_url");
    }
}
