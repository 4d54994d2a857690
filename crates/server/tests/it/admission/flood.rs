//! Bad clients by the thousand leave the log and the metrics as they were.

use std::collections::BTreeSet;

use super::{admitted, assert_documented, assert_limit, from, hits, metrics};
use crate::support::{Frame, RawClient, TestServer, upgrade_request, v2_path};

/// Requests of hostile clients; each is refused.
fn hostile_requests(number: usize) -> [String; 5] {
    let forged = from(&format!("203.0.113.1%0d%0aERROR-{number}"));
    [
        upgrade_request(&v2_path(1), &forged),
        upgrade_request(&v2_path(0), ""),
        upgrade_request(&format!("/ws/documents/1/%0d%0aERROR%20forged%20{number}"), ""),
        upgrade_request(
            &format!("/ws/documents/0/name-{number}"),
            &format!("Origin: https://{number}.evil.example\r\n"),
        ),
        upgrade_request(&v2_path(1), &format!("Sec-WebSocket-Protocol: x{number}\r\n")),
    ]
}

/// What is counted, without how much.
fn series(server: &TestServer) -> BTreeSet<String> {
    let metrics = metrics(server);
    let samples = metrics.lines().filter(|line| !line.starts_with('#'));
    samples.filter_map(|line| Some(line.rsplit_once(' ')?.0.to_owned())).collect()
}

/// Sends all of them over as few connections as the server lets, and reads every answer.
fn send(server: &TestServer, numbers: std::ops::Range<usize>) {
    let mut client = RawClient::connect(server.address());
    for number in numbers {
        for request in hostile_requests(number) {
            client.send(&request);
            assert_ne!(client.response().status, 101, "{request}");
        }
    }
}

/// L6
#[test]
fn ten_thousand_bad_requests_leave_little_in_the_log_and_no_series() {
    let server = TestServer::start_with(&["--max-connections=1"]);
    let mut member = admitted(&server, "");
    member.join("ada");
    for name in ["\u{202e}reversed", "\u{200b}", "<script>", "a\tb", "line\nERROR forged", "\u{1b}[31mred"] {
        member.send_join(name);
    }
    member.messages_until_pong();
    send(&server, 0..10);
    let (before, size) = (series(&server), server.log().len());
    send(&server, 10..2000);
    assert_eq!(series(&server), before);
    let log = server.log();
    // A line every ten seconds for the limit that was met, however often it was.
    assert!(log.len() < size + 8192, "{} bytes: {}", log.len() - size, &log[..log.len().min(4096)]);
    assert!(log.contains("limit reached") && !log.contains("forged"), "{log}");
    assert!(log.lines().all(|line| !line.starts_with("ERROR") && !line.contains('\u{1b}')), "{log}");
    member.messages_until_pong();
}

/// L2: who goes on and on is told which limit ended it.
#[test]
fn a_flood_and_twenty_mistakes_end_with_the_limit_that_they_met() {
    let server = TestServer::start();
    for (frame, count, code, name, max) in
        [(r#"{"type":"ping"}"#, 3000, 4003, "flood", 100), ("nonsense", 20, 4509, "malformed_messages", 20)]
    {
        let mut client = RawClient::joined(server.address(), &v2_path(1), "ada");
        client.send(Frame::text(frame).bytes().repeat(count));
        let notice = client.message_of_type("disconnect");
        assert_eq!(notice["code"], code, "{notice}");
        assert_limit(&notice, name, max);
        assert_eq!(client.end().code, Some(code));
        assert_eq!(hits(&server, name), 1);
        assert_documented(name, max);
    }
}
