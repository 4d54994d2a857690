//! Whoever is in a document is in its project, whichever way it came.

use collabd_loadgen::Event;
use collabd_protocol::ServerMessage;
use serde_json::{Value, json};

use crate::support::{DocumentClient, TestServer, member};

async fn present(server: &TestServer) -> Value {
    let query = json!({ "query": "{ project(id: 1) { presence { userId userName sessions } } }" });
    let answer: Value =
        server.http().post_json("/graphql", &query).await.expect("an answer").json().expect("JSON");
    answer["data"]["project"]["presence"].clone()
}

#[tokio::test]
async fn an_editor_that_speaks_yjs_alone_is_present_under_its_name_with_its_document() {
    let server = TestServer::start();
    let (mut witness, _) = member(&server.v2(1), "witness").await;
    let editor = DocumentClient::synced(&server, "1/notes?user_id=ada&user_name=Ada%20L").await;
    let joined = loop {
        if let Event::Message(ServerMessage::UserJoined { user }) =
            witness.next_event().await.expect("an event")
        {
            break user;
        }
    };
    assert_eq!((joined.user_id.as_str(), joined.user_name.as_str()), ("ada", "Ada L"));
    let documents: Vec<_> = joined.documents.keys().map(collabd_protocol::DocumentId::as_str).collect();
    assert_eq!(documents, ["notes"]);
    editor.leave().await;
    loop {
        let event = witness.next_event().await.expect("an event");
        if let Event::Message(ServerMessage::UserLeft { user_id, .. }) = event {
            assert_eq!(user_id.as_str(), "ada");
            break;
        }
    }
    witness.close().await.expect("closes");
}

#[tokio::test]
async fn a_person_on_both_sockets_is_one_person() {
    let server = TestServer::start();
    let (ada, _) = member(&server.v2(1), "ada").await;
    let editor = DocumentClient::synced(&server, "1/notes?user_id=ada").await;
    let seen = present(&server).await;
    assert_eq!(seen.as_array().map(Vec::len), Some(1), "{seen}");
    assert_eq!(seen[0]["sessions"], 2);
    editor.leave().await;
    ada.close().await.expect("closes");
}

#[tokio::test]
async fn a_guest_is_somebody_new_each_time() {
    let server = TestServer::start();
    let one = DocumentClient::synced(&server, "1/notes").await;
    let two = DocumentClient::synced(&server, "1/notes").await;
    let seen = present(&server).await;
    assert_eq!(seen.as_array().map(Vec::len), Some(2), "{seen}");
    assert_eq!((&seen[0]["userName"], &seen[1]["userName"]), (&json!("Guest"), &json!("Guest")));
    one.leave().await;
    two.leave().await;
}
