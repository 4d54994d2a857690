//! Who is in a project by an owner's decision, as GraphQL shows and changes it.

use collabd_loadgen::http::HttpClient;
use hyper::header::{AUTHORIZATION, HeaderValue};
use serde_json::json;

use super::{asking, end, joined, refusal, refused, secured, told};
use crate::support::{Issuer, TestServer, claims};

/// A token of somebody whom the issuer grants nothing.
pub(super) fn stranger_token(user: &str) -> String {
    Issuer::secret().sign(&claims(user, &json!({})))
}

/// A client of GraphQL as somebody whom the issuer grants nothing.
pub(super) fn stranger(server: &TestServer, user: &str) -> HttpClient {
    let header = format!("Bearer {}", stranger_token(user));
    server.http().with_header(AUTHORIZATION, HeaderValue::try_from(header).expect("a header"))
}

/// A8: what an owner decides counts over what a token grants, both ways.
#[tokio::test]
async fn an_owner_lets_in_and_keeps_out_whatever_tokens_say() {
    let server = secured();
    let issuer = Issuer::secret();
    let ada = issuer.http(&server, "ada", 1, "owner");
    let eve = issuer.token("eve", 1, "owner");
    let (_client, _) = joined(&server, 1, "x", Some(&eve));
    told(&ada, r#"mutation { setMemberRole(projectId: 1, userId: "bob", role: EDITOR) }"#).await;
    told(&ada, r#"mutation { removeMember(projectId: 1, userId: "eve") }"#).await;

    let (_client, snapshot) = joined(&server, 1, "x", Some(&stranger_token("bob")));
    assert!(snapshot["data"].as_array().is_some_and(|all| all.iter().any(|user| user["userId"] == "bob")));
    let bob = stranger(&server, "bob");
    assert_eq!(told(&bob, "{ projects { id } }").await, json!({ "projects": [{ "id": 1 }] }));
    let make =
        r#"mutation { createDocument(projectId: 1, name: "N", documentType: CANVAS, id: "n") { id } }"#;
    assert_eq!(told(&bob, make).await["createDocument"]["id"], "n");
    assert_eq!(refusal(&bob, r#"mutation { renameProject(id: 1, name: "N") { id } }"#).await, "FORBIDDEN");

    // A token that is as good as ever, and a fresh one.
    for token in [&eve, &issuer.token("eve", 1, "owner")] {
        assert_eq!(refused(&server, 1, Some(token)), end(4503, "forbidden"));
    }
    let eve = issuer.http(&server, "eve", 1, "owner");
    assert_eq!(told(&eve, "{ projects { id } }").await, json!({ "projects": [] }));
    for query in ["{ project(id: 1) { id } }", "mutation { createTicket(projectId: 1) { ticket } }"] {
        assert_eq!(refusal(&eve, query).await, "FORBIDDEN", "{query}");
    }
    let members = told(&ada, "{ members(projectId: 1) { userId role changedBy } }").await;
    assert_eq!(members["members"], json!([{ "userId": "bob", "role": "EDITOR", "changedBy": "ada" }]));
}

/// A8: no grant is needed for what one has made oneself, and nobody can be left without an owner.
#[tokio::test]
async fn who_makes_a_project_owns_it_and_the_last_owner_stays() {
    let server = secured();
    let mut founder = claims("ada", &json!({}));
    founder["create_projects"] = json!(true);
    let header = format!("Bearer {}", Issuer::secret().sign(&founder));
    let ada = server.http().with_header(AUTHORIZATION, HeaderValue::try_from(header).expect("a header"));
    let made = told(&ada, r#"mutation { createProject(name: "Plan") { id } }"#).await;
    assert_eq!(made["createProject"]["id"], 2);
    assert_eq!(told(&ada, "{ projects { id } }").await["projects"], json!([{ "id": 2 }]));
    told(&ada, r#"mutation { renameProject(id: 2, name: "Better plan") { id } }"#).await;
    let (_client, _) = joined(&server, 2, "x", Some(&stranger_token("ada")));
    for query in [
        r#"mutation { removeMember(projectId: 2, userId: "ada") }"#,
        r#"mutation { setMemberRole(projectId: 2, userId: "ada", role: EDITOR) }"#,
    ] {
        assert_eq!(refusal(&ada, query).await, "CONFLICT", "{query}");
    }
    told(&ada, r#"mutation { setMemberRole(projectId: 2, userId: "bob", role: OWNER) }"#).await;
    told(&ada, r#"mutation { removeMember(projectId: 2, userId: "ada") }"#).await;
    assert_eq!(refusal(&ada, "{ project(id: 2) { id } }").await, "FORBIDDEN");
}

/// A8, A14: a ticket says who somebody is, and not what owners think of that later.
#[tokio::test]
async fn a_ticket_that_waits_admits_nobody_who_is_removed_meanwhile() {
    let server = secured();
    let issuer = Issuer::secret();
    let (ada, bob) = (issuer.http(&server, "ada", 1, "owner"), issuer.http(&server, "bob", 1, "editor"));
    let ticket = told(&bob, "mutation { createTicket(projectId: 1) { ticket } }").await;
    let ticket = ticket["createTicket"]["ticket"].as_str().expect("a ticket").to_owned();
    told(&ada, r#"mutation { removeMember(projectId: 1, userId: "bob") }"#).await;
    assert_eq!(refused(&server, 1, Some(&ticket)), end(4503, "forbidden"));
}

/// A fresh token is judged like the first one: by what owners have decided.
#[tokio::test]
async fn a_fresh_token_brings_no_more_than_an_owner_lets_it() {
    let server = secured();
    let issuer = Issuer::secret();
    let ada = issuer.http(&server, "ada", 1, "owner");
    told(&ada, r#"mutation { setMemberRole(projectId: 1, userId: "bob", role: VIEWER) }"#).await;
    let (mut bob, _) = joined(&server, 1, "x", Some(&issuer.token("bob", 1, "viewer")));
    let fresh = json!({ "type": "authenticate", "data": { "token": issuer.token("bob", 1, "owner") } });
    bob.send_text(&fresh.to_string());
    assert_eq!(bob.messages_until_pong(), [] as [serde_json::Value; 0], "the role is what it was");
    // Where no owner has decided anything, the fresh token's grant counts at once.
    let (mut cy, _) = joined(&server, 1, "x", Some(&issuer.token("cy", 1, "viewer")));
    let fresh = json!({ "type": "authenticate", "data": { "token": issuer.token("cy", 1, "editor") } });
    cy.send_text(&fresh.to_string());
    assert_eq!(cy.message_of_type("role_changed")["role"], "editor");
}

/// An open server knows nobody, so nobody is a member there.
#[tokio::test]
async fn an_open_server_has_no_members() {
    let server = TestServer::start();
    for query in [
        "{ members(projectId: 1) { userId } }",
        "{ invitations(projectId: 1) { id } }",
        "mutation { inviteMember(projectId: 1, role: VIEWER) { code } }",
        r#"mutation { acceptInvitation(code: "x") { id } }"#,
        r#"mutation { revokeInvitation(projectId: 1, id: "x") }"#,
        r#"mutation { setMemberRole(projectId: 1, userId: "bob", role: VIEWER) }"#,
        r#"mutation { removeMember(projectId: 1, userId: "bob") }"#,
    ] {
        let answer = super::ask(&server.http(), query).await;
        let error = &answer["errors"][0];
        assert_eq!(error["message"], "there are no members where authentication is off", "{query}");
        assert_eq!(error["extensions"]["code"], "BAD_REQUEST", "{query}");
    }
}

/// A8: whoever asks to join and is nobody's member hears the same, with or without a row for others.
#[tokio::test]
async fn a_decision_about_one_lets_in_nobody_else() {
    let server = secured();
    let ada = Issuer::secret().http(&server, "ada", 1, "owner");
    told(&ada, r#"mutation { setMemberRole(projectId: 1, userId: "bob", role: OWNER) }"#).await;
    for user in ["Bob", "bob2", "bo", "ada"] {
        let mut client = asking(&server, 1, "bob", Some(&stranger_token(user)));
        assert_eq!(client.end(), end(4503, "forbidden"), "{user}");
    }
}
