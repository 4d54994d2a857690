//! What can be asked for over plain HTTP, except GraphQL.

use super::DOCUMENT;
use super::callers::Caller;
use super::canaries::Scan;
use crate::hostile::exchange::ask;
use crate::support::TestServer;

/// Takes out and puts in a whole document, in every form.
pub(super) fn move_document(server: &TestServer, caller: &Caller, project: i32, scan: &mut Scan) {
    let bodies = [
        ("application/json", &br#"{"text":"graffiti"}"#[..]),
        ("application/octet-stream", b"\x00\x00"),
        ("text/plain", b"graffiti"),
    ];
    for document in [DOCUMENT, "none", "%2e%2e%2f2%2fplan"] {
        let path = format!("/documents/{project}/{document}");
        for form in ["application/octet-stream", "application/json", "text/plain", "*/*"] {
            let headers = format!("{}Accept: {form}\r\n", caller.header());
            look(server, caller, &format!("GET {path}"), &headers, b"", scan);
        }
        for (form, body) in bodies {
            let headers = format!("{}Content-Type: {form}\r\n", caller.header());
            look(server, caller, &format!("POST {path}"), &headers, body, scan);
        }
    }
}

fn look(server: &TestServer, caller: &Caller, line: &str, headers: &str, body: &[u8], scan: &mut Scan) {
    let (client, _) = ask(server, line, headers, body);
    scan.count(1, 1);
    scan.look(caller, "whole document", line, client.heard());
}

/// Visits every page that anybody may know of.
pub(super) fn visit_pages(server: &TestServer, caller: &Caller, scan: &mut Scan) {
    for page in [
        "/",
        "/health",
        "/health/live",
        "/health/ready",
        "/health/collaboration",
        "/metrics",
        "/graphql",
        "/graphql?query=%7Bprojects%7Bname%7D%7D",
        "/documents",
        "/documents/2",
        "/documents/2/",
        "/ws/documents/2/plan",
        "/ws/collaboration/v2?project_id=2",
        "/projects/2",
        "/admin",
        "/../data/collabd.db",
    ] {
        let (client, _) = ask(server, &format!("GET {page}"), &caller.header(), b"");
        scan.count(1, 1);
        scan.look(caller, "page", page, client.heard());
    }
}
