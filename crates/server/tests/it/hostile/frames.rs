//! Frames that clients should not send, or that only look so, row by row.

use collabd_documents::wire;
use collabd_protocol::ServerMessage;
use collabd_protocol::codec::peer::Introductions;
use serde::Deserialize;
use serde_json::Value;

use super::bytes;
use crate::support::{Bystanders, Frame, RawClient, TestServer, opcode, upgrade_request, v1_path, v2_path};

const FRAMES: &str = include_str!("frames.json");

/// What shows that a connection is usable.
const STILL_HERE: &[u8] = b"still here?";

#[derive(Debug, Deserialize)]
struct Table {
    rows: Vec<Row>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    /// What it is.
    what: String,
    /// On which socket; one of the v2 dialect that has joined, if nothing is said.
    #[serde(default)]
    on: Place,
    send: Vec<Sent>,
    answer: Answer,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Place {
    #[default]
    V2,
    /// One of the v2 dialect that has not joined.
    Stranger,
    V1,
    Batch,
    /// One of messages in the compact form.
    Compact,
    /// One that carries documents beside messages.
    Shared,
    /// One of a document.
    Document,
    GraphQl,
}

/// One frame: its kind and payload, and what is wrong with it.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Sent {
    text: Option<String>,
    binary: Option<String>,
    continuation: Option<String>,
    ping: Option<String>,
    pong: Option<String>,
    /// A close frame with this code.
    close: Option<u16>,
    /// Any kind by its number.
    opcode: Option<u8>,
    /// The payload where the kind is given by a number or a code.
    payload: String,
    /// More fragments follow.
    unfinished: bool,
    unmasked: bool,
    /// Reserved bits: 64, 32, 16.
    reserved: u8,
    /// The header says this length.
    claims: Option<u64>,
    /// The length takes so many bytes more, though fewer would do.
    lengthened: usize,
    /// How often the frame is sent; once, if nothing is said.
    times: Option<usize>,
}

#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Answer {
    /// Nothing, and the connection stays usable.
    Nothing,
    /// The server closes with this code.
    Close(u16),
    /// The server answers the client's close with this code, or with none.
    Echo(Option<u16>),
    /// An error of this code, and the connection stays usable.
    Error(String),
}

impl Sent {
    fn frame(&self) -> Frame {
        let kinds = [
            (opcode::TEXT, &self.text),
            (opcode::BINARY, &self.binary),
            (opcode::CONTINUATION, &self.continuation),
            (opcode::PING, &self.ping),
            (opcode::PONG, &self.pong),
        ];
        let named = kinds.iter().find_map(|(kind, payload)| Some((*kind, bytes(payload.as_ref()?))));
        let mut frame = match (named, self.close, self.opcode) {
            (Some((kind, payload)), None, None) => Frame::new(kind, payload),
            (None, Some(code), None) => Frame::close(code, &bytes(&self.payload)),
            (None, None, Some(kind)) => Frame::new(kind, bytes(&self.payload)),
            _ => panic!("a frame has one kind: {self:?}"),
        };
        frame = frame.reserving(self.reserved).lengthened(self.lengthened);
        frame = if self.unfinished { frame.unfinished() } else { frame };
        frame = if self.unmasked { frame.unmasked() } else { frame };
        self.claims.map_or(frame.clone(), |length| frame.claiming(length))
    }
}

/// Asks for all that a document holds.
fn asking_for_all() -> Frame {
    Frame::new(opcode::BINARY, wire::sync_step1(&[0]).to_vec())
}

/// Is a message of a document the answer to that?
fn is_all(message: &[u8]) -> bool {
    message.starts_with(&[0, 1])
}

impl Row {
    fn ends_within_a_message(&self) -> bool {
        let is_data =
            |sent: &&Sent| sent.text.is_some() || sent.binary.is_some() || sent.continuation.is_some();
        self.send.iter().rfind(is_data).is_some_and(|last| last.unfinished)
    }
}

impl Place {
    /// A socket there, of somebody who has joined.
    fn open(self, server: &TestServer) -> RawClient {
        let upgraded = |path: &str, subprotocol: &str| {
            let mut client = RawClient::connect(server.address());
            let offer = format!("Sec-WebSocket-Protocol: {subprotocol}\r\n");
            client.send(upgrade_request(path, if subprotocol.is_empty() { "" } else { &offer }));
            assert_eq!(client.response().status, 101);
            client
        };
        let mut client = match self {
            Self::V2 | Self::Stranger => upgraded(&v2_path(1), ""),
            Self::V1 => upgraded(&v1_path(1), ""),
            Self::Batch => upgraded(&v2_path(1), "collab.v2.batch"),
            Self::Compact => upgraded(&v2_path(1), "collab.v2.msgpack"),
            Self::Shared => upgraded(&v2_path(1), "collab.v2.documents"),
            Self::Document => upgraded("/ws/documents/1/plan?user_id=ada", "collab.documents"),
            Self::GraphQl => upgraded("/graphql/ws", "graphql-transport-ws"),
        };
        match self {
            Self::V2 | Self::V1 | Self::Batch | Self::Shared => drop(client.join("ada")),
            Self::Compact => client.join_compact("ada"),
            Self::GraphQl => {
                client.send_text(r#"{"type":"connection_init"}"#);
                client.message_of_type("connection_ack");
            }
            Self::Document => {
                client.send_frame(&asking_for_all());
                while !is_all(&client.frame().expect("an answer").payload) {}
            }
            Self::Stranger => {}
        }
        client
    }

    /// Is a close told of in a message before it?
    fn has_notice(self) -> bool {
        matches!(self, Self::V2 | Self::Compact | Self::Stranger)
    }
}

/// What comes for a row's frames: an error, a close, or only the pong that shows that nothing else did.
fn answer(server: &TestServer, row: &Row) -> Answer {
    let mut client = row.on.open(server);
    let frames = row.send.iter().flat_map(|sent| vec![sent.frame().bytes(); sent.times.unwrap_or(1)]);
    client.send(frames.collect::<Vec<_>>().concat());
    // Answers to messages come from another queue than pongs, so each kind of socket has a barrier of its own.
    match row.on {
        _ if row.ends_within_a_message() => client.send_frame(&Frame::ping(STILL_HERE)),
        Place::GraphQl => client.send_frame(&Frame::ping(STILL_HERE)),
        Place::Document => client.send_frame(&asking_for_all()),
        Place::Compact => client.send_compact_join("ada"),
        _ => client.send_join("ada"),
    }
    let (mut notice, mut refusal) = (None, None);
    let code = loop {
        let frame = client.frame().unwrap_or_else(|| panic!("an end without a close frame: {}", row.what));
        match frame.opcode {
            opcode::PONG if frame.payload == STILL_HERE => {
                return refusal.map_or(Answer::Nothing, Answer::Error);
            }
            opcode::BINARY if matches!(row.on, Place::Document) && is_all(&frame.payload) => {
                return Answer::Nothing;
            }
            opcode::BINARY if matches!(row.on, Place::Compact) => {
                let messages = Introductions::default().decode(&frame.payload).expect("the compact form");
                for message in messages {
                    match message {
                        ServerMessage::Error(error) => refusal = Some(error.code.name().to_owned()),
                        ServerMessage::Disconnect { code, .. } => notice = Some(code.into()),
                        ServerMessage::BulkPresence { .. } => {
                            return refusal.map_or(Answer::Nothing, Answer::Error);
                        }
                        _ => {}
                    }
                }
            }
            opcode::CLOSE => break frame.payload.first_chunk().map(|code| u16::from_be_bytes(*code)),
            opcode::TEXT if frame.is_final => {
                let message: Value = serde_json::from_slice(&frame.payload).expect("messages are JSON");
                match message["type"].as_str() {
                    Some("error") => refusal = message["code"].as_str().map(str::to_owned),
                    Some("disconnect") => notice = Some(message["code"].clone()),
                    _ if message.to_string().contains("bulk_presence") => {
                        return refusal.map_or(Answer::Nothing, Answer::Error);
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    };
    client.send_frame(&Frame::new(opcode::CLOSE, code.unwrap_or(1000).to_be_bytes()));
    assert_eq!(client.frame(), None, "nothing follows a close frame: {}", row.what);
    let Some(code) = code else { return Answer::Echo(None) };
    if notice.is_none() && row.send.iter().any(|sent| sent.close == Some(code)) {
        return Answer::Echo(Some(code));
    }
    // The library itself answers a close frame that is none, and nothing comes before its answer.
    let is_told = notice.is_some() || !row.on.has_notice() || code == 1002;
    assert!(is_told && notice.is_none_or(|told| told == code), "not told of {code} before: {}", row.what);
    Answer::Close(code)
}

/// W8, W9, W12, Attack P8, P7: each frame is answered as its row says, and nobody else notices any.
#[test]
fn a_frame_that_should_not_be_sent_ends_its_own_connection_at_most() {
    let server = TestServer::start();
    let watched = Bystanders::beside(&server);
    let table: Table = serde_json::from_str(FRAMES).expect("the table");
    assert!(table.rows.len() >= 60, "only {} rows", table.rows.len());
    let others: Vec<String> = table
        .rows
        .iter()
        .filter_map(|row| {
            let given = answer(&server, row);
            (given != row.answer).then(|| format!("{}: {:?}, not {:?}", row.what, given, row.answer))
        })
        .collect();
    assert!(others.is_empty(), "answered otherwise:\n{}", others.join("\n"));
    watched.noticed_nothing();
}
