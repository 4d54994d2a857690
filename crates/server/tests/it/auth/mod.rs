//! A secured server, and tickets in either kind.

mod expiry;
mod forged;
mod graphql;
mod graphql_sockets;
mod invitations;
mod members;
mod origins;
mod published_keys;
mod races;
mod recheck;
mod revocation;
mod roles;
mod sessions;
mod sockets;
mod tickets;
mod timing;
mod tokens;

use collabd_loadgen::http::HttpClient;
use serde_json::{Value, json};

use crate::support::{RawClient, RawEnd, SECRET, TestServer, v2_path};

/// A server that believes tokens signed with [`SECRET`].
pub(crate) fn secured() -> TestServer {
    TestServer::start_with(&["--auth-secret", SECRET])
}

/// Asks to join a project as somebody, with this proof if any, and gives the connection.
fn asking(server: &TestServer, project: i32, user: &str, proof: Option<&str>) -> RawClient {
    let mut client = RawClient::upgraded(server.address(), &v2_path(project));
    let join = json!({
        "type": "join_session", "data": {"userId": user, "userName": "Claimed", "token": proof},
    });
    client.send_text(&join.to_string());
    client
}

/// Joins and gives the snapshot with the connection.
fn joined(server: &TestServer, project: i32, user: &str, proof: Option<&str>) -> (RawClient, Value) {
    let mut client = asking(server, project, user, proof);
    let snapshot = client.message_of_type("bulk_presence");
    (client, snapshot)
}

/// How a join without or with a bad proof ends.
fn refused(server: &TestServer, project: i32, proof: Option<&str>) -> RawEnd {
    asking(server, project, "mallory", proof).end()
}

/// The whole answer to a GraphQL request.
async fn ask(http: &HttpClient, query: &str) -> Value {
    let response = http.post_json("/graphql", &json!({ "query": query })).await.expect("an answer");
    response.json().expect("JSON")
}

/// What a field answers that must answer.
async fn told(http: &HttpClient, query: &str) -> Value {
    let mut answer = ask(http, query).await;
    assert!(answer["errors"].is_null(), "{query}: {answer}");
    answer["data"].take()
}

/// The code of the one error in an answer.
async fn refusal(http: &HttpClient, query: &str) -> String {
    let answer = ask(http, query).await;
    answer["errors"][0]["extensions"]["code"]
        .as_str()
        .unwrap_or_else(|| panic!("{query}: {answer}"))
        .to_owned()
}

/// The end with this code and name.
pub(crate) fn end(code: u16, reason: &str) -> RawEnd {
    RawEnd { notice: Some(code.into()), code: Some(code), reason: reason.to_owned() }
}

/// The end of a v1 connection, which has no notice before it.
fn v1_end(code: u16, reason: &str) -> RawEnd {
    RawEnd { notice: None, ..end(code, reason) }
}
