//! Options of the scenarios about documents.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use clap::{Args, ValueEnum};
use collabd_loadgen::editing::{Dialect, Target};
use collabd_loadgen::{documents, opening, unloading};

use super::ServerArguments;
use super::duration;

/// Options of `documents`.
#[derive(Debug, Args)]
pub(crate) struct DocumentsArguments {
    /// How many documents.
    #[arg(long, default_value = "10")]
    documents: NonZeroU32,
    /// Clients in each document, all of whom type.
    #[arg(long, default_value = "10")]
    clients: NonZeroU32,
    /// How many of a document's clients take in everything; the others only look at who sent what.
    #[arg(long, default_value = "2")]
    applying: NonZeroU32,
    /// Keys that each client presses in a second.
    #[arg(long, default_value = "10")]
    rate: NonZeroU32,
    /// Typing before the measurement, such as 500ms.
    #[arg(long, default_value = "3s", value_parser = duration)]
    warm_up: Duration,
    /// Typing that is measured, such as 10s or 1m30s.
    #[arg(long, default_value = "10s", value_parser = duration)]
    duration: Duration,
    /// Time to unload the documents before the memory is looked at for the last time.
    #[arg(long, default_value = "5s", value_parser = duration)]
    unload: Duration,
    /// Play against the server at this loopback address, and start none.
    #[arg(long, conflicts_with_all = ["server", "compare", "runs"])]
    address: Option<SocketAddr>,
    /// How that server wants messages to be framed.
    #[arg(long, value_enum, default_value = "y-websocket", requires = "address")]
    dialect: DialectName,
    /// The path on that server up to the name of a document.
    #[arg(long, default_value = "/ws/documents/1/", requires = "address")]
    path: String,
    /// Process id of that server, to report what it costs.
    #[arg(long, requires = "address")]
    pid: Option<u32>,
    #[command(flatten)]
    pub(crate) servers: ServerArguments,
}

/// Dialects by their names.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum DialectName {
    /// The URL names the document, a frame is a message of y-protocols.
    YWebsocket,
    /// Each frame names the document.
    Hocuspocus,
}

impl DocumentsArguments {
    /// The plan these options make.
    pub(crate) fn plan(&self) -> documents::Plan {
        documents::Plan {
            documents: self.documents,
            clients: self.clients,
            applying: self.applying,
            rate: self.rate,
            warm_up: self.warm_up,
            duration: self.duration,
            unload: self.unload,
        }
    }

    /// The server that runs already, if one is named.
    pub(crate) fn target(&self) -> Option<Target> {
        let dialect = match self.dialect {
            DialectName::YWebsocket => Dialect::YWebsocket,
            DialectName::Hocuspocus => Dialect::Hocuspocus,
        };
        Some(Target { address: self.address?, pid: self.pid, dialect, path: self.path.clone() })
    }
}

/// Options of `open`.
#[derive(Debug, Args)]
pub(crate) struct OpenArguments {
    /// Keystrokes in the document, each sent as an update of its own.
    #[arg(long, default_value = "100000")]
    updates: NonZeroU32,
    /// Who types them.
    #[arg(long, default_value = "4")]
    writers: NonZeroU32,
    /// How often the server is started anew and the document opened.
    #[arg(long, default_value = "5")]
    openings: NonZeroU32,
    #[command(flatten)]
    pub(crate) servers: ServerArguments,
}

impl OpenArguments {
    /// The plan these options make.
    pub(crate) fn plan(&self) -> opening::Plan {
        opening::Plan { updates: self.updates, writers: self.writers, openings: self.openings }
    }
}

/// Options of `unload`.
#[derive(Debug, Args)]
pub(crate) struct UnloadArguments {
    /// How many documents.
    #[arg(long, default_value = "1000")]
    documents: NonZeroU32,
    /// Letters in each.
    #[arg(long, default_value = "10000")]
    letters: usize,
    /// Time to unload them, at least.
    #[arg(long, default_value = "5s", value_parser = duration)]
    unload: Duration,
    #[command(flatten)]
    pub(crate) servers: ServerArguments,
}

impl UnloadArguments {
    /// The plan these options make.
    pub(crate) fn plan(&self) -> unloading::Plan {
        unloading::Plan { documents: self.documents, letters: self.letters, unload: self.unload }
    }
}
