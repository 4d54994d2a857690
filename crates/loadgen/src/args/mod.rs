//! The command line of `collab-bench`.

mod documents;
mod fanout;
mod servers;

use std::time::Duration;

use clap::{Parser, Subcommand};
use jiff::SignedDuration;

pub(crate) use documents::{DocumentsArguments, OpenArguments, UnloadArguments};
pub(crate) use fanout::FanoutArguments;
pub(crate) use servers::ServerArguments;

/// Longest warm-up or duration: a run must end by itself while somebody still wants the result.
const MAX_DURATION: Duration = Duration::from_hours(1);

/// Puts load on a collabd server and reports what came of it.
#[derive(Debug, Parser)]
#[command(name = "collab-bench", version)]
pub(crate) struct Arguments {
    /// What to play.
    #[command(subcommand)]
    pub(crate) scenario: Scenario,
}

/// The scenarios.
#[derive(Debug, Subcommand)]
pub(crate) enum Scenario {
    /// Rooms full of members who all move and all see each other move.
    ///
    /// Ends with status 1 when a member did not join or stay, or did not see another's last position.
    Fanout(FanoutArguments),
    /// Shared documents in which several people type at once, on servers of its own or on one that runs.
    ///
    /// Ends with status 1 when a client was lost, a change is missing, or two copies of a document differ.
    Documents(DocumentsArguments),
    /// How long it takes to open a document that was typed key by key.
    ///
    /// Ends with status 1 when the document is not the same after a restart.
    Open(OpenArguments),
    /// Whether the memory of documents that nobody is in is given back.
    ///
    /// Ends with status 1 when documents stay open.
    Unload(UnloadArguments),
}

fn duration(text: &str) -> Result<Duration, DurationError> {
    let duration: SignedDuration = text.parse().map_err(DurationError::Malformed)?;
    match Duration::try_from(duration) {
        Ok(duration) if duration <= MAX_DURATION => Ok(duration),
        _ => Err(DurationError::OutOfRange),
    }
}

/// Why a text is no duration.
#[derive(Debug, thiserror::Error)]
enum DurationError {
    #[error("write it as 10s, 500ms or 1m30s: {0}")]
    Malformed(jiff::Error),
    #[error("must be from 0s to {MAX_DURATION:?}")]
    OutOfRange,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        use clap::CommandFactory;
        Arguments::command().debug_assert();
    }

    #[test]
    fn a_duration_has_a_unit_and_a_limit() {
        assert_eq!(duration("500ms").unwrap(), Duration::from_millis(500));
        assert_eq!(duration("1m30s").unwrap(), Duration::from_secs(90));
        assert!(matches!(duration("10"), Err(DurationError::Malformed(_))));
        assert!(matches!(duration("-1s"), Err(DurationError::OutOfRange)));
        assert!(matches!(duration("2h"), Err(DurationError::OutOfRange)));
    }
}
