//! The short form of each scenario of `collab-chaos`, against the real binary: seconds, where the long form takes minutes.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

#[path = "../support/programs.rs"]
mod programs;

use std::path::PathBuf;
use std::time::Duration;

use collabd_loadgen::chaos::{Crew, Crowd, Report, freeze, kill, proxy, restart, store, terminate};

use crate::programs::{number, programs};

/// A busy machine is no reason for a test to fail: how quick the health page is, the long form tells.
const HEALTH: Duration = Duration::from_secs(10);

fn program() -> PathBuf {
    programs().collabd
}

fn assert_clean(report: &Report) {
    let mut table = Vec::new();
    report.write_table(&mut table).unwrap();
    assert!(report.is_clean(), "{}", String::from_utf8_lossy(&table));
}

/// D1
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_killed_in_mid_write_keeps_what_it_acknowledged() {
    let crew = Crew { writers: 2, typists: 2 };
    let plan = kill::Plan { rounds: number(20), crew, seed: rand::random(), health: HEALTH };
    let report = kill::run(&plan, &program()).await.unwrap();
    assert_clean(&report);
    assert!(report.figure("mutations acknowledged").unwrap() > 20.0, "{report:?}");
    assert!(report.figure("keys reported saved").unwrap() > 20.0, "{report:?}");
}

/// O1, O2
#[tokio::test(flavor = "multi_thread")]
async fn everybody_is_told_that_the_server_ends_and_nothing_acknowledged_is_lost() {
    let plan = terminate::Plan {
        crowd: Crowd { projects: number(4), members: number(25) },
        deaf: 5,
        crew: Crew { writers: 2, typists: 2 },
        limit: Duration::from_secs(20),
        seed: 1,
        health: HEALTH,
    };
    let report = terminate::run(&plan, &program()).await.unwrap();
    assert_clean(&report);
    assert_eq!(report.figure("members"), Some(100.0));
}

/// C5
#[tokio::test(flavor = "multi_thread")]
async fn everybody_is_back_after_a_restart_and_nobody_was_seen_to_leave() {
    let plan = restart::Plan {
        crowd: Crowd { projects: number(4), members: number(25) },
        within: Duration::from_secs(30),
        seed: rand::random(),
        health: HEALTH,
    };
    let report = restart::run(&plan, &program()).await.unwrap();
    assert_clean(&report);
    assert_eq!(report.figure("members"), Some(100.0));
}

/// C2, S5
#[tokio::test(flavor = "multi_thread")]
async fn whatever_happens_to_connections_on_their_way_witnesses_are_told_the_truth() {
    let plan =
        proxy::Plan { projects: number(4), visits: 400, visitors: 20, seed: rand::random(), health: HEALTH };
    let report = proxy::run(&plan, &program()).await.unwrap();
    assert_clean(&report);
    assert_eq!(report.figure("connections through the proxy"), Some(400.0));
    assert!(report.figure("visitors who got in through it").unwrap() > 50.0, "{report:?}");
}

/// S6, S7
#[tokio::test(flavor = "multi_thread")]
async fn a_frozen_server_keeps_its_clients_and_frozen_clients_come_back() {
    let plan = freeze::Plan {
        crowd: Crowd { projects: number(4), members: number(10) },
        held: 10,
        pause: Duration::from_secs(8),
        silence: Duration::from_secs(4),
        holder: env!("CARGO_BIN_EXE_collab-chaos").into(),
        seed: 1,
        health: HEALTH,
    };
    let report = freeze::run(&plan, &program()).await.unwrap();
    assert_clean(&report);
    assert_eq!(report.figure("clients that stood still"), Some(10.0));
}

/// D2, D4, D5
#[tokio::test(flavor = "multi_thread")]
async fn a_full_a_locked_and_a_damaged_store_lose_nothing_that_was_acknowledged() {
    let plan = store::Plan {
        full: Duration::from_secs(2),
        locks: vec![Duration::from_secs(1), Duration::from_secs(7)],
        damages: 5,
        seed: rand::random(),
        health: HEALTH,
    };
    let report = store::run(&plan, &program()).await.unwrap();
    assert_clean(&report);
    assert!(report.figure("refused").unwrap() > 0.0, "{report:?}");
}
