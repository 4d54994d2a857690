//! WebSocket frames made by hand, right and wrong (RFC 6455, section 5.2).

/// Kinds of frames.
pub(crate) mod opcode {
    pub(crate) const CONTINUATION: u8 = 0x0;
    pub(crate) const TEXT: u8 = 0x1;
    pub(crate) const BINARY: u8 = 0x2;
    pub(crate) const CLOSE: u8 = 0x8;
    pub(crate) const PING: u8 = 0x9;
    pub(crate) const PONG: u8 = 0xA;
}

const FINAL: u8 = 0x80;
const MASKED: u8 = 0x80;
/// In place of a length: it follows in two bytes, or in eight.
const IN_TWO: u8 = 126;
const IN_EIGHT: u8 = 127;
const MASK: [u8; 4] = [0x37, 0xFA, 0x21, 0x3D];

/// One frame to send: whole, final and masked unless told otherwise.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    first: u8,
    is_masked: bool,
    claimed: Option<u64>,
    length_bytes: usize,
    payload: Vec<u8>,
}

impl Frame {
    pub(crate) fn new(opcode: u8, payload: impl Into<Vec<u8>>) -> Self {
        let payload = payload.into();
        Self { first: FINAL | opcode, is_masked: true, claimed: None, length_bytes: 0, payload }
    }

    pub(crate) fn text(payload: impl Into<Vec<u8>>) -> Self {
        Self::new(opcode::TEXT, payload)
    }

    pub(crate) fn continuation(payload: impl Into<Vec<u8>>) -> Self {
        Self::new(opcode::CONTINUATION, payload)
    }

    pub(crate) fn ping(payload: impl Into<Vec<u8>>) -> Self {
        Self::new(opcode::PING, payload)
    }

    pub(crate) fn close(code: u16, reason: &[u8]) -> Self {
        Self::new(opcode::CLOSE, [&code.to_be_bytes(), reason].concat())
    }

    /// More fragments of the message follow.
    pub(crate) fn unfinished(mut self) -> Self {
        self.first &= !FINAL;
        self
    }

    /// Sets reserved bits: 0x40, 0x20, 0x10.
    pub(crate) fn reserving(mut self, bits: u8) -> Self {
        self.first |= bits;
        self
    }

    pub(crate) fn unmasked(mut self) -> Self {
        self.is_masked = false;
        self
    }

    /// The header says this length, whatever the payload's is.
    pub(crate) fn claiming(mut self, length: u64) -> Self {
        self.claimed = Some(length);
        self
    }

    /// The length takes at least so many bytes more: 2 or 8, though fewer might do.
    pub(crate) fn lengthened(mut self, bytes: usize) -> Self {
        self.length_bytes = bytes;
        self
    }

    /// What goes over the wire.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let length = self.claimed.unwrap_or(self.payload.len() as u64);
        let mask_bit = if self.is_masked { MASKED } else { 0 };
        let mut bytes = vec![self.first];
        match (u8::try_from(length), u16::try_from(length)) {
            (Ok(short), _) if short < IN_TWO && self.length_bytes == 0 => bytes.push(mask_bit | short),
            (_, Ok(medium)) if self.length_bytes <= 2 => {
                bytes.push(mask_bit | IN_TWO);
                bytes.extend(medium.to_be_bytes());
            }
            _ => {
                bytes.push(mask_bit | IN_EIGHT);
                bytes.extend(length.to_be_bytes());
            }
        }
        if self.is_masked {
            bytes.extend(MASK);
            bytes.extend(self.payload.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask));
        } else {
            bytes.extend(&self.payload);
        }
        bytes
    }
}

/// One frame that the server sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Received {
    pub(crate) is_final: bool,
    pub(crate) opcode: u8,
    pub(crate) payload: Vec<u8>,
}

impl Received {
    /// The frame at the start of `bytes` with its length on the wire; `None` while it is not there whole.
    pub(crate) fn parse(bytes: &[u8]) -> Option<(Self, usize)> {
        let [first, second] = *bytes.first_chunk()?;
        assert_eq!(first & 0x70, 0, "the server sets reserved bits");
        assert_eq!(second & MASKED, 0, "the server masks");
        let (length, start) = match second {
            IN_TWO => (usize::from(u16::from_be_bytes(*bytes.get(2..)?.first_chunk()?)), 4),
            IN_EIGHT => (usize::try_from(u64::from_be_bytes(*bytes.get(2..)?.first_chunk()?)).ok()?, 10),
            short => (usize::from(short), 2),
        };
        let payload = bytes.get(start..start + length)?.to_vec();
        Some((Self { is_final: first & FINAL != 0, opcode: first & 0x0F, payload }, start + length))
    }
}
