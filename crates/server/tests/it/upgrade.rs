//! From an HTTP request to a WebSocket, or to an answer that says why not.

use std::time::Duration;

use tokio::time::Instant;

use crate::support::{RawClient, RawResponse, TestServer, eventually, upgrade_request, v1_path, v2_path};

/// Sends the head of a request and reads the answer.
fn answer(server: &TestServer, head: &str) -> RawResponse {
    let mut client = RawClient::connect(server.address());
    client.send(head);
    client.response()
}

/// The upgrade of a v2 client with one header line replaced, or left out when the new one is empty.
fn upgrade_with(line: &str, replacement: &str) -> String {
    let request = upgrade_request(&v2_path(1), "");
    let line = format!("{line}\r\n");
    assert!(request.contains(&line), "{line} is not in {request}");
    let replacement = if replacement.is_empty() { String::new() } else { format!("{replacement}\r\n") };
    request.replace(&line, &replacement)
}

/// Nothing of a refused upgrade is left: no connection, no project.
fn assert_untouched(server: &TestServer, case: &str) {
    let state = server.state();
    assert_eq!((state.connections, state.sessions, state.projects), (0, 0, 0), "after {case}");
}

#[test]
fn a_project_id_that_is_none_is_refused_with_400_before_any_upgrade() {
    let server = TestServer::start();
    let bad = [
        "",
        "?",
        "?project=1",
        "?Project_Id=1",
        "?project_id",
        "?project_id=",
        "?project_id=0",
        "?project_id=-1",
        "?project_id=+1",
        "?project_id=%2B1",
        "?project_id=%201",
        "?project_id=1%20",
        "?project_id=1.0",
        "?project_id=1e3",
        "?project_id=0x1",
        "?project_id=one",
        "?project_id=%D9%A1",
        "?project_id=%00",
        "?project_id=1%00",
        "?project_id=%FF",
        "?project_id=2147483648",
        "?project_id=4294967297",
        "?project_id=18446744073709551617",
        "?project_id=1&project_id=1",
        "?project_id=1&project_id=2",
        "?project_id[]=1",
        "?project_id=1;project_id=2",
        "?project_id=null",
    ];
    for path in ["/ws/collaboration", "/ws/collaboration/v2"] {
        for query in bad {
            let case = format!("{path}{query}");
            let response = answer(&server, &upgrade_request(&case, ""));
            assert_eq!(response.status, 400, "{case}: {response:?}");
            let error = response.error();
            assert!(error.contains("project_id"), "{case}: {error}");
        }
    }
    assert_untouched(&server, "bad project ids");
}

#[test]
fn the_ends_of_the_range_are_projects() {
    let server = TestServer::start();
    for project in ["1", "2147483647", "0000000001", "%31"] {
        for path in ["/ws/collaboration", "/ws/collaboration/v2"] {
            let mut client = RawClient::upgraded(server.address(), &format!("{path}?project_id={project}"));
            client.join("ada");
            assert_refused_nothing(&mut client);
        }
    }
}

/// It may hear that one before it has gone, if that was in the same project.
fn assert_refused_nothing(client: &mut RawClient) {
    let heard = client.messages_until_pong();
    assert!(heard.iter().all(|message| message["type"] != "error"), "{heard:?}");
}

/// The offers, and what the server takes: `Err` for 400.
const OFFERS: [(&str, Result<Option<&str>, ()>); 14] = [
    ("", Ok(None)),
    ("Sec-WebSocket-Protocol: collab.v2\r\n", Ok(Some("collab.v2"))),
    ("Sec-WebSocket-Protocol: collab.v2.batch\r\n", Ok(Some("collab.v2.batch"))),
    ("Sec-WebSocket-Protocol: collab.v2, collab.v2.batch\r\n", Ok(Some("collab.v2"))),
    ("Sec-WebSocket-Protocol: collab.v2.batch,collab.v2\r\n", Ok(Some("collab.v2.batch"))),
    (
        "Sec-WebSocket-Protocol: mqtt, collab.v3 ,  collab.v2.batch , collab.v2\r\n",
        Ok(Some("collab.v2.batch")),
    ),
    (
        "Sec-WebSocket-Protocol: mqtt\r\nSec-WebSocket-Protocol: collab.v2.batch\r\n",
        Ok(Some("collab.v2.batch")),
    ),
    ("Sec-WebSocket-Protocol: mqtt\r\n", Err(())),
    ("Sec-WebSocket-Protocol: COLLAB.V2\r\n", Err(())),
    ("Sec-WebSocket-Protocol: collab.v2.msgpack, collab.v2.batch\r\n", Ok(Some("collab.v2.msgpack"))),
    (
        "Sec-WebSocket-Protocol: collab.v2.msgpack.documents, collab.v2.documents\r\n",
        Ok(Some("collab.v2.msgpack.documents")),
    ),
    ("Sec-WebSocket-Protocol: collab.v3.msgpack, collab.v1\r\n", Err(())),
    ("Sec-WebSocket-Protocol: c\u{f6}llab\r\n", Err(())),
    ("Sec-WebSocket-Protocol:\r\n", Err(())),
];

#[test]
fn the_first_known_subprotocol_is_taken_and_echoed() {
    let server = TestServer::start();
    for (offer, taken) in OFFERS {
        let mut client = RawClient::connect(server.address());
        client.send(upgrade_request(&v2_path(1), offer));
        let response = client.response();
        if let Ok(name) = taken {
            assert_eq!(response.status, 101, "{offer}: {response:?}");
            assert_eq!(response.header("sec-websocket-protocol"), name, "{offer}");
            if name.is_some_and(|name| name.contains("msgpack")) {
                client.join_compact("ada");
            } else {
                client.join("ada");
            }
        } else {
            assert_eq!(response.status, 400, "{offer}: {response:?}");
            assert!(response.error().contains("subprotocol"), "{offer}: {response:?}");
        }
    }
}

#[test]
fn the_v1_dialect_ignores_what_is_offered_and_takes_any_token() {
    let server = TestServer::start();
    for (path, offer) in [
        (v1_path(1), "Sec-WebSocket-Protocol: collab.v2\r\n"),
        (v1_path(1), "Sec-WebSocket-Protocol: mqtt\r\n"),
        (format!("{}&token=eyJhbGciOiJub25lIn0.e30.", v1_path(1)), ""),
        (format!("{}&token=", v1_path(1)), ""),
        (format!("{}&token=a&token=b&other=1", v1_path(1)), ""),
        ("/ws/collaboration?token=first&project_id=1".to_owned(), ""),
    ] {
        let mut client = RawClient::connect(server.address());
        client.send(upgrade_request(&path, offer));
        let response = client.response();
        assert_eq!(
            (response.status, response.header("sec-websocket-protocol")),
            (101, None),
            "{path} {offer}"
        );
        let snapshot = client.join("ada");
        // The dialect is v1: nothing but these two fields.
        assert_eq!(snapshot.as_object().map(serde_json::Map::len), Some(2), "{path}: {snapshot}");
        assert_refused_nothing(&mut client);
    }
}

/// W8: no extension is ever negotiated, so no client can make the server inflate anything.
#[test]
fn compression_is_never_negotiated() {
    let server = TestServer::start();
    for offer in [
        "permessage-deflate",
        "permessage-deflate; client_max_window_bits; server_no_context_takeover",
        "x-webkit-deflate-frame, permessage-bzip2",
        "permessage-deflate; unknown=\"quoted, value\"",
    ] {
        let mut client = RawClient::connect(server.address());
        client.send(upgrade_request(&v2_path(1), &format!("Sec-WebSocket-Extensions: {offer}\r\n")));
        let response = client.response();
        assert_eq!((response.status, response.header("sec-websocket-extensions")), (101, None), "{offer}");
        client.join("ada");
    }
}

/// RFC 6455, section 4.2.2: the answer is made from the key.
#[test]
fn the_answer_proves_that_the_key_was_read() {
    let server = TestServer::start();
    let response = answer(&server, &upgrade_request(&v2_path(1), ""));
    assert_eq!(response.status, 101);
    assert_eq!(response.header("sec-websocket-accept"), Some("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
}

/// What is no upgrade: the line to replace, its replacement, and the status.
const NO_UPGRADES: [(&str, &str, u16); 14] = [
    ("Upgrade: websocket", "", 400),
    ("Upgrade: websocket", "Upgrade: h2c", 400),
    ("Connection: Upgrade", "", 400),
    ("Connection: Upgrade", "Connection: keep-alive", 400),
    ("Sec-WebSocket-Version: 13", "", 426),
    ("Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 12", 426),
    ("Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 8", 426),
    ("Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: thirteen", 426),
    ("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "", 400),
    ("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Key:", 400),
    ("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Key: c2hvcnQ=", 400),
    ("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Key: !!!!!!!!!!!!!!!!!!!!!!==", 400),
    ("GET /ws/collaboration/v2?project_id=1 HTTP/1.1", "GET /ws/collaboration/v2?project_id=1 HTTP/1.0", 400),
    ("Host: localhost", "Host: localhost\r\nHost: elsewhere", 400),
];

#[test]
fn a_request_that_is_no_upgrade_is_refused_and_told_why() {
    let server = TestServer::start();
    for (line, replacement, status) in NO_UPGRADES {
        let case = format!("{replacement:?} for {line:?}");
        let response = answer(&server, &upgrade_with(line, replacement));
        assert_eq!(response.status, status, "{case}: {response:?}");
        let version = (status == 426).then_some("13");
        assert_eq!(response.header("sec-websocket-version"), version, "{case}");
        assert!(!response.error().is_empty(), "{case}");
    }
    assert_untouched(&server, "requests that are no upgrades");
}

#[test]
fn other_methods_are_refused_with_405_and_other_paths_with_404() {
    let server = TestServer::start();
    for path in [v1_path(1), v2_path(1)] {
        for method in ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "BREW"] {
            let request = upgrade_request(&path, "").replacen("GET", method, 1);
            let response = answer(&server, &request);
            assert_eq!((response.status, response.header("allow")), (405, Some("GET")), "{method} {path}");
            assert!(response.error().contains("GET"), "{method} {path}: {response:?}");
        }
    }
    for path in ["/unknown", "/ws", "/ws/collaboration/", "/ws/collaboration/v3?project_id=1", "//"] {
        assert_eq!(answer(&server, &upgrade_request(path, "")).status, 404, "{path}");
    }
    assert_untouched(&server, "wrong methods and paths");
}

/// The first line of an answer and the end of the connection, or the end alone.
fn assert_cut(server: &TestServer, head: &str, case: &str) {
    let mut client = RawClient::connect(server.address());
    client.send(head);
    let response = client.response();
    assert!([400, 414, 431].contains(&response.status), "{case}: {response:?}");
    client.wait_for_end();
}

/// W13
#[test]
fn a_head_that_is_too_large_or_none_is_refused_and_cut() {
    let server = TestServer::start();
    let path = v2_path(1);
    let many = "X-Header: y\r\n".repeat(120);
    let large = "y".repeat(64 * 1024);
    assert_cut(&server, &upgrade_request(&path, &many), "120 header lines");
    assert_cut(&server, &upgrade_request(&path, &format!("X-Large: {large}\r\n")), "a header line of 64 KiB");
    assert_cut(&server, &upgrade_request(&format!("{path}&token={large}"), ""), "a query of 64 KiB");
    assert_cut(&server, "\u{16}\u{3}\u{1} not HTTP at all\r\n\r\n", "no HTTP");
    assert_cut(&server, "GET / HTTP/9.9\r\n\r\n", "an unknown version");
    assert_cut(&server, &upgrade_request(&path, "no colon\r\n"), "a header line without a colon");
    assert_untouched(&server, "bad heads");
}

/// W13: the path of a request, and of one with a body, is no place to hide an upgrade.
#[test]
fn an_upgrade_has_no_body() {
    let server = TestServer::start();
    for lines in ["Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n"] {
        let mut client = RawClient::connect(server.address());
        client.send(upgrade_request(&v2_path(1), lines));
        client.send("5\r\nhello\r\n0\r\n\r\n");
        assert_eq!(client.response().status, 400, "{lines}");
    }
    eventually(Duration::from_secs(5), "end of every connection", || {
        (server.state().connections == 0).then_some(())
    });
}

/// W14
#[test]
fn a_head_that_comes_too_slowly_is_cut() {
    let server = TestServer::start_with(&["--header-timeout", "500ms"]);
    let request = upgrade_request(&v2_path(1), "");
    for sent in [0, 1, request.len() - 1] {
        let began = Instant::now();
        let mut client = RawClient::connect(server.address());
        client.send(&request[..sent]);
        client.wait_for_end();
        let waited = began.elapsed();
        assert!(waited >= Duration::from_millis(400), "{sent} bytes: cut after {waited:?}");
        assert!(waited < Duration::from_secs(3), "{sent} bytes: cut only after {waited:?}");
    }
    // The deadline is for the whole head: a byte now and then does not move it.
    let began = Instant::now();
    let mut client = RawClient::connect(server.address());
    for byte in request.as_bytes().chunks(1) {
        client.send(byte);
        if client.has_ended_within(Duration::from_millis(50)) {
            break;
        }
    }
    let waited = began.elapsed();
    assert!(waited < Duration::from_secs(3), "a byte at a time: cut only after {waited:?}");
    // It is no deadline for what comes after the head.
    let mut patient = RawClient::upgraded(server.address(), &v2_path(1));
    assert!(!patient.has_ended_within(Duration::from_secs(1)));
    patient.join("ada");
}

/// A client may send its first frames before it has read the answer.
#[test]
fn frames_in_the_packet_of_the_upgrade_are_not_lost() {
    let server = TestServer::start();
    let mut client = RawClient::connect(server.address());
    let join = br#"{"type":"join_session","data":{"userId":"ada","userName":"Ada"}}"#;
    let frame = crate::support::Frame::text(*join).bytes();
    client.send([upgrade_request(&v2_path(1), "").as_bytes(), &frame[..]].concat());
    assert_eq!(client.response().status, 101);
    assert_eq!(client.message()["type"], "bulk_presence");
}
