//! Tickets as their holders meet them.

use collabd_loadgen::http::HttpClient;
use serde_json::{Value, json};

use super::{end, joined, refused, secured};
use crate::support::{Issuer, TestServer};

/// The whole answer to a request for a ticket with these arguments.
async fn ask(http: &HttpClient, arguments: &str) -> Value {
    let query = format!("mutation {{ createTicket({arguments}) {{ ticket expiresAt }} }}");
    http.post_json("/graphql", &json!({ "query": query })).await.expect("an answer").json().expect("JSON")
}

async fn ticket(http: &HttpClient, arguments: &str) -> String {
    let answer = ask(http, arguments).await;
    let ticket = answer["data"]["createTicket"]["ticket"].as_str();
    ticket.unwrap_or_else(|| panic!("no ticket: {answer}")).to_owned()
}

async fn error(http: &HttpClient, arguments: &str) -> [String; 2] {
    let error = &ask(http, arguments).await["errors"][0];
    [&error["extensions"]["code"], &error["message"]].map(|text| text.as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn a_ticket_admits_its_holder_once_under_the_name_it_was_made_for() {
    let server = TestServer::start();
    let arguments = r##"projectId: 1, userId: "bob", userName: "Bob", avatarColor: "#123""##;
    let ticket = ticket(&server.http(), arguments).await;
    let (_client, snapshot) = joined(&server, 1, "mallory", Some(&ticket));
    let shown = &snapshot["data"][0];
    assert_eq!(
        [&shown["userId"], &shown["userName"], &shown["avatarColor"]],
        [&json!("bob"), &json!("Bob"), &json!("#123")]
    );
    assert_eq!(refused(&server, 1, Some(&ticket)), end(4501, "unauthenticated"));
}

#[tokio::test]
async fn an_open_server_is_told_who_the_holder_of_a_ticket_is() {
    let server = TestServer::start();
    for (arguments, message) in [
        ("projectId: 0", "projectId must be an integer from 1 to 2147483647"),
        (r#"projectId: 1, userName: "Bob""#, "userId must be given"),
        (r#"projectId: 1, userId: "bob""#, "userName must be given"),
        (r#"projectId: 1, userId: "", userName: "Bob""#, "userId must not be empty"),
        (
            r#"projectId: 1, userId: "bob", userName: "Bob", avatarColor: "red""#,
            "avatarColor must be a colour written as #RGB or #RRGGBB",
        ),
    ] {
        assert_eq!(error(&server.http(), arguments).await, ["BAD_REQUEST", message], "{arguments}");
    }
}

/// A8, A10
#[tokio::test]
async fn a_secured_server_makes_tickets_for_their_callers_and_in_no_higher_role() {
    let server = secured();
    let ada = Issuer::secret().http(&server, "ada", 1, "editor");
    let ticket = ticket(&ada, r#"projectId: 1, userId: "mallory", userName: "M", role: VIEWER"#).await;
    let (_client, snapshot) = joined(&server, 1, "mallory", Some(&ticket));
    assert_eq!(snapshot["data"][0]["userId"], "ada");
    for arguments in ["projectId: 1, role: OWNER", "projectId: 2", "projectId: 2, role: VIEWER"] {
        assert_eq!(error(&ada, arguments).await, ["FORBIDDEN", "no right to this"], "{arguments}");
    }
    let response = server.http().post_json("/graphql", &json!({ "query": "{ __typename }" })).await;
    assert_eq!(response.expect("an answer").status.as_u16(), 401);
}

/// A8
#[tokio::test]
async fn a_ticket_of_one_project_does_not_admit_to_another() {
    let server = secured();
    let ada = Issuer::secret().http(&server, "ada", 1, "editor");
    let ticket = ticket(&ada, "projectId: 1").await;
    assert_eq!(refused(&server, 2, Some(&ticket)), end(4503, "forbidden"));
}
