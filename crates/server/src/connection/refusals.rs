//! X2: telling a client what it did wrong, without becoming a flood ourselves.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use collabd_core::Outbox;
use collabd_protocol::codec::{self, Dialect};
use collabd_protocol::v1::V1Message;
use collabd_protocol::{CloseCode, Encoding, ErrorCode, ServerMessage, WireError};
use tokio::time::Instant;

/// The same refusal is sent at most this often.
const REPEAT: Duration = Duration::from_secs(1);
/// So many malformed messages ...
pub(super) const MALFORMED: usize = 20;
/// ... within this time close the socket.
const WITHIN: Duration = Duration::from_mins(1);

/// The refusals of one connection.
#[derive(Debug)]
pub(super) struct Refusals {
    outbox: Outbox,
    encoding: Encoding,
    /// The last message of each code; the codes are a closed list, so this stays small.
    last: HashMap<ErrorCode, (Instant, String)>,
    malformed: VecDeque<Instant>,
}

impl Refusals {
    pub(super) fn new(outbox: Outbox, encoding: Encoding) -> Self {
        Self { outbox, encoding, last: HashMap::new(), malformed: VecDeque::new() }
    }

    /// Tells the client.
    ///
    /// # Errors
    /// [`CloseCode::TooManyErrors`] when this was one malformed message too many.
    pub(super) fn refuse(&mut self, error: WireError) -> Result<(), CloseCode> {
        let now = Instant::now();
        let is_last_straw = error.code.is_malformed() && self.is_last_straw(now);
        let is_repeated = self
            .last
            .get(&error.code)
            .is_some_and(|(at, message)| now.duration_since(*at) < REPEAT && *message == error.message);
        if !is_repeated {
            let frame = match self.encoding.dialect() {
                Dialect::V1 => codec::encode_v1(&V1Message::Error { message: error.message.clone() }),
                Dialect::V2 => codec::encode(&ServerMessage::Error(error.clone()), self.encoding),
            };
            // On overflow the outbox itself asks for the close: we never wait for our own client to read.
            let _ = self.outbox.push(frame);
            self.last.insert(error.code, (now, error.message));
        }
        if is_last_straw { Err(CloseCode::TooManyErrors) } else { Ok(()) }
    }

    fn is_last_straw(&mut self, now: Instant) -> bool {
        self.malformed.push_back(now);
        if self.malformed.len() > MALFORMED {
            self.malformed.pop_front();
        }
        self.malformed.len() == MALFORMED
            && self.malformed.front().is_some_and(|first| now.duration_since(*first) <= WITHIN)
    }
}
