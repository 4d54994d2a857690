//! Members on the wires of other servers, as far as those are on this machine: a relay of this package, and what
//! `make bench` installs.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use collabd_loadgen::fanout::{self, Audience};
use collabd_loadgen::server::{Peer, Programs, Server};
use collabd_protocol::Encoding;

use crate::support::{number, programs};

/// Everybody who moves must be heard to the last position on every wire.
async fn plays(peer: Peer, programs: &Programs) {
    let server = Server::start(peer, programs).await.expect("a server");
    let plan = fanout::Plan {
        target: server.members(Encoding::JsonBatch),
        first_project: 1,
        projects: number(2),
        members: number(3),
        rate: number(20),
        warm_up: Duration::from_millis(200),
        duration: Duration::from_secs(1),
        sample: None,
        audience: Audience::default(),
    };
    let report = fanout::run(&plan).await.unwrap();
    assert!(report.is_clean() && report.last_positions == 2 * 3 * 2, "{peer}: {report:?}");
    assert!(report.latency.is_some() && report.freshness.is_some(), "{peer}: {report:?}");
    server.end().await.unwrap();
}

/// Is this program here? It is asked for its version, and may not know how to say that.
fn is_here(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn both_relays_of_this_package_are_played_to_the_last_position() {
    let relay = Path::new(env!("CARGO_BIN_EXE_collab-bench")).with_file_name("examples").join("relay");
    let programs = Programs { relay, ..programs() };
    plays(Peer::Bare, &programs).await;
    plays(Peer::Batching, &programs).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_npm_package_that_is_installed_is_played_to_the_last_position() {
    let bench = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../bench");
    if !bench.join("node_modules").exists() {
        return;
    }
    let programs = Programs { peers: bench, ..programs() };
    for peer in [Peer::Hocuspocus, Peer::YWebsocket, Peer::SocketIo, Peer::Ws] {
        plays(peer, &programs).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_other_server_that_is_installed_is_played_to_the_last_position() {
    if is_here("nats-server") {
        plays(Peer::Nats, &programs()).await;
    }
    if is_here("nginx") && Path::new("/usr/lib/nginx/modules/ngx_nchan_module.so").exists() {
        plays(Peer::Nchan, &programs()).await;
    }
    if is_here("sockudo") {
        plays(Peer::Sockudo, &programs()).await;
    }
}
