//! What is logged and how.

use clap::{Args, ValueEnum};
use tracing_subscriber::EnvFilter;

use super::ConfigError;

/// Logging, which goes to standard error.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(next_help_heading = "Logging")]
pub struct LogConfig {
    /// Least level to log (error, warn, info, debug, trace), or directives such as `info,collabd_core=debug`.
    #[arg(id = "log", long = "log", value_name = "FILTER", default_value_t = Self::default().filter)]
    pub filter: String,

    /// Form of a log line.
    #[arg(id = "log_format", long = "log-format", value_name = "FORMAT", value_enum)]
    #[arg(default_value_t = Self::default().format)]
    pub format: LogFormat,
}

/// The form of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One object per line, for machines.
    Json,
}

impl Default for LogConfig {
    fn default() -> Self {
        Self { filter: "info".to_owned(), format: LogFormat::Text }
    }
}

impl LogConfig {
    pub(super) fn validate(&self) -> Result<(), ConfigError> {
        EnvFilter::builder()
            .parse(&self.filter)
            .map(drop)
            .map_err(|source| ConfigError::LogFilter { value: self.filter.clone(), source })
    }
}
