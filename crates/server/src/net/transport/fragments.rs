//! Hands large frames to the WebSocket library as fragments of the same message. The library keeps a buffer as large as the
//! largest frame it has read for as long as the socket lives, so one large frame of every client would be most of the memory
//! of a server whose sockets are idle. The bytes of a message in fragments are given back when it has been read.

use tokio::io::ReadBuf;

use super::scanner::{CLOSE, FINAL, IN_TWO, LONGEST_HEADER, MASKED, OPCODE, Part};

/// Bytes that the library reads at once, as many as several moves have. Every idle socket keeps room for them, or for twice as
/// many once it was busy: the default of 128 KiB would be most of what a server of many sockets needs.
pub(crate) const READ_BUFFER: usize = 256;

/// Bytes of the longest frame that the library gets as it came: with its header it fits where it is read.
const WHOLE: usize = READ_BUFFER - LONGEST_HEADER;

/// Cuts the frames of one client.
#[derive(Debug)]
pub(super) struct Fragmenter {
    /// Longer frames are passed on: the library refuses them by their header.
    largest: u64,
    /// The frame that is being cut.
    cut: Option<Cut>,
    /// What the library has not asked for yet.
    ready: Vec<u8>,
}

/// What is still to come of a frame.
#[derive(Debug)]
struct Cut {
    /// The first byte of the next fragment, should it be the last.
    first: u8,
    /// The mask, from the next byte on.
    mask: [u8; 4],
    left: u64,
}

impl Fragmenter {
    /// For a client whose messages may have `largest` bytes.
    pub(super) fn new(largest: usize) -> Self {
        Self { largest: largest as u64, cut: None, ready: Vec::new() }
    }

    /// Is there anything to be done about bytes in which the longest frame that begins has this payload?
    pub(super) fn concerns(&self, longest: u64) -> bool {
        self.cut.is_some() || self.is_large(longest)
    }

    /// Takes the next piece of what the client sent.
    pub(super) fn take(&mut self, part: Part<'_>) {
        match (part, &mut self.cut) {
            (Part::Header(header, length), _) => match header {
                // Without a mask it is for the library to refuse.
                [first, second, .., a, b, c, d]
                    if first & OPCODE < CLOSE && second & MASKED != 0 && self.is_large(length) =>
                {
                    self.cut = Some(Cut { first: *first, mask: [*a, *b, *c, *d], left: length });
                }
                header => self.ready.extend_from_slice(header),
            },
            (Part::Payload(payload), None) => self.ready.extend_from_slice(payload),
            (Part::Payload(payload), Some(cut)) => {
                for part in payload.chunks(WHOLE) {
                    cut.pass(part, &mut self.ready);
                }
                if cut.left == 0 {
                    self.cut = None;
                }
            }
        }
    }

    /// Gives as much as there is and as fits; false when there is nothing.
    pub(super) fn give(&mut self, buffer: &mut ReadBuf<'_>) -> bool {
        let length = self.ready.len().min(buffer.remaining());
        buffer.put_slice(&self.ready[..length]);
        self.ready.drain(..length);
        if self.ready.is_empty() {
            self.ready = Vec::new();
        }
        length > 0
    }

    fn is_large(&self, length: u64) -> bool {
        length > WHOLE as u64 && length <= self.largest
    }
}

impl Cut {
    /// Passes the next bytes of the payload on, as a fragment.
    fn pass(&mut self, payload: &[u8], out: &mut Vec<u8>) {
        self.left -= payload.len() as u64;
        let first = if self.left == 0 { self.first } else { self.first & !FINAL };
        match u8::try_from(payload.len()) {
            Ok(length) if length < IN_TWO => out.extend([first, MASKED | length]),
            // A fragment has no more than `WHOLE` bytes, which two bytes can say.
            _ => {
                out.extend([first, MASKED | IN_TWO]);
                out.extend(u16::try_from(payload.len()).unwrap_or(u16::MAX).to_be_bytes());
            }
        }
        out.extend(self.mask);
        out.extend_from_slice(payload);
        self.mask.rotate_left(payload.len() % 4);
        // Whatever follows continues it: without a kind, and without bits that only the first one may have.
        self.first &= FINAL;
    }
}

#[cfg(test)]
mod tests;
