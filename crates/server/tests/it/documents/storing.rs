//! What is reported as saved is on disk; what is deleted is gone.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{DocumentClient, TestServer, eventually};

async fn ask(server: &TestServer, query: &str) -> Value {
    let body = json!({ "query": query });
    server.http().post_json("/graphql", &body).await.expect("an answer").json().expect("JSON")
}

#[tokio::test]
async fn a_document_is_listed_with_its_first_update_and_not_before() {
    let server = TestServer::start();
    let list = r#"{ project(id: 1) { document(id: "plan") { name documentType } } }"#;
    let mut ada = DocumentClient::synced(&server, "1/plan?document_type=timeline").await;
    ada.until_saved().await;
    assert_eq!(ask(&server, list).await["data"]["project"]["document"], Value::Null);
    ada.type_text("hello").await;
    ada.until_saved().await;
    let listed = ask(&server, list).await;
    assert_eq!(
        listed["data"]["project"]["document"],
        json!({ "name": "plan", "documentType": "TIMELINE" }),
        "{listed}"
    );
}

#[tokio::test]
async fn a_document_that_was_unloaded_comes_back_whole() {
    let server = TestServer::start();
    let mut ada = DocumentClient::synced(&server, "1/notes").await;
    for _ in 0..50 {
        ada.type_text("x").await;
        ada.until_saved().await;
    }
    ada.leave().await;
    eventually(Duration::from_secs(5), "unloading", || (server.state().documents == 0).then_some(()));
    assert_eq!(DocumentClient::synced(&server, "1/notes").await.text(), "x".repeat(50));
}

#[tokio::test]
async fn a_deleted_document_closes_its_clients_and_does_not_come_back_with_them() {
    let server = TestServer::start();
    let mut ada = DocumentClient::synced(&server, "1/notes").await;
    ada.type_text("hello").await;
    ada.until_saved().await;
    let deleted = ask(&server, r#"mutation { deleteDocument(projectId: 1, id: "notes") }"#).await;
    assert_eq!(deleted["data"]["deleteDocument"], true, "{deleted}");
    assert_eq!(ada.end().await, Some(4504));
    // y-websocket connects again whatever it is told, and offers all it has.
    let mut again = DocumentClient::connect(&server, "1/notes").await;
    assert_eq!(again.end().await, Some(4504));
    let made =
        r#"mutation { createDocument(projectId: 1, id: "notes", name: "New", documentType: CANVAS) { id } }"#;
    assert_eq!(ask(&server, made).await["data"]["createDocument"]["id"], "notes");
    assert_eq!(DocumentClient::synced(&server, "1/notes").await.text(), "");
}

#[tokio::test]
async fn a_deleted_project_closes_its_documents() {
    let server = TestServer::start();
    let mut ada = DocumentClient::synced(&server, "1/notes").await;
    assert_eq!(ask(&server, "mutation { deleteProject(id: 1) }").await["data"]["deleteProject"], true);
    assert_eq!(ada.end().await, Some(4504));
}
