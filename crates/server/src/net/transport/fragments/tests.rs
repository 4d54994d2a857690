//! What the library makes of frames that went through here, beside what it makes of those that did not.

use std::io::{self, Cursor, Read, Write};

use proptest::prelude::*;
use tokio_tungstenite::tungstenite::protocol::frame::FrameHeader;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Control, Data, OpCode};
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocket, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message};

use super::super::scanner::FrameScanner;
use super::*;

/// The largest message that is taken.
const LARGEST: usize = 6000;

/// A stream of bytes that have come; whatever is answered is forgotten.
struct Bytes(Cursor<Vec<u8>>);

impl Read for Bytes {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl Write for Bytes {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// All messages that the library reads, and how it ends.
fn read(bytes: Vec<u8>, largest_frame: usize) -> (Vec<Message>, String) {
    let config =
        WebSocketConfig::default().max_message_size(Some(LARGEST)).max_frame_size(Some(largest_frame));
    let mut socket = WebSocket::from_raw_socket(Bytes(Cursor::new(bytes)), Role::Server, Some(config));
    let mut messages = Vec::new();
    loop {
        match socket.read() {
            Ok(message) => messages.push(message),
            // How much of what is too large had come by then is all that may differ.
            Err(Error::Capacity(_)) => return (messages, "too large".to_owned()),
            Err(error) => return (messages, error.to_string()),
        }
    }
}

/// What the library gets of these bytes when they come in pieces of these lengths.
fn passed(bytes: &[u8], lengths: &[usize]) -> Vec<u8> {
    let (mut scanner, mut fragmenter) = (FrameScanner::default(), Fragmenter::new(LARGEST));
    let mut rest = bytes;
    for length in lengths.iter().cycle() {
        let (piece, after) = rest.split_at((*length).min(rest.len()));
        scanner.follow(piece, |part| fragmenter.take(part));
        rest = after;
        if rest.is_empty() {
            break;
        }
    }
    fragmenter.ready
}

fn frame(opcode: OpCode, payload: &[u8], is_final: bool, mask: Option<[u8; 4]>) -> Vec<u8> {
    let header = FrameHeader { is_final, opcode, mask, ..FrameHeader::default() };
    let mut bytes = Vec::new();
    header.format(payload.len() as u64, &mut bytes).unwrap();
    let mask = mask.unwrap_or_default();
    bytes.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    bytes
}

fn any_frame() -> impl Strategy<Value = Vec<u8>> {
    let opcode = prop_oneof![
        4 => Just(OpCode::Data(Data::Binary)),
        2 => Just(OpCode::Data(Data::Text)),
        3 => Just(OpCode::Data(Data::Continue)),
        1 => Just(OpCode::Control(Control::Ping)),
        1 => Just(OpCode::Data(Data::Reserved(5))),
    ];
    let length = prop_oneof![0_usize..200, 1000_usize..1100, 0..LARGEST + 1000];
    (opcode, length, any::<bool>(), any::<[u8; 4]>(), any::<u8>()).prop_map(
        |(opcode, length, is_final, mask, first)| {
            let (length, is_final) = match opcode {
                OpCode::Control(_) => (length.min(125), true),
                OpCode::Data(_) => (length, is_final),
            };
            // Two bytes a character, so that texts are cut amid one.
            let payload = match opcode {
                OpCode::Data(Data::Text | Data::Continue) => "é".repeat(length / 2).into_bytes(),
                _ => (0..length).map(|at| first.wrapping_add(u8::try_from(at % 251).unwrap())).collect(),
            };
            frame(opcode, &payload, is_final, Some(mask))
        },
    )
}

proptest! {
    /// However the bytes are cut, the library reads the same, and no frame is large.
    #[test]
    fn the_library_reads_the_same_messages(
        frames in prop::collection::vec(any_frame(), 0..8),
        lengths in prop::collection::vec(1_usize..1500, 1..20),
    ) {
        let bytes = frames.concat();
        let passed = passed(&bytes, &lengths);
        let (expected, end) = read(bytes, LARGEST);
        prop_assert_eq!(read(passed.clone(), LARGEST), (expected.clone(), end.clone()));
        if end != "too large" {
            prop_assert_eq!(read(passed, WHOLE), (expected, end), "a frame was large");
        }
    }
}

#[test]
fn what_is_too_large_is_refused_by_its_header() {
    let whole = frame(OpCode::Data(Data::Binary), &[0; LARGEST + 1], true, Some([1; 4]));
    let header = &whole[..8];
    assert_eq!(passed(header, &[3]), header);
    assert_eq!(read(header.to_vec(), LARGEST), (vec![], "too large".to_owned()));
}

#[test]
fn what_has_no_mask_goes_as_it_came() {
    let unmasked = frame(OpCode::Data(Data::Binary), &[7; 2000], true, None);
    assert_eq!(passed(&unmasked, &[500]), unmasked);
}
