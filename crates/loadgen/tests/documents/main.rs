//! The scenarios about documents, against servers that are right and that are wrong on purpose.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

mod relay;
#[path = "../support/mod.rs"]
mod support;

use std::time::Duration;

use collabd_loadgen::server::{Peer, Programs, Server};
use collabd_loadgen::{documents, opening, unloading};
use relay::{Fault, Relay};
use support::{collabd, number, programs};

fn plan() -> documents::Plan {
    documents::Plan {
        documents: number(2),
        clients: number(4),
        applying: number(3),
        rate: number(50),
        warm_up: Duration::from_millis(200),
        duration: Duration::from_secs(1),
        unload: Duration::ZERO,
    }
}

async fn play(fault: Fault) -> documents::Report {
    let relay = Relay::start(fault).await;
    documents::run(&plan(), &relay.target()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_faithful_server_is_found_to_be_one() {
    let report = play(Fault::None).await;
    assert!(report.is_clean(), "{report:?}");
    assert_eq!((report.opened, report.compared, report.different, report.missing), (8, 6, 0, 0));
    assert_eq!(report.deliveries, 3 * report.updates_sent);
    assert!(report.latency.is_some() && report.server.is_some(), "{report:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_forgets_updates_is_found_out() {
    let report = play(Fault::Forgets).await;
    assert!(!report.is_clean());
    assert!(report.missing > 0 && report.different > 0, "{report:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_withholds_updates_is_found_out() {
    let report = play(Fault::Withholds).await;
    assert!(!report.is_clean());
    assert_eq!((report.missing, report.different), (0, report.compared), "{report:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_that_a_server_closes_are_lost() {
    let report = play(Fault::Closes).await;
    assert!(!report.is_clean());
    assert!(report.lost > 0 && !report.failures.is_empty(), "{report:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn collabd_loses_nothing() {
    let server = collabd().await;
    let report = documents::run(&plan(), &server.target().unwrap()).await.unwrap();
    assert!(report.is_clean(), "{report:?}");
    assert!(report.memory.before.is_some() && report.memory.unloaded.is_some());
    server.end().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_of_collabd_is_the_same_after_each_restart() {
    let mut server = collabd().await;
    let plan = opening::Plan { updates: number(1001), writers: number(3), openings: number(2) };
    let report = opening::run(&plan, &mut server).await.unwrap();
    assert!(report.is_clean(), "{report:?}");
    assert_eq!((report.updates, report.open_ms.len()), (1001, 2));
    assert!(report.compactions.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn collabd_unloads_every_document_that_nobody_is_in() {
    let server = collabd().await;
    let plan = unloading::Plan { documents: number(70), letters: 100, unload: Duration::ZERO };
    let report = unloading::run(&plan, &server).await.unwrap();
    assert_eq!(report.open, Some(0));
}

#[tokio::test]
async fn a_program_that_is_no_server_is_named() {
    let programs = Programs { collabd: "/bin/true".into(), ..programs() };
    let error = Server::start(Peer::Collabd, &programs).await.unwrap_err();
    assert_eq!(error.to_string(), "collabd does not listen");
    let programs = Programs { collabd: "/nowhere/collabd".into(), ..programs };
    let error = Server::start(Peer::Collabd, &programs).await.unwrap_err();
    assert!(error.to_string().starts_with("cannot start collabd: "), "{error}");
}
