//! Which servers there are and how each is started.

use std::fmt;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use collabd_protocol::Encoding;
use tokio::process::Command;

use super::{nats, nchan, sockudo};
use crate::editing::Dialect;
use crate::wire::Wire;

/// A server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Peer {
    /// The one whose load generator this is.
    Collabd,
    /// `@hocuspocus/server` with its `SQLite` extension.
    Hocuspocus,
    /// `@y/websocket-server` with y-leveldb.
    YWebsocket,
    /// Socket.IO with its rooms.
    SocketIo,
    /// A relay of thirty lines on `ws`.
    Ws,
    /// nginx with its module nchan.
    Nchan,
    /// NATS with its WebSocket listener.
    Nats,
    /// Sockudo with the events of its clients.
    Sockudo,
    /// The example `relay`, as it comes.
    Bare,
    /// The example `relay`, gathering.
    Batching,
}

/// Where the programs of the servers are.
#[derive(Debug, Clone)]
pub struct Programs {
    /// The binary `collabd`.
    pub collabd: PathBuf,
    /// Node.js.
    pub node: PathBuf,
    /// The directory of the peers' npm package, installed.
    pub peers: PathBuf,
    /// The example `relay`.
    pub relay: PathBuf,
    /// Sockudo.
    pub sockudo: PathBuf,
}

impl Peer {
    /// Those with shared documents; the one that others are compared with comes first.
    pub const DOCUMENTS: [Self; 3] = [Self::Collabd, Self::Hocuspocus, Self::YWebsocket];

    /// Those with cursors, or with rooms in which cursors can be told.
    pub const CURSORS: [Self; 10] = [
        Self::Collabd,
        Self::Hocuspocus,
        Self::YWebsocket,
        Self::SocketIo,
        Self::Ws,
        Self::Nchan,
        Self::Nats,
        Self::Sockudo,
        Self::Bare,
        Self::Batching,
    ];

    /// When this server, started as it is here, has what on the disk; `None` of those that store nothing.
    pub fn persistence(self) -> Option<&'static str> {
        Some(match self {
            Self::Collabd => {
                "every update, in groups, flushed to the disk (SQLite, `synchronous=FULL`) before it is \
                 reported as saved"
            }
            Self::Hocuspocus => {
                "the whole document, 2 s after the last change and at least every 10 s (SQLite, its defaults); \
                 what came since is lost in a crash"
            }
            Self::YWebsocket => {
                "every update, handed to the system but not flushed to the disk (LevelDB, `sync: false`)"
            }
            _ => return None,
        })
    }

    /// How it wants to be told about documents.
    pub(super) fn dialect(self) -> Option<Dialect> {
        match self {
            Self::Collabd | Self::YWebsocket => Some(Dialect::YWebsocket),
            Self::Hocuspocus => Some(Dialect::Hocuspocus),
            _ => None,
        }
    }

    /// How it wants to be spoken to about cursors; collabd in `encoding`.
    pub(super) fn wire(self, encoding: Encoding) -> Wire {
        match self {
            Self::Collabd => Wire::Collabd(encoding),
            Self::Hocuspocus => Wire::Hocuspocus,
            Self::YWebsocket => Wire::YWebsocket,
            Self::SocketIo => Wire::SocketIo,
            Self::Nats => Wire::Nats,
            Self::Sockudo => Wire::Pusher,
            Self::Ws | Self::Nchan | Self::Bare | Self::Batching => Wire::Relay,
        }
    }

    /// The URL's path up to a document's name. A new collabd has one project.
    pub(super) fn path(self) -> &'static str {
        if self == Self::Collabd { "/ws/documents/1/" } else { "/" }
    }

    /// Starts the server with its data in `data`, on a free port of the loopback interface: one that it says itself,
    /// or this one.
    ///
    /// # Errors
    /// When what it has to read cannot be written.
    pub(super) fn command(self, programs: &Programs, data: &Path, port: u16) -> std::io::Result<Command> {
        let script = match self {
            Self::Collabd => return Ok(collabd(programs, data)),
            Self::Nchan => return nchan::command(data, port),
            Self::Nats => return nats::command(data, port),
            Self::Sockudo => return Ok(sockudo::command(&programs.sockudo, port)),
            Self::Bare | Self::Batching => {
                let mut command = Command::new(&programs.relay);
                command.arg(self.to_string());
                return Ok(command);
            }
            Self::Hocuspocus => "hocuspocus.mjs",
            Self::YWebsocket => "y-websocket.mjs",
            Self::SocketIo => "socket-io.mjs",
            Self::Ws => "ws.mjs",
        };
        let mut command = Command::new(&programs.node);
        command.arg(programs.peers.join("peers").join(script)).arg(data);
        Ok(command)
    }

    /// What it is called where it does not say so itself, with a version.
    pub(super) fn silent_name(self, programs: &Programs) -> Option<String> {
        match self {
            Self::Nchan => Some(nchan::name()),
            Self::Nats => Some(nats::name()),
            Self::Sockudo => Some(sockudo::name(&programs.sockudo)),
            _ => None,
        }
    }
}

fn collabd(programs: &Programs, data: &Path) -> Command {
    let mut command = Command::new(&programs.collabd);
    command.args(["--listen", "127.0.0.1:0", "--log", "warn", "--drain", "0s", "--data-dir"]).arg(data);
    // One client here fills a document with as much as a hundred people would.
    command.args(["--document-messages-per-second", "1000000", "--document-message-burst", "1000000"]);
    command.args(["--document-bytes-per-second", "1073741824"]);
    // The others unload a document at once, too.
    command.args(["--document-idle", "1s"]);
    // Everybody comes from one address here, and a storm is what is measured.
    for limit in ["--max-unjoined", "--connections-per-address", "--connections-per-second"] {
        command.args([limit, "1000000"]);
    }
    command.args(["--connections-per-second-per-address", "1000000"]);
    command.args(["--cost-per-second", "1000000", "--cost-burst", "1000000"]);
    command
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Collabd => "collabd",
            Self::Hocuspocus => "hocuspocus",
            Self::YWebsocket => "y-websocket",
            Self::SocketIo => "socket-io",
            Self::Ws => "ws",
            Self::Nchan => "nchan",
            Self::Nats => "nats",
            Self::Sockudo => "sockudo",
            Self::Bare => "bare",
            Self::Batching => "batching",
        })
    }
}
