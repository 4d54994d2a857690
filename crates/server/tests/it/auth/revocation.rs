//! A7: a right that ends closes what is open by it, at once.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use super::graphql_sockets::{begin, subscribe};
use super::members::stranger_token;
use super::{asking, end, joined, refused, secured, told, v1_end};
use crate::support::{DocumentClient, Issuer, RawClient, TestServer, v1_path};

/// What is promised.
const AT_ONCE: Duration = Duration::from_secs(2);

const WATCH: &str = "subscription { presence(projectId: 1) { userId } }";
const REMOVE: &str = r#"mutation { removeMember(projectId: 1, userId: "bob") }"#;

/// Everything that bob can have open.
struct Open {
    v2: RawClient,
    v1: RawClient,
    document: DocumentClient,
    subscription: RawClient,
}

impl Open {
    async fn by(server: &TestServer, token: &str) -> Self {
        let (v2, _) = joined(server, 1, "x", Some(token));
        let mut v1 = RawClient::upgraded(server.address(), &v1_path(1));
        let join =
            json!({ "type": "join_session", "data": { "userId": "x", "userName": "X", "token": token } });
        v1.send_text(&join.to_string());
        v1.message_of_type("bulk_presence");
        let mut document = DocumentClient::connect_as(server, "1/notes", None, Some(token)).await;
        document.sync().await;
        let mut subscription = begin(server, &json!({ "token": token }));
        let first = subscribe(&mut subscription, &json!({ "query": WATCH }));
        assert!(first["data"]["presence"].is_array(), "{first}");
        Self { v2, v1, document, subscription }
    }

    /// Everything ends with this code, and the subscription with this error.
    async fn ends(mut self, code: u16, name: &str, error: &str) {
        assert_eq!(self.v2.end(), end(code, name));
        assert_eq!(self.v1.end(), v1_end(code, name));
        assert_eq!(self.document.end().await, Some(code));
        let last = last_answer(&mut self.subscription);
        assert_eq!((&last["data"], &last["errors"][0]["extensions"]["code"]), (&Value::Null, &json!(error)));
        assert_eq!(self.subscription.message()["type"], "complete");
    }
}

/// The answer of a subscription that is an error; lists before it are gone.
fn last_answer(subscription: &mut RawClient) -> Value {
    loop {
        let mut message = subscription.message();
        assert_eq!(message["type"], "next", "{message}");
        if message["payload"]["errors"].is_array() {
            return message["payload"].take();
        }
    }
}

/// A7
#[tokio::test]
async fn a_removed_member_hears_nothing_any_more_on_anything_that_is_open() {
    let server = secured();
    let issuer = Issuer::secret();
    let ada = issuer.http(&server, "ada", 1, "owner");
    let token = issuer.token("bob", 1, "editor");
    let (mut witness, _) = joined(&server, 1, "x", Some(&issuer.token("cy", 1, "editor")));
    let mut open = Open::by(&server, &token).await;
    // Somebody whose messages bob would hear.
    for status in ["idle", "active"] {
        witness.send_text(&json!({ "type": "set_status", "data": { "status": status } }).to_string());
    }
    open.v2.message_of_type("user_updated");
    told(&ada, REMOVE).await;
    let removed = Instant::now();
    for status in ["away", "active"] {
        witness.send_text(&json!({ "type": "set_status", "data": { "status": status } }).to_string());
    }
    // Each end is read to the end of TCP: nothing comes after a close.
    open.ends(4505, "revoked", "FORBIDDEN").await;
    assert!(removed.elapsed() < AT_ONCE, "{:?}", removed.elapsed());
    let left = witness.message_of_type("user_left");
    assert_eq!((&left["userId"], &left["reason"]), (&json!("bob"), &json!("revoked")));
    assert_eq!(refused(&server, 1, Some(&token)), end(4503, "forbidden"));
    told(&ada, r#"mutation { setMemberRole(projectId: 1, userId: "bob", role: VIEWER) }"#).await;
    joined(&server, 1, "x", Some(&token));
}

/// A7: who has not joined yet has no rights to lose, but comes in by none either.
#[tokio::test]
async fn a_connection_that_has_not_joined_is_closed_as_well() {
    let server = secured();
    let issuer = Issuer::secret();
    let ada = issuer.http(&server, "ada", 1, "owner");
    let (mut early, _) = joined(&server, 1, "x", Some(&issuer.token("bob", 1, "editor")));
    early.send_text(r#"{"type":"leave_session"}"#);
    early.messages_until_pong();
    told(&ada, REMOVE).await;
    assert_eq!(early.end(), end(4505, "revoked"));
}

/// A7: others of the project, and the same user elsewhere, notice nothing.
#[tokio::test]
async fn a_removal_is_about_one_user_in_one_project() {
    let server = secured();
    let issuer = Issuer::secret();
    let ada = issuer.http(&server, "ada", 1, "owner");
    let (mut cy, _) = joined(&server, 1, "x", Some(&issuer.token("cy", 1, "editor")));
    let (mut elsewhere, _) = joined(&server, 2, "x", Some(&issuer.token("bob", 2, "editor")));
    let (mut bob, _) = joined(&server, 1, "x", Some(&issuer.token("bob", 1, "editor")));
    told(&ada, REMOVE).await;
    assert_eq!(bob.end(), end(4505, "revoked"));
    cy.messages_until_pong();
    elsewhere.messages_until_pong();
}

/// A7: a member whose right is a row and nothing else.
#[tokio::test]
async fn a_deleted_project_closes_everything_that_is_open_in_it() {
    let server = secured();
    let issuer = Issuer::secret();
    let ada = issuer.http(&server, "ada", 1, "owner");
    told(&ada, r#"mutation { setMemberRole(projectId: 1, userId: "bob", role: EDITOR) }"#).await;
    let open = Open::by(&server, &stranger_token("bob")).await;
    told(&ada, "mutation { deleteProject(id: 1) }").await;
    open.ends(4504, "project_deleted", "NOT_FOUND").await;
    assert_eq!(asking(&server, 1, "x", Some(&stranger_token("bob"))).end(), end(4503, "forbidden"));
}
