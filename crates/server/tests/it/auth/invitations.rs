//! Invitations, from the owner who makes one to whom it lets in.

use serde_json::{Value, json};

use super::members::{stranger, stranger_token};
use super::{ask, joined, refusal, secured, told};
use crate::support::{Issuer, TestServer};

/// A code for project 1, made by its owner.
async fn invited(server: &TestServer, arguments: &str) -> String {
    let ada = Issuer::secret().http(server, "ada", 1, "owner");
    let query = format!("mutation {{ inviteMember(projectId: 1, {arguments}) {{ code }} }}");
    told(&ada, &query).await["inviteMember"]["code"].as_str().expect("a code").to_owned()
}

fn accept(code: &str) -> String {
    format!("mutation {{ acceptInvitation(code: {}) {{ id name }} }}", json!(code))
}

/// A8
#[tokio::test]
async fn an_invitation_lets_one_person_in_who_had_no_grant() {
    let server = secured();
    let code = invited(&server, "role: EDITOR").await;
    let bob = stranger(&server, "bob");
    assert_eq!(refusal(&bob, "{ project(id: 1) { id } }").await, "FORBIDDEN");
    let accepted = told(&bob, &accept(&code)).await;
    assert_eq!(accepted["acceptInvitation"], json!({ "id": 1, "name": "Demo" }));
    let (_client, _) = joined(&server, 1, "x", Some(&stranger_token("bob")));
    assert_eq!(told(&bob, "{ projects { id } }").await["projects"], json!([{ "id": 1 }]));
    // Nobody else comes in by it.
    assert_eq!(refusal(&stranger(&server, "eve"), &accept(&code)).await, "NOT_FOUND");
}

/// A9: nothing shows whether a code ever was one.
#[tokio::test]
async fn codes_that_let_nobody_in_are_answered_alike() {
    let server = secured();
    let used = invited(&server, "role: VIEWER").await;
    told(&stranger(&server, "bob"), &accept(&used)).await;
    let withdrawn = invited(&server, "role: VIEWER").await;
    let ada = Issuer::secret().http(&server, "ada", 1, "owner");
    let waiting = told(&ada, "{ invitations(projectId: 1) { id role madeBy } }").await["invitations"].take();
    assert_eq!((&waiting[0]["role"], &waiting[0]["madeBy"]), (&json!("VIEWER"), &json!("ada")));
    let id = waiting[0]["id"].as_str().expect("an id").to_owned();
    let withdraw = format!("mutation {{ revokeInvitation(projectId: 1, id: {}) }}", json!(id));
    assert_eq!(told(&ada, &withdraw).await["revokeInvitation"], true);
    assert_eq!(told(&ada, &withdraw).await["revokeInvitation"], false);
    let eve = stranger(&server, "eve");
    let unknown = ask(&eve, &accept("invitation-of-nobody")).await;
    assert_eq!(unknown["errors"][0]["message"], "there is no such invitation");
    for code in [used, withdrawn, id, String::new()] {
        assert_eq!(ask(&eve, &accept(&code)).await, unknown, "{code}");
    }
}

#[tokio::test]
async fn an_invitation_waits_for_an_hour_to_a_month() {
    let server = secured();
    let ada = Issuer::secret().http(&server, "ada", 1, "owner");
    for hours in ["0", "-1", "721", "2147483647"] {
        let query = format!(
            "mutation {{ inviteMember(projectId: 1, role: VIEWER, expiresInHours: {hours}) {{ code }} }}"
        );
        assert_eq!(refusal(&ada, &query).await, "BAD_REQUEST", "{hours}");
    }
    for hours in ["1", "720"] {
        invited(&server, &format!("role: VIEWER, expiresInHours: {hours}")).await;
    }
}

/// A5: what is kept of a code lets nobody in.
#[tokio::test]
async fn a_code_is_shown_once_and_neither_listed_nor_logged() {
    let server = TestServer::start_with(&["--auth-secret", crate::support::SECRET, "--log=trace"]);
    let code = invited(&server, "role: OWNER").await;
    let ada = Issuer::secret().http(&server, "ada", 1, "owner");
    let listed: Value =
        told(&ada, "{ invitations(projectId: 1) { id role madeBy createdAt expiresAt } }").await;
    told(&stranger(&server, "bob"), &accept(&code)).await;
    let secret = code.trim_start_matches("invitation-");
    assert!(secret.len() == 64 && !listed.to_string().contains(secret));
    assert!(!server.log().contains(secret));
}
