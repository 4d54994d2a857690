//! Where projects and documents are kept.

use std::convert::Infallible;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clap::Args;
use sqlx::postgres::PgConnectOptions;

use super::quantity::check_range;
use super::{ConfigError, duration};

/// Far above what a person keeps in one project, and still counted within milliseconds.
const GREATEST_DOCUMENTS: usize = 1_000_000;
/// A shorter interval would make a version of every keystroke.
const LEAST_VERSION_INTERVAL: Duration = Duration::from_secs(1);
/// Rarer versions are made by name.
const GREATEST_VERSION_INTERVAL: Duration = Duration::from_hours(24);
/// Each holds a whole document.
const GREATEST_VERSIONS: usize = 10_000;

/// The database: an embedded one under `data_dir` unless `database_url` names a Postgres server.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(next_help_heading = "Storage")]
pub struct StoreConfig {
    /// Directory of the embedded database, created when missing; unused with `database_url`.
    #[arg(long, value_name = "DIRECTORY", default_value = Self::default().data_dir.into_os_string())]
    pub data_dir: PathBuf,

    /// Postgres server to use instead of the embedded database:
    /// `postgres://user:password@host:port/database`. Parts left out come from the usual PG variables. Prefer the
    /// environment or the file to the flag, which other users of the machine can see [default: none].
    #[arg(long, value_name = "URL")]
    pub database_url: Option<DatabaseUrl>,

    /// Documents in one project; one more is refused.
    #[arg(long, value_name = "NUMBER", default_value_t = Self::default().max_documents_per_project)]
    pub max_documents_per_project: usize,

    /// Least time between two versions of a document that are kept without being asked for.
    #[arg(long, value_name = "DURATION", value_parser = duration::parse)]
    #[arg(default_value = duration::format(Self::default().version_interval))]
    pub version_interval: Duration,

    /// Versions without a name that are kept of each document, the newest ones; named ones are kept for ever.
    #[arg(long, value_name = "NUMBER", default_value_t = Self::default().versions_kept)]
    pub versions_kept: usize,
}

impl Default for StoreConfig {
    fn default() -> Self {
        Self {
            data_dir: PathBuf::from("./data"),
            database_url: None,
            max_documents_per_project: 10_000,
            version_interval: Duration::from_mins(10),
            versions_kept: 50,
        }
    }
}

impl StoreConfig {
    pub(super) fn validate(&self) -> Result<(), ConfigError> {
        if self.data_dir.as_os_str().is_empty() {
            return Err(ConfigError::EmptyPath("data_dir"));
        }
        check_range("max_documents_per_project", self.max_documents_per_project, 1, GREATEST_DOCUMENTS)?;
        check_range(
            "version_interval",
            self.version_interval,
            LEAST_VERSION_INTERVAL,
            GREATEST_VERSION_INTERVAL,
        )?;
        check_range("versions_kept", self.versions_kept, 1, GREATEST_VERSIONS)?;
        let Some(url) = &self.database_url else {
            return Ok(());
        };
        if !url.is_postgres() {
            return Err(ConfigError::DatabaseScheme);
        }
        url.connect_options().map(drop).map_err(ConfigError::DatabaseUrl)
    }
}

/// A Postgres address. It may hold a password, so neither `Debug` nor anything else prints it.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    /// What the driver makes of the address.
    ///
    /// # Errors
    /// The driver's own, for an address it cannot read.
    pub fn connect_options(&self) -> Result<PgConnectOptions, sqlx::Error> {
        self.0.parse()
    }

    fn is_postgres(&self) -> bool {
        self.0.starts_with("postgres://")
    }
}

/// Takes any text: clap would print a refused one, password included, so `StoreConfig::validate` judges.
impl FromStr for DatabaseUrl {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_url(url: &str) -> StoreConfig {
        StoreConfig { database_url: Some(url.parse().unwrap()), ..StoreConfig::default() }
    }

    #[test]
    fn only_postgres_is_a_database() {
        with_url("postgres://collabd:secret@db.example:5433/collabd").validate().unwrap();
        for other in ["mysql://root@localhost/x", "sqlite://x.db", "", "db.example"] {
            assert!(matches!(with_url(other).validate(), Err(ConfigError::DatabaseScheme)), "{other:?}");
        }
        for broken in ["postgres://collabd:secret@host:port/x", "postgres://u:secret@h/x?sslmode=maybe"] {
            assert!(matches!(with_url(broken).validate(), Err(ConfigError::DatabaseUrl(_))), "{broken:?}");
        }
    }

    #[test]
    fn no_message_and_no_dump_shows_a_password() {
        for url in ["postgres://u:secret@h:port/x", "mysql://u:secret@h/x", "postgres://u:secret@h/x"] {
            let config = with_url(url);
            let shown = format!("{config:?} {config:#?} {:?}", config.validate());
            assert!(!shown.contains("secret"), "{shown}");
        }
    }

    #[test]
    fn the_data_directory_has_a_name() {
        let config = StoreConfig { data_dir: PathBuf::new(), ..StoreConfig::default() };
        assert_eq!(config.validate().unwrap_err().to_string(), "data_dir () must not be empty");
    }
}
