//! The compact form: members of all encodings in one project, and documents beside messages in binary frames.

use bytes::Bytes;
use collabd_documents::wire;
use collabd_documents::wire::peer::{self as document_peer, ServerMessage as DocumentMessage};
use collabd_loadgen::Client;
use collabd_protocol::codec::holds_messages;
use collabd_protocol::codec::peer::{Introductions, encode_compact};
use collabd_protocol::server::CursorMoved;
use collabd_protocol::{ClientMessage, DocumentId, DocumentType, ServerMessage};

use crate::support::{
    Frame, RawClient, TestServer, canvas_at, cursor_in, join_request, member_in, opcode, switch_to,
    upgrade_request, v2_path,
};

async fn cursor_at(client: &mut Client, x: f64) -> CursorMoved {
    let moved = client.wait_for(|message| match message {
        ServerMessage::CursorUpdate { data } if data.position == canvas_at(x) => Some(data),
        _ => None,
    });
    moved.await.expect("a cursor")
}

/// C1, P4: whoever moves is seen by all, with the same words, whatever each of them speaks.
#[tokio::test]
async fn members_of_every_encoding_see_each_other() {
    let server = TestServer::start();
    let mut members = Vec::new();
    for (endpoint, name) in [(server.v2(1), "ann"), (server.batch(1), "bob"), (server.compact(1), "cem")] {
        members.push(member_in(&endpoint, name, "plan").await.0);
    }
    let (mut late, _) = member_in(&server.compact(1), "dee", "elsewhere").await;
    for round in 0..3 {
        for mover in 0..members.len() {
            let x = f64::from(round) * 10.0 + 0.1 * f64::from(u8::try_from(mover).expect("few"));
            members[mover].send(&cursor_in("plan", canvas_at(x))).await.expect("sends");
            let mut seen = Vec::new();
            for (index, member) in members.iter_mut().enumerate() {
                if index != mover {
                    seen.push(cursor_at(member, x).await);
                }
            }
            assert_eq!(seen[0], seen[1], "round {round}");
        }
    }
    // Whoever comes later is told what the numbers stand for that the others know already.
    late.send(&switch_to("plan", DocumentType::Canvas)).await.expect("sends");
    for (user, x) in [("ann", 20.0), ("bob", 20.1), ("cem", 20.2)] {
        assert_eq!(cursor_at(&mut late, x).await.user_id.as_str(), user);
    }
    members[0].send(&cursor_in("plan", canvas_at(77.0))).await.expect("sends");
    assert_eq!(cursor_at(&mut late, 77.0).await.user_id.as_str(), "ann");
    members.push(late);
    for member in members {
        member.close().await.expect("closes");
    }
}

/// A socket that joins again may have met another run of its project, whose numbers begin anew.
#[tokio::test]
async fn who_leaves_and_joins_again_on_one_socket_is_introduced_to_everybody_anew() {
    let server = TestServer::start();
    let (mut ann, _) = member_in(&server.compact(1), "ann", "plan").await;
    for x in [1.0, 2.0] {
        let (mut bob, _) = member_in(&server.compact(1), "bob", "plan").await;
        bob.send(&cursor_in("plan", canvas_at(x))).await.expect("sends");
        assert_eq!(cursor_at(&mut ann, x).await.user_id.as_str(), "bob");
        ann.leave().await.expect("leaves");
        bob.close().await.expect("closes");
        let mut join = join_request("ann");
        join.document_id = Some(DocumentId::new("plan").expect("an id"));
        ann.join(join).await.expect("joins");
        ann.joined().await.expect("joins");
    }
    ann.close().await.expect("closes");
}

/// A move of a document that everybody knows takes at most 20 bytes.
#[tokio::test]
async fn a_move_on_the_wire_is_short() {
    let server = TestServer::start();
    let (mut ann, _) = member_in(&server.compact(1), "ann", "plan").await;
    let (mut bob, _) = member_in(&server.compact(1), "bob", "plan").await;
    bob.send(&cursor_in("plan", canvas_at(1.0))).await.expect("sends");
    cursor_at(&mut ann, 1.0).await;
    // The list of who is there comes before the answer.
    ann.messages_until_pong().await.expect("a pong");
    let before = ann.frame_counts();
    bob.send(&cursor_in("plan", canvas_at(-1234.5))).await.expect("sends");
    cursor_at(&mut ann, -1234.5).await;
    let after = ann.frame_counts();
    let bytes = after.binary_bytes - before.binary_bytes;
    assert_eq!(after.binary - before.binary, 1);
    assert!(bytes <= 20, "{bytes} bytes");
    ann.close().await.expect("closes");
    bob.close().await.expect("closes");
}

/// A socket whose binary frames hold messages in the compact form, and documents.
struct Both {
    socket: RawClient,
    known: Introductions,
}

impl Both {
    fn joined(server: &TestServer, user: &str) -> Self {
        let mut socket = RawClient::connect(server.address());
        let offer = "Sec-WebSocket-Protocol: collab.v2.msgpack.documents\r\n";
        socket.send(upgrade_request(&v2_path(1), offer));
        assert_eq!(socket.response().status, 101);
        let mut both = Self { socket, known: Introductions::default() };
        both.say(&ClientMessage::JoinSession(join_request(user)));
        both.message(|message| matches!(message, ServerMessage::BulkPresence { .. }));
        both
    }

    fn say(&mut self, message: &ClientMessage) {
        self.socket.send_frame(&Frame::new(opcode::BINARY, encode_compact(message)));
    }

    fn send(&mut self, document: &str, message: &Bytes) {
        let document = DocumentId::new(document).expect("an id");
        self.socket.send_frame(&Frame::new(opcode::BINARY, wire::addressed(&document, message).to_vec()));
    }

    fn message(&mut self, is_it: impl Fn(&ServerMessage) -> bool) -> ServerMessage {
        loop {
            let payload = self.payload();
            if holds_messages(&payload) {
                let messages = self.known.decode(&payload).expect("the compact form");
                if let Some(found) = messages.into_iter().find(&is_it) {
                    return found;
                }
            }
        }
    }

    fn about(&mut self, document: &str, is_it: impl Fn(&DocumentMessage) -> bool) {
        loop {
            let payload = self.payload();
            if !holds_messages(&payload) {
                let (id, message) = wire::split_address(&payload.into()).expect("an address");
                if id.as_str() == document && is_it(&document_peer::decode(&message).expect("a message")) {
                    return;
                }
            }
        }
    }

    fn payload(&mut self) -> Vec<u8> {
        let frame = self.socket.frame().expect("an open socket");
        assert_eq!(frame.opcode, opcode::BINARY);
        frame.payload
    }
}

/// A document's id is never empty, so the first byte tells both kinds of frames apart, whatever the id.
#[tokio::test]
async fn one_socket_carries_the_compact_form_and_documents() {
    let server = TestServer::start();
    let mut ada = Both::joined(&server, "ada");
    let longest = "x".repeat(256);
    for document in ["n", "notes", &"x".repeat(128), &longest] {
        ada.send(document, &wire::sync_step1(&[0]));
        ada.about(document, |message| matches!(message, DocumentMessage::SyncStep2(_)));
    }
    let (mut bob, _) = member_in(&server.v2(1), "bob", "notes").await;
    ada.say(&cursor_in("notes", canvas_at(3.0)));
    assert_eq!(cursor_at(&mut bob, 3.0).await.user_id.as_str(), "ada");
    bob.send(&cursor_in("notes", canvas_at(4.0))).await.expect("sends");
    ada.message(
        |message| matches!(message, ServerMessage::CursorUpdate { data } if data.position == canvas_at(4.0)),
    );
    ada.say(&ClientMessage::Ping);
    ada.message(|message| *message == ServerMessage::Pong);
    ada.socket.send_frame(&Frame::close(1000, b""));
    ada.socket.wait_for_end();
    bob.close().await.expect("closes");
}

/// B4, J1: messages stay as small as elsewhere, though documents on the same socket may be large.
#[test]
fn a_message_may_be_no_larger_for_sharing_its_socket_with_documents() {
    let server = TestServer::start();
    let mut ada = Both::joined(&server, "ada");
    ada.socket.send_frame(&Frame::new(opcode::BINARY, [&[0][..], &vec![0xc0; 70_000]].concat()));
    assert_eq!(ada.socket.close_code(), Some(1009));
}
