//! A panic takes down what it happens in and nothing else, and what it took down is cleaned up exactly once.

use std::time::Duration;

use collabd_protocol::{ClientMessage, ServerMessage};
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use serde_json::{Value, json};

use super::{ask_for, count, faulty, faulty_with};
use crate::support::{
    DocumentClient, Issuer, RawClient, SECRET, TestServer, canvas_at, cursor_in, eventually, member_in,
    upgrade_request, v2_path,
};

type Provoke = for<'a> fn(&'a TestServer) -> BoxFuture<'a, ()>;

/// One place that may panic: its name, under what its panics are counted, and how to get there and what that shows.
type Row = (&'static str, &'static str, Provoke);

const ROWS: [Row; 15] = [
    ("reader", "connection", |server| collaborating(server).boxed()),
    ("writer", "connection", |server| collaborating(server).boxed()),
    ("upgrade", "request", |server| async { assert_eq!(upgrade(server, &v2_path(1), "").1, 500) }.boxed()),
    ("socket", "connection", |server| async { upgrade(server, &v2_path(1), "").0.wait_for_end() }.boxed()),
    ("documents_reader", "connection", |server| in_document(server).boxed()),
    ("documents_entry", "connection", |server| in_document(server).boxed()),
    ("document:1/notes", "document", |server| {
        // Its first visitor meets the next run, and notices nothing.
        async { DocumentClient::synced(server, "1/notes").await.leave().await }.boxed()
    }),
    ("transfer", "request", |server| {
        async {
            let answer = server.http().get("/documents/1/notes").await.expect("an answer");
            assert_eq!(answer.json::<Value>().expect("JSON"), json!({ "error": "internal error" }));
            assert_eq!(answer.status.as_u16(), 500);
        }
        .boxed()
    }),
    ("query", "graphql", |server| graphql(server, "{ project(id: 1) { id } }").boxed()),
    ("mutation", "graphql", |server| {
        graphql(server, r#"mutation { createProject(name: "New") { id } }"#).boxed()
    }),
    ("subscription", "graphql", |server| {
        async {
            let mut client = graphql_socket(server);
            assert_eq!(client.message()["type"], "connection_ack");
            let query = "subscription { presence(projectId: 1) { userId } }";
            let payload = json!({ "query": query });
            client.send_text(&json!({ "id": "1", "type": "subscribe", "payload": payload }).to_string());
            let answer = client.message();
            assert_eq!(answer["payload"]["errors"][0]["extensions"]["code"], "INTERNAL", "{answer}");
        }
        .boxed()
    }),
    ("graphql_reader", "connection", |server| {
        async { assert_eq!(graphql_socket(server).end().code, Some(1011)) }.boxed()
    }),
    ("graphql_writer", "connection", |server| {
        async { assert_eq!(graphql_socket(server).end().code, Some(1011)) }.boxed()
    }),
    ("journal", "journal", |server| {
        async {
            // The commit is tried again.
            let mut client = DocumentClient::synced(server, "1/notes").await;
            client.type_text("hello").await;
            client.until_saved().await;
            client.leave().await;
        }
        .boxed()
    }),
    ("compactor", "compactor", |server| {
        async {
            let mut client = DocumentClient::synced(server, "1/long").await;
            for _ in 0..20 {
                client.type_text("x").await;
            }
            client.until_saved().await;
            client.leave().await;
        }
        .boxed()
    }),
];

/// O3, O4
#[tokio::test]
async fn a_panic_anywhere_ends_what_it_happens_in_once_and_nothing_else() {
    let server = faulty();
    let (mut witness, _) = member_in(&server.v2(9), "witness", "plan").await;
    for (site, place, provoke) in ROWS {
        let panics = format!("collabd_panics_total{{where=\"{place}\"}}");
        let before = count(&server, &panics).await;
        ask_for(&server, site).await;
        provoke(&server).await;
        let mut counted = 0;
        while counted == 0 {
            counted = count(&server, &panics).await - before;
        }
        assert_eq!(counted, 1, "{site}");
        eventually(Duration::from_secs(10), "end of the rest", || {
            (server.state().connections == 1).then_some(())
        });
        let ended = count(&server, "collabd_connections_closed_total").await;
        assert_eq!(count(&server, "collabd_connections_opened_total").await, ended + 1, "{site}");
        let departed = count(&server, "collabd_departures_total").await;
        assert_eq!(count(&server, "collabd_joins_total").await, departed + 1, "{site}");
        witness.messages_until_pong().await.expect("others notice nothing");
    }
    // What was to be stored is, in spite of the journal and the compactor.
    let long = DocumentClient::synced(&server, "1/long").await;
    assert_eq!(long.text(), "x".repeat(20));
    long.leave().await;
    witness.close().await.expect("closes");
}

/// O3
#[tokio::test]
async fn a_panic_of_a_project_sends_its_members_to_a_fresh_one_and_no_others() {
    let server = faulty();
    let (mut ann, _) = member_in(&server.v2(7), "ann", "plan").await;
    let (mut bob, _) = member_in(&server.v2(7), "bob", "plan").await;
    let (mut witness, _) = member_in(&server.v2(9), "witness", "plan").await;
    ask_for(&server, "project:7").await;
    ann.send(&cursor_in("plan", canvas_at(1.0))).await.expect("sends");
    for member in [&mut ann, &mut bob] {
        assert_eq!(member.wait_for_close().await.expect("a close").code, Some(4004));
    }
    let (again, _) = member_in(&server.v2(7), "ann", "plan").await;
    witness.messages_until_pong().await.expect("others notice nothing");
    assert_eq!(count(&server, "collabd_panics_total{where=\"project\"}").await, 1);
    assert!(server.log().contains("project actor panicked"), "{}", server.log());
    again.close().await.expect("closes");
    witness.close().await.expect("closes");
}

/// O4
#[tokio::test]
async fn a_panic_while_a_token_is_verified_refuses_its_holder_alone() {
    let server = faulty_with(&["--auth-secret", SECRET]);
    let token = Issuer::secret().token("ada", 1, "editor");
    let header = format!("Authorization: Bearer {token}\r\n");
    ask_for(&server, "auth").await;
    assert_eq!(upgrade(&server, &v2_path(1), &header).1, 500);
    ask_for(&server, "auth").await;
    let mut client = RawClient::upgraded(server.address(), &v2_path(1));
    let join = json!({ "userId": "ada", "userName": "Ada", "token": token });
    client.send_text(&json!({ "type": "join_session", "data": join }).to_string());
    assert_eq!(client.end().code, Some(1011));
    assert_eq!(upgrade(&server, &v2_path(1), &header).1, 101, "the next one is let in");
}

fn upgrade(server: &TestServer, path: &str, more: &str) -> (RawClient, u16) {
    let mut client = RawClient::connect(server.address());
    client.send(upgrade_request(path, more));
    let status = client.response().status;
    (client, status)
}

/// Joins and speaks: the first frame meets the reader, the first answer the writer.
async fn collaborating(server: &TestServer) {
    let mut client = collabd_loadgen::Client::connect(&server.v2(1)).await.expect("connects");
    client.join_as("ann", "Ann").await.expect("sends its join");
    // Sent in vain once the server has closed.
    let _ = client.send(&ClientMessage::Ping).await;
    let notice = client.wait_for(|message| match message {
        ServerMessage::Disconnect { code, .. } => Some(code),
        _ => None,
    });
    assert_eq!(notice.await.expect("a notice"), 1011);
    assert_eq!(client.wait_for_close().await.expect("a close").code, Some(1011));
}

async fn in_document(server: &TestServer) {
    let mut client = DocumentClient::connect(server, "1/notes").await;
    assert_eq!(client.end().await, Some(1011));
}

async fn graphql(server: &TestServer, query: &str) {
    let answer = server.http().post_json("/graphql", &json!({ "query": query })).await.expect("an answer");
    let answer: Value = answer.json().expect("JSON");
    assert_eq!(answer["errors"][0]["extensions"]["code"], "INTERNAL", "{answer}");
}

/// A GraphQL socket that has begun and not read anything.
fn graphql_socket(server: &TestServer) -> RawClient {
    let offer = "Sec-WebSocket-Protocol: graphql-transport-ws\r\n";
    let (mut client, status) = upgrade(server, "/graphql/ws", offer);
    assert_eq!(status, 101);
    client.send_text(r#"{"type":"connection_init"}"#);
    client
}
