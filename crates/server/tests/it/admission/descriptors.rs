//! As many connections as there are descriptors for.

use std::process::Command;

use serde_json::Value;

use crate::support::{RawClient, TestServer, binary};

/// The most connections that the server shows.
fn connection_limit(server: &TestServer) -> u64 {
    let mut client = RawClient::connect(server.address());
    client.send("GET /health/collaboration HTTP/1.1\r\nHost: localhost\r\n\r\n");
    let report: Value = serde_json::from_str(&client.response().body).expect("JSON");
    report["connectionLimit"].as_u64().unwrap_or_else(|| panic!("{report}"))
}

/// R1
#[test]
fn with_few_descriptors_fewer_connections_are_taken_and_everybody_is_told() {
    let server = TestServer::start_under("ulimit -n 400", &["--max-connections=1000"]);
    assert_eq!(connection_limit(&server), 300);
    let log = server.log();
    let warning = log.lines().find(|line| line.contains("too few file descriptors")).expect("a warning");
    assert!(warning.contains("max_connections=1000") && warning.contains("fitting=300"), "{warning}");
    let server = TestServer::start_under("ulimit -n 400", &["--max-connections=300"]);
    assert_eq!(connection_limit(&server), 300);
    assert!(!server.log().contains("too few"), "{}", server.log());
}

/// R1: the soft limit is for programs that cannot count.
#[test]
fn the_soft_limit_is_raised_to_the_hard_one() {
    let server = TestServer::start_under("ulimit -Sn 100; ulimit -Hn 800", &["--max-connections=500"]);
    assert_eq!(connection_limit(&server), 500);
}

#[test]
fn check_config_says_that_descriptors_do_not_suffice() {
    let checked = |connections: &str| {
        let script = format!("ulimit -n 400; exec \"$0\" check-config --max-connections={connections}");
        let output = Command::new("sh").arg("-c").arg(script).arg(binary()).output();
        String::from_utf8(output.expect("sh runs").stdout).expect("text")
    };
    let said = checked("1000");
    assert!(said.contains("300 connections instead of max_connections (1000)"), "{said}");
    assert!(!checked("300").contains("instead"));
}
