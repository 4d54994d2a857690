//! Why the server was not configured.

use std::error::Error as _;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::auth::SecretError;
use super::jwks_url::JwksUrlError;
use super::{Bound, Quantity};

/// Why a configuration was refused. Except for [`ConfigError::Usage`], which prints itself through clap, the
/// display is one line that names the setting, its value and the limit, and never a secret.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The command line was wrong, or asked for help or the version: print it and exit as clap says.
    #[error(transparent)]
    Usage(clap::Error),
    /// The value of one setting could not be read, whether from a flag, the environment or the file.
    #[error("{setting} ({value}): {}", Reason(.source))]
    Unreadable {
        /// The setting's name.
        setting: String,
        /// The value as given.
        value: String,
        /// What its parser said.
        source: clap::Error,
    },
    /// The configuration file could not be read.
    #[error("config ({}) cannot be read: {source}", .path.display())]
    File {
        /// As given by `--config`.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The configuration file is no TOML.
    #[error("config ({}), line {line}: {}", .path.display(), .source.message())]
    Syntax {
        /// As given by `--config`.
        path: PathBuf,
        /// Where it stopped making sense, counted from 1.
        line: usize,
        /// What the TOML parser said.
        source: Box<toml::de::Error>,
    },
    /// The configuration file sets something that does not exist.
    #[error("config ({}): there is no setting {key:?}", .path.display())]
    UnknownSetting {
        /// As given by `--config`.
        path: PathBuf,
        /// The key nobody knows.
        key: String,
    },
    /// The configuration file gives a setting a list or a table.
    #[error("config ({}): {setting} is {found}, but must be a string, a number or a boolean", .path.display())]
    NotScalar {
        /// As given by `--config`.
        path: PathBuf,
        /// The setting's name.
        setting: String,
        /// The TOML type found.
        found: &'static str,
    },
    /// A number or duration is too small or too large, by itself or beside another setting.
    #[error("{setting} ({value}) must be {bound}")]
    OutOfRange {
        /// The setting's name.
        setting: &'static str,
        /// Its value.
        value: Quantity,
        /// What it breaks.
        bound: Bound,
    },
    /// A listener that other machines reach, while nothing authenticates them.
    #[error(
        "{setting} ({address}) is reachable from other machines and there is no authentication: \
         set allow_unauthenticated to accept that, or use a loopback address"
    )]
    Exposed {
        /// `listen` or `admin_listen`.
        setting: &'static str,
        /// Its value.
        address: SocketAddr,
    },
    /// Both listeners want the same port.
    #[error("admin_listen ({0}) must not be the address of listen")]
    SameAddress(SocketAddr),
    /// A path that names nothing.
    #[error("{0} () must not be empty")]
    EmptyPath(&'static str),
    /// A database that is no Postgres. The value stays unsaid: it may hold a password.
    #[error("database_url (not shown) must begin with postgres://")]
    DatabaseScheme,
    /// A Postgres address that cannot be understood. The value stays unsaid: it may hold a password.
    #[error("database_url (not shown) is no usable address: {0}")]
    DatabaseUrl(#[source] sqlx::Error),
    /// A setting that means nothing without another.
    #[error("{missing} must be set beside {beside}")]
    Alone {
        /// What is not set.
        missing: &'static str,
        /// What is.
        beside: &'static str,
    },
    /// Two settings, of which one would be ignored.
    #[error("{0} and {1} must not both be set")]
    Both(&'static str, &'static str),
    /// A setting about tokens while none are verified: the server would be open against its operator's belief.
    #[error("{0} has no effect without a key: set auth_secret_file, auth_public_key_file or auth_jwks_url")]
    NoKey(&'static str),
    /// An algorithm for another kind of key.
    #[error("auth_algorithm does not fit the kind of key of {0}")]
    KeyAlgorithm(&'static str),
    /// Published keys without whose tokens are meant.
    #[error("auth_issuer must be set beside auth_jwks_url")]
    NoIssuer,
    /// A secret that is none. The value stays unsaid.
    #[error("{setting} (not shown) {problem}")]
    Secret {
        /// Which setting holds it.
        setting: &'static str,
        /// What is wrong with it.
        problem: SecretError,
    },
    /// An address that keys are not fetched from. The value stays unsaid: it may hold a password.
    #[error("auth_jwks_url (not shown) {0}")]
    JwksUrl(#[source] JwksUrlError),
    /// A log filter in no known syntax.
    #[error("log ({value}) is no usable filter: {source}")]
    LogFilter {
        /// The filter as given.
        value: String,
        /// What its parser said.
        source: tracing_subscriber::filter::ParseError,
    },
}

impl ConfigError {
    /// Keeps clap's own words about usage; an unreadable value is told the same way for all three sources,
    /// since clap would name a flag that a file's author never wrote.
    pub(super) fn from_clap(error: clap::Error) -> Self {
        if !matches!(error.kind(), ErrorKind::InvalidValue | ErrorKind::ValueValidation) {
            return Self::Usage(error);
        }
        let text = |kind| match error.get(kind) {
            Some(ContextValue::String(text)) => Some(text.clone()),
            _ => None,
        };
        match (text(ContextKind::InvalidArg), text(ContextKind::InvalidValue)) {
            // Without a value there is nothing to tell beyond clap's own "a value is required".
            (Some(flag), Some(value)) if !value.is_empty() || error.source().is_some() => {
                Self::Unreadable { setting: setting_of(&flag), value, source: error }
            }
            _ => Self::Usage(error),
        }
    }
}

/// The setting behind a flag as clap writes it: `--log-format <FORMAT>` is `log_format`.
fn setting_of(flag: &str) -> String {
    let name = flag.trim_start_matches('-');
    let end = name.find([' ', '=', '[']).unwrap_or(name.len());
    name[..end].replace('-', "_")
}

/// What a value's parser said, on one line.
struct Reason<'a>(&'a clap::Error);

impl fmt::Display for Reason<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(source) = self.0.source() {
            return write!(f, "{source}");
        }
        match self.0.get(ContextKind::ValidValue) {
            Some(ContextValue::Strings(values)) => write!(f, "must be one of {}", values.join(", ")),
            _ => f.write_str("is not a value it takes"),
        }
    }
}
