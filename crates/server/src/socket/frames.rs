//! From payloads to WebSocket frames.

use collabd_core::outbox::Frame;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::protocol::frame::Frame as RawFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

use crate::net::READ_BUFFER;

/// Bytes in one frame. The socket's write buffer grows to the largest frame and keeps that size for as long as
/// the socket lives, so a large message goes out in several. The moves of four hundred members fit in one, and with its
/// header it fits in 2 KiB.
const MAX_FRAME: usize = 2 * 1024 - 4;

/// The limits of a socket whose client may send messages of `max_message` bytes.
pub(crate) fn config(max_message: usize) -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(MAX_FRAME)
        // The writer waits for room after every frame, so that the buffer holds two frames at most.
        .max_write_buffer_size(usize::MAX)
        .max_message_size(Some(max_message))
        .max_frame_size(Some(max_message))
}

/// Does [`of`] split the message?
pub(crate) fn is_in_parts(frame: &Frame) -> bool {
    frame.payload().len() > MAX_FRAME
}

/// One message as one frame, or as several when it is large. A text is the codec's, so it is UTF-8.
pub(crate) fn of(frame: &Frame) -> impl Iterator<Item = Message> + use<> {
    let (kind, payload) = match frame {
        Frame::Text(payload) => (Data::Text, payload.clone()),
        Frame::Binary(payload) => (Data::Binary, payload.clone()),
    };
    let count = payload.len().div_ceil(MAX_FRAME).max(1);
    (0..count).map(move |index| {
        let (start, end) = (index * MAX_FRAME, ((index + 1) * MAX_FRAME).min(payload.len()));
        let kind = if index == 0 { kind } else { Data::Continue };
        let is_last = index + 1 == count;
        Message::Frame(RawFrame::message(payload.slice(start..end), OpCode::Data(kind), is_last))
    })
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    #[test]
    fn a_large_message_is_one_message_in_small_frames() {
        let payload = Bytes::from(vec![b'a'; 2 * MAX_FRAME + 1]);
        let frames: Vec<_> = of(&Frame::Text(payload.clone()))
            .map(|message| match message {
                Message::Frame(frame) => frame,
                other => panic!("not a frame: {other:?}"),
            })
            .collect();
        assert_eq!(frames.len(), 3);
        assert_eq!(frames[0].header().opcode, OpCode::Data(Data::Text));
        assert!(frames[1..].iter().all(|frame| frame.header().opcode == OpCode::Data(Data::Continue)));
        assert_eq!(
            frames.iter().map(|frame| frame.header().is_final).collect::<Vec<_>>(),
            [false, false, true]
        );
        assert_eq!(frames.iter().map(|frame| frame.payload().len()).sum::<usize>(), payload.len());
    }
}
