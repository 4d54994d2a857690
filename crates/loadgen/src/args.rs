//! The command line of `collab-bench`.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};
use collabd_loadgen::fanout::Plan;
use collabd_protocol::Encoding;
use jiff::SignedDuration;

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
}

/// Options of `fanout`.
#[derive(Debug, Args)]
pub(crate) struct FanoutArguments {
    /// The server.
    #[arg(long, default_value = "127.0.0.1:3000")]
    address: SocketAddr,
    /// Allow an address that is not a loopback address.
    #[arg(long)]
    allow_remote: bool,
    /// Number of the first project.
    #[arg(long, default_value = "1")]
    first_project: i32,
    /// How many projects.
    #[arg(long, default_value = "1")]
    projects: NonZeroU32,
    /// Members of each project.
    #[arg(long, default_value = "100")]
    members: NonZeroU32,
    /// Moves of each member per second.
    #[arg(long, default_value = "10")]
    rate: NonZeroU32,
    /// Moving before the measurement, such as 500ms.
    #[arg(long, default_value = "2s", value_parser = duration)]
    warm_up: Duration,
    /// Moving that is measured, such as 10s or 1m30s.
    #[arg(long, default_value = "10s", value_parser = duration)]
    duration: Duration,
    /// How messages are put into frames.
    #[arg(long, value_enum, default_value = "batch")]
    encoding: EncodingName,
    /// Process id of the server, to report what it costs.
    #[arg(long)]
    pid: Option<u32>,
    /// Append the report to this file, as one line of JSON.
    #[arg(long)]
    pub(crate) json: Option<PathBuf>,
}

/// Encodings by their short names.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum EncodingName {
    /// `collab.v2.batch`.
    Batch,
    /// `collab.v2`.
    Json,
    /// The older dialect; refused by scenarios that measure latency.
    V1,
}

impl FanoutArguments {
    /// The plan these options make.
    pub(crate) fn plan(&self) -> Plan {
        Plan {
            address: self.address,
            allow_remote: self.allow_remote,
            first_project: self.first_project,
            projects: self.projects,
            members: self.members,
            rate: self.rate,
            warm_up: self.warm_up,
            duration: self.duration,
            encoding: match self.encoding {
                EncodingName::Batch => Encoding::JsonBatch,
                EncodingName::Json => Encoding::Json,
                EncodingName::V1 => Encoding::V1,
            },
            pid: self.pid,
        }
    }
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
