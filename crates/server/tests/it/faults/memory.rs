//! Memory that runs out.

use std::time::Duration;

use collabd_loadgen::process::ProcessSample;
use collabd_protocol::client::SetStatus;
use collabd_protocol::{ClientMessage, Status};
use serde_json::Value;

use crate::support::{RawClient, TestServer, eventually, member, upgrade_request, v2_path};

fn upgrade_status(server: &TestServer) -> u16 {
    let mut client = RawClient::connect(server.address());
    client.send(upgrade_request(&v2_path(1), ""));
    client.response().status
}

/// R2
#[tokio::test]
async fn when_memory_is_scarce_nobody_is_let_in_and_who_is_in_stays() {
    let empty = ProcessSample::read(TestServer::start().pid()).expect("a look").resident_bytes;
    // What an empty server takes is less than four fifths of that, and what a deaf client may hold is more than the rest.
    let limit = empty * 3 / 2;
    let flags = [
        "--memory-limit",
        &limit.to_string(),
        "--outbox-bytes",
        "1073741824",
        "--outbox-items",
        "1000000",
        "--messages-per-second",
        "1000000",
        "--message-burst",
        "1000000",
    ];
    let server = TestServer::start_with(&flags);
    let (mut busy, _) = member(&server.v2(1), "busy").await;
    let (deaf, _) = member(&server.v2(1).with_receive_buffer(2048), "deaf").await;
    let mut refused = false;
    let is_evicted = |log: &str| log.contains("memory is short, the largest outboxes are given up");
    while !is_evicted(&server.log()) {
        for status in [Status::Away, Status::Active].repeat(500) {
            busy.send(&ClientMessage::SetStatus(SetStatus { status })).await.expect("sends");
        }
        busy.messages_until_pong().await.expect("who reads stays");
        refused |= upgrade_status(&server) == 503;
    }
    let refused = refused
        || eventually(Duration::from_secs(10), "refusal", || {
            (upgrade_status(&server) == 503).then_some(true)
        });
    assert!(refused);
    let answer = server.http().get("/health/ready").await.expect("an answer");
    let said: Value = answer.json().expect("JSON");
    assert_eq!((answer.status.as_u16(), &said["reason"]), (503, &Value::from("memory")));
    busy.messages_until_pong().await.expect("who reads stays");
    drop(deaf);
    busy.close().await.expect("closes");
}
