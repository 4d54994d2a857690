//! Everything that can be said over WebSockets.

use std::path::Path;

use bytes::Bytes;
use collabd_documents::wire::peer;
use collabd_documents::wire::{self, AwarenessEntry};
use collabd_protocol::DocumentId;
use serde_json::{Value, json};
use yrs::updates::encoder::Encode as _;
use yrs::{Doc, ReadTxn as _, StateVector, Text as _, Transact as _};

use super::callers::Caller;
use super::canaries::Scan;
use super::{DOCUMENT, OURS};
use crate::hostile::exchange::{ask, hear, upgrade};
use crate::support::{Frame, RawClient, TestServer, opcode};

/// Where a token is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Header,
    Message,
    Query,
}

/// A dialect of collaboration: what it is called here, its path and what its client offers.
type Dialect = (&'static str, &'static str, &'static str);

pub(super) const DIALECTS: [Dialect; 4] = [
    ("collaboration v1", "/ws/collaboration", ""),
    ("collaboration v2", "/ws/collaboration/v2", ""),
    ("collaboration v2 batch", "/ws/collaboration/v2", "collab.v2.batch"),
    ("collaboration v2 documents", "/ws/collaboration/v2", "collab.v2.documents"),
];

/// Every message of the protocol, as its fixtures have it, and those that name the document of both projects.
fn messages() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../protocol/fixtures/client");
    let files = folder.read_dir().expect("the fixtures");
    let mut messages: Vec<String> =
        files.map(|file| std::fs::read_to_string(file.expect("a file").path()).expect("text")).collect();
    assert!(messages.len() > 30, "only {} messages", messages.len());
    let at = |position: Value| json!({"type": "cursor_update", "data": {"documentId": DOCUMENT, "position": position}});
    messages.extend(
        [
            json!({"type": "switch_document", "data": {"documentId": DOCUMENT, "documentType": "code_editor"}}),
            json!({"type": "switch_document", "data": {"documentId": DOCUMENT, "documentType": "canvas"}}),
            at(json!({"type": "code_editor", "line": 0, "column": 0})),
            at(json!({"type": "canvas", "x": 0, "y": 0})),
            json!({"type": "join_session", "projectId": 2, "data": {
                "userId": "x", "userName": "x", "projectId": 2, "project_id": 2, "documentId": DOCUMENT
            }}),
            json!({"type": "get_project", "data": {"projectId": 2}}),
        ]
        .map(|message| message.to_string()),
    );
    messages
}

/// A join that shows the caller's token, if it is to be shown there.
fn join(caller: &Caller, place: Place) -> String {
    let token = caller.token.as_ref().filter(|_| place == Place::Message);
    let data = json!({"userId": "x", "userName": "x", "documentId": DOCUMENT, "token": token});
    json!({"type": "join_session", "data": data}).to_string()
}

/// An upgrade to a dialect, and its name; `None` when it is refused, which is looked through, too.
pub(super) fn entered(
    server: &TestServer,
    caller: &Caller,
    project: i32,
    (way, path, offer): Dialect,
    scan: &mut Scan,
) -> Option<RawClient> {
    let mut client = begun(server, caller, project, (way, path, offer), Place::Header, scan)?;
    client.send_text(&join(caller, Place::Header));
    Some(client)
}

fn begun(
    server: &TestServer,
    caller: &Caller,
    project: i32,
    (way, path, offer): Dialect,
    place: Place,
    scan: &mut Scan,
) -> Option<RawClient> {
    let token = match place {
        Place::Query => format!("&token={}", caller.token.as_deref().unwrap_or_default()),
        Place::Header | Place::Message => String::new(),
    };
    let path = format!("{path}?project_id={project}{token}");
    let header = if place == Place::Header { caller.header() } else { String::new() };
    let offer = if offer.is_empty() { String::new() } else { format!("Sec-WebSocket-Protocol: {offer}\r\n") };
    let headers = header + &offer;
    let (client, response) = upgrade(server, &path, &headers);
    scan.look(caller, way, &path, client.heard());
    scan.count(1, 1);
    (response.status == 101).then_some(client)
}

/// Says all there is to say on collaboration sockets of a project.
pub(super) fn collaborate(server: &TestServer, caller: &Caller, project: i32, scan: &mut Scan) {
    let messages = messages();
    for dialect in DIALECTS {
        for place in [Place::Header, Place::Message, Place::Query] {
            let Some(mut client) = begun(server, caller, project, dialect, place, scan) else { continue };
            let join = join(caller, place);
            for message in &messages {
                // Before a join, and after it.
                client.send_text(message);
                client.send_text(&join);
                client.send_text(message);
            }
            scan.count(messages.len(), hear(&mut client).0);
            scan.look(caller, dialect.0, "every message", client.heard());
        }
    }
}

/// Every message of documents.
fn document_messages(caller: &Caller) -> Vec<(&'static str, Bytes)> {
    let doc = Doc::new();
    let field = doc.get_or_insert_text("text");
    field.push(&mut doc.transact_mut(), "graffiti");
    let update = doc.transact().encode_state_as_update_v1(&StateVector::default());
    let clocks = doc.transact().state_vector().encode_v1();
    let entry = AwarenessEntry { client: 99, clock: 1, state: Some(Bytes::from_static(b"{\"user\":{}}")) };
    let token = caller.token.as_deref().unwrap_or("x");
    vec![
        ("step 1", wire::sync_step1(&[0])),
        ("step 1 with clocks", wire::sync_step1(&clocks)),
        ("step 2", wire::sync_step2(&update)),
        ("update", wire::update(&update)),
        ("awareness", wire::awareness(&[entry])),
        ("query awareness", peer::query_awareness()),
        ("authenticate", peer::authenticate(token)),
        ("close", peer::close()),
        ("an unknown kind", Bytes::from_static(&[99])),
    ]
}

/// Says all there is to say on a document's socket, each on one of its own.
pub(super) fn open_document(server: &TestServer, caller: &Caller, project: i32, scan: &mut Scan) {
    const WAY: &str = "document socket";
    let token = caller.token.as_deref().unwrap_or("x");
    for place in [Place::Header, Place::Message, Place::Query] {
        for (name, message) in document_messages(caller) {
            let ticket = if place == Place::Query { format!("&ticket={token}") } else { String::new() };
            let path = format!("/ws/documents/{project}/{DOCUMENT}?user_id=x{ticket}");
            let header = if place == Place::Header { caller.header() } else { String::new() };
            let (mut client, response) = upgrade(server, &path, &header);
            if response.status == 101 {
                if place == Place::Message {
                    client.send_frame(&Frame::new(opcode::BINARY, peer::authenticate(token).to_vec()));
                }
                client.send_frame(&Frame::new(opcode::BINARY, message.to_vec()));
                scan.count(1, hear(&mut client).0);
            }
            scan.look(caller, WAY, name, client.heard());
        }
    }
}

/// Says all there is to say of documents on a collaboration socket of either project.
pub(super) fn share_documents(server: &TestServer, caller: &Caller, scan: &mut Scan) {
    const WAY: &str = "document in a shared socket";
    for project in [OURS, super::THEIRS] {
        for (name, message) in document_messages(caller) {
            let Some(mut client) = entered(server, caller, project, DIALECTS[3], scan) else { continue };
            let document = DocumentId::new(DOCUMENT).expect("an id");
            for message in [&wire::sync_step1(&[0]), &message] {
                client.send_frame(&Frame::new(opcode::BINARY, wire::addressed(&document, message).to_vec()));
            }
            scan.count(1, hear(&mut client).0);
            scan.look(caller, WAY, name, client.heard());
        }
    }
}

/// Shows a ticket of the one project to the other.
pub(super) fn use_ticket_elsewhere(server: &TestServer, caller: &Caller, scan: &mut Scan) {
    if !caller.is_ours || caller.is_member {
        return;
    }
    let query = format!("mutation {{ createTicket(projectId: {OURS}) {{ ticket }} }}");
    let ticket = || {
        let headers = format!("{}Content-Type: application/json\r\n", caller.header());
        let body = json!({ "query": query }).to_string();
        let answer = ask(server, "POST /graphql", &headers, body.as_bytes()).1.body;
        let answer: Value = serde_json::from_str(&answer).expect("JSON");
        answer["data"]["createTicket"]["ticket"].as_str().expect("a ticket").to_owned()
    };
    let theirs = super::THEIRS;
    for path in [
        format!("/ws/documents/{theirs}/{DOCUMENT}?ticket={}", ticket()),
        format!("/ws/collaboration?project_id={theirs}&token={}", ticket()),
    ] {
        let (mut client, response) = upgrade(server, &path, "");
        if response.status == 101 {
            client.send_frame(&Frame::new(opcode::BINARY, wire::sync_step1(&[0]).to_vec()));
            assert!(!hear(&mut client).1, "{} was let in with {path}", caller.name);
        }
        scan.count(1, 1);
        scan.look(caller, "ticket", &path, client.heard());
    }
}
