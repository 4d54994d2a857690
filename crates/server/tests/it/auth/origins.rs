//! Whose web pages may open a WebSocket, and what follows from that.

use serde_json::{Value, json};

use super::graphql_sockets::{begin, subscribe};
use super::secured;
use crate::support::{Issuer, RawClient, SECRET, TestServer, claims, upgrade_request, v1_path, v2_path};

const ORIGINS: &str = include_str!("origins.json");

const OFFER: &str = "Sec-WebSocket-Protocol: graphql-transport-ws\r\n";

/// The status of an upgrade with these header lines.
fn status(server: &TestServer, path: &str, headers: &str) -> u16 {
    let mut client = RawClient::connect(server.address());
    client.send(upgrade_request(path, headers));
    client.response().status
}

/// A11
#[test]
fn only_pages_of_listed_origins_open_sockets() {
    let table: Value = serde_json::from_str(ORIGINS).expect("JSON");
    let allowed = table["allowed"].as_str().expect("text");
    let secured = TestServer::start_with(&["--auth-secret", SECRET, "--allowed-origins", allowed]);
    let open = TestServer::start_with(&["--allowed-origins", allowed]);
    let rows = table["rows"].as_array().expect("rows");
    assert!(rows.len() >= 30);
    for row in rows {
        let origins = row["origins"].as_array().expect("origins").iter();
        let origins = origins.map(|origin| format!("Origin: {}\r\n", origin.as_str().expect("text")));
        let cookie = row["cookie"].as_str().map(|cookie| format!("Cookie: {cookie}\r\n"));
        let headers = origins.chain(cookie).collect::<Vec<_>>().concat();
        for server in [&open, &secured] {
            for (path, offer) in [(v2_path(1), ""), (v1_path(1), ""), ("/graphql/ws".to_owned(), OFFER)] {
                let status = status(server, &path, &format!("{headers}{offer}"));
                assert_eq!(row["status"], status, "{path} with {row}");
            }
        }
    }
}

/// A13
#[test]
fn without_a_list_a_secured_server_takes_no_pages_and_an_open_one_takes_all() {
    let page = "Origin: https://app.example.com\r\n";
    assert_eq!(status(&secured(), &v2_path(1), page), 403);
    let lenient = TestServer::start_with(&["--auth-secret", SECRET, "--allow-any-origin"]);
    assert_eq!(status(&lenient, &v2_path(1), page), 101);
    assert_eq!(status(&TestServer::start(), &v2_path(1), page), 101);
}

/// G6: a page whose origin was checked may send over its socket what it would otherwise have to post.
#[test]
fn where_origins_are_checked_mutations_may_come_over_a_socket() {
    let request = json!({ "query": "mutation { renameProject(id: 1, name: \"N\") { name } }" });
    let token = Issuer::secret().sign(&claims("ada", &json!({"1": "owner"})));
    let answer = subscribe(&mut begin(&secured(), &json!({ "token": token })), &request);
    assert_eq!(answer, json!({ "data": { "renameProject": { "name": "N" } } }));
    let viewer = Issuer::secret().token("ada", 1, "viewer");
    let refused = subscribe(&mut begin(&secured(), &json!({ "token": viewer })), &request);
    assert_eq!(refused["errors"][0]["extensions"]["code"], "FORBIDDEN", "{refused}");
    let lenient = TestServer::start_with(&["--auth-secret", SECRET, "--allow-any-origin"]);
    let refused = subscribe(&mut begin(&lenient, &json!({ "token": token })), &request);
    assert_eq!(refused["errors"][0]["message"], "mutations are sent by POST /graphql", "{refused}");
}
