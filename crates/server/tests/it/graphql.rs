//! GraphQL beside the sockets: the store's projects and documents, live presence, health.

use std::time::Duration;

use collabd_loadgen::http::HttpClient;
use collabd_protocol::ServerMessage;
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::{WebSocketStream, client_async};

use crate::support::{TestServer, member, member_in};

const PATIENCE: Duration = Duration::from_secs(10);

/// Asks and returns the whole answer, which must be a 200.
async fn ask(http: &HttpClient, query: &str, variables: Value) -> Value {
    let body = json!({ "query": query, "variables": variables });
    let response = http.post_json("/graphql", &body).await.expect("an answer");
    assert_eq!(response.status.as_u16(), 200, "{}", response.text());
    response.json().expect("JSON")
}

/// Asks and returns the data of an answer without errors.
async fn data(http: &HttpClient, query: &str, variables: Value) -> Value {
    let mut answer = ask(http, query, variables).await;
    assert_eq!(answer.get("errors"), None, "{answer}");
    answer["data"].take()
}

/// Asks for what must fail and returns the error's code.
async fn error_code(http: &HttpClient, query: &str) -> String {
    let answer = ask(http, query, json!({})).await;
    answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
}

#[tokio::test]
async fn ten_members_stay_while_fifty_queries_at_once_are_answered() {
    let server = TestServer::start();
    let mut members = JoinSet::new();
    for number in 0..10 {
        let (mut client, _) = member_in(&server.v2(1), &format!("user-{number}"), "plan").await;
        members.spawn(async move {
            let until = Instant::now() + Duration::from_secs(5);
            while let Ok(event) = timeout_at(until, client.next_event()).await {
                assert!(!matches!(event, Ok(collabd_loadgen::Event::Closed { .. })), "closed: {event:?}");
            }
            client.messages_until_pong().await.expect("still served");
            client.close().await.expect("closes");
        });
    }
    let mut queries = JoinSet::new();
    for _ in 0..50 {
        let http = server.http();
        queries.spawn(async move { data(&http, "{ projects { id name } }", json!({})).await });
    }
    while let Some(answer) = queries.join_next().await {
        assert_eq!(answer.expect("a query")["projects"][0], json!({ "id": 1, "name": "Demo" }));
    }
    while let Some(member) = members.join_next().await {
        member.expect("a member");
    }
}

#[tokio::test]
async fn projects_and_documents_are_made_renamed_listed_and_deleted() {
    let server = TestServer::start();
    let http = server.http();
    let made =
        data(&http, r#"mutation { createProject(name: "Atlas") { id name documents { id } } }"#, json!({}))
            .await;
    let id = made["createProject"]["id"].clone();
    assert_eq!(made["createProject"], json!({ "id": id, "name": "Atlas", "documents": [] }));
    let create = "mutation($p: Int!) {
        createDocument(projectId: $p, name: \"Map\", documentType: CANVAS, id: \"map\") { id name documentType }
    }";
    let document = data(&http, create, json!({ "p": id })).await;
    assert_eq!(document["createDocument"], json!({ "id": "map", "name": "Map", "documentType": "CANVAS" }));
    let rename = "mutation($p: Int!) {
        renameProject(id: $p, name: \"Globe\") { name }
        renameDocument(projectId: $p, id: \"map\", name: \"Chart\") { name }
    }";
    data(&http, rename, json!({ "p": id })).await;
    let read =
        "query($p: Int!) { project(id: $p) { name documents { name } document(id: \"map\") { name } } }";
    let expected =
        json!({ "name": "Globe", "documents": [{ "name": "Chart" }], "document": { "name": "Chart" } });
    assert_eq!(data(&http, read, json!({ "p": id })).await["project"], expected);
    let delete = "mutation($p: Int!) { deleteDocument(projectId: $p, id: \"map\") deleteProject(id: $p) }";
    let deleted = data(&http, delete, json!({ "p": id })).await;
    assert_eq!(deleted, json!({ "deleteDocument": true, "deleteProject": true }));
    assert_eq!(data(&http, read, json!({ "p": id })).await["project"], Value::Null);
}

#[tokio::test]
async fn errors_carry_a_code_and_nothing_of_the_store() {
    let server = TestServer::start();
    let http = server.http();
    let cases = [
        ("mutation { renameProject(id: 999, name: \"x\") { id } }", "NOT_FOUND"),
        ("mutation { createProject(name: \"  \") { id } }", "BAD_REQUEST"),
        (
            "mutation { createDocument(projectId: 1, name: \"x\", documentType: CANVAS, id: \"canvas\") { id } }",
            "CONFLICT",
        ),
        ("{ project(id: -1) { id } }", "BAD_REQUEST"),
    ];
    for (query, code) in cases {
        assert_eq!(error_code(&http, query).await, code, "{query}");
    }
}

#[tokio::test]
async fn only_a_post_of_one_json_request_is_executed() {
    let server = TestServer::start();
    let http = server.http();
    let batch =
        http.post_json("/graphql", &json!([{ "query": "{ health { isReady } }" }])).await.expect("an answer");
    assert!(batch.status.is_client_error(), "{}", batch.status);
    let get = http
        .get("/graphql?query=mutation%7BcreateProject(name:%22x%22)%7Bid%7D%7D")
        .await
        .expect("an answer");
    assert!(!get.text().contains("createProject"), "{}", get.text());
    assert_eq!(
        data(&http, "{ projects { id } }", json!({})).await["projects"].as_array().map(Vec::len),
        Some(1)
    );
}

/// 4504
#[tokio::test]
async fn deleting_a_project_closes_its_sockets_with_4504_and_no_others() {
    let server = TestServer::start();
    let http = server.http();
    let made = data(&http, r#"mutation { createProject(name: "Doomed") { id } }"#, json!({})).await;
    let id = i32::try_from(made["createProject"]["id"].as_i64().expect("an id")).expect("32 bits");
    let (mut doomed, _) = member_in(&server.v2(id), "ann", "plan").await;
    let (mut other, _) = member_in(&server.v2(1), "bob", "plan").await;
    data(&http, "mutation($p: Int!) { deleteProject(id: $p) }", json!({ "p": id })).await;
    assert_eq!(doomed.wait_for_close().await.expect("a close").code, Some(4504));
    other.messages_until_pong().await.expect("still served");
    // Open mode takes any positive id, so the number may be joined anew at once.
    let (again, snapshot) = member(&server.v2(id), "ann").await;
    assert_eq!(snapshot.users.len(), 1);
    again.close().await.expect("closes");
    other.close().await.expect("closes");
}

#[tokio::test]
async fn presence_and_health_are_what_the_sockets_show() {
    let server = TestServer::start();
    let (ann, _) = member_in(&server.v2(1), "ann", "plan").await;
    let query = "{
        project(id: 1) { presence { userId status documents { documentId } } activity { users connections } }
        health { isReady connections sessions }
    }";
    let shown = data(&server.http(), query, json!({})).await;
    let presence = json!([{ "userId": "ann", "status": "ACTIVE", "documents": [{ "documentId": "plan" }] }]);
    assert_eq!(
        shown["project"],
        json!({ "presence": presence, "activity": { "users": 1, "connections": 1 } })
    );
    assert_eq!(shown["health"], json!({ "isReady": true, "connections": 1, "sessions": 1 }));
    ann.close().await.expect("closes");
}

/// A graphql-transport-ws client that has been acknowledged.
async fn subscriber(server: &TestServer) -> WebSocketStream<TcpStream> {
    let mut request =
        format!("ws://{}/graphql/ws", server.address()).into_client_request().expect("a request");
    request.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_static("graphql-transport-ws"));
    let stream = TcpStream::connect(server.address()).await.expect("connects");
    let (mut socket, response) = client_async(request, stream).await.expect("upgrades");
    assert_eq!(response.headers()["sec-websocket-protocol"], "graphql-transport-ws");
    say(&mut socket, json!({ "type": "connection_init" })).await;
    assert_eq!(hear(&mut socket).await["type"], "connection_ack");
    socket
}

async fn say(socket: &mut WebSocketStream<TcpStream>, message: Value) {
    socket.send(Message::text(message.to_string())).await.expect("sends");
}

async fn hear(socket: &mut WebSocketStream<TcpStream>) -> Value {
    loop {
        let frame =
            timeout(PATIENCE, socket.next()).await.expect("in time").expect("a frame").expect("no fault");
        if let Message::Text(text) = frame {
            return serde_json::from_str(&text).expect("JSON");
        }
    }
}

#[tokio::test]
async fn a_subscription_shows_the_presence_of_a_project_as_it_changes() {
    let server = TestServer::start();
    let mut socket = subscriber(&server).await;
    let query = "subscription { presence(projectId: 1) { userId } }";
    say(&mut socket, json!({ "id": "1", "type": "subscribe", "payload": { "query": query } })).await;
    assert_eq!(hear(&mut socket).await["payload"]["data"]["presence"], json!([]));
    let (ann, _) = member(&server.v2(1), "ann").await;
    assert_eq!(hear(&mut socket).await["payload"]["data"]["presence"], json!([{ "userId": "ann" }]));
    ann.close().await.expect("closes");
    assert_eq!(hear(&mut socket).await["payload"]["data"]["presence"], json!([]));
    say(&mut socket, json!({ "id": "1", "type": "complete" })).await;
    socket.close(None).await.expect("closes");
    while let Some(Ok(_)) = timeout(PATIENCE, socket.next()).await.expect("in time") {}
}

/// D1
#[tokio::test]
async fn a_subscription_ends_with_the_server() {
    let mut server = TestServer::start_with(&["--drain", "500ms"]);
    let mut socket = subscriber(&server).await;
    let query = "subscription { presence(projectId: 1) { userId } }";
    say(&mut socket, json!({ "id": "1", "type": "subscribe", "payload": { "query": query } })).await;
    hear(&mut socket).await;
    let (mut ann, _) = member(&server.v2(1), "ann").await;
    server.signal("TERM");
    let gone = async {
        while let Some(Ok(message)) = socket.next().await {
            if let Message::Close(frame) = message {
                return frame.map(|frame| u16::from(frame.code));
            }
        }
        None
    };
    assert_eq!(timeout(PATIENCE, gone).await.expect("in time"), Some(1001));
    let told = ann.wait_for(|message| matches!(message, ServerMessage::Disconnect { .. }).then_some(()));
    told.await.expect("a notice");
    assert!(server.wait_for_exit(Duration::from_secs(5)).success());
}
