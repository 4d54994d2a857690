//! Members of a project, and what they say.

use collabd_loadgen::client::Snapshot;
use collabd_loadgen::{Client, Endpoint};
use collabd_protocol::client::{ClientMessage, CursorUpdate, JoinSession, SwitchDocument};
use collabd_protocol::position::CanvasPosition;
use collabd_protocol::{CursorPosition, DocumentId, DocumentType, UserId, UserName};

/// A join of `user`, under the same name.
pub(crate) fn join_request(user: &str) -> JoinSession {
    JoinSession {
        user_id: UserId::new(user).expect("user id"),
        user_name: UserName::new(format!("Name of {user}")).expect("user name"),
        avatar_color: None,
        is_agent: None,
        document_id: None,
        document_type: None,
        token: None,
    }
}

/// A client that has joined as `user`.
pub(crate) async fn member(endpoint: &Endpoint, user: &str) -> (Client, Snapshot) {
    let mut client = Client::connect(endpoint).await.expect("connects");
    client.join(join_request(user)).await.expect("sends its join");
    let snapshot = client.joined().await.expect("joins");
    (client, snapshot)
}

/// A client that has joined as `user` and opened a canvas.
pub(crate) async fn member_in(endpoint: &Endpoint, user: &str, document: &str) -> (Client, Snapshot) {
    let mut client = Client::connect(endpoint).await.expect("connects");
    let mut join = join_request(user);
    join.document_id = Some(DocumentId::new(document).expect("document id"));
    join.document_type = Some(DocumentType::Canvas);
    client.join(join).await.expect("sends its join");
    let snapshot = client.joined().await.expect("joins");
    (client, snapshot)
}

/// Opens `document` and leaves every other.
pub(crate) fn switch_to(document: &str, document_type: DocumentType) -> ClientMessage {
    let document_id = DocumentId::new(document).expect("document id");
    ClientMessage::SwitchDocument(SwitchDocument { document_id, document_type })
}

/// A cursor at `position` in `document`.
pub(crate) fn cursor_in(document: &str, position: CursorPosition) -> ClientMessage {
    ClientMessage::CursorUpdate(CursorUpdate {
        document_id: DocumentId::new(document).expect("document id"),
        document_type: None,
        position,
        selected_node_id: None,
        timestamp: None,
    })
}

/// A place on a canvas.
pub(crate) fn canvas_at(x: f64) -> CursorPosition {
    CursorPosition::Canvas(CanvasPosition { x, y: 0.0, zoom: None })
}
