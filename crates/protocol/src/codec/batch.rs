//! Several messages encoded once and shared by every receiver, each of which leaves out its own.

use std::ops::Range;

use bytes::{BufMut, Bytes, BytesMut};

use super::{Encoding, Frame, compact, to_json};
use crate::ids::SessionId;
use crate::server::{CursorMoved, ServerMessage};
use crate::v1::V1Message;

/// Messages of one moment, encoded once for one encoding (invariant "encode once").
///
/// A receiver that caused one of the messages must not get it back (C1), so every message remembers its origin
/// and [`Batch::frames`] leaves it out. Receivers that caused none share the same bytes.
#[derive(Debug)]
pub struct Batch {
    encoding: Encoding,
    body: Bytes,
    parts: Vec<Part>,
}

#[derive(Debug)]
struct Part {
    origin: Option<SessionId>,
    range: Range<usize>,
    /// Messages in it: a move may have its introduction before it.
    messages: usize,
}

impl Batch {
    /// Bytes that the shared body holds.
    pub fn len(&self) -> usize {
        self.body.len()
    }

    /// Is there nothing in it?
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// The frames for `receiver`, in order, without the messages it caused itself.
    pub fn frames(&self, receiver: SessionId) -> Vec<Frame> {
        let is_own = |part: &&Part| part.origin == Some(receiver);
        let mut others = self.parts.iter().filter(|part| !is_own(part));
        let count = others.clone().count();
        let is_whole = count == self.parts.len();
        let text = |part: &Part| Frame::Text(self.body.slice(part.range.clone()));
        match (self.encoding, others.next()) {
            (_, None) => Vec::new(),
            (Encoding::Compact, Some(_)) if is_whole => vec![Frame::Binary(self.body.clone())],
            (Encoding::Compact, Some(first)) => vec![Frame::Binary(self.compact(first, others))],
            (Encoding::JsonBatch, Some(_)) if is_whole && count > 1 => vec![Frame::Text(self.body.clone())],
            (Encoding::JsonBatch, Some(first)) if count > 1 => vec![Frame::Text(self.array(first, others))],
            (_, Some(first)) => std::iter::once(first).chain(others).map(text).collect(),
        }
    }

    fn compact<'a>(&self, first: &'a Part, rest: impl Iterator<Item = &'a Part> + Clone) -> Bytes {
        let parts = std::iter::once(first).chain(rest);
        let mut frame = BytesMut::with_capacity(self.body.len());
        frame.put_slice(&compact::head(parts.clone().map(|part| part.messages).sum()));
        parts.for_each(|part| frame.put_slice(&self.body[part.range.clone()]));
        frame.freeze()
    }

    fn array<'a>(&self, first: &Part, rest: impl Iterator<Item = &'a Part>) -> Bytes {
        let mut array = BytesMut::with_capacity(self.body.len());
        array.put_u8(b'[');
        array.put_slice(&self.body[first.range.clone()]);
        for part in rest {
            array.put_u8(b',');
            array.put_slice(&self.body[part.range.clone()]);
        }
        array.put_u8(b']');
        array.freeze()
    }
}

/// Collects the messages of a [`Batch`].
#[derive(Debug)]
pub struct BatchBuilder {
    encoding: Encoding,
    body: Vec<u8>,
    parts: Vec<Part>,
}

impl BatchBuilder {
    /// An empty batch for `encoding`.
    pub fn new(encoding: Encoding) -> Self {
        let body = match encoding {
            // Room for a head, which says how many messages there are.
            Encoding::Compact => vec![0; compact::LONGEST_HEAD],
            // Every array starts with a bracket; it is outside all ranges, so the other encodings never show it.
            _ => vec![b'['],
        };
        Self { encoding, body, parts: Vec::new() }
    }

    /// Adds a move, which its own session is not sent. `document` is the number of the document in the project, and
    /// `is_introduced` whether all receivers were told what the move's numbers stand for.
    pub fn push_move(&mut self, moved: &CursorMoved, document: u64, is_introduced: bool) {
        let origin = Some(moved.session_id);
        if self.encoding != Encoding::Compact {
            return self.push(origin, &ServerMessage::CursorUpdate { data: moved.clone() });
        }
        let start = self.body.len();
        if !is_introduced {
            compact::write_introduction(&mut self.body, moved, document);
        }
        compact::write_move(&mut self.body, moved, document);
        let messages = if is_introduced { 1 } else { 2 };
        self.parts.push(Part { origin, range: start..self.body.len(), messages });
    }

    /// Adds a v2 message caused by `origin`.
    pub fn push(&mut self, origin: Option<SessionId>, message: &ServerMessage) {
        if self.encoding != Encoding::Compact {
            return self.push_json(origin, &to_json(message));
        }
        let start = self.body.len();
        compact::write_message(&mut self.body, message);
        self.parts.push(Part { origin, range: start..self.body.len(), messages: 1 });
    }

    /// Adds a v1 message caused by `origin`.
    pub fn push_v1(&mut self, origin: Option<SessionId>, message: &V1Message) {
        self.push_json(origin, &to_json(message));
    }

    fn push_json(&mut self, origin: Option<SessionId>, message: &[u8]) {
        if !self.parts.is_empty() {
            self.body.push(b',');
        }
        let start = self.body.len();
        self.body.extend_from_slice(message);
        self.parts.push(Part { origin, range: start..self.body.len(), messages: 1 });
    }

    /// The finished batch.
    pub fn build(mut self) -> Batch {
        if self.encoding == Encoding::Compact {
            return self.build_compact();
        }
        self.body.push(b']');
        Batch { encoding: self.encoding, body: self.body.into(), parts: self.parts }
    }

    /// The head goes right before the first message; what is left of its room is not part of the body.
    fn build_compact(mut self) -> Batch {
        let head = compact::head(self.parts.iter().map(|part| part.messages).sum());
        let unused = compact::LONGEST_HEAD - head.len();
        self.body[unused..compact::LONGEST_HEAD].copy_from_slice(&head);
        for part in &mut self.parts {
            part.range = part.range.start - unused..part.range.end - unused;
        }
        let body = Bytes::from(self.body).slice(unused..);
        Batch { encoding: Encoding::Compact, body, parts: self.parts }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::peer;
    use crate::codes::DepartureReason;
    use crate::ids::{Incarnation, UserId};

    fn session(number: u64) -> SessionId {
        SessionId { incarnation: Incarnation(1), number }
    }

    fn left(user: &str) -> ServerMessage {
        ServerMessage::UserLeft { user_id: UserId::new(user).unwrap(), reason: DepartureReason::Left }
    }

    fn batch(encoding: Encoding) -> Batch {
        let mut builder = BatchBuilder::new(encoding);
        for number in 1..=3 {
            builder.push(Some(session(number)), &left(&format!("u{number}")));
        }
        builder.build()
    }

    fn received(batch: &Batch, receiver: u64) -> Vec<ServerMessage> {
        let decode = |frame: Frame| match frame {
            Frame::Text(text) => peer::decode(&text).unwrap(),
            Frame::Binary(payload) => peer::Introductions::default().decode(&payload).unwrap(),
        };
        batch.frames(session(receiver)).into_iter().flat_map(decode).collect()
    }

    /// C1
    #[test]
    fn a_receiver_gets_all_messages_but_its_own() {
        for encoding in [Encoding::Json, Encoding::JsonBatch, Encoding::Compact] {
            let batch = batch(encoding);
            assert_eq!(received(&batch, 9), [left("u1"), left("u2"), left("u3")]);
            assert_eq!(received(&batch, 2), [left("u1"), left("u3")]);
        }
    }

    #[test]
    fn strangers_to_a_batch_share_its_bytes() {
        for encoding in [Encoding::JsonBatch, Encoding::Compact] {
            let batch = batch(encoding);
            let (one, two) = (batch.frames(session(8)), batch.frames(session(9)));
            assert_eq!(one.len(), 1);
            assert_eq!(one[0].payload().as_ptr(), two[0].payload().as_ptr());
        }
    }

    #[test]
    fn a_single_message_goes_without_an_array_and_none_without_a_frame() {
        let mut builder = BatchBuilder::new(Encoding::JsonBatch);
        builder.push(Some(session(1)), &left("u1"));
        let batch = builder.build();
        assert!(batch.frames(session(2))[0].payload().starts_with(b"{"));
        assert!(batch.frames(session(1)).is_empty());
    }
}
