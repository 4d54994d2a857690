//! What the server tells about itself: metrics in a format that others read, logs without anybody's secrets.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::support::{RawClient, TestServer, eventually, upgrade_request, v1_path, v2_path};

/// The families of metrics of a server without TLS in the operators' handbook, by name, with their types.
fn documented() -> BTreeMap<String, String> {
    let handbook = include_str!("../../../../docs/operations.md");
    let (handbook, _) = handbook.split_once("\nWith TLS there is one more").expect("a table of its own");
    let cell = |cell: &str| cell.trim().trim_matches('`').to_owned();
    let rows = handbook.lines().filter(|line| line.starts_with("| `collabd_"));
    rows.filter_map(|line| {
        let mut cells = line.trim_matches('|').split('|');
        let (name, kind) = (cell(cells.next()?), cell(cells.next()?));
        ["counter", "gauge", "histogram"].contains(&kind.as_str()).then_some((name, kind))
    })
    .collect()
}

/// Reads the `OpenMetrics` text strictly: each sample after its family's `HELP` and `TYPE`, no series twice, every
/// value a number, and the end marked.
fn parse(text: &str) -> BTreeMap<String, String> {
    let body = text.strip_suffix("# EOF\n").expect("the end is marked");
    let mut families = BTreeMap::new();
    let mut series = BTreeSet::new();
    let mut family = (String::new(), String::new());
    for line in body.lines() {
        if let Some(help) = line.strip_prefix("# HELP ") {
            family = (help.split(' ').next().expect("a name").to_owned(), String::new());
            assert!(help.len() > family.0.len() + 10, "{line} explains nothing");
        } else if let Some(kind) = line.strip_prefix("# TYPE ") {
            let (name, kind) = kind.split_once(' ').expect("a name and a type");
            assert_eq!(name, family.0, "{line}");
            kind.clone_into(&mut family.1);
        } else if let Some(unit) = line.strip_prefix("# UNIT ") {
            let (name, unit) = unit.split_once(' ').expect("a name and a unit");
            assert!(name == family.0 && name.ends_with(&format!("_{unit}")), "{line}");
        } else {
            let (sample, value) = line.rsplit_once(' ').expect("a sample and a value");
            assert!(value.parse::<f64>().is_ok_and(f64::is_finite), "{line}");
            assert!(series.insert(sample.to_owned()), "{line} twice");
            let name = sample.split('{').next().expect("a name");
            let suffixes: &[&str] = match family.1.as_str() {
                "counter" => &["_total"],
                "histogram" => &["_sum", "_count", "_bucket"],
                _ => &[""],
            };
            assert!(suffixes.iter().any(|suffix| name == format!("{}{suffix}", family.0)), "{line}");
            assert!(sample == name || sample.ends_with("\"}"), "{line}");
            let named = if family.1 == "histogram" { &family.0 } else { name };
            families.insert(named.to_owned(), family.1.clone());
        }
    }
    families
}

#[tokio::test]
async fn the_metrics_are_valid_text_and_hold_what_the_handbook_names() {
    let server = TestServer::start_with(&["--max-connections=1"]);
    let mut client = RawClient::joined(server.address(), &v2_path(1), "ada");
    let mut one_too_many = RawClient::connect(server.address());
    one_too_many.send(upgrade_request(&v2_path(1), ""));
    assert_eq!(one_too_many.response().status, 503);
    client.send_text("nonsense");
    client.messages_until_pong();
    client.send_text(r#"{"type":"leave_session"}"#);
    client.send_frame(&crate::support::Frame::close(1000, b""));
    client.end();
    let mut refused = RawClient::connect(server.address());
    refused.send(upgrade_request(&v2_path(0), ""));
    assert_eq!(refused.response().status, 400);
    eventually(Duration::from_secs(5), "end of the connection", || {
        (server.state().connections == 0).then_some(())
    });
    let response = server.http().get("/metrics").await.expect("metrics");
    let content_type = response.headers["content-type"].to_str().expect("text");
    assert!(content_type.starts_with("application/openmetrics-text; version=1.0.0"), "{content_type}");
    let text = response.text();
    assert_eq!(parse(&text), documented(), "{text}");
    for sample in [
        "collabd_joins_total 1",
        r#"collabd_departures_total{reason="left"} 1"#,
        r#"collabd_messages_total{kind="ping"} 1"#,
        r#"collabd_messages_refused_total{reason="bad_request"} 1"#,
        r#"collabd_upgrades_refused_total{reason="bad_request"} 1"#,
        r#"collabd_upgrades_refused_total{reason="limit"} 1"#,
        r#"collabd_limit_hits_total{limit="max_connections"} 1"#,
        "collabd_connections_opened_total 1",
        r#"collabd_connections_closed_total{reason="peer_closed"} 1"#,
    ] {
        assert!(text.lines().any(|line| line == sample), "no {sample} in\n{text}");
    }
}

/// A text that clients send and no log may show.
const SECRET: &str = "swordfish-4711";

/// Every place of a token, and every place of a text that people write.
fn secret_messages() -> [String; 10] {
    [
        format!(
            r#"{{"type":"join_session","data":{{"userId":"{SECRET}","userName":"{SECRET}","token":"{SECRET}"}}}}"#
        ),
        format!(r#"{{"type":"authenticate","data":{{"token":"{SECRET}"}}}}"#),
        format!(
            r#"{{"type":"switch_document","data":{{"documentId":"{SECRET}","documentType":"code_editor"}}}}"#
        ),
        format!(
            r#"{{"type":"cursor_update","data":{{"documentId":"{SECRET}","selectedNodeId":"{SECRET}","position":{{"type":"code_editor","line":1,"column":2,"file":"{SECRET}"}}}}}}"#
        ),
        format!(r#"{{"type":"{SECRET}"}}"#),
        format!(r#"{{"type":"set_status","data":{{"status":"{SECRET}"}}}}"#),
        format!(r#"{{"type":"join_session","data":{{"userId":"{SECRET}-2","userName":"x"}}}}"#),
        format!(r#"{{"type":"leave_session","data":{{"documentId":"{SECRET}"}}}}"#),
        format!("{SECRET} is no JSON"),
        r#"{"type":"ping"}"#.to_owned(),
    ]
}

/// A5
#[test]
fn no_log_shows_a_token_or_a_message_at_any_level() {
    for format in ["text", "json"] {
        let server = TestServer::start_with(&["--log", "trace", "--log-format", format]);
        let cookie = format!("Cookie: session={SECRET}\r\nAuthorization: Bearer {SECRET}\r\n");
        for path in [v1_path(1), v2_path(1), v2_path(0), "/unknown?x=1".to_owned()] {
            let mut client = RawClient::connect(server.address());
            client.send(upgrade_request(&format!("{path}&token={SECRET}"), &cookie));
            if client.response().status != 101 {
                continue;
            }
            for message in secret_messages() {
                client.send_text(&message);
            }
            while client.message()["type"] != "pong" {}
            client.send_frame(&crate::support::Frame::close(4999, SECRET.as_bytes()));
            client.end();
        }
        server.settled();
        let log = server.log();
        assert!(log.contains("connection ends"), "there is a log to look at:\n{log}");
        assert!(!log.contains(SECRET), "{log}");
    }
}

/// L6: nothing is logged for each frame, so no client can fill a disk.
#[test]
fn frames_leave_nothing_in_the_log_above_trace() {
    let server = TestServer::start_with(&["--log", "debug"]);
    let mut client = RawClient::joined(server.address(), &v2_path(1), "ada");
    let before = server.log().lines().count();
    for number in 0..300 {
        client.send_text(&format!(
            r#"{{"type":"cursor_update","data":{{"documentId":"plan","position":{{"type":"canvas","x":{number},"y":0}}}}}}"#
        ));
        client.send_join("eve");
    }
    client.messages_until_pong();
    let after = server.log();
    assert!(after.lines().count() <= before + 2, "{after}");
}
