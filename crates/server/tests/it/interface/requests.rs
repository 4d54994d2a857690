//! One request for every way in which a path answers.

use crate::support::Issuer;

/// Which listener is asked.
#[derive(Clone, Copy)]
pub(super) enum At {
    /// The public one of an open server, where somebody is in project 1.
    Open,
    /// The public one of a secured server.
    Secured,
    /// The one for operators beside it.
    Admin,
}

use At::{Admin, Open, Secured};

/// Header lines of a request.
#[derive(Debug, Clone, Copy)]
pub(super) enum Header {
    Plain(&'static str),
    /// The handshake of a WebSocket, with more lines.
    Upgrade(&'static str),
    /// With a token of a user who has this role in project 1.
    Token(&'static str, &'static str),
}

use Header::{Plain, Token, Upgrade};

impl Header {
    pub(super) fn lines(self) -> String {
        match self {
            Plain(lines) => lines.to_owned(),
            Upgrade(more) => {
                let version = if more.contains("Version") { "" } else { "Sec-WebSocket-Version: 13\r\n" };
                format!(
                    "Connection: Upgrade\r\nUpgrade: websocket\r\n\
                     Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{version}{more}"
                )
            }
            Token(role, more) => {
                let token = Issuer::secret().token("ada", 1, role);
                format!("Authorization: Bearer {token}\r\n{more}")
            }
        }
    }
}

/// A request with the status of its answer.
pub(super) struct Request {
    pub(super) at: At,
    pub(super) method: &'static str,
    pub(super) path: &'static str,
    pub(super) target: &'static str,
    pub(super) header: Header,
    pub(super) body: &'static str,
    pub(super) status: u16,
}

const fn get(at: At, path: &'static str, target: &'static str, header: Header, status: u16) -> Request {
    Request { at, method: "get", path, target, header, body: "", status }
}

/// With a body of JSON.
const fn post(at: At, path: &'static str, target: &'static str, body: &'static str, status: u16) -> Request {
    Request { at, method: "post", path, target, header: Plain(JSON), body, status }
}

/// Of a path without parameters.
const fn simple(at: At, path: &'static str, status: u16) -> Request {
    get(at, path, path, Plain(""), status)
}

const JSON: &str = "Content-Type: application/json\r\n";
const TEXT: &str = "Content-Type: text/plain\r\n";
const BYTES: &str = "Content-Type: application/octet-stream\r\n";
const ENDLESS: &str = "Content-Type: application/json\r\nContent-Length: 1000000000\r\n";
const OLD: &str = "Sec-WebSocket-Version: 8\r\n";
const FOREIGN: &str = "Origin: https://elsewhere.example\r\n";
const NOBODY: &str = "Authorization: Bearer nobody.signed.it\r\n";
const GRAPHQL: &str = "Sec-WebSocket-Protocol: graphql-transport-ws\r\n";

const V1: (&str, &str) = ("/ws/collaboration", "/ws/collaboration?project_id=1");
const V2: (&str, &str) = ("/ws/collaboration/v2", "/ws/collaboration/v2?project_id=1");
const SHARED: (&str, &str) = ("/ws/documents/{project}/{document}", "/ws/documents/1/notes");
const WHOLE: (&str, &str) = ("/documents/{project}/{document}", "/documents/1/notes");

/// The requests, in the order in which they are sent.
pub(super) const REQUESTS: &[Request] = &[
    simple(Open, "/", 200),
    simple(Admin, "/", 307),
    simple(Open, "/projects", 200),
    get(Open, "/projects/{place}", "/projects/1/notes", Plain(""), 200),
    simple(Open, "/dashboard", 200),
    get(Admin, "/dashboard/{place}", "/dashboard/projects/1", Plain(""), 200),
    get(Open, "/assets/{name}", "/assets/none.js", Plain(""), 404),
    get(Open, V1.0, V1.1, Upgrade(""), 101),
    get(Open, V1.0, V1.1, Plain(""), 400),
    get(Open, V1.0, V1.0, Upgrade(""), 400),
    get(Secured, V1.0, V1.1, Upgrade(NOBODY), 401),
    get(Secured, V1.0, V1.1, Upgrade(FOREIGN), 403),
    get(Open, V1.0, V1.1, Upgrade(OLD), 426),
    get(Open, V2.0, V2.1, Upgrade(""), 101),
    get(Open, V2.0, V2.1, Upgrade("Sec-WebSocket-Protocol: other\r\n"), 400),
    get(Secured, V2.0, V2.1, Upgrade(NOBODY), 401),
    get(Secured, V2.0, V2.1, Upgrade(FOREIGN), 403),
    get(Open, V2.0, V2.1, Upgrade(OLD), 426),
    get(Open, SHARED.0, SHARED.1, Upgrade(""), 101),
    get(Open, SHARED.0, "/ws/documents/none/notes", Upgrade(""), 400),
    get(Secured, SHARED.0, SHARED.1, Upgrade(FOREIGN), 403),
    get(Open, SHARED.0, SHARED.1, Upgrade(OLD), 426),
    get(Open, "/graphql/ws", "/graphql/ws", Upgrade(GRAPHQL), 101),
    get(Open, "/graphql/ws", "/graphql/ws", Upgrade(""), 400),
    get(Secured, "/graphql/ws", "/graphql/ws", Upgrade(NOBODY), 401),
    get(
        Secured,
        "/graphql/ws",
        "/graphql/ws",
        Upgrade("Sec-WebSocket-Protocol: graphql-transport-ws\r\nOrigin: https://elsewhere.example\r\n"),
        403,
    ),
    get(
        Open,
        "/graphql/ws",
        "/graphql/ws",
        Upgrade("Sec-WebSocket-Protocol: graphql-transport-ws\r\nSec-WebSocket-Version: 8\r\n"),
        426,
    ),
    post(Open, WHOLE.0, WHOLE.1, r#"{"text": "hello"}"#, 204),
    get(Open, WHOLE.0, WHOLE.1, Plain(""), 200),
    get(Open, WHOLE.0, WHOLE.1, Plain("Accept: application/json\r\n"), 200),
    get(Open, WHOLE.0, WHOLE.1, Plain("Accept: text/plain\r\n"), 200),
    get(Open, WHOLE.0, "/documents/none/notes", Plain(""), 400),
    get(Secured, WHOLE.0, WHOLE.1, Plain(""), 401),
    get(Secured, WHOLE.0, "/documents/2/notes", Token("owner", ""), 403),
    get(Open, WHOLE.0, "/documents/999/notes", Plain(""), 404),
    post(Open, WHOLE.0, WHOLE.1, "{", 400),
    post(Secured, WHOLE.0, WHOLE.1, "{}", 401),
    Request { at: Secured, header: Token("viewer", JSON), ..post(Open, WHOLE.0, WHOLE.1, "{}", 403) },
    post(Open, WHOLE.0, "/documents/999/notes", "{}", 404),
    Request { header: Plain(ENDLESS), ..post(Open, WHOLE.0, WHOLE.1, "", 413) },
    Request { header: Plain(TEXT), ..post(Open, WHOLE.0, WHOLE.1, "hello", 415) },
    Request { header: Plain(BYTES), ..post(Open, WHOLE.0, WHOLE.1, "no update", 422) },
    simple(Open, "/graphql", 200),
    post(Open, "/graphql", "/graphql", r#"{"query": "{ __typename }"}"#, 200),
    post(Open, "/graphql", "/graphql", "[]", 400),
    Request {
        at: Secured,
        header: Plain("Content-Type: application/json\r\nAuthorization: Bearer nobody.signed.it\r\n"),
        ..post(Open, "/graphql", "/graphql", r#"{"query": "{ __typename }"}"#, 401)
    },
    Request { header: Plain(ENDLESS), ..post(Open, "/graphql", "/graphql", "", 413) },
    Request { header: Plain(TEXT), ..post(Open, "/graphql", "/graphql", "{}", 415) },
    simple(Open, "/health", 200),
    simple(Secured, "/health/live", 200),
    simple(Admin, "/health/ready", 200),
    simple(Open, "/health/collaboration", 200),
    simple(Open, "/metrics", 200),
    simple(Open, "/admin/projects", 200),
    get(Open, "/admin/sessions", "/admin/sessions?project=1", Plain(""), 200),
    simple(Open, "/admin/sessions", 400),
    get(Open, "/admin/events", "/admin/events?project=1", Plain(""), 200),
    simple(Open, "/admin/events", 200),
    get(Open, "/admin/events", "/admin/events?project=none", Plain(""), 400),
    post(Open, "/admin/kick", "/admin/kick", r#"{"projectId": 1, "userId": "nobody"}"#, 200),
    post(Open, "/admin/kick", "/admin/kick", r#"{"projectId": 1}"#, 400),
    Request { header: Plain(ENDLESS), ..post(Open, "/admin/kick", "/admin/kick", "", 413) },
    Request { header: Plain(TEXT), ..post(Open, "/admin/kick", "/admin/kick", "{}", 415) },
    post(Open, "/admin/kick", "/admin/kick", "{}", 422),
];

/// Answers that need more than one request: what a page or a document holds, a limit that is reached, a server that is not
/// in development, and whatever is wrong with the server itself.
pub(super) fn is_shown_elsewhere((method, path, status): &(&str, &str, u16)) -> bool {
    match status {
        304 | 406 | 429 | 500.. => true,
        200 => *path == "/assets/{name}",
        404 => (*method, *path) == ("get", "/graphql"),
        _ => false,
    }
}
