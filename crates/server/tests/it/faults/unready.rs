//! While the server is not ready, new sockets are refused and those that are open stay.

use std::time::Duration;

use collabd_loadgen::http::HttpClient;
use serde_json::Value;

use super::{ask_for, count, faulty};
use crate::support::{RawClient, TestServer, eventually, member_in, upgrade_request, v2_path};

/// Three probes that fail, and room for a busy machine.
const CHANGE: Duration = Duration::from_secs(30);

/// What an upgrade is answered with: status, time to come back, error.
fn upgraded(server: &TestServer) -> (u16, Option<String>, String) {
    let mut client = RawClient::connect(server.address());
    client.send(upgrade_request(&v2_path(1), ""));
    let response = client.response();
    let error = if response.status == 101 { String::new() } else { response.error() };
    (response.status, response.header("retry-after").map(str::to_owned), error)
}

fn until_upgrades_get(server: &TestServer, status: u16) -> (u16, Option<String>, String) {
    eventually(CHANGE, "change of mind", || Some(upgraded(server)).filter(|answer| answer.0 == status))
}

async fn readiness(server: &TestServer) -> (u16, Value) {
    let answer = HttpClient::new(server.reports()).get("/health/ready").await.expect("an answer");
    (answer.status.as_u16(), answer.json().expect("JSON"))
}

/// C5, O5
#[tokio::test]
async fn while_the_probes_fail_new_sockets_are_refused_and_open_ones_stay() {
    let server = faulty();
    let (mut member, _) = member_in(&server.v2(1), "ann", "plan").await;
    assert_eq!(count(&server, "collabd_ready").await, 1);
    ask_for(&server, "canary?stall_ms=60000&times=1000").await;
    let (_, retry_after, error) = until_upgrades_get(&server, 503);
    assert_eq!(retry_after.as_deref(), Some("5"));
    assert_eq!(error, "the server is not ready to take new connections");
    let (status, said) = readiness(&server).await;
    assert_eq!(
        (status, &said["reason"]),
        (503, &Value::from("a probe session got no answer within 1000 ms"))
    );
    assert_eq!(count(&server, "collabd_ready").await, 0);
    assert!(count(&server, "collabd_upgrades_refused_total{reason=\"unready\"}").await >= 1);
    member.messages_until_pong().await.expect("who is in stays");
    ask_for(&server, "canary?stall_ms=0&times=0").await;
    until_upgrades_get(&server, 101);
    assert_eq!((readiness(&server).await.0, count(&server, "collabd_ready").await), (200, 1));
    let log = server.log();
    assert_eq!(log.matches("not ready, new connections are refused").count(), 1, "{log}");
    assert_eq!(log.matches("ready again").count(), 1, "{log}");
    member.messages_until_pong().await.expect("who is in stays");
    member.close().await.expect("closes");
}

/// Five seconds, and room for a busy machine.
const IN_TIME: Duration = Duration::from_secs(7);

/// R4: without a store that answers in time, whoever is in works on, and comes in again as soon as it does.
#[tokio::test]
async fn a_slow_store_refuses_what_needs_it_in_time_and_holds_up_nobody_else() {
    let server = faulty();
    let (mut member, _) = member_in(&server.v2(1), "ann", "plan").await;
    ask_for(&server, "store?stall_ms=4000&times=100000").await;
    let mut queries = tokio::task::JoinSet::new();
    for _ in 0..600 {
        let http = server.http();
        queries.spawn(async move {
            let asked = tokio::time::Instant::now();
            let query = serde_json::json!({ "query": "{ projects { id } }" });
            let answer: Value =
                http.post_json("/graphql", &query).await.expect("an answer").json().expect("JSON");
            (answer["errors"][0]["extensions"]["code"].as_str().map(str::to_owned), asked.elapsed())
        });
    }
    let mut slowest = Duration::ZERO;
    let mut refused = 0;
    while let Some(answered) = queries.join_next().await {
        let (code, took) = answered.expect("a query");
        assert!(took < IN_TIME, "{code:?} after {took:?}");
        assert!([None, Some("OVERLOADED"), Some("UNAVAILABLE")].contains(&code.as_deref()), "{code:?}");
        refused += u32::from(code.is_some());
        let asked = tokio::time::Instant::now();
        if refused % 50 == 1 {
            member.messages_until_pong().await.expect("who is in works on");
            slowest = slowest.max(asked.elapsed());
        }
    }
    assert!(refused > 500, "{refused} of 600 refused");
    assert!(slowest < Duration::from_secs(2), "presence waited {slowest:?}");
    ask_for(&server, "store?stall_ms=0&times=0").await;
    until_upgrades_get(&server, 101);
    member.close().await.expect("closes");
}
