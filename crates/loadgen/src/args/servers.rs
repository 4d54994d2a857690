//! Which servers a scenario about documents starts.

use std::env;
use std::num::NonZeroU32;
use std::path::PathBuf;

use clap::Args;
use collabd_loadgen::server::{Peer, Programs};

/// Options of every scenario that starts servers.
#[derive(Debug, Args)]
pub(crate) struct ServerArguments {
    /// Servers to start, one after the other.
    #[arg(long, value_enum, default_value = "collabd", value_delimiter = ',')]
    server: Vec<Peer>,
    /// Start collabd and all that it is compared with.
    #[arg(long, conflicts_with = "server")]
    compare: bool,
    /// How often each server is measured; they take turns.
    #[arg(long)]
    runs: Option<NonZeroU32>,
    /// The server's binary [default: the one beside this program].
    #[arg(long, value_name = "PATH")]
    collabd: Option<PathBuf>,
    /// Node.js.
    #[arg(long, value_name = "PATH", default_value = "node")]
    node: PathBuf,
    /// The directory of the peers' npm package, after `npm ci` there.
    #[arg(long, value_name = "DIRECTORY", default_value = "bench")]
    peers: PathBuf,
    /// The example `relay` [default: the one beside this program].
    #[arg(long, value_name = "PATH")]
    relay: Option<PathBuf>,
    /// Sockudo, which takes part in a comparison if it is told of here.
    #[arg(long, value_name = "PATH")]
    sockudo: Option<PathBuf>,
    /// Write the table that compares all servers into this file, too.
    #[arg(long, value_name = "PATH")]
    pub(crate) table: Option<PathBuf>,
    /// Draw latency and memory over time, as SVG, into this directory.
    #[arg(long, value_name = "DIRECTORY")]
    pub(crate) plot: Option<PathBuf>,
    /// Append each report to this file, as one line of JSON.
    #[arg(long)]
    pub(crate) json: Option<PathBuf>,
}

impl ServerArguments {
    /// The servers, each once; `all` are those that can be compared.
    pub(crate) fn servers(&self, all: &[Peer]) -> Vec<Peer> {
        if self.compare {
            let is_here = |peer: &Peer| *peer != Peer::Sockudo || self.sockudo.is_some();
            return all.iter().copied().filter(is_here).collect();
        }
        let mut servers = Vec::new();
        for peer in &self.server {
            if !servers.contains(peer) {
                servers.push(*peer);
            }
        }
        servers
    }

    /// How often each is measured: three times in a comparison, else once, unless told.
    pub(crate) fn runs(&self) -> u32 {
        self.runs.map_or(if self.compare { 3 } else { 1 }, NonZeroU32::get)
    }

    /// Where the programs are.
    pub(crate) fn programs(&self) -> Programs {
        let beside = |name| env::current_exe().unwrap_or_default().with_file_name(name);
        Programs {
            collabd: self.collabd.clone().unwrap_or_else(|| beside("collabd")),
            node: self.node.clone(),
            peers: self.peers.clone(),
            relay: self.relay.clone().unwrap_or_else(|| beside("examples/relay")),
            sockudo: self.sockudo.clone().unwrap_or_else(|| "sockudo".into()),
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
        servers: ServerArguments,
    }

    fn parse(arguments: &[&str]) -> ServerArguments {
        Command::parse_from([&["x"], arguments].concat()).servers
    }

    #[test]
    fn a_comparison_is_of_all_servers_that_are_here_three_times() {
        let all = parse(&["--compare", "--sockudo", "/opt/sockudo"]);
        assert_eq!((all.servers(&Peer::CURSORS), all.runs()), (Peer::CURSORS.to_vec(), 3));
        let installed = parse(&["--compare"]).servers(&Peer::CURSORS);
        assert_eq!(installed.len(), Peer::CURSORS.len() - 1);
        assert!(!installed.contains(&Peer::Sockudo), "{installed:?}");
        let one = parse(&[]);
        assert_eq!((one.servers(&[]), one.runs()), (vec![Peer::Collabd], 1));
        let two = parse(&["--server", "y-websocket,collabd,y-websocket", "--runs", "2"]);
        assert_eq!((two.servers(&[]), two.runs()), (vec![Peer::YWebsocket, Peer::Collabd], 2));
    }
}
