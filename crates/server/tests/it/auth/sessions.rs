//! Who is connected, and sending somebody away.

use serde_json::{Value, json};

use super::graphql_sockets::{begin, subscribe};
use super::{ask, end, joined, refusal, secured, told, v1_end};
use crate::support::{DocumentClient, Issuer, RawClient, TestServer, v1_path};

const SESSIONS: &str = "{ sessions(projectId: 1) { id userId userName isAgent documentId kind address } }";

async fn sessions(http: &collabd_loadgen::http::HttpClient) -> Vec<Value> {
    told(http, SESSIONS).await["sessions"].as_array().expect("a list").clone()
}

#[tokio::test]
async fn members_see_who_is_connected_and_owners_from_where() {
    let server = secured();
    let issuer = Issuer::secret();
    let (ada, vic) = (issuer.http(&server, "ada", 1, "owner"), issuer.http(&server, "vic", 1, "viewer"));
    let (mut bob, snapshot) = joined(&server, 1, "x", Some(&issuer.token("bob", 1, "editor")));
    // The snapshot may be sent before the session is listed.
    bob.messages_until_pong();
    let mut document =
        DocumentClient::connect_as(&server, "1/notes", None, Some(&issuer.token("cy", 1, "viewer"))).await;
    document.sync().await;
    let shown = sessions(&ada).await;
    assert_eq!(
        shown[0],
        json!({
            "id": snapshot["sessionId"], "userId": "bob", "userName": "Token of bob", "isAgent": false,
            "documentId": null, "kind": "COLLABORATION_V2", "address": "127.0.0.1",
        })
    );
    assert_eq!((&shown[1]["userId"], &shown[1]["documentId"]), (&json!("cy"), &json!("notes")));
    assert_eq!((&shown[1]["kind"], shown.len()), (&json!("DOCUMENT"), 2));
    let of_vic = sessions(&vic).await;
    assert!(of_vic.iter().all(|session| session["address"].is_null()), "{of_vic:?}");
    assert_eq!(of_vic.len(), 2);

    bob.send_text(r#"{"type":"switch_document","data":{"documentId":"plan","documentType":"canvas"}}"#);
    bob.messages_until_pong();
    assert_eq!(sessions(&vic).await[0]["documentId"], "plan");
    let id = snapshot["sessionId"].as_str().expect("an id");
    let page = |arguments: &str| format!("{{ sessions(projectId: 1, {arguments}) {{ userId }} }}");
    let first = told(&vic, &page("first: 1")).await;
    assert_eq!(first["sessions"], json!([{ "userId": "bob" }]));
    let rest = told(&vic, &page(&format!("after: {}", json!(id)))).await;
    assert_eq!(rest["sessions"], json!([{ "userId": "cy" }]));
    assert_eq!(refusal(&vic, &page("after: \"x\"")).await, "BAD_REQUEST");

    bob.send_text(r#"{"type":"leave_session"}"#);
    bob.messages_until_pong();
    assert_eq!(sessions(&vic).await.len(), 1);
}

/// A7: a kick closes what is open and changes no right.
#[tokio::test]
async fn who_is_kicked_may_come_back_but_is_not_invited_to() {
    let server = secured();
    let issuer = Issuer::secret();
    let ada = issuer.http(&server, "ada", 1, "owner");
    let token = issuer.token("bob", 1, "editor");
    let (mut witness, _) = joined(&server, 1, "x", Some(&issuer.token("cy", 1, "editor")));
    let (mut v2, _) = joined(&server, 1, "x", Some(&token));
    let mut document = DocumentClient::connect_as(&server, "1/notes", None, Some(&token)).await;
    document.sync().await;
    let mut watching = begin(&server, &json!({ "token": token }));
    let watch = json!({ "query": "subscription { presence(projectId: 1) { userId } }" });
    subscribe(&mut watching, &watch);
    let kicked = told(&ada, r#"mutation { kick(projectId: 1, userId: "bob") }"#).await;
    assert_eq!(kicked["kick"], 3);
    assert_eq!(v2.end(), end(4508, "kicked"));
    assert_eq!(document.end().await, Some(4508));
    loop {
        let message = watching.message();
        if message["payload"]["errors"].is_array() {
            let error = &message["payload"]["errors"][0];
            assert_eq!(error["message"], "an owner of the project has ended this");
            break;
        }
    }
    let left = witness.message_of_type("user_left");
    assert_eq!((&left["userId"], &left["reason"]), (&json!("bob"), &json!("revoked")));
    joined(&server, 1, "x", Some(&token));
}

/// An open server has no owners: everybody may do everything, this too.
#[tokio::test]
async fn one_session_of_several_can_be_kicked_in_an_open_server() {
    let server = TestServer::start();
    let mut kept = RawClient::joined(server.address(), &v1_path(1), "bob");
    let mut kicked = RawClient::upgraded(server.address(), &v1_path(1));
    kicked.join("bob");
    // The snapshot may be sent before the session is listed.
    kept.messages_until_pong();
    kicked.messages_until_pong();
    let http = server.http();
    let listed = sessions(&http).await;
    assert_eq!(listed.len(), 2);
    assert!(listed.iter().all(|session| session["kind"] == "COLLABORATION_V1"));
    let kick = |arguments: String| format!("mutation {{ kick(projectId: 1, {arguments}) }}");
    let one = kick(format!("sessionId: {}", listed[1]["id"]));
    assert_eq!(told(&http, &one).await["kick"], 1);
    assert_eq!(kicked.end(), v1_end(4508, "kicked"));
    kept.messages_until_pong();
    assert_eq!(told(&http, &one).await["kick"], 0);
    assert_eq!(told(&http, &kick(r#"userId: "nobody""#.to_owned())).await["kick"], 0);
    for arguments in [r#"userId: """#.to_owned(), format!(r#"userId: "bob", sessionId: {}"#, listed[0]["id"])]
    {
        assert_eq!(refusal(&http, &kick(arguments)).await, "BAD_REQUEST");
    }
    let neither = ask(&http, "mutation { kick(projectId: 1) }").await;
    assert_eq!(neither["errors"][0]["message"], "sessionId or userId must be given, and not both");
}
