//! Which server the members of a scenario about cursors meet on.

use std::net::SocketAddr;

use clap::{Args, ValueEnum};
use collabd_loadgen::wire::{Target, Wire};
use collabd_protocol::Encoding;

use super::ServerArguments;

/// Options of every scenario about cursors.
#[derive(Debug, Args)]
pub(crate) struct MemberArguments {
    /// Play against the server at this address, and start none.
    #[arg(long, conflicts_with_all = ["server", "compare", "runs"])]
    address: Option<SocketAddr>,
    /// Allow an address that is not a loopback address.
    #[arg(long, requires = "address")]
    allow_remote: bool,
    /// Process id of that server, to report what it costs.
    #[arg(long, requires = "address")]
    pid: Option<u32>,
    /// How messages are put into collabd's frames.
    #[arg(long, value_enum, default_value = "compact")]
    encoding: EncodingName,
    #[command(flatten)]
    pub(crate) servers: ServerArguments,
}

/// Encodings by their short names.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum EncodingName {
    /// `collab.v2.msgpack`, as the SDK speaks it.
    Compact,
    /// `collab.v2.batch`.
    Batch,
    /// `collab.v2`.
    Json,
}

impl MemberArguments {
    /// The server that runs already, if one is named.
    pub(crate) fn target(&self) -> anyhow::Result<Option<Target>> {
        let Some(address) = self.address else { return Ok(None) };
        anyhow::ensure!(
            self.allow_remote || address.ip().is_loopback(),
            "{address} is not a loopback address: a load is for a machine that expects it (see --allow-remote)"
        );
        Ok(Some(Target { address, pid: self.pid, wire: Wire::Collabd(self.encoding()) }))
    }

    /// How members speak with collabd.
    pub(crate) fn encoding(&self) -> Encoding {
        self.encoding.encoding()
    }
}

impl EncodingName {
    /// The encoding of this name.
    pub(crate) fn encoding(self) -> Encoding {
        match self {
            Self::Compact => Encoding::Compact,
            Self::Batch => Encoding::JsonBatch,
            Self::Json => Encoding::Json,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Command {
        #[command(flatten)]
        members: MemberArguments,
    }

    fn target(arguments: &[&str]) -> anyhow::Result<Option<Target>> {
        Command::parse_from([&["x"], arguments].concat()).members.target()
    }

    #[test]
    fn a_load_goes_to_another_machine_only_when_told_to() {
        assert!(target(&[]).unwrap().is_none());
        assert!(target(&["--address", "127.0.0.1:3000"]).unwrap().is_some());
        target(&["--address", "192.0.2.1:3000"]).unwrap_err();
        assert!(target(&["--address", "192.0.2.1:3000", "--allow-remote"]).unwrap().is_some());
    }
}
