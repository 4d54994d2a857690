//! Which servers there are and how each is started.

use std::fmt;
use std::path::{Path, PathBuf};

use tokio::process::Command;

use crate::editing::Dialect;

/// A server of documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Peer {
    /// The one whose load generator this is.
    Collabd,
    /// `@hocuspocus/server` with its `SQLite` extension.
    Hocuspocus,
    /// `@y/websocket-server` with y-leveldb.
    YWebsocket,
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
}

impl Peer {
    /// All of them; the one that others are compared with comes first.
    pub const ALL: [Self; 3] = [Self::Collabd, Self::Hocuspocus, Self::YWebsocket];

    /// When this server, started as it is here, has what on the disk.
    pub fn persistence(self) -> &'static str {
        match self {
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
        }
    }

    pub(super) fn dialect(self) -> Dialect {
        match self {
            Self::Collabd | Self::YWebsocket => Dialect::YWebsocket,
            Self::Hocuspocus => Dialect::Hocuspocus,
        }
    }

    /// The URL's path up to a document's name. A new collabd has one project.
    pub(super) fn path(self) -> &'static str {
        match self {
            Self::Collabd => "/ws/documents/1/",
            Self::Hocuspocus | Self::YWebsocket => "/",
        }
    }

    /// Starts the server with its data in `data` on a free port of the loopback interface.
    pub(super) fn command(self, programs: &Programs, data: &Path) -> Command {
        let script = match self {
            Self::Collabd => return collabd(programs, data),
            Self::Hocuspocus => "hocuspocus.mjs",
            Self::YWebsocket => "y-websocket.mjs",
        };
        let mut command = Command::new(&programs.node);
        command.arg(programs.peers.join("peers").join(script)).arg(data);
        command
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
    command
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Collabd => "collabd",
            Self::Hocuspocus => "hocuspocus",
            Self::YWebsocket => "y-websocket",
        })
    }
}
