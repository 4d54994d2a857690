//! The compact form: MessagePack in binary frames, in which a cursor move is a short array (`collab.v2.msgpack`).
//!
//! A message is a map with the fields of its JSON form. A move names its session and its document by numbers that are
//! the same for every receiver in the project, so that its bytes are, too; an introduction says once what they stand for.

mod client;
mod number;
mod peer;
mod place;
mod reader;
mod server;

pub(super) use client::decode;
pub use peer::{Introductions, encode};
pub(super) use server::{write_introduction, write_message, write_move};

/// The first byte of every frame of messages. Frames that carry shared documents on the same socket begin with the length
/// of a document's id, which is never 0.
const MESSAGES: u8 = 0;

/// Bytes before the messages of a frame at most: the kind and the longest header of an array.
pub(super) const LONGEST_HEAD: usize = 6;

/// Does a binary frame hold messages? Otherwise it may carry a shared document.
pub fn holds_messages(frame: &[u8]) -> bool {
    frame.first() == Some(&MESSAGES)
}

/// What comes before `count` messages in a frame of the server.
pub(super) fn head(count: usize) -> Vec<u8> {
    let mut head = vec![MESSAGES];
    // More than four thousand million moves in one tick would have to fit into memory first.
    written(rmp::encode::write_array_len(&mut head, u32::try_from(count).unwrap_or(u32::MAX)));
    head
}

#[expect(clippy::expect_used, reason = "a vector takes every write")]
fn written<T, E: std::fmt::Debug>(result: Result<T, E>) -> T {
    result.expect("memory can be written to")
}
