//! The oracle finds out a server that is broken on purpose, by its count and by the exit status of the program.

use std::net::SocketAddr;
use std::process::Output;

use collabd_protocol::Encoding;
use serde_json::Value;
use tempfile::NamedTempFile;
use tokio::process::Command;

use super::proxy::{Fault, Proxy};
use crate::support::collabd;

/// Runs the program against a server with this fault. Gives how it ended and what it reports.
async fn play(fault: Fault, arguments: &[&str]) -> (Output, Value) {
    let server = collabd().await;
    let address = server.members(Encoding::Json).address;
    let proxy = Proxy::start(address, fault).await;
    let played = run(proxy.address, arguments).await;
    server.end().await.unwrap();
    played
}

async fn run(address: SocketAddr, arguments: &[&str]) -> (Output, Value) {
    let json = NamedTempFile::new().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_collab-bench"))
        .args(arguments)
        .args(["--encoding", "json", "--address", &address.to_string(), "--json"])
        .arg(json.path())
        .output()
        .await
        .unwrap();
    let report = std::fs::read_to_string(json.path()).unwrap();
    assert_eq!(report.lines().count(), 1, "{output:?}");
    (output, serde_json::from_str(&report).unwrap())
}

const MOVING: &[&str] = &[
    "fanout",
    "--projects",
    "2",
    "--members",
    "4",
    "--rate",
    "10",
    "--warm-up",
    "200ms",
    "--duration",
    "1s",
];
const COMING: &[&str] =
    &["churn", "--projects", "2", "--visitors", "4", "--sessions", "40", "--abrupt-every", "2"];

/// The program must see `count` and nothing else of what the oracle knows, and end with status 1.
fn found_out(played: &(Output, Value), count: &str) {
    let (output, report) = played;
    assert_eq!(output.status.code(), Some(1), "{report}");
    for (name, faults) in report["oracle"].as_object().unwrap() {
        assert_eq!(faults.as_u64().unwrap() > 0, name == count, "{report}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_without_a_fault_is_right() {
    for scenario in [MOVING, COMING] {
        let (output, report) = play(Fault::None, scenario).await;
        assert_eq!(output.status.code(), Some(0), "{report}");
        let oracle = report["oracle"].as_object().unwrap();
        assert!(oracle.values().all(|faults| faults == 0), "{report}");
    }
}

/// P1
#[tokio::test(flavor = "multi_thread")]
async fn a_join_that_is_dropped_is_missed() {
    let played = play(Fault::DropsJoin, MOVING).await;
    found_out(&played, "missed_joins");
    assert_eq!(played.1["oracle"]["missed_joins"], 6, "one of four in each of two projects: {}", played.1);
}

/// P1
#[tokio::test(flavor = "multi_thread")]
async fn a_leave_that_is_forgotten_leaves_a_ghost() {
    let played = play(Fault::ForgetsLeaves, COMING).await;
    found_out(&played, "ghosts");
    assert_eq!(played.1["oracle"]["ghosts"], 40, "{}", played.1);
}

/// P3
#[tokio::test(flavor = "multi_thread")]
async fn a_reason_that_is_not_the_real_one_is_wrong() {
    let played = play(Fault::WrongReason, COMING).await;
    found_out(&played, "wrong_reasons");
    assert_eq!(played.1["oracle"]["wrong_reasons"], 40, "{}", played.1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_of_another_project_is_crosstalk() {
    found_out(&play(Fault::Crosstalk, MOVING).await, "crosstalk");
}

/// C2
#[tokio::test(flavor = "multi_thread")]
async fn an_old_position_in_the_place_of_the_last_is_missed() {
    let played = play(Fault::OldLastPosition, MOVING).await;
    found_out(&played, "missed_last_positions");
    assert_eq!(played.1["oracle"]["missed_last_positions"], 24, "{}", played.1);
}

/// C3
#[tokio::test(flavor = "multi_thread")]
async fn a_move_after_a_later_one_is_out_of_order() {
    let (output, report) = play(Fault::OutOfOrder, MOVING).await;
    assert_eq!(output.status.code(), Some(1), "{report}");
    assert!(report["oracle"]["out_of_order"].as_u64().unwrap() > 0, "{report}");
}
