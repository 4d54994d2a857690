//! Documents as wholes: versions, import, export.

use axum::http::{HeaderName, HeaderValue, Method};
use collabd_loadgen::http::HttpResponse;
use serde_json::{Value, json};
use yrs::updates::decoder::Decode as _;
use yrs::{Doc, GetString as _, Transact as _, Update};

use crate::support::{DocumentClient, Issuer, SECRET, TestServer};

async fn data(server: &TestServer, query: &str) -> Value {
    let body = json!({ "query": query });
    let answer: Value =
        server.http().post_json("/graphql", &body).await.expect("an answer").json().expect("JSON");
    assert_eq!(answer.get("errors"), None, "{answer}");
    answer["data"].clone()
}

async fn send(
    server: &TestServer,
    method: Method,
    header: (&'static str, &'static str),
    body: Vec<u8>,
) -> HttpResponse {
    let (name, value) = header;
    let http = server.http().with_header(HeaderName::from_static(name), HeaderValue::from_static(value));
    http.request(method, "/documents/1/notes", body.into()).await.expect("an answer")
}

#[tokio::test]
async fn a_version_is_named_shown_and_restored_for_everybody_as_one_more_change() {
    let server = TestServer::start();
    let mut ada = DocumentClient::synced(&server, "1/notes").await;
    ada.type_text("first").await;
    ada.until_saved().await;
    let kept =
        data(&server, r#"mutation { createVersion(projectId: 1, documentId: "notes") { id name } }"#).await;
    let id = &kept["createVersion"]["id"];
    let named = format!(
        r#"mutation {{ nameVersion(projectId: 1, documentId: "notes", id: {id}, name: "Draft") {{ name text json }} }}"#
    );
    assert_eq!(
        data(&server, &named).await["nameVersion"],
        json!({ "name": "Draft", "text": "first", "json": { "text": "first" } })
    );
    ada.type_text(", second").await;
    ada.until_saved().await;
    let restore = format!(
        r#"mutation {{ restoreVersion(projectId: 1, documentId: "notes", id: {id}) {{ content {{ text }} }} }}"#
    );
    assert_eq!(data(&server, &restore).await["restoreVersion"]["content"]["text"], "first");
    ada.until_text("first").await;
    let list = r#"{ project(id: 1) { document(id: "notes") { versions { name text } } } }"#;
    let versions = data(&server, list).await["project"]["document"]["versions"].clone();
    let before = json!({ "name": null, "text": "first, second" });
    assert!(
        versions.as_array().is_some_and(|all| all.contains(&before)),
        "what was restored over is kept: {versions}"
    );
}

#[tokio::test]
async fn a_document_goes_out_as_update_json_or_text_and_comes_in_as_update_or_json() {
    let server = TestServer::start();
    let mut ada = DocumentClient::synced(&server, "1/notes").await;
    ada.type_text("hello").await;
    ada.until_saved().await;

    let update = send(&server, Method::GET, ("accept", "application/octet-stream"), Vec::new()).await;
    let doc = Doc::new();
    doc.transact_mut().apply_update(Update::decode_v1(&update.body).expect("an update")).expect("applied");
    let field = doc.get_or_insert_text("text");
    assert_eq!(field.get_string(&doc.transact()), "hello");
    let text = send(&server, Method::GET, ("accept", "text/plain"), Vec::new()).await;
    assert_eq!(text.text(), "hello");
    let shown: Value =
        send(&server, Method::GET, ("accept", "application/json"), Vec::new()).await.json().expect("JSON");
    assert_eq!(shown, json!({ "text": "hello" }));

    let json =
        send(&server, Method::POST, ("content-type", "application/json"), br#"{"text":"bye"}"#.to_vec())
            .await;
    assert_eq!(json.status, 204, "{}", json.text());
    ada.until_text("bye").await;

    let more = DocumentClient::synced(&server, "1/other").await.typed("more");
    let merged = send(&server, Method::POST, ("content-type", "application/octet-stream"), more).await;
    assert_eq!(merged.status, 204, "{}", merged.text());
    let bad = send(&server, Method::POST, ("content-type", "application/octet-stream"), vec![255; 9]).await;
    assert_eq!(bad.status, 422, "{}", bad.text());
    let poem = send(&server, Method::POST, ("content-type", "text/markdown"), b"# hello".to_vec()).await;
    assert_eq!(poem.status, 415);
}

#[tokio::test]
async fn an_import_may_be_as_large_as_a_document_and_no_larger() {
    let server = TestServer::start_with(&["--max-update-bytes", "4096", "--max-document-bytes", "65536"]);
    let mut ada = DocumentClient::synced(&server, "1/other").await;
    let large = ada.typed(&"x".repeat(50_000));
    let taken = send(&server, Method::POST, ("content-type", "application/octet-stream"), large).await;
    assert_eq!(taken.status, 204, "{}", taken.text());
    let larger = ada.typed(&"x".repeat(70_000));
    let refused = send(&server, Method::POST, ("content-type", "application/octet-stream"), larger).await;
    assert_eq!(refused.status, 413, "{}", refused.text());
    ada.leave().await;
}

#[tokio::test]
async fn in_a_secured_server_viewers_take_out_and_editors_put_in() {
    let server = TestServer::start_with(&["--auth-secret", SECRET]);
    let issuer = Issuer::secret();
    let body = || br#"{"text":"hello"}"#.to_vec().into();
    let json = (HeaderName::from_static("content-type"), HeaderValue::from_static("application/json"));
    let path = "/documents/1/notes";
    for (role, get, post) in [("editor", 200, 204), ("viewer", 200, 403)] {
        let http = issuer.http(&server, "ada", 1, role).with_header(json.0.clone(), json.1.clone());
        assert_eq!(http.request(Method::POST, path, body()).await.expect("an answer").status, post, "{role}");
        assert_eq!(http.get(path).await.expect("an answer").status, get, "{role}");
    }
    let stranger = issuer.http(&server, "eve", 2, "owner");
    assert_eq!(stranger.get(path).await.expect("an answer").status, 403);
    assert_eq!(server.http().get(path).await.expect("an answer").status, 401);
}
