//! Where a token may be shown, and what the one who showed it may do on the socket.

use serde_json::json;

use super::{end, joined, secured};
use crate::support::{Issuer, RawClient, RawResponse, SECRET, TestServer, upgrade_request, v1_path, v2_path};

/// The answer to an upgrade with these header lines.
fn upgrade(server: &TestServer, path: &str, more: &str) -> (RawClient, RawResponse) {
    let mut client = RawClient::connect(server.address());
    client.send(upgrade_request(path, more));
    let response = client.response();
    (client, response)
}

fn bearer(token: &str) -> String {
    format!("Authorization: Bearer {token}\r\n")
}

/// A10, A12
#[test]
fn a_token_in_the_head_of_the_upgrade_says_who_joins() {
    let server = secured();
    let token = Issuer::secret().token("ada", 1, "viewer");
    for path in [v1_path(1), v2_path(1)] {
        let (mut client, response) = upgrade(&server, &path, &bearer(&token));
        assert_eq!(response.status, 101, "{response:?}");
        assert_eq!(client.join("mallory")["data"][0]["userId"], "ada");
        // J2: who is known already need not repeat it.
        assert_eq!(client.join("somebody else")["data"][0]["userId"], "ada");
        client.send_text(r#"{"type":"leave_session"}"#);
        assert_eq!(client.join("mallory")["data"][0]["userId"], "ada");
    }
}

/// A3, A8
#[test]
fn an_upgrade_with_a_bad_token_is_answered_with_http() {
    let server = secured();
    let issuer = Issuer::secret();
    let foreign = issuer.token("ada", 2, "owner");
    for (headers, status, error) in [
        (bearer("no token"), 401, "no valid token"),
        (bearer(&Issuer::ecdsa().token("ada", 1, "owner")), 401, "no valid token"),
        ("Authorization: Basic YTpi\r\n".to_owned(), 401, "no valid token"),
        ([bearer(&foreign), bearer(&foreign)].concat(), 401, "no valid token"),
        (bearer(&foreign), 403, "no right to this"),
    ] {
        let (_, response) = upgrade(&server, &v2_path(1), &headers);
        assert_eq!((response.status, response.error().as_str()), (status, error), "{headers}");
        assert_eq!(response.header("www-authenticate").is_some(), status == 401);
    }
}

/// A5
#[test]
fn a_token_in_the_query_counts_on_the_v1_path_and_where_a_setting_says_so() {
    let issuer = Issuer::secret();
    let token = issuer.token("ada", 1, "editor");
    let of = |path: String, token: &str| format!("{path}&token={token}");
    let strict = secured();
    for path in [of(v1_path(1), &token), of(v2_path(1), &token)] {
        let mut client = RawClient::upgraded(strict.address(), &path);
        client.send_join("ada");
        let code = client.end().code;
        assert_eq!(code, Some(4501), "{path}");
    }
    let lenient = TestServer::start_with(&["--auth-secret", SECRET, "--auth-query-token"]);
    let mut client = RawClient::upgraded(lenient.address(), &of(v1_path(1), &token));
    assert_eq!(client.join("mallory")["data"][0]["userId"], "ada");
    let mut client = RawClient::upgraded(lenient.address(), &of(v2_path(1), &token));
    client.send_join("ada");
    assert_eq!(client.end(), end(4501, "unauthenticated"));
    let (_, response) = upgrade(&lenient, &of(v1_path(1), "no-token"), "");
    assert_eq!(response.status, 401);
    let (_, response) = upgrade(&lenient, &of(v1_path(2), &token), "");
    assert_eq!(response.status, 403);
    let twice = of(of(v1_path(1), &token), &token);
    assert_eq!(upgrade(&lenient, &twice, "").1.status, 401);
}

/// A viewer is a person like others: seen, with a status, a document and a cursor.
#[test]
fn a_viewer_is_seen_with_status_document_and_cursor() {
    let server = secured();
    let issuer = Issuer::secret();
    let (mut witness, _) = joined(&server, 1, "x", Some(&issuer.token("bob", 1, "editor")));
    witness.send_text(r#"{"type":"switch_document","data":{"documentId":"plan","documentType":"canvas"}}"#);
    let (mut viewer, _) = joined(&server, 1, "x", Some(&issuer.token("ada", 1, "viewer")));
    viewer.send_text(r#"{"type":"switch_document","data":{"documentId":"plan","documentType":"canvas"}}"#);
    viewer.send_text(r#"{"type":"set_status","data":{"status":"idle"}}"#);
    let position = json!({"type": "canvas", "x": 1.0, "y": 2.0});
    let update = json!({"type": "cursor_update", "data": {"documentId": "plan", "position": position}});
    viewer.send_text(&update.to_string());
    let told = viewer.messages_until_pong();
    assert!(told.iter().all(|message| message["type"] != "error"), "{told:?}");
    let cursor = witness.message_of_type("cursor_update");
    assert_eq!((&cursor["data"]["userId"], &cursor["data"]["position"]), (&json!("ada"), &position));
}

/// J2, A10, Attack P3
#[test]
fn a_socket_stays_with_the_user_that_it_was_opened_by() {
    let server = secured();
    let issuer = Issuer::secret();
    let (mut client, _) = joined(&server, 1, "x", Some(&issuer.token("ada", 1, "editor")));
    let stranger = issuer.token("bob", 1, "editor");
    let refused = json!({
        "type": "error", "code": "forbidden", "message": "this socket belongs to another user", "temporary": false,
    });
    client.send_text(&json!({"type": "authenticate", "data": {"token": stranger}}).to_string());
    assert_eq!(client.messages_until_pong(), [refused]);
    client.send_text(&json!({"type": "authenticate", "data": {"token": "no token"}}).to_string());
    assert_eq!(client.messages_until_pong()[0]["message"], "no valid token");
    client.send_text(r#"{"type":"leave_session"}"#);
    let join = json!({"type": "join_session", "data": {"userId": "bob", "userName": "B", "token": stranger}});
    client.send_text(&join.to_string());
    // The same refusal is told once a second (X2), so the end of the join shows in that nobody is there.
    client.messages_until_pong();
    assert_eq!(client.join("bob")["data"][0]["userId"], "ada");
}

/// A5
#[test]
fn no_token_and_no_ticket_is_ever_printed() {
    let flags = ["--auth-secret", SECRET, "--auth-query-token", "--log=trace"];
    let server = TestServer::start_with(&flags);
    let issuer = Issuer::secret();
    let tokens: Vec<_> =
        ["header", "query", "join", "fresh", "wrong"].map(|user| issuer.token(user, 1, "editor")).into();
    let (mut client, _) = upgrade(&server, &v2_path(1), &bearer(&tokens[0]));
    client.join("x");
    let path = format!("{}&token={}", v1_path(1), tokens[1]);
    RawClient::upgraded(server.address(), &path).join("x");
    let (mut client, _) = joined(&server, 1, "x", Some(&tokens[2]));
    client.send_text(&json!({"type": "authenticate", "data": {"token": tokens[3]}}).to_string());
    client.messages_until_pong();
    let (_, response) = upgrade(&server, &v2_path(2), &bearer(&tokens[4]));
    assert_eq!(response.status, 403);
    let mut plain = RawClient::connect(server.reports());
    plain.send("GET /metrics HTTP/1.1\r\nhost: x\r\n\r\n");
    let metrics = plain.response().body;
    let recorded: String = ["/admin/events", "/admin/events?project=1", "/admin/sessions?project=1"]
        .map(|path| {
            let mut plain = RawClient::connect(server.reports());
            plain.send(format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n"));
            let response = plain.response();
            assert_eq!(response.status, 200, "{path}");
            response.body
        })
        .concat();
    assert!(recorded.contains("refused") && recorded.contains("joined"), "nothing was recorded: {recorded}");
    let log = server.log();
    assert!(log.contains("TRACE") || log.contains("DEBUG"), "nothing was logged: {log}");
    for secret in tokens.iter().map(String::as_str).chain([SECRET]) {
        // Its signature alone would be enough to find it.
        let part = secret.rsplit('.').next().unwrap_or_default();
        assert!(
            !log.contains(part) && !metrics.contains(part) && !recorded.contains(part),
            "{secret} is printed"
        );
    }
}
