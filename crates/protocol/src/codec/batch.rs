//! Several messages encoded once and shared by every receiver, each of which leaves out its own.

use std::ops::Range;

use bytes::{BufMut, Bytes, BytesMut};

use super::{Encoding, to_json};
use crate::ids::SessionId;
use crate::server::ServerMessage;
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

    /// The frames' payloads for `receiver`, in order, without the messages it caused itself.
    pub fn frames(&self, receiver: SessionId) -> Vec<Bytes> {
        let is_own = |part: &&Part| part.origin == Some(receiver);
        let mut others = self.parts.iter().filter(|part| !is_own(part));
        if self.encoding != Encoding::JsonBatch {
            return others.map(|part| self.body.slice(part.range.clone())).collect();
        }
        let count = others.clone().count();
        match (count, others.next()) {
            (_, None) => Vec::new(),
            (1, Some(part)) => vec![self.body.slice(part.range.clone())],
            _ if count == self.parts.len() => vec![self.body.clone()],
            (_, Some(first)) => vec![self.array(first, others)],
        }
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
        // Every array starts with a bracket; it is outside all ranges, so the other encodings never show it.
        Self { encoding, body: vec![b'['], parts: Vec::new() }
    }

    /// Adds a v2 message caused by `origin`.
    pub fn push(&mut self, origin: Option<SessionId>, message: &ServerMessage) {
        self.push_bytes(origin, &to_json(message));
    }

    /// Adds a v1 message caused by `origin`.
    pub fn push_v1(&mut self, origin: Option<SessionId>, message: &V1Message) {
        self.push_bytes(origin, &to_json(message));
    }

    fn push_bytes(&mut self, origin: Option<SessionId>, message: &[u8]) {
        if !self.parts.is_empty() {
            self.body.push(b',');
        }
        let start = self.body.len();
        self.body.extend_from_slice(message);
        self.parts.push(Part { origin, range: start..self.body.len() });
    }

    /// The finished batch.
    pub fn build(mut self) -> Batch {
        self.body.push(b']');
        Batch { encoding: self.encoding, body: self.body.into(), parts: self.parts }
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
        batch.frames(session(receiver)).iter().flat_map(|frame| peer::decode(frame).unwrap()).collect()
    }

    /// C1
    #[test]
    fn a_receiver_gets_all_messages_but_its_own() {
        for encoding in [Encoding::Json, Encoding::JsonBatch] {
            let batch = batch(encoding);
            assert_eq!(received(&batch, 9), [left("u1"), left("u2"), left("u3")]);
            assert_eq!(received(&batch, 2), [left("u1"), left("u3")]);
        }
    }

    #[test]
    fn strangers_to_a_batch_share_its_bytes() {
        let batch = batch(Encoding::JsonBatch);
        let (one, two) = (batch.frames(session(8)), batch.frames(session(9)));
        assert_eq!(one.len(), 1);
        assert_eq!(one[0].as_ptr(), two[0].as_ptr());
    }

    #[test]
    fn a_single_message_goes_without_an_array_and_none_without_a_frame() {
        let mut builder = BatchBuilder::new(Encoding::JsonBatch);
        builder.push(Some(session(1)), &left("u1"));
        let batch = builder.build();
        assert!(batch.frames(session(2))[0].starts_with(b"{"));
        assert!(batch.frames(session(1)).is_empty());
    }
}
