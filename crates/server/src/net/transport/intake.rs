//! What a client may send through one WebSocket, and what it did when it is closed for that.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use collabd_protocol::CloseCode;

use super::bucket::ByteRate;

/// How fast bytes may come, and how long somebody who sends faster is only held back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ByteBudget {
    /// How fast.
    pub(crate) rate: ByteRate,
    /// Held back for so long without a pause of its own, the client floods; never, if there is no such time.
    pub(crate) patience: Option<Duration>,
}

/// What a client may send through one WebSocket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Intake {
    /// Its bytes.
    pub(crate) budget: ByteBudget,
    /// Its bytes once the socket carries a document, if it may.
    pub(crate) with_document: Option<ByteBudget>,
    /// The bytes of one message ...
    pub(crate) largest_message: usize,
    /// ... and while it has not joined.
    pub(crate) stranger_message: usize,
    /// Time for one message from its first byte to its last ...
    pub(crate) message_timeout: Duration,
    /// ... and as much longer as its bytes take at this many a second.
    pub(crate) least_per_second: usize,
}

/// Says to what is below that something holds for a socket from now on. Clones speak of the same.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sign(Arc<AtomicBool>);

impl Sign {
    /// From now on.
    pub(crate) fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// What a client did that ends its connection. It is the error of a read, since no library above knows of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum IntakeFault {
    /// It sent faster than it may, without a pause.
    #[error("more bytes than allowed, without a pause")]
    Flood,
    /// It began a message and did not finish it in time.
    #[error("a message was begun and not finished in time")]
    Unfinished,
    /// It has not joined and began a message of this many bytes, which is more than a stranger's may have.
    #[error("a message of {0} bytes before the join")]
    Stranger(usize),
}

impl IntakeFault {
    /// The fault behind the error of a read.
    pub(crate) fn of(error: &io::Error) -> Option<Self> {
        error.get_ref()?.downcast_ref().copied()
    }

    /// The code that tells the client (B3, X3).
    pub(crate) fn close_code(self) -> CloseCode {
        match self {
            Self::Flood => CloseCode::RateLimited,
            Self::Unfinished => CloseCode::MessageTimeout,
            Self::Stranger(_) => CloseCode::MessageTooBig,
        }
    }
}

impl From<IntakeFault> for io::Error {
    fn from(fault: IntakeFault) -> Self {
        Self::other(fault)
    }
}
