//! As many clients as there are descriptors, and everything else goes on.

use std::process::Command;
use std::time::Duration;

use serde_json::Value;
use tokio::time::Instant;

use crate::support::{ADMIN, RawClient, TestServer, eventually, upgrade_request, v2_path};

/// A server that may have so many descriptors.
fn server_with(descriptors: usize, flags: &[&str]) -> TestServer {
    let launch = |binary: &std::path::Path, _: &std::path::Path| {
        let mut command = Command::new("sh");
        command.arg("-c").arg(format!("ulimit -n {descriptors}; exec \"$0\" \"$@\"")).arg(binary);
        command
    };
    TestServer::start_by(launch, flags)
}

/// Asks the admin listener, and returns the body and how long it took.
fn ask(server: &TestServer, path: &str) -> (u16, Value, Duration) {
    let asked = Instant::now();
    let mut client = RawClient::connect(server.reports());
    client.send(format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    let response = client.response();
    (response.status, serde_json::from_str(&response.body).expect("JSON"), asked.elapsed())
}

/// R1
#[test]
fn when_clients_take_all_descriptors_they_may_operators_are_still_answered() {
    let server = server_with(256, &[ADMIN, "--max-connections=1000"]);
    // The kernel connects all of them; those beyond the budget wait there.
    let mut clients: Vec<_> = (0..400).map(|_| RawClient::connect(server.address())).collect();
    for client in &mut clients {
        client.send(upgrade_request(&v2_path(1), ""));
    }
    let mut times = Vec::new();
    eventually(Duration::from_secs(10), "full house", || {
        let (status, report, took) = ask(&server, "/health/collaboration");
        assert_eq!(status, 200);
        times.push(took);
        (report["connections"].as_u64().expect("a number") >= 180).then_some(())
    });
    for _ in 0..50 {
        let (status, _, took) = ask(&server, "/health");
        assert_eq!(status, 200);
        times.push(took);
    }
    assert_eq!(ask(&server, "/health/ready").0, 200, "the database has its descriptors");
    times.sort_unstable();
    assert!(times[times.len() / 2] < Duration::from_millis(100), "{times:?}");
    assert!(!server.log().contains("accept failed"), "{}", server.log());
    drop(clients);
    let freed = Instant::now();
    let mut client = RawClient::upgraded(server.address(), &v2_path(1));
    assert!(freed.elapsed() < Duration::from_secs(5), "accepted after {:?}", freed.elapsed());
    client.join("ann");
}

/// R1, W14: who says nothing holds no place for long.
#[test]
fn connections_that_say_nothing_make_room_for_those_that_do() {
    let server = server_with(128, &["--header-timeout=1s"]);
    let silent: Vec<_> = (0..150).map(|_| RawClient::connect(server.address())).collect();
    // Behind them all, and served all the same.
    let mut client = RawClient::upgraded(server.address(), &v2_path(1));
    client.join("ann");
    drop(silent);
}
