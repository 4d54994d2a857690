//! Options of `collab-bench fanout`.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use collabd_loadgen::fanout::Plan;
use collabd_protocol::Encoding;

use super::duration;

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
    /// `collab.v2.msgpack`.
    Compact,
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
                EncodingName::Compact => Encoding::Compact,
                EncodingName::V1 => Encoding::V1,
            },
            pid: self.pid,
        }
    }
}
