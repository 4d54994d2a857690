//! The project that others must not hear of: canaries in all that it stores and all that lives in it.

use std::collections::BTreeMap;

use bytes::Bytes;
use collabd_documents::wire::peer;
use collabd_documents::wire::{self, AwarenessEntry};
use serde_json::{Value, json};

use super::canaries::canary;
use super::{DOCUMENT, THEIRS};
use crate::hostile::exchange::{ask, hear, upgrade};
use crate::support::{Frame, Issuer, RawClient, TestServer, claims, opcode, v2_path};

/// A colour is no text, but no other user has this one.
const COLOR: &str = "#C0FFE7";

/// The project and somebody at work in it.
pub(super) struct SecretProject<'a> {
    server: &'a TestServer,
    owner: String,
    canaries: BTreeMap<String, String>,
    worker: RawClient,
    editor: RawClient,
    clock: u64,
}

impl<'a> SecretProject<'a> {
    /// Makes it, and somebody begins to work there.
    pub(super) fn made(server: &'a TestServer) -> Self {
        let founder = Issuer::secret().sign(&{
            let mut said = claims("founder", &json!({}));
            said["create_projects"] = json!(true);
            said
        });
        let query = format!("mutation {{ createProject(name: {:?}) {{ id }} }}", canary("project-name"));
        let made = graphql(server, &founder, &query);
        assert_eq!(made["data"]["createProject"]["id"], THEIRS, "{made}");

        let mut said = claims(&canary("user-id"), &json!({ THEIRS.to_string(): "owner" }));
        said["name"] = json!(canary("user-name"));
        said["color"] = json!(COLOR);
        let owner = Issuer::secret().sign(&said);
        let (mut worker, session) = Self::joined(server, &owner);
        let editor = Self::opened(server, &owner);
        worker.messages_until_pong();
        let mut canaries: BTreeMap<_, _> = [
            "project-name",
            "user-id",
            "user-name",
            "document-name",
            "document-id",
            "live-document-id",
            "content",
            "earlier-content",
            "version-name",
            "cursor-file",
            "cursor-sheet",
            "cursor-view",
            "selected-node",
            "awareness",
        ]
        .map(|place| (place.to_owned(), canary(place)))
        .into();
        canaries.insert("color".to_owned(), COLOR.to_owned());
        canaries.insert("session".to_owned(), session);
        let project = Self { server, owner, canaries, worker, editor, clock: 0 };
        project.is_filled();
        project
    }

    pub(super) fn canaries(&self) -> &BTreeMap<String, String> {
        &self.canaries
    }

    /// A member on a collaboration socket, and its session.
    fn joined(server: &TestServer, owner: &str) -> (RawClient, String) {
        let mut worker = RawClient::upgraded(server.address(), &v2_path(THEIRS));
        let data = json!({
            "userId": "x", "userName": "x", "token": owner, "documentId": DOCUMENT, "documentType": "code_editor"
        });
        worker.send_text(&json!({"type": "join_session", "data": data}).to_string());
        let snapshot = worker.message_of_type("bulk_presence");
        (worker, snapshot["sessionId"].as_str().expect("a session").to_owned())
    }

    /// A member on a document's socket.
    fn opened(server: &TestServer, owner: &str) -> RawClient {
        let path = format!("/ws/documents/{THEIRS}/{DOCUMENT}");
        let (mut editor, response) = upgrade(server, &path, "");
        assert_eq!(response.status, 101);
        editor.send_frame(&Frame::new(opcode::BINARY, peer::authenticate(owner).to_vec()));
        assert!(hear(&mut editor).1);
        editor
    }

    /// What is stored in it, and a document of the same id in the other project.
    fn is_filled(&self) {
        let document = |project: i32, id: &str, name: &str| {
            format!(
                "mutation {{ createDocument(projectId: {project}, id: {id:?}, name: {name:?}, documentType: CODE_EDITOR) {{ id }} }}"
            )
        };
        self.does(&document(THEIRS, DOCUMENT, &canary("document-name")));
        self.does(&document(THEIRS, &canary("document-id"), "Another"));
        self.writes(&canary("earlier-content"));
        self.does(&format!(
            "mutation {{ createVersion(projectId: {THEIRS}, documentId: {DOCUMENT:?}, name: {:?}) {{ id }} }}",
            canary("version-name")
        ));
        self.writes(&canary("content"));
        let ours = Issuer::secret().token("founder", super::OURS, "editor");
        let made = graphql(self.server, &ours, &document(super::OURS, DOCUMENT, "Plan"));
        assert_eq!(made["errors"], Value::Null, "{made}");
    }

    fn does(&self, query: &str) {
        let answer = graphql(self.server, &self.owner, query);
        assert_eq!(answer["errors"], Value::Null, "{query}: {answer}");
    }

    /// The document holds this text from now on.
    fn writes(&self, text: &str) {
        let headers = format!("Authorization: Bearer {}\r\nContent-Type: application/json\r\n", self.owner);
        let body = json!({ "text": text }).to_string();
        let line = format!("POST /documents/{THEIRS}/{DOCUMENT}");
        let (_, response) = ask(self.server, &line, &headers, body.as_bytes());
        assert_eq!(response.status, 204, "{response:?}");
    }

    /// Everything that can happen in a project happens there.
    pub(super) fn is_worked_in(&mut self) {
        let cursor = |document: &str, position: Value| {
            let data = json!({"documentId": document, "position": position, "selectedNodeId": canary("selected-node")});
            json!({"type": "cursor_update", "data": data})
        };
        for message in [
            json!({"type": "set_status", "data": {"status": "idle"}}),
            cursor(
                &canary("live-document-id"),
                json!({"type": "3d", "x": 1, "y": 2, "z": 3, "viewport": canary("cursor-view")}),
            ),
            cursor(
                "sheet",
                json!({"type": "spreadsheet", "row": 1, "column": 2, "sheet": canary("cursor-sheet")}),
            ),
            cursor(
                DOCUMENT,
                json!({"type": "code_editor", "line": 1, "column": 2, "file": canary("cursor-file")}),
            ),
            json!({"type": "set_status", "data": {"status": "active"}}),
        ] {
            self.worker.send_text(&message.to_string());
        }
        self.worker.messages_until_pong();
        let state = Bytes::from(json!({ "user": { "name": canary("awareness") } }).to_string());
        self.clock += 1;
        let entry = AwarenessEntry { client: 77, clock: self.clock, state: Some(state) };
        self.editor.send_frame(&Frame::new(opcode::BINARY, wire::awareness(&[entry]).to_vec()));
        assert!(hear(&mut self.editor).1);
        self.writes(&format!("{} again", canary("content")));
        self.writes(&canary("content"));
        self.does(&format!(
            "mutation {{ renameDocument(projectId: {THEIRS}, id: {DOCUMENT:?}, name: {:?}) {{ id }} }}",
            canary("document-name")
        ));
        // Somebody comes, and goes again.
        let (mut visitor, _) = Self::joined(self.server, &self.owner);
        visitor.send_text(r#"{"type":"leave_session"}"#);
        visitor.messages_until_pong();
    }

    /// Nobody has changed it.
    pub(super) fn is_unharmed(&self) {
        let query = format!(
            "{{ project(id: {THEIRS}) {{ name documents {{ id name }} document(id: {DOCUMENT:?}) {{ content {{ json }} versions {{ name }} }} }} }}"
        );
        let project = graphql(self.server, &self.owner, &query)["data"]["project"].take();
        assert_eq!(project["name"], canary("project-name"));
        let documents = json!([
            {"id": canary("document-id"), "name": "Another"}, {"id": DOCUMENT, "name": canary("document-name")}
        ]);
        assert_eq!(project["documents"], documents, "{project}");
        assert_eq!(project["document"]["content"]["json"], json!({ "text": canary("content") }), "{project}");
        let versions = project["document"]["versions"].as_array().expect("versions");
        assert!(
            versions
                .iter()
                .all(|version| { version["name"].is_null() || version["name"] == canary("version-name") })
        );
    }

    /// It is deleted.
    pub(super) fn ends(&self) {
        self.does(&format!("mutation {{ deleteProject(id: {THEIRS}) }}"));
    }
}

fn graphql(server: &TestServer, token: &str, query: &str) -> Value {
    let headers = format!("Authorization: Bearer {token}\r\nContent-Type: application/json\r\n");
    let body = json!({ "query": query }).to_string();
    let (_, response) = ask(server, "POST /graphql", &headers, body.as_bytes());
    serde_json::from_str(&response.body).unwrap_or_else(|error| panic!("{error}: {response:?}"))
}
