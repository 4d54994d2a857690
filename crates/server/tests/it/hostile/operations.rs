//! Sockets of GraphQL that are opened and not used, or used for too much (G7).

use serde_json::{Value, json};
use tokio::time::{Duration, Instant};

use super::exchange::upgrade;
use crate::support::{Bystanders, Frame, RawClient, TestServer};

const OFFER: &str = "Sec-WebSocket-Protocol: graphql-transport-ws\r\n";

fn opened(server: &TestServer) -> RawClient {
    let (client, response) = upgrade(server, "/graphql/ws", OFFER);
    assert_eq!(response.status, 101, "{response:?}");
    client
}

fn begun(server: &TestServer) -> RawClient {
    let mut client = opened(server);
    client.send_text(r#"{"type":"connection_init"}"#);
    client.message_of_type("connection_ack");
    client
}

fn subscribe(client: &mut RawClient, id: &str, query: &str) {
    let message = json!({"id": id, "type": "subscribe", "payload": {"query": query}});
    client.send_text(&message.to_string());
}

/// The first answer to an operation; those of others are passed over.
fn answer(client: &mut RawClient, id: &str) -> Value {
    loop {
        let message = client.message();
        if message["id"] == id && message["type"] != "complete" {
            return message["payload"].clone();
        }
    }
}

const PRESENCE: &str = "subscription { presence(projectId: 1) { userId } }";

/// G7
#[test]
fn a_socket_that_never_begins_is_closed_after_five_seconds_whatever_it_sends() {
    let server = TestServer::start();
    let watched = Bystanders::beside(&server);
    let began = Instant::now();
    let mut client = opened(&server);
    while !client.has_ended_within(Duration::from_millis(100)) {
        assert!(began.elapsed() < Duration::from_secs(9), "not closed for {:?}", began.elapsed());
        client.send_frame(&Frame::ping(*b"here"));
        client.send_text(r#"{"type":"ping"}"#);
    }
    assert!(began.elapsed() > Duration::from_millis(4900), "closed after {:?}", began.elapsed());
    assert_eq!(client.end().code, Some(4408));
    watched.noticed_nothing();
}

/// G7
#[test]
fn a_socket_has_ten_operations_and_a_place_is_free_when_one_ends() {
    let server = TestServer::start();
    let watched = Bystanders::beside(&server);
    let mut client = begun(&server);
    for id in 0..10 {
        subscribe(&mut client, &id.to_string(), PRESENCE);
        assert_eq!(answer(&mut client, &id.to_string()), json!({"data": {"presence": []}}));
    }
    for id in 10..30 {
        subscribe(&mut client, &id.to_string(), PRESENCE);
        let refused = answer(&mut client, &id.to_string()).to_string();
        assert!(refused.contains("OVERLOADED") && refused.contains("10 operations"), "{refused}");
    }
    // One that its client gives up is none any more.
    client.send_text(r#"{"id":"3","type":"complete"}"#);
    subscribe(&mut client, "another", PRESENCE);
    assert_eq!(answer(&mut client, "another"), json!({"data": {"presence": []}}));
    // One that has ended by itself is none either: many more than ten, one after the other.
    client.send_text(r#"{"id":"4","type":"complete"}"#);
    for number in 0..30 {
        let id = format!("query-{number}");
        subscribe(&mut client, &id, "{ __typename }");
        assert_eq!(answer(&mut client, &id), json!({"data": {"__typename": "Query"}}));
        assert_eq!(client.message_of_type("complete")["id"], id);
    }
    watched.noticed_nothing();
}

/// G7: what breaks the rules of the subprotocol ends the socket, with the code that these give it.
#[test]
fn a_socket_that_breaks_its_rules_is_closed_with_their_code() {
    let server = TestServer::start();
    let watched = Bystanders::beside(&server);
    for (what, messages, code) in [
        (
            "an operation before the beginning",
            vec![json!({"id": "1", "type": "subscribe", "payload": {"query": PRESENCE}})],
            4401,
        ),
        (
            "two beginnings",
            vec![json!({"type": "connection_init"}), json!({"type": "connection_init"})],
            4429,
        ),
        ("a message of no known type", vec![json!({"type": "shout"})], 4400),
        ("a list", vec![json!([{"type": "connection_init"}])], 4400),
        (
            "an operation without a query",
            vec![json!({"type": "connection_init"}), json!({"id": "1", "type": "subscribe"})],
            4400,
        ),
        (
            "an id twice",
            vec![
                json!({"type": "connection_init"}),
                json!({"id": "1", "type": "subscribe", "payload": {"query": PRESENCE}}),
                json!({"id": "1", "type": "subscribe", "payload": {"query": PRESENCE}}),
            ],
            4409,
        ),
    ] {
        let mut client = opened(&server);
        for message in messages {
            client.send_text(&message.to_string());
        }
        assert_eq!(client.end().code, Some(code), "{what}");
    }
    watched.noticed_nothing();
}

/// G7: ten thousand operations are a flood like any other.
#[test]
fn a_flood_of_operations_is_closed_with_4003() {
    let server = TestServer::start();
    let watched = Bystanders::beside(&server);
    let mut client = begun(&server);
    for id in 0..10_000 {
        subscribe(&mut client, &id.to_string(), PRESENCE);
    }
    assert_eq!(client.end().code, Some(4003));
    watched.noticed_nothing();
}
