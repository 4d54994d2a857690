//! GraphQL over a WebSocket: who uses it, and for how long.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{end, secured};
use crate::support::{Issuer, RawClient, RawEnd, RawResponse, TestServer, claims, upgrade_request};

const OFFER: &str = "Sec-WebSocket-Protocol: graphql-transport-ws\r\n";

/// An upgrade with these header lines and its answer.
fn open(server: &TestServer, more: &str) -> (RawClient, RawResponse) {
    let mut client = RawClient::connect(server.address());
    client.send(upgrade_request("/graphql/ws", &format!("{OFFER}{more}")));
    let response = client.response();
    (client, response)
}

/// A socket that has begun with this payload.
fn begun(server: &TestServer, more: &str, payload: &Value) -> RawClient {
    let (mut client, response) = open(server, more);
    assert_eq!(response.status, 101, "{response:?}");
    client.send_text(&json!({ "type": "connection_init", "payload": payload }).to_string());
    client
}

/// A socket that was let in with this payload.
pub(super) fn begin(server: &TestServer, payload: &Value) -> RawClient {
    let mut client = begun(server, "", payload);
    assert_eq!(client.message()["type"], "connection_ack");
    client
}

/// The first answer to an operation.
pub(super) fn subscribe(client: &mut RawClient, request: &Value) -> Value {
    client.send_text(&json!({ "id": "1", "type": "subscribe", "payload": request }).to_string());
    client.message()["payload"].take()
}

fn graphql_end(code: u16, reason: &str) -> RawEnd {
    RawEnd { notice: None, ..end(code, reason) }
}

/// A3, A8
#[test]
fn a_graphql_socket_is_used_by_whom_its_beginning_or_its_upgrade_names() {
    let server = secured();
    let token = Issuer::secret().token("ada", 1, "viewer");
    let request = json!({ "query": "{ projects { id } }" });
    let expected = json!({ "data": { "projects": [{ "id": 1 }] } });
    assert_eq!(subscribe(&mut begin(&server, &json!({ "token": token })), &request), expected);
    let header = format!("Authorization: Bearer {token}\r\n");
    let mut client = begun(&server, &header, &json!({}));
    assert_eq!(client.message()["type"], "connection_ack");
    assert_eq!(subscribe(&mut client, &request), expected);
    for payload in [json!(null), json!({}), json!({ "token": "x" }), json!({ "token": 1 }), json!([token])] {
        let end = begun(&server, "", &payload).end();
        assert_eq!(end, graphql_end(4501, "unauthenticated"), "{payload}");
    }
    let (_, response) = open(&server, "Authorization: Bearer x\r\n");
    assert_eq!((response.status, response.error().as_str()), (401, "no valid token"));
}

/// A6
#[test]
fn a_graphql_socket_ends_with_its_token() {
    let server = secured();
    let mut short = claims("ada", &json!({"1": "viewer"}));
    short["exp"] = json!(Timestamp::now().as_second() + 1);
    let mut client = begin(&server, &json!({ "token": Issuer::secret().sign(&short) }));
    let request = json!({ "query": "subscription { presence(projectId: 1) { userId } }" });
    assert_eq!(subscribe(&mut client, &request), json!({ "data": { "presence": [] } }));
    assert_eq!(client.end(), graphql_end(4005, "token_expired"));
}
