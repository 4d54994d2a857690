//! The command line of `collab-bench`.

mod churn;
mod documents;
mod fanout;
mod hot;
mod idle;
mod members;
mod mixed;
mod servers;
mod slow;
mod soak;
mod storm;

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use jiff::SignedDuration;

pub(crate) use churn::ChurnArguments;
pub(crate) use documents::{DocumentsArguments, OpenArguments, UnloadArguments};
pub(crate) use fanout::FanoutArguments;
pub(crate) use hot::HotArguments;
pub(crate) use idle::IdleArguments;
pub(crate) use members::MemberArguments;
pub(crate) use mixed::MixedArguments;
pub(crate) use servers::ServerArguments;
pub(crate) use slow::SlowArguments;
pub(crate) use soak::SoakArguments;
pub(crate) use storm::StormArguments;

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
    /// Ends with status 1 when a member did not join or stay, or was told anything wrong.
    Fanout(FanoutArguments),
    /// More and more members in one document, up to the most that are quick enough.
    ///
    /// Ends with status 1 when not even the fewest are, or somebody was told of people who are not there.
    Hot(HotArguments),
    /// People who come, open a document and go, in order or not, while others watch and pages are asked for.
    ///
    /// Ends with status 1 when a session failed, a page did not answer, a witness was told anything wrong, or anything
    /// of it is left on the server.
    Churn(ChurnArguments),
    /// People who are there and do nothing: what one of them costs in memory.
    ///
    /// Ends with status 1 when somebody did not join or stay.
    Idle(IdleArguments),
    /// Members who stop reading: what their neighbours notice.
    ///
    /// Ends with status 1 when somebody else was lost or told anything wrong, or more waits than may.
    Slow(SlowArguments),
    /// The server is restarted and everybody comes back at the same moment.
    ///
    /// Ends with status 1 when somebody does not come back, or is told anything wrong.
    Storm(StormArguments),
    /// Very many sessions in rounds, and what is left of them.
    ///
    /// Ends with status 1 when a round is not as `churn` wants it, or anything is left after the last.
    Soak(SoakArguments),
    /// People who move, who do not read, who come and go and who only sit there, all at once.
    ///
    /// Ends with status 1 when one kind is not as its own scenario wants it.
    Mixed(MixedArguments),
    /// Shared documents in which several people type at once, on servers of its own or on one that runs.
    ///
    /// Ends with status 1 when a client was lost, a change is missing, or two copies of a document differ.
    Documents(DocumentsArguments),
    /// How long it takes to open a document that was typed key by key.
    ///
    /// Ends with status 1 when the document is not the same after a restart.
    Open(OpenArguments),
    /// Reads what was measured and says which goals are met and where other servers are ahead.
    Judge(JudgeArguments),
    /// Whether the memory of documents that nobody is in is given back.
    ///
    /// Ends with status 1 when documents stay open.
    Unload(UnloadArguments),
}

/// Options of `judge`.
#[derive(Debug, Args)]
pub(crate) struct JudgeArguments {
    /// Reports, one line of JSON each, as `--json` writes them.
    pub(crate) results: PathBuf,
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
