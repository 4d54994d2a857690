//! Why a connection ends, and what follows from it.

use collabd_core::Goodbye;
use collabd_core::recorder::Close;
use collabd_protocol::{CloseCode, DepartureReason, LimitName};
use tokio_tungstenite::tungstenite::error::{CapacityError, ProtocolError};
use tokio_tungstenite::tungstenite::{Error, Message};

use crate::admission::{LimitHits, UNJOINED_MESSAGE};
use crate::net::IntakeFault;

/// Why a connection ends (X1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// The client sent a close frame, with this code if with any.
    PeerClosed(Option<u16>),
    /// The transport is gone; nothing can be sent any more.
    Lost,
    /// The server closes.
    Close(Goodbye),
}

impl From<CloseCode> for End {
    fn from(code: CloseCode) -> Self {
        Self::Close(code.into())
    }
}

impl From<Error> for End {
    /// X3: every fault of the client's frames has its code.
    fn from(error: Error) -> Self {
        match error {
            Error::Capacity(_) => CloseCode::MessageTooBig.into(),
            Error::Utf8(_) => CloseCode::InvalidUtf8.into(),
            Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => Self::Lost,
            Error::Protocol(_) => CloseCode::ProtocolError.into(),
            Error::Io(error) => IntakeFault::of(&error).map_or(Self::Lost, |fault| fault.close_code().into()),
            _ => Self::Lost,
        }
    }
}

/// What was read, or the end that follows from it. A message that is too large is counted as a limit met.
pub(crate) fn received(read: Option<Result<Message, Error>>, hits: &LimitHits) -> Result<Message, End> {
    let error = match read {
        Some(Ok(message)) => return Ok(message),
        Some(Err(error)) => error,
        None => return Err(End::Lost),
    };
    Err(match &error {
        Error::Capacity(CapacityError::MessageTooLong { size, max_size }) => {
            End::Close(hits.end_of_message(LimitName::MaxMessageBytes, *max_size, *size))
        }
        Error::Io(fault) => match IntakeFault::of(fault) {
            Some(IntakeFault::Stranger(size)) => {
                End::Close(hits.end_of_message(LimitName::UnjoinedMessageBytes, UNJOINED_MESSAGE, size))
            }
            _ => error.into(),
        },
        _ => error.into(),
    })
}

impl End {
    /// What the user's peers are told, and whether the session is kept for the grace period (P3).
    pub(crate) fn departure(&self) -> DepartureReason {
        match self {
            Self::PeerClosed(Some(1000)) => DepartureReason::Left,
            Self::PeerClosed(_) | Self::Lost => DepartureReason::ConnectionLost,
            Self::Close(goodbye) => departure(goodbye.code),
        }
    }

    /// How the connection is closed, unless it is lost.
    pub(crate) fn close(&self) -> Option<Close> {
        match self {
            Self::PeerClosed(code) => Some(Close::Client(*code)),
            Self::Lost => None,
            Self::Close(goodbye) => Some(Close::Server(goodbye.code)),
        }
    }

    /// The code under which the end is counted.
    pub(crate) fn label(&self) -> &'static str {
        match self {
            Self::PeerClosed(_) => "peer_closed",
            Self::Lost => "connection_lost",
            Self::Close(goodbye) => goodbye.code.name(),
        }
    }
}

fn departure(code: CloseCode) -> DepartureReason {
    match code {
        CloseCode::Normal => DepartureReason::Left,
        CloseCode::GoingAway => DepartureReason::ServerShutdown,
        CloseCode::SlowConsumer => DepartureReason::SlowConsumer,
        CloseCode::HeartbeatTimeout => DepartureReason::HeartbeatTimeout,
        CloseCode::ProjectDeleted => DepartureReason::ProjectDeleted,
        CloseCode::ProtocolError
        | CloseCode::UnsupportedData
        | CloseCode::InvalidUtf8
        | CloseCode::MessageTooBig
        | CloseCode::RateLimited
        | CloseCode::MessageTimeout
        | CloseCode::BadRequest
        | CloseCode::TooManyErrors => DepartureReason::Misbehaved,
        CloseCode::TokenExpired
        | CloseCode::Unauthenticated
        | CloseCode::Forbidden
        | CloseCode::Revoked
        | CloseCode::Kicked => DepartureReason::Revoked,
        CloseCode::Internal
        | CloseCode::TryAgainLater
        | CloseCode::ProjectRestarted
        | CloseCode::ResyncRequired
        | CloseCode::JoinTimeout
        | CloseCode::ConnectionLimit
        | CloseCode::Superseded => DepartureReason::ConnectionLost,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// P3
    #[test]
    fn only_a_close_with_1000_is_a_wish_to_leave() {
        assert_eq!(End::PeerClosed(Some(1000)).departure(), DepartureReason::Left);
        // 1001 is what a browser sends when its page is refreshed.
        for end in [End::PeerClosed(Some(1001)), End::PeerClosed(None), End::Lost] {
            assert!(end.departure().keeps_grace(), "{end:?}");
        }
    }
}
