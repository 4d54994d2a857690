//! Places on the server, of an address, of a user, and of those who have not joined.

use std::time::Duration;

use serde_json::json;

use super::{admitted, ask, assert_documented, assert_limit, bearer, behind_a_proxy, from, hits, refused};
use crate::support::{Frame, RawClient, TestServer, eventually, opcode, upgrade_request, v2_path};

/// Longer than any end takes on a busy machine.
const SOON: Duration = Duration::from_secs(10);

type Ending = (&'static str, fn(RawClient));

/// How a connection that has not joined may end.
const ENDINGS: [Ending; 5] = [
    ("a close", |mut client| {
        client.send_frame(&Frame::close(1000, b""));
        client.end();
    }),
    ("the end of TCP", drop),
    ("a reset", RawClient::reset),
    ("a broken frame", |mut client| {
        client.send_frame(&Frame::text("{}").unmasked());
        assert_eq!(client.end().code, Some(1002));
    }),
    ("no join", |mut client| assert_eq!(client.end().code, Some(4007))),
];

/// L1
#[test]
fn every_place_is_counted_named_and_free_again() {
    for (flag, status, name, lines) in [
        (
            "--max-connections=2",
            503,
            "max_connections",
            [from("203.0.113.1"), from("203.0.113.2"), from("203.0.113.3")],
        ),
        (
            "--max-unjoined=2",
            503,
            "max_unjoined",
            [from("203.0.113.1"), from("203.0.113.2"), from("203.0.113.3")],
        ),
        (
            "--connections-per-address=2",
            429,
            "connections_per_address",
            [(); 3].map(|()| from("203.0.113.1")),
        ),
        (
            "--connections-per-user=2",
            429,
            "connections_per_user",
            ["203.0.113.1", "203.0.113.2", "203.0.113.3"].map(|address| from(address) + &bearer("ada")),
        ),
    ] {
        let server = behind_a_proxy(&[flag, "--join-timeout=1s", "--close-timeout=500ms"]);
        for (about, end) in ENDINGS {
            let [one, other] = [0, 1].map(|place| {
                eventually(SOON, "a free place", || {
                    let (client, response) = ask(&server, &lines[place]);
                    (response.status == 101).then_some(client)
                })
            });
            refused(&server, &lines[2], status, name, 2);
            drop(one);
            end(other);
            let is_free = || (server.state().connections == 0).then_some(());
            eventually(SOON, about, is_free);
        }
        let admission = server.state().admission;
        assert_eq!((admission.unjoined, admission.addresses, admission.users), (0, 0, 0), "{name}");
    }
}

/// L1: the one who is refused takes nobody's place, and others are not concerned.
#[test]
fn one_address_and_one_user_are_full_and_all_others_come_in() {
    let server = behind_a_proxy(&["--connections-per-address=2", "--connections-per-user=2"]);
    let mut here = [(); 2].map(|()| admitted(&server, &from("2001:db8::1")));
    // A household has its 64 bits for itself.
    refused(&server, &from("2001:db8::2:0:0:1"), 429, "connections_per_address", 2);
    let _elsewhere = admitted(&server, &from("2001:db8:0:1::1"));
    let _ada =
        ["203.0.113.1", "203.0.113.2"].map(|address| admitted(&server, &(from(address) + &bearer("ada"))));
    refused(&server, &(from("203.0.113.3") + &bearer("ada")), 429, "connections_per_user", 2);
    let _bob = admitted(&server, &(from("203.0.113.3") + &bearer("bob")));
    assert_eq!(server.state().admission.users, 2);
    for client in &mut here {
        client.send_join("nobody");
        assert_eq!(client.end().code, Some(4501));
    }
}

/// J1
#[test]
fn who_has_joined_is_no_longer_among_those_who_have_not() {
    let server = TestServer::start_with(&["--max-unjoined=1"]);
    let mut joined: Vec<_> = (0..3)
        .map(|n| {
            let mut client = admitted(&server, "");
            let (_, response) = ask(&server, "");
            assert_eq!(response.status, 503, "{response:?}");
            client.join(&format!("user-{n}"));
            // The snapshot is there a moment before the place is free.
            client.messages_until_pong();
            client
        })
        .collect();
    assert_eq!(server.state().admission.unjoined, 0);
    let mut graphql = RawClient::connect(server.address());
    let offer = "Sec-WebSocket-Protocol: graphql-transport-ws\r\n";
    graphql.send(upgrade_request("/graphql/ws", offer));
    assert_eq!((graphql.response().status, ask(&server, "").1.status), (101, 503));
    graphql.send_text(r#"{"type":"connection_init"}"#);
    assert_eq!(graphql.message()["type"], "connection_ack");
    let mut document = RawClient::connect(server.address());
    document.send(upgrade_request("/ws/documents/1/plan", ""));
    assert_eq!(document.response().status, 101);
    eventually(SOON, "the document", || (server.state().admission.unjoined == 0).then_some(()));
    for client in &mut joined {
        client.messages_until_pong();
    }
}

/// L1: a user who is known only from the first message.
#[test]
fn a_user_with_too_many_connections_is_closed_with_4506_and_the_limit() {
    let server = behind_a_proxy(&["--connections-per-user=1"]);
    let token = bearer("ada");
    let token = token.trim_start_matches("Authorization: Bearer ").trim();
    let join =
        json!({"type": "join_session", "data": {"userId": "x", "userName": "X", "token": token}}).to_string();
    let mut first = admitted(&server, "");
    first.send_text(&join);
    first.message_of_type("bulk_presence");
    let mut second = admitted(&server, "");
    second.send_text(&join);
    let notice = second.message();
    assert_eq!((&notice["type"], &notice["code"]), (&json!("disconnect"), &json!(4506)));
    assert_limit(&notice, "connections_per_user", 1);
    assert!(notice["retryAfterMs"].as_u64().is_some_and(|time| time >= 1000), "{notice}");
    assert_eq!(second.end().code, Some(4506));
    // The kinds of sockets do not matter.
    let mut document = RawClient::connect(server.address());
    document.send(upgrade_request("/ws/documents/1/plan", &bearer("ada")));
    assert_eq!(document.response().status, 101);
    assert_eq!(document.end().code, Some(4506));
    let mut graphql = RawClient::connect(server.address());
    graphql.send(upgrade_request("/graphql/ws", "Sec-WebSocket-Protocol: graphql-transport-ws\r\n"));
    assert_eq!(graphql.response().status, 101);
    graphql.send_text(&json!({"type": "connection_init", "payload": {"token": token}}).to_string());
    assert_eq!(graphql.end().code, Some(4506));
    assert_eq!(hits(&server, "connections_per_user"), 3);
    first.reset();
    eventually(SOON, "a free place", || (server.state().admission.users == 0).then_some(()));
    let mut again = admitted(&server, "");
    again.send_text(&join);
    again.message_of_type("bulk_presence");
}

/// J1, P1: what is too large for a stranger is no news from somebody who has joined.
#[test]
fn before_the_join_a_message_may_have_twelve_kibibytes() {
    let server = TestServer::start();
    let padded = |kind: &str, bytes: usize| {
        let text = format!(r#"{{"type":"{kind}","padding":""}}"#);
        text.replace("\"\"", &format!("\"{}\"", "x".repeat(bytes - text.len())))
    };
    let mut client = RawClient::joined(server.address(), &v2_path(1), "ada");
    client.send_text(&padded("ping", 65_536));
    assert_eq!(client.message()["type"], "pong");
    let mut stranger = admitted(&server, "");
    stranger.send_text(&padded("ping", 12_288));
    assert_eq!(stranger.message()["type"], "pong");
    stranger.send_text(&padded("ping", 12_289));
    let notice = stranger.message();
    assert_eq!(notice["limit"], json!({"name": "unjoined_message_bytes", "max": 12_288, "current": 12_289}));
    assert_eq!(stranger.end().code, Some(1009));
    assert_eq!(hits(&server, "unjoined_message_bytes"), 1);
    assert_documented("unjoined_message_bytes", 12_288);
    // Documents are larger, but not before it is known whose they are.
    let server = behind_a_proxy(&[]);
    for (path, lines) in
        [("/ws/documents/1/plan", ""), (&*v2_path(1), "Sec-WebSocket-Protocol: collab.v2.documents\r\n")]
    {
        let mut stranger = RawClient::connect(server.address());
        stranger.send(upgrade_request(path, lines));
        assert_eq!(stranger.response().status, 101);
        // Nothing of it has to come: it would be taken in as a whole before anybody could look at it.
        stranger.send_frame(&Frame::new(opcode::BINARY, vec![0; 100]).claiming(500_000));
        assert_eq!(stranger.end().code, Some(1009), "{path}");
    }
    assert_eq!(hits(&server, "unjoined_message_bytes"), 2);
}

/// X3
#[test]
fn a_message_above_the_limit_is_told_the_limit() {
    let server = TestServer::start();
    let mut client = RawClient::joined(server.address(), &v2_path(1), "ada");
    client.send_frame(&Frame::text("x").claiming(65_537));
    let notice = client.message();
    assert_eq!(notice["limit"], json!({"name": "max_message_bytes", "max": 65_536, "current": 65_537}));
    assert_eq!(client.end().code, Some(1009));
    assert_eq!(hits(&server, "max_message_bytes"), 1);
}
