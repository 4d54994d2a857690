//! Logs, which go to standard error.

use std::io::{self, IsTerminal as _};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::ParseError;
use tracing_subscriber::util::{SubscriberInitExt as _, TryInitError};

use crate::config::{LogConfig, LogFormat};

/// Why logging could not start.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The filter is in no known syntax.
    #[error("the log filter is not usable: {0}")]
    Filter(#[from] ParseError),
    /// The process logs already.
    #[error("logging was started before: {0}")]
    Started(#[from] TryInitError),
}

/// Starts logging for the whole process, once.
///
/// # Errors
/// [`TelemetryError`] when the filter cannot be read or logging was started before.
pub fn init(config: &LogConfig) -> Result<(), TelemetryError> {
    let filter = EnvFilter::builder().parse(&config.filter)?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    match config.format {
        // Colour codes belong on a terminal only, not in the journal.
        LogFormat::Text => builder.with_ansi(io::stderr().is_terminal()).finish().try_init()?,
        LogFormat::Json => builder.json().flatten_event(true).finish().try_init()?,
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_in_no_known_syntax_is_refused() {
        let config = LogConfig { filter: "info,=,".to_owned(), format: LogFormat::Text };
        assert!(matches!(init(&config), Err(TelemetryError::Filter(_))));
    }
}
