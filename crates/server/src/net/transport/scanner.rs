//! Where frames begin and end (RFC 6455, section 5.2), seen in the bytes that pass. The WebSocket library tells of
//! messages only: what was begun and not finished, and fragments without content, it does not tell.
//!
//! Nothing is judged here. What breaks the RFC is the library's to refuse, and whatever is seen after that does not
//! matter any more.

pub(super) const FINAL: u8 = 0x80;
pub(super) const MASKED: u8 = 0x80;
pub(super) const OPCODE: u8 = 0x0F;
pub(super) const CLOSE: u8 = 0x8;
const PING: u8 = 0x9;
/// In place of a length: it follows in two bytes, or in eight.
pub(super) const IN_TWO: u8 = 126;
const IN_EIGHT: u8 = 127;
/// Bytes of the longest header: two, a length and a mask.
pub(super) const LONGEST_HEADER: usize = 2 + 8 + 4;

/// What a frame costs at least, in bytes, since each is work: so empty frames are paced, too. A cursor's move is larger.
const LEAST_COST: u64 = 64;

/// What was in some bytes.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seen {
    /// Pings whose header was complete.
    pub(super) pings: usize,
    /// What frames cost beyond their bytes.
    pub(super) surcharge: usize,
    /// The longest payload of those whose header was complete.
    pub(super) longest: u64,
}

/// A piece of what a client sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part<'a> {
    /// All of a header, once it is there, and the length of the payload that follows.
    Header(&'a [u8], u64),
    /// The next bytes of a payload.
    Payload(&'a [u8]),
}

/// Follows the frames of one client.
#[derive(Debug, Default, Clone)]
pub(super) struct FrameScanner {
    header: [u8; LONGEST_HEADER],
    /// How much of the header is there.
    known: usize,
    /// Bytes of the payload that are still to come.
    payload_left: u64,
    is_in_fragments: bool,
    has_closed: bool,
    message: u64,
    announced: u64,
}

/// A message, or a frame of any other kind, that was begun and is not finished.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unfinished {
    /// Which one: no two of a connection have the same number.
    pub(super) number: u64,
    /// The sizes of its frames so far, as their headers say.
    pub(super) announced: u64,
}

impl FrameScanner {
    /// Looks at the next bytes.
    pub(super) fn scan(&mut self, bytes: &[u8]) -> Seen {
        let mut seen = Seen::default();
        self.follow(bytes, |part| {
            if let Part::Header(header, length) = part {
                let cost = length.saturating_add(header.len() as u64);
                seen.surcharge += usize::try_from(LEAST_COST.saturating_sub(cost)).unwrap_or_default();
                seen.pings += usize::from(header[0] & OPCODE == PING);
                seen.longest = seen.longest.max(length);
            }
        });
        seen
    }

    /// Gives the next bytes to `each` piece by piece, but for the begin of a header: that one is given when it is whole.
    pub(super) fn follow(&mut self, mut bytes: &[u8], mut each: impl FnMut(Part<'_>)) {
        while let [first, rest @ ..] = bytes {
            if self.payload_left > 0 {
                let length = usize::try_from(self.payload_left).unwrap_or(usize::MAX).min(bytes.len());
                let (part, rest) = bytes.split_at(length);
                self.payload_left -= length as u64;
                bytes = rest;
                each(Part::Payload(part));
            } else {
                self.header[self.known] = *first;
                self.known += 1;
                bytes = rest;
                let Some(length) = payload_length(&self.header[..self.known]) else { continue };
                self.payload_left = length;
                self.announced = self.announced.saturating_add(length);
                each(Part::Header(&self.header[..self.known], length));
            }
            if self.payload_left == 0 {
                self.end_frame();
            }
        }
    }

    /// Has a header been begun that is not whole?
    pub(super) fn is_in_header(&self) -> bool {
        self.known > 0 && self.payload_left == 0
    }

    /// What was begun and is not finished.
    pub(super) fn unfinished(&self) -> Option<Unfinished> {
        let is_amid = self.is_in_fragments || self.known > 0;
        is_amid.then_some(Unfinished { number: self.message, announced: self.announced })
    }

    /// Was there a whole close frame?
    pub(super) fn has_closed(&self) -> bool {
        self.has_closed
    }

    fn end_frame(&mut self) {
        self.known = 0;
        let opcode = self.header[0] & OPCODE;
        // Control frames may come between the fragments of a message, and end none.
        let is_control = opcode >= CLOSE;
        self.has_closed |= opcode == CLOSE;
        if !is_control {
            self.is_in_fragments = self.header[0] & FINAL == 0;
        }
        if !self.is_in_fragments {
            self.message += 1;
            self.announced = 0;
        }
    }
}

/// The length of the payload once the header is complete.
fn payload_length(header: &[u8]) -> Option<u64> {
    let [_, second, rest @ ..] = header else { return None };
    let (length, width) = match second & !MASKED {
        IN_TWO => (u64::from(u16::from_be_bytes(*rest.first_chunk()?)), 2),
        IN_EIGHT => (u64::from_be_bytes(*rest.first_chunk()?), 8),
        short => (u64::from(short), 0),
    };
    let mask = if second & MASKED == 0 { 0 } else { 4 };
    (rest.len() == width + mask).then_some(length)
}

#[cfg(test)]
mod tests;
