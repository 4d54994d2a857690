//! What GraphQL shows and changes for whom.

use std::collections::BTreeSet;

use collabd_loadgen::http::HttpClient;
use hyper::header::{AUTHORIZATION, HeaderValue};
use serde_json::{Value, json};

use super::graphql_sockets::{begin, subscribe};
use super::secured;
use crate::support::{Issuer, TestServer, claims};

/// Who may ask for a field about project 1.
type Callers = &'static [&'static str];

const ANYBODY: Callers = &["nobody", "viewer", "editor", "owner", "creator"];
const SEE: Callers = &["viewer", "editor", "owner"];
const WRITE: Callers = &["editor", "owner"];
const OWN: Callers = &["owner"];
const CREATE: Callers = &["creator"];

/// Every field of the three roots, a request for it, and who gets an answer. A field that is not here fails the test
/// below, and so does one that is here and answers somebody else.
const FIELDS: [(&str, &str, &str, Callers); 24] = [
    ("Query", "health", "{ health { isReady } }", ANYBODY),
    ("Query", "projects", "{ projects { id name presence { userId } } }", ANYBODY),
    ("Query", "project", "query($p: Int!) { project(id: $p) { name documents { id } } }", SEE),
    ("Query", "members", "query($p: Int!) { members(projectId: $p) { userId role } }", SEE),
    ("Query", "sessions", "query($p: Int!) { sessions(projectId: $p) { id userId } }", SEE),
    ("Query", "events", "query($p: Int!) { events(projectId: $p) { number event } }", OWN),
    ("Query", "invitations", "query($p: Int!) { invitations(projectId: $p) { id } }", OWN),
    ("Subscription", "presence", "subscription($p: Int!) { presence(projectId: $p) { userId } }", SEE),
    ("Mutation", "createTicket", "mutation($p: Int!) { createTicket(projectId: $p) { ticket } }", SEE),
    (
        "Mutation",
        "createDocument",
        "mutation($p: Int!) { createDocument(projectId: $p, name: \"N\", documentType: CANVAS) { id } }",
        WRITE,
    ),
    (
        "Mutation",
        "renameDocument",
        "mutation($p: Int!) { renameDocument(projectId: $p, id: \"canvas\", name: \"N\") { id } }",
        WRITE,
    ),
    (
        "Mutation",
        "deleteDocument",
        "mutation($p: Int!) { deleteDocument(projectId: $p, id: \"none\") }",
        WRITE,
    ),
    (
        "Mutation",
        "createVersion",
        "mutation($p: Int!) { createVersion(projectId: $p, documentId: \"canvas\") { id } }",
        WRITE,
    ),
    (
        "Mutation",
        "nameVersion",
        "mutation($p: Int!) { nameVersion(projectId: $p, documentId: \"canvas\", id: 1, name: \"N\") { id } }",
        WRITE,
    ),
    (
        "Mutation",
        "restoreVersion",
        "mutation($p: Int!) { restoreVersion(projectId: $p, documentId: \"canvas\", id: 1) { id } }",
        WRITE,
    ),
    ("Mutation", "createProject", "mutation { createProject(name: \"N\") { id } }", CREATE),
    ("Mutation", "acceptInvitation", "mutation { acceptInvitation(code: \"none\") { id } }", ANYBODY),
    (
        "Mutation",
        "inviteMember",
        "mutation($p: Int!) { inviteMember(projectId: $p, role: VIEWER) { code } }",
        OWN,
    ),
    (
        "Mutation",
        "revokeInvitation",
        "mutation($p: Int!) { revokeInvitation(projectId: $p, id: \"none\") }",
        OWN,
    ),
    (
        "Mutation",
        "setMemberRole",
        "mutation($p: Int!) { setMemberRole(projectId: $p, userId: \"someone\", role: VIEWER) }",
        OWN,
    ),
    (
        "Mutation",
        "removeMember",
        "mutation($p: Int!) { removeMember(projectId: $p, userId: \"someone\") }",
        OWN,
    ),
    ("Mutation", "kick", "mutation($p: Int!) { kick(projectId: $p, userId: \"someone\") }", OWN),
    ("Mutation", "renameProject", "mutation($p: Int!) { renameProject(id: $p, name: \"N\") { id } }", OWN),
    // Last: nothing is left of the project.
    ("Mutation", "deleteProject", "mutation($p: Int!) { deleteProject(id: $p) }", OWN),
];

/// The token of a caller of the table.
fn token(caller: &str) -> String {
    let mut claims = match caller {
        "nobody" | "creator" => claims(caller, &json!({})),
        role => claims(role, &json!({"1": role})),
    };
    claims["create_projects"] = json!(caller == "creator");
    Issuer::secret().sign(&claims)
}

fn client(server: &TestServer, token: &str) -> HttpClient {
    let header = HeaderValue::try_from(format!("Bearer {token}")).expect("a header");
    server.http().with_header(AUTHORIZATION, header)
}

/// The whole answer to `query` about this project, over HTTP or, for a subscription, over a socket.
async fn answer(server: &TestServer, token: &str, query: &str, project: i32) -> Value {
    let request = json!({ "query": query, "variables": { "p": project } });
    if query.starts_with("subscription") {
        return subscribe(&mut begin(server, &json!({ "token": token })), &request);
    }
    let response = client(server, token).post_json("/graphql", &request).await.expect("an answer");
    assert_eq!(response.status.as_u16(), 200, "{}", response.text());
    response.json().expect("JSON")
}

fn code(answer: &Value) -> &str {
    answer["errors"][0]["extensions"]["code"].as_str().unwrap_or("none")
}

/// The names of the fields of `kind` in an answer about the schema.
fn fields(schema: &Value, kind: &str) -> BTreeSet<String> {
    let types = schema["data"]["__schema"]["types"].as_array().expect("types");
    let fields = &types.iter().find(|one| one["name"] == kind).expect("the type")["fields"];
    let names =
        fields.as_array().expect("fields").iter().map(|field| field["name"].as_str().expect("a name"));
    names.map(str::to_owned).collect()
}

/// How the documentation names callers.
fn named(admitted: Callers) -> String {
    match admitted {
        ANYBODY => "anybody with a token".to_owned(),
        CREATE => "whoever has `create_projects`".to_owned(),
        roles => roles.join(", "),
    }
}

#[test]
fn the_table_of_fields_is_the_documented_one() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/security.md");
    let document = std::fs::read_to_string(path).expect("the document");
    let (_, table) = document.split_once("| field | for |\n|---|---|\n").expect("the table");
    let documented: BTreeSet<_> = table.lines().take_while(|line| line.starts_with('|')).collect();
    let real: Vec<_> =
        FIELDS.iter().map(|(_, name, _, admitted)| format!("| `{name}` | {} |", named(admitted))).collect();
    assert_eq!(documented, real.iter().map(String::as_str).collect());
}

/// A8, G8
#[tokio::test]
async fn every_field_is_there_for_those_it_is_meant_for_and_nobody_else() {
    let server = secured();
    let schema =
        answer(&server, &token("nobody"), "{ __schema { types { name fields { name } } } }", 1).await;
    for root in ["Query", "Mutation", "Subscription"] {
        let listed = FIELDS.iter().filter(|(of, ..)| *of == root).map(|(_, name, ..)| (*name).to_owned());
        assert_eq!(
            fields(&schema, root),
            listed.collect(),
            "{root}: say in the table whom a new field is for"
        );
    }
    for (_, name, query, admitted) in FIELDS {
        for caller in ANYBODY {
            let answer = answer(&server, &token(caller), query, 1).await;
            let is_forbidden = code(&answer) == "FORBIDDEN";
            assert_eq!(is_forbidden, !admitted.contains(caller), "{name} as {caller}: {answer}");
        }
    }
}

/// A9: whether there is such a project cannot be told from any answer.
#[tokio::test]
async fn a_foreign_project_and_none_look_alike() {
    let server = secured();
    let made =
        answer(&server, &token("creator"), "mutation { createProject(name: \"Secret\") { id } }", 0).await;
    assert_eq!(made["data"]["createProject"]["id"], 2, "{made}");
    for (_, name, query, _) in
        FIELDS.iter().filter(|(.., admitted)| *admitted != ANYBODY && *admitted != CREATE)
    {
        let foreign = answer(&server, &token("owner"), query, 2).await;
        let unknown = answer(&server, &token("owner"), query, 999).await;
        assert_eq!(foreign, unknown, "{name}");
        assert_eq!(code(&foreign), "FORBIDDEN", "{name}");
    }
}

/// A8
#[tokio::test]
async fn a_list_shows_only_what_one_may_see() {
    let server = secured();
    for name in ["Second", "Third"] {
        let query = format!("mutation {{ createProject(name: \"{name}\") {{ id }} }}");
        answer(&server, &token("creator"), &query, 0).await;
    }
    let query = "{ projects { id } rest: projects(after: 1) { id } first: projects(first: 1) { id } }";
    let nobody = answer(&server, &token("nobody"), query, 0).await;
    assert_eq!(nobody["data"], json!({ "projects": [], "rest": [], "first": [] }));
    let ada = Issuer::secret().sign(&claims("ada", &json!({"1": "viewer", "3": "owner", "999": "owner"})));
    let seen = answer(&server, &ada, query, 0).await;
    assert_eq!(
        seen["data"],
        json!({ "projects": [{"id": 1}, {"id": 3}], "rest": [{"id": 3}], "first": [{"id": 1}] })
    );
}

/// A3
#[tokio::test]
async fn without_a_valid_token_nothing_is_answered() {
    let server = secured();
    let mut late = claims("ada", &json!({"1": "owner"}));
    late["exp"] = json!(1);
    let late = Issuer::secret().sign(&late);
    for (headers, message) in [
        (None, "no valid token"),
        (Some("Bearer x".to_owned()), "no valid token"),
        (Some("Basic YTpi".to_owned()), "no valid token"),
        (Some(format!("Bearer {late}")), "the token has expired"),
    ] {
        let mut http = server.http();
        if let Some(header) = headers {
            http = http.with_header(AUTHORIZATION, HeaderValue::try_from(header).expect("a header"));
        }
        let response = http.post_json("/graphql", &json!({ "query": "{ __typename }" })).await;
        let response = response.expect("an answer");
        let body: Value = response.json().expect("JSON");
        assert_eq!(response.status.as_u16(), 401);
        assert_eq!((code(&body), &body["errors"][0]["message"]), ("UNAUTHENTICATED", &json!(message)));
    }
}

/// A8: which projects run is nobody's business but the operator's.
#[tokio::test]
async fn a_secured_server_reports_on_itself_to_operators_only() {
    let server = secured();
    for (path, public) in [
        ("/health", 200),
        ("/health/live", 200),
        ("/health/ready", 200),
        ("/health/collaboration", 404),
        ("/metrics", 404),
        ("/admin/projects", 404),
        ("/admin/sessions?project=1", 404),
        ("/admin/events", 404),
        ("/admin/events?project=1", 404),
        ("/dashboard", 404),
        ("/dashboard/projects/1", 404),
    ] {
        let status = |address| async move {
            HttpClient::new(address).get(path).await.expect("an answer").status.as_u16()
        };
        assert_eq!((status(server.address()).await, status(server.reports()).await), (public, 200), "{path}");
    }
    let kick = |address| async move {
        let kick = json!({ "projectId": 1, "userId": "ada" });
        HttpClient::new(address).post_json("/admin/kick", &kick).await.expect("an answer").status.as_u16()
    };
    assert_eq!((kick(server.address()).await, kick(server.reports()).await), (404, 200));
}
