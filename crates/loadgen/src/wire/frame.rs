//! Frames of RFC 6455 as a client sees them, without any I/O.

use bytes::{Buf as _, Bytes, BytesMut};

use super::WireError;

/// Longest frame that is read. The largest are snapshots of crowded projects.
const MAX_FRAME: usize = 64 * 1024 * 1024;
/// The bit of the first byte that ends a message.
const FIN: u8 = 0x80;
/// The bit of the second byte that says that a mask follows.
const MASKED: u8 = 0x80;
/// The length follows in 16 bits.
const SHORT: u8 = 0x7e;
/// The length follows in 64 bits.
const LONG: u8 = 0x7f;

/// Kinds of frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The next part of a message.
    Continuation,
    /// UTF-8, which is checked by whoever reads it.
    Text,
    /// Bytes.
    Binary,
    /// The end.
    Close,
    /// To be answered.
    Ping,
    /// The answer.
    Pong,
}

impl Kind {
    fn of(code: u8) -> Option<Self> {
        Some(match code {
            0 => Self::Continuation,
            1 => Self::Text,
            2 => Self::Binary,
            8 => Self::Close,
            9 => Self::Ping,
            10 => Self::Pong,
            _ => return None,
        })
    }

    fn code(self) -> u8 {
        match self {
            Self::Continuation => 0,
            Self::Text => 1,
            Self::Binary => 2,
            Self::Close => 8,
            Self::Ping => 9,
            Self::Pong => 10,
        }
    }
}

/// One frame of a server.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Frame {
    pub(super) kind: Kind,
    pub(super) is_final: bool,
    pub(super) payload: Bytes,
}

/// Puts one whole message into `out`, masked as a client's have to be.
pub(super) fn write(kind: Kind, payload: &[u8], mask: [u8; 4], out: &mut BytesMut) {
    out.extend_from_slice(&[FIN | kind.code()]);
    match (u8::try_from(payload.len()), u16::try_from(payload.len())) {
        (Ok(length), _) if length < SHORT => out.extend_from_slice(&[MASKED | length]),
        (_, Ok(length)) => {
            out.extend_from_slice(&[MASKED | SHORT]);
            out.extend_from_slice(&length.to_be_bytes());
        }
        _ => {
            out.extend_from_slice(&[MASKED | LONG]);
            out.extend_from_slice(&(payload.len() as u64).to_be_bytes());
        }
    }
    out.extend_from_slice(&mask);
    out.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask));
}

/// Takes the next frame out of `buffer`; `None` when it is not whole yet.
///
/// # Errors
/// [`WireError::Frame`] when it is none that a server may send.
pub(super) fn read(buffer: &mut BytesMut) -> Result<Option<Frame>, WireError> {
    let Some((header, length)) = measure(buffer)? else { return Ok(None) };
    if buffer.len() < header + length {
        buffer.reserve(header + length - buffer.len());
        return Ok(None);
    }
    let first = buffer[0];
    buffer.advance(header);
    let kind = Kind::of(first & 0x0f).ok_or(WireError::Frame("an opcode that nobody knows"))?;
    Ok(Some(Frame { kind, is_final: first & FIN != 0, payload: buffer.split_to(length).freeze() }))
}

/// The bytes of the header and of the payload behind it.
fn measure(buffer: &BytesMut) -> Result<Option<(usize, usize)>, WireError> {
    let Some([first, second]) = buffer.first_chunk() else { return Ok(None) };
    if first & 0x70 != 0 || second & MASKED != 0 {
        return Err(WireError::Frame("reserved bits or a mask"));
    }
    let (header, length) = match *second {
        SHORT => match buffer.get(2..4).and_then(|bytes| bytes.try_into().ok()) {
            Some(bytes) => (4, u64::from(u16::from_be_bytes(bytes))),
            None => return Ok(None),
        },
        LONG => match buffer.get(2..10).and_then(|bytes| bytes.try_into().ok()) {
            Some(bytes) => (10, u64::from_be_bytes(bytes)),
            None => return Ok(None),
        },
        length => (2, u64::from(length)),
    };
    match usize::try_from(length) {
        Ok(length) if length <= MAX_FRAME => Ok(Some((header, length))),
        _ => Err(WireError::Frame("longer than anything that is expected")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a server would send: the same without a mask.
    fn unmasked(kind: Kind, payload: &[u8]) -> BytesMut {
        let mut masked = BytesMut::new();
        write(kind, payload, [0; 4], &mut masked);
        let header = masked.len() - payload.len() - 4;
        masked[1] &= !MASKED;
        let mut frame = BytesMut::from(&masked[..header]);
        frame.extend_from_slice(payload);
        frame
    }

    #[test]
    fn frames_of_every_length_are_read_when_they_are_whole() {
        for length in [0, 1, 125, 126, 65_535, 65_536, 200_000] {
            let payload = vec![b'a'; length];
            let mut whole = unmasked(Kind::Text, &payload);
            let mut part = BytesMut::from(&whole[..whole.len() - 1]);
            assert_eq!(read(&mut part).unwrap(), None, "{length}");
            whole.extend_from_slice(b"next");
            let frame = read(&mut whole).unwrap().unwrap();
            assert_eq!((frame.kind, frame.is_final, frame.payload.len()), (Kind::Text, true, length));
            assert_eq!(&whole[..], b"next");
        }
    }

    #[test]
    fn a_payload_is_masked_byte_by_byte() {
        let mut out = BytesMut::new();
        write(Kind::Binary, &[1, 2, 3, 4, 5], [1, 1, 2, 2], &mut out);
        assert_eq!(&out[..], [0x82, 0x85, 1, 1, 2, 2, 0, 3, 1, 6, 4]);
    }

    #[test]
    fn what_a_server_must_not_send_is_an_error() {
        for bytes in [&[0xc1, 0][..], &[0x81, 0x80], &[0x83, 0], &[0x81, 127, 255, 0, 0, 0, 0, 0, 0, 0]] {
            read(&mut BytesMut::from(bytes)).unwrap_err();
        }
    }
}
