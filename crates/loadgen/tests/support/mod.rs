//! What tests of every scenario need: numbers that are not zero, and the real server.

mod programs;

use collabd_loadgen::server::{Peer, Server};

pub(crate) use programs::{number, programs};

pub(crate) async fn collabd() -> Server {
    Server::start(Peer::Collabd, &programs()).await.expect("a server")
}
