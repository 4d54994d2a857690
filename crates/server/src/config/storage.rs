//! Where projects and documents are kept.

use std::convert::Infallible;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use clap::Args;
use sqlx::postgres::PgConnectOptions;

use super::ConfigError;

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
}

impl Default for StoreConfig {
    fn default() -> Self {
        Self { data_dir: PathBuf::from("./data"), database_url: None }
    }
}

impl StoreConfig {
    pub(super) fn validate(&self) -> Result<(), ConfigError> {
        if self.data_dir.as_os_str().is_empty() {
            return Err(ConfigError::EmptyPath("data_dir"));
        }
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
