//! Why a GraphQL connection ends, and the close code of each reason.

use collabd_protocol::CloseCode;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;

use crate::socket::End;

/// Bytes of a close frame's reason (RFC 6455, section 5.5: 125, less two for the code).
const MAX_REASON: usize = 123;

/// Why a GraphQL connection ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ending {
    /// As any connection may.
    Connection(End),
    /// The client breaks the rules of graphql-transport-ws.
    Violation(Violation),
    /// The library closes.
    Protocol {
        /// The close code.
        code: u16,
        /// The reason beside it.
        reason: String,
    },
}

/// What a client of graphql-transport-ws must not do. The codes are that protocol's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Violation {
    /// Send something else than its messages.
    #[error("{0}")]
    Message(String),
    /// Subscribe before the connection is acknowledged.
    #[error("Unauthorized")]
    Unacknowledged,
    /// Not send `connection_init` in time.
    #[error("Connection initialisation timeout")]
    InitTimeout,
    /// Subscribe under an id that is in use.
    #[error("Subscriber for {0} already exists")]
    Duplicate(String),
}

impl Violation {
    fn code(&self) -> u16 {
        match self {
            Self::Message(_) => 4400,
            Self::Unacknowledged => 4401,
            Self::InitTimeout => 4408,
            Self::Duplicate(_) => 4409,
        }
    }
}

impl Ending {
    /// The transport is gone, so that there is nobody to say farewell to.
    pub(super) const LOST: Self = Self::Connection(End::Lost);

    /// The close frame to send, unless the client has sent its own.
    pub(super) fn close_frame(&self) -> Option<CloseFrame> {
        let (code, reason) = match self {
            Self::Connection(End::Close(goodbye)) => (goodbye.code.number(), goodbye.code.name().to_owned()),
            Self::Connection(End::PeerClosed(_) | End::Lost) => return None,
            Self::Violation(violation) => (violation.code(), violation.to_string()),
            Self::Protocol { code, reason } => (*code, reason.clone()),
        };
        let end = reason.floor_char_boundary(MAX_REASON);
        Some(CloseFrame { code: code.into(), reason: reason[..end].into() })
    }

    /// The reason under which the end is counted.
    pub(super) fn label(&self) -> &'static str {
        match self {
            Self::Connection(end) => end.label(),
            Self::Violation(Violation::InitTimeout) => "graphql_init_timeout",
            Self::Violation(_) | Self::Protocol { .. } => "graphql_protocol",
        }
    }
}

impl From<End> for Ending {
    fn from(end: End) -> Self {
        Self::Connection(end)
    }
}

impl From<CloseCode> for Ending {
    fn from(code: CloseCode) -> Self {
        Self::Connection(code.into())
    }
}

impl From<Violation> for Ending {
    fn from(violation: Violation) -> Self {
        Self::Violation(violation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_reason_is_cut_between_two_characters() {
        let ending = Ending::from(Violation::Message("ä".repeat(100)));
        let frame = ending.close_frame().unwrap();
        assert_eq!((u16::from(frame.code), frame.reason.as_str()), (4400, "ä".repeat(61).as_str()));
    }

    #[test]
    fn a_client_that_closed_or_is_gone_gets_no_close_frame() {
        assert_eq!(Ending::LOST.close_frame(), None);
        assert_eq!(Ending::from(End::PeerClosed(Some(1000))).close_frame(), None);
    }
}
