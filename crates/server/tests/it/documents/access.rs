//! Who may see and who may change a document, and how a client shows who it is.

use collabd_documents::wire::peer::{self, ServerMessage};
use serde_json::{Value, json};

use crate::support::{DocumentClient, Issuer, SECRET, TestServer};

async fn ticket(server: &TestServer, role: &str) -> String {
    let query = json!({ "query": format!(
        r#"mutation {{ createTicket(projectId: 1, userId: "vic", userName: "Vic", role: {role}) {{ ticket }} }}"#
    ) });
    let answer: Value =
        server.http().post_json("/graphql", &query).await.expect("an answer").json().expect("JSON");
    answer["data"]["createTicket"]["ticket"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
}

#[tokio::test]
async fn a_viewers_change_is_refused_and_everybody_stays() {
    let server = TestServer::start();
    let ticket = ticket(&server, "VIEWER").await;
    let mut ada = DocumentClient::synced(&server, "1/notes").await;
    let mut vic = DocumentClient::synced(&server, &format!("1/notes?ticket={ticket}")).await;
    vic.type_text("graffiti").await;
    let denied = vic.hear(|message| matches!(message, ServerMessage::PermissionDenied(_))).await;
    assert_eq!(
        denied,
        ServerMessage::PermissionDenied("you may read this document, not change it".to_owned())
    );
    ada.type_text("hello").await;
    vic.hear(|message| matches!(message, ServerMessage::Update(_))).await;
    assert_eq!(DocumentClient::synced(&server, "1/notes").await.text(), "hello");
}

#[tokio::test]
async fn a_ticket_admits_once() {
    let server = TestServer::start();
    let path = format!("1/notes?ticket={}", ticket(&server, "EDITOR").await);
    let mut first = DocumentClient::synced(&server, &path).await;
    first.type_text("hello").await;
    first.until_saved().await;
    let mut second = DocumentClient::connect(&server, &path).await;
    assert_eq!(second.end().await, Some(4501));
}

#[tokio::test]
async fn a_secured_server_takes_a_token_in_the_header_or_in_the_first_message() {
    let server = TestServer::start_with(&["--auth-secret", SECRET]);
    let issuer = Issuer::secret();
    let editor = issuer.token("ada", 1, "editor");
    let mut ada =
        DocumentClient::connect_as(&server, "1/notes", Some("collab.documents"), Some(&editor)).await;
    ada.sync().await;
    ada.type_text("hello").await;
    ada.until_saved().await;

    let mut vic = DocumentClient::connect(&server, "1/notes").await;
    vic.send(peer::authenticate(&issuer.token("vic", 1, "viewer"))).await;
    vic.sync().await;
    assert_eq!(vic.text(), "hello");
}

#[tokio::test]
async fn a_secured_server_shows_nothing_to_whoever_shows_nothing() {
    let server = TestServer::start_with(&["--auth-secret", SECRET, "--join-timeout", "300ms"]);
    let issuer = Issuer::secret();
    let mut hasty = DocumentClient::connect(&server, "1/notes?user_id=ada").await;
    hasty.send(peer::query_awareness()).await;
    assert_eq!(hasty.end().await, Some(4501));
    let mut silent = DocumentClient::connect(&server, "1/notes").await;
    assert_eq!(silent.end().await, Some(4007));
    let mut stranger = DocumentClient::connect(&server, "1/notes").await;
    stranger.send(peer::authenticate(&issuer.token("eve", 2, "owner"))).await;
    assert_eq!(stranger.end().await, Some(4503));
    let mut forger = DocumentClient::connect(&server, "1/notes").await;
    forger.send(peer::authenticate("a.b.c")).await;
    assert_eq!(forger.end().await, Some(4501));
}
