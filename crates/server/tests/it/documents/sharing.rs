//! What one client changes, the others have, and what is wrong closes its sender alone.

use bytes::Bytes;
use collabd_documents::wire::peer::ServerMessage;
use collabd_documents::wire::{self};

use crate::support::{DocumentClient, RawClient, TestServer, upgrade_request};

const HERE: Option<&str> = Some(r#"{"user":{"name":"Ada"}}"#);

#[tokio::test]
async fn what_one_types_the_others_see_and_newcomers_have() {
    let server = TestServer::start();
    let mut ada = DocumentClient::synced(&server, "1/notes").await;
    let mut ben = DocumentClient::synced(&server, "1/notes").await;
    ada.type_text("hello").await;
    ben.until_text("hello").await;
    ben.type_text(" world").await;
    ada.until_text("hello world").await;
    let cy = DocumentClient::synced(&server, "1/notes").await;
    assert_eq!(cy.text(), "hello world");
}

#[tokio::test]
async fn documents_of_other_projects_and_other_ids_are_other_documents() {
    let server = TestServer::start();
    let mut ada = DocumentClient::synced(&server, "1/notes").await;
    ada.type_text("hello").await;
    ada.until_saved().await;
    assert_eq!(DocumentClient::synced(&server, "1/other").await.text(), "");
}

/// A client that hears nothing for 30 s gives its socket up, its own awareness included.
#[tokio::test]
async fn awareness_reaches_its_announcer_too_and_ends_with_it() {
    let server = TestServer::start();
    let mut ada = DocumentClient::connect_as(&server, "1/notes", None, None).await;
    let mut ben = DocumentClient::connect_as(&server, "1/notes", None, None).await;
    ada.announce(7, 1, HERE).await;
    let own = |message: &ServerMessage| matches!(message, ServerMessage::Awareness(entries) if entries[0].state.is_some());
    ada.hear(own).await;
    ben.hear(own).await;
    ada.leave().await;
    let gone = |message: &ServerMessage| matches!(message, ServerMessage::Awareness(entries) if entries[0].state.is_none());
    let ServerMessage::Awareness(entries) = ben.hear(gone).await else { panic!("no awareness") };
    assert_eq!(entries[0].client, 7);
}

#[tokio::test]
async fn y_websocket_is_sent_nothing_that_it_does_not_know() {
    let server = TestServer::start();
    let mut plain = DocumentClient::connect_as(&server, "1/notes", None, None).await;
    plain.type_text("hello").await;
    let mut other = DocumentClient::synced(&server, "1/notes").await;
    other.until_text("hello").await;
    other.type_text("!").await;
    other.until_saved().await;
    let told =
        plain.hear(|message| matches!(message, ServerMessage::Update(_) | ServerMessage::Saved(..))).await;
    assert!(matches!(told, ServerMessage::Update(_)), "{told:?}");
}

/// X3
#[tokio::test]
async fn what_breaks_the_wire_closes_its_sender_alone_with_the_code_that_says_why() {
    let server = TestServer::start_with(&["--max-update-bytes", "4096"]);
    let mut ada = DocumentClient::synced(&server, "1/notes").await;
    let bad: [(Bytes, u16); 6] = [
        (Bytes::from_static(&[77]), 4500),
        (Bytes::from_static(&[0, 0, 255]), 4500),
        (wire::update(&[255, 255, 255, 255, 15]), 4500),
        (wire::sync_step1(&[0xff, 0xff, 0xff, 0x1f]), 4500),
        (wire::update(&[0; 5000]), 1009),
        (wire::sync_step2(&vec![0; 33_000]), 1009),
    ];
    for (message, code) in bad {
        let mut eve = DocumentClient::connect(&server, "1/notes").await;
        eve.send(message.clone()).await;
        assert_eq!(eve.end().await, Some(code), "{message:?}");
    }
    let mut texter = DocumentClient::connect(&server, "1/notes").await;
    texter.send_text("hello").await;
    assert_eq!(texter.end().await, Some(1003));
    ada.type_text("still here").await;
    ada.until_saved().await;
}

#[test]
fn a_path_or_query_that_names_no_document_is_refused_before_the_upgrade() {
    let server = TestServer::start();
    let refused = [
        "/ws/documents/0/notes",
        "/ws/documents/x/notes",
        "/ws/documents/1/notes?document_type=poem",
        "/ws/documents/1/%00",
        "/ws/documents/1/notes?user_id=",
    ];
    for path in refused {
        let mut client = RawClient::connect(server.address());
        client.send(upgrade_request(path, ""));
        assert_eq!(client.response().status, 400, "{path}");
    }
    let mut client = RawClient::connect(server.address());
    client.send(upgrade_request("/ws/documents/1", ""));
    assert_eq!(client.response().status, 404);
}

#[tokio::test]
async fn a_project_that_does_not_exist_has_no_documents() {
    let server = TestServer::start();
    let mut ada = DocumentClient::connect(&server, "999/notes").await;
    assert_eq!(ada.end().await, Some(4503));
}

/// D1
#[tokio::test]
async fn a_shutdown_says_goodbye_and_stores_the_last_word() {
    let mut server = TestServer::start();
    let mut ada = DocumentClient::synced(&server, "1/notes").await;
    ada.type_text("last words").await;
    server.signal("TERM");
    assert_eq!(ada.end().await, Some(1001));
    assert!(server.wait_for_exit(std::time::Duration::from_secs(5)).success());
}
