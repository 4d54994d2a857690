//! The outbox's promises: bounds, order, overflow, goodbyes.

mod bounds;
mod cursors;
mod waiting;

use collabd_protocol::ServerMessage;
use collabd_protocol::codec::{Batch, BatchBuilder, Encoding, peer};
use collabd_protocol::server::CursorMoved;

use super::*;
use crate::testing::{document, drain, line, line_of, session, user};

const LIMITS: OutboxLimits = OutboxLimits { items: 4, bytes: 100, cursor_batches: 2, cursor_bytes: 4096 };

const READER: u64 = 1;
const MOVER: u64 = 2;

fn frame(length: usize) -> Frame {
    Frame::Text(vec![b'x'; length].into())
}

/// One move of another session, told from others by its line.
fn batch(place: &str, number: u32) -> Arc<Batch> {
    let mut builder = BatchBuilder::new(Encoding::JsonBatch);
    let moved = CursorMoved {
        user_id: user("bob"),
        session_id: session(MOVER),
        document_id: document(place),
        document_type: line(number).document_type(),
        position: line(number),
        selected_node_id: None,
        timestamp: None,
    };
    builder.push_move(&moved, 1, true);
    Arc::new(builder.build())
}

fn push_cursors(outbox: &Outbox, place: &str, number: u32) -> Conflation {
    outbox.push_cursors(&document(place), session(READER), batch(place, number))
}

/// What an entry holds.
#[derive(Debug, PartialEq)]
enum Content {
    /// A frame of this length.
    Frame(usize),
    /// The line of a cursor.
    Cursor(u32),
}

fn contents(drained: Drained) -> Vec<Content> {
    drained.entries.into_iter().map(content).collect()
}

fn content(entry: Entry) -> Content {
    match entry {
        Entry::Frame(frame) | Entry::List { frame, .. } | Entry::Awareness { frame, .. } => {
            Content::Frame(frame.len())
        }
        Entry::Cursors { .. } => {
            let [Frame::Text(frame)] = &entry.frames()[..] else {
                panic!("more than one frame");
            };
            let [ServerMessage::CursorUpdate { data }] = &peer::decode(frame).unwrap()[..] else {
                panic!("not one move");
            };
            Content::Cursor(line_of(&data.position))
        }
    }
}

fn names(documents: &[DocumentId]) -> Vec<&str> {
    documents.iter().map(DocumentId::as_str).collect()
}

/// B2, C2: a cursor that overtook its user's leave would stay for ever.
#[test]
fn both_lanes_share_one_order() {
    let (outbox, mut reader) = outbox(LIMITS);
    outbox.push(frame(1)).unwrap();
    push_cursors(&outbox, "plan", 5);
    outbox.push(frame(2)).unwrap();
    push_cursors(&outbox, "plan", 6);
    let drained = drain(&mut reader);
    assert_eq!(
        contents(drained),
        [Content::Frame(1), Content::Cursor(5), Content::Frame(2), Content::Cursor(6)]
    );
}

/// C1
#[test]
fn a_receiver_is_not_sent_its_own_moves() {
    let (outbox, mut reader) = outbox(LIMITS);
    outbox.push_cursors(&document("plan"), session(MOVER), batch("plan", 5));
    let drained = drain(&mut reader);
    assert_eq!(drained.entries.len(), 1);
    for entry in drained.entries {
        assert_eq!(entry.frames(), Vec::<Frame>::new());
    }
}

#[test]
fn a_drain_takes_everything_at_once() {
    let (outbox, mut reader) = outbox(LIMITS);
    for length in 1..=4 {
        outbox.push(frame(length)).unwrap();
    }
    assert_eq!(drain(&mut reader).entries.len(), 4);
    assert_eq!(drain(&mut reader).entries.len(), 0);
}

/// Two outboxes of one session would be two queues: a clone feeds the same one.
#[test]
fn clones_feed_the_same_queue() {
    let (outbox, mut reader) = outbox(LIMITS);
    outbox.clone().push(frame(1)).unwrap();
    outbox.push(frame(2)).unwrap();
    assert_eq!(contents(drain(&mut reader)), [Content::Frame(1), Content::Frame(2)]);
}
