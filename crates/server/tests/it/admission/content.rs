//! As much as a project may have, and as many documents as may be open.

use serde_json::{Value, json};

use super::{assert_documented, assert_limit, hits};
use crate::support::{DocumentClient, TestServer};

/// The only error of a request.
async fn refusal(server: &TestServer, query: &str) -> Value {
    let answer = server.http().post_json("/graphql", &json!({ "query": query })).await.expect("an answer");
    let answer: Value = answer.json().expect("JSON");
    let errors = answer["errors"].as_array().unwrap_or_else(|| panic!("{answer}"));
    assert_eq!(errors.len(), 1, "{answer}");
    errors[0].clone()
}

#[tokio::test]
async fn a_project_that_is_full_is_told_of_what() {
    // As many as every project has at first.
    let server = TestServer::start_with(&["--max-documents-per-project", "5"]);
    let create = r#"mutation { createDocument(projectId: 1, id: "sixth", name: "Sixth", documentType: CANVAS) { id } }"#;
    let refused = refusal(&server, create).await;
    assert_eq!(refused["extensions"]["code"], "BAD_REQUEST");
    assert_limit(&refused["extensions"], "max_documents_per_project", 5);
    assert_eq!(hits(&server, "max_documents_per_project"), 1);
}

/// R3
#[tokio::test]
async fn one_document_more_than_may_be_open_is_refused_with_the_limit_on_every_way() {
    let server = TestServer::start_with(&["--max-open-documents", "1"]);
    let first = DocumentClient::synced(&server, "1/code").await;
    assert_eq!(DocumentClient::connect(&server, "1/canvas").await.end().await, Some(1013));
    assert_eq!(hits(&server, "max_open_documents"), 1);
    let answer = server.http().get("/documents/1/canvas").await.expect("an answer");
    assert_eq!(answer.status.as_u16(), 503);
    assert_eq!(hits(&server, "max_open_documents"), 2);
    let create = r#"mutation { createVersion(projectId: 1, documentId: "canvas") { id } }"#;
    let refused = refusal(&server, create).await;
    assert_eq!(refused["extensions"]["code"], "OVERLOADED");
    assert_limit(&refused["extensions"], "max_open_documents", 1);
    assert_eq!(hits(&server, "max_open_documents"), 3);
    first.leave().await;
}

#[test]
fn limits_that_cannot_be_set_are_documented() {
    for (name, max) in
        [("project_roles", 10_000), ("project_roles_ever", 100_000), ("project_invitations", 100)]
    {
        assert_documented(name, max);
    }
    assert_documented("connection_documents", 8);
}
