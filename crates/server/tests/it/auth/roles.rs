//! A7: a role that changes counts at once, on the connections that are open.

use collabd_documents::wire::peer::ServerMessage;
use serde_json::json;

use super::{joined, secured, told};
use crate::support::{DocumentClient, Issuer, RawClient};

fn denied(message: &ServerMessage) -> bool {
    matches!(message, ServerMessage::PermissionDenied(_))
}

/// A7
#[tokio::test]
async fn a_lowered_member_reads_on_and_writes_no_more_until_raised_again() {
    let server = secured();
    let issuer = Issuer::secret();
    let ada = issuer.http(&server, "ada", 1, "owner");
    let (of_ada, of_bob) = (issuer.token("ada", 1, "owner"), issuer.token("bob", 1, "editor"));
    let mut writer =
        DocumentClient::connect_as(&server, "1/notes", Some("collab.documents"), Some(&of_ada)).await;
    writer.sync().await;
    let mut bob =
        DocumentClient::connect_as(&server, "1/notes", Some("collab.documents"), Some(&of_bob)).await;
    bob.sync().await;
    let (mut told_of_roles, _) = joined(&server, 1, "x", Some(&of_bob));
    bob.type_text("before ").await;
    bob.until_saved().await;
    writer.until_text("before ").await;

    told(&ada, r#"mutation { setMemberRole(projectId: 1, userId: "bob", role: VIEWER) }"#).await;
    assert_eq!(told_of_roles.message_of_type("role_changed")["role"], "viewer");
    until_denied(&mut bob).await;
    writer.type_text("meanwhile").await;
    bob.hear(|message| matches!(message, ServerMessage::Update(_))).await;

    told(&ada, r#"mutation { setMemberRole(projectId: 1, userId: "bob", role: EDITOR) }"#).await;
    assert_eq!(told_of_roles.message_of_type("role_changed")["role"], "editor");
    // What was refused is asked for again, and then all counts as stored.
    bob.type_text(" after").await;
    bob.until_saved().await;
    let mut fresh = DocumentClient::connect_as(&server, "1/notes", None, Some(&of_ada)).await;
    fresh.sync().await;
    assert!(fresh.text().contains("after"), "{}", fresh.text());
}

/// Types until a change is refused: every connection of a member looks the new role up for itself, and another one may
/// have told of it first.
async fn until_denied(client: &mut DocumentClient) {
    loop {
        client.type_text("x").await;
        let answer =
            client.hear(|message| denied(message) || matches!(message, ServerMessage::Saved(..))).await;
        if denied(&answer) {
            return;
        }
    }
}

/// A v1 client has no word for its role and loses nothing else.
#[tokio::test]
async fn a_lowered_v1_client_is_told_nothing_and_stays() {
    let server = secured();
    let issuer = Issuer::secret();
    let ada = issuer.http(&server, "ada", 1, "owner");
    let (mut v2, _) = joined(&server, 1, "x", Some(&issuer.token("bob", 1, "editor")));
    let mut v1 = RawClient::upgraded(server.address(), &crate::support::v1_path(1));
    let token = issuer.token("bob", 1, "editor");
    let join = json!({ "type": "join_session", "data": { "userId": "x", "userName": "X", "token": token } });
    v1.send_text(&join.to_string());
    v1.message_of_type("bulk_presence");
    told(&ada, r#"mutation { setMemberRole(projectId: 1, userId: "bob", role: VIEWER) }"#).await;
    v2.message_of_type("role_changed");
    assert!(v1.messages_until_pong().iter().all(|message| message["type"] != "role_changed"));
}
