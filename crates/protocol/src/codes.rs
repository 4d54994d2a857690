//! The closed lists of the protocol: close codes, error codes, departure reasons.

use serde::{Deserialize, Serialize};

/// What a client should do after a close code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// Nothing: the client asked for it.
    Never,
    /// Come back after `retryAfterMs`, or with back-off.
    BackOff,
    /// A bug of the client: a few tries, then stop.
    FewTries,
    /// Stop and tell the person.
    Stop,
}

/// Defines the close codes from one table, so that number, name and advice cannot drift apart.
macro_rules! close_codes {
    ($($(#[$doc:meta])* $variant:ident = $number:literal, $name:literal, $retry:ident;)*) => {
        /// Why the server closed a socket (X1). 4000 to 4499 invite a reconnect, 4500 to 4999 do not.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum CloseCode {
            $($(#[$doc])* $variant,)*
        }

        impl CloseCode {
            /// Every code of the table, in numerical order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The code in the close frame (RFC 6455, section 7.4).
            pub const fn number(self) -> u16 {
                match self { $(Self::$variant => $number,)* }
            }

            /// The reason in the close frame, in `disconnect` and in metrics.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// What the client should do.
            pub const fn retry(self) -> Retry {
                match self { $(Self::$variant => Retry::$retry,)* }
            }

            /// The code with this number, if the table has it.
            pub const fn from_number(number: u16) -> Option<Self> {
                match number { $($number => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

close_codes! {
    /// The client asked.
    Normal = 1000, "normal", Never;
    /// The server is going away.
    GoingAway = 1001, "going_away", BackOff;
    /// The frames break RFC 6455.
    ProtocolError = 1002, "protocol_error", FewTries;
    /// A binary frame on a text dialect.
    UnsupportedData = 1003, "unsupported_data", FewTries;
    /// A text frame that is no UTF-8.
    InvalidUtf8 = 1007, "invalid_utf8", FewTries;
    /// A message above the limit.
    MessageTooBig = 1009, "message_too_big", FewTries;
    /// A fault of the server.
    Internal = 1011, "internal", BackOff;
    /// The server has too much to do.
    TryAgainLater = 1013, "overloaded", BackOff;
    /// The client does not read what it is sent (B2).
    SlowConsumer = 4000, "slow_consumer", BackOff;
    /// The client was silent for too long (H1).
    HeartbeatTimeout = 4001, "heartbeat_timeout", BackOff;
    /// The client floods (B3).
    RateLimited = 4003, "rate_limited", BackOff;
    /// The project's actor restarted.
    ProjectRestarted = 4004, "project_restarted", BackOff;
    /// The token expired.
    TokenExpired = 4005, "token_expired", BackOff;
    /// The client's view cannot be mended in place.
    ResyncRequired = 4006, "resync_required", BackOff;
    /// No join in time (J1).
    JoinTimeout = 4007, "join_timeout", BackOff;
    /// A message was begun and not finished in time.
    MessageTimeout = 4008, "message_timeout", BackOff;
    /// The request makes no sense.
    BadRequest = 4500, "bad_request", Stop;
    /// No valid identity.
    Unauthenticated = 4501, "unauthenticated", Stop;
    /// No right to this project, or there is none.
    Forbidden = 4503, "forbidden", Stop;
    /// The project was deleted.
    ProjectDeleted = 4504, "project_deleted", Stop;
    /// The right was taken away.
    Revoked = 4505, "revoked", Stop;
    /// Too many connections.
    ConnectionLimit = 4506, "connection_limit", Stop;
    /// A newer connection took this one's place.
    Superseded = 4507, "superseded", Stop;
    /// An owner of the project sent the client away; its right is what it was.
    Kicked = 4508, "kicked", Stop;
    /// Twenty malformed messages within a minute (X2).
    TooManyErrors = 4509, "too_many_errors", Stop;
}

/// Why a message was refused while the socket stays open (X2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// The message is malformed.
    BadRequest,
    /// The message needs a join (J4).
    NotJoined,
    /// The socket has joined as another user (J2).
    AlreadyJoined,
    /// A position is out of range.
    InvalidPosition,
    /// No right to do this.
    Forbidden,
    /// A limit of the project or session is reached.
    LimitExceeded,
    /// Too many messages (B3).
    RateLimited,
    /// The project did not take the message in time.
    Overloaded,
    /// Something the server needs does not answer.
    Unavailable,
    /// A fault of the server.
    Internal,
}

impl ErrorCode {
    /// Every code, in the protocol's order.
    pub const ALL: [Self; 10] = [
        Self::BadRequest,
        Self::NotJoined,
        Self::AlreadyJoined,
        Self::InvalidPosition,
        Self::Forbidden,
        Self::LimitExceeded,
        Self::RateLimited,
        Self::Overloaded,
        Self::Unavailable,
        Self::Internal,
    ];

    /// The code's name on the wire and in metrics.
    pub const fn name(self) -> &'static str {
        match self {
            Self::BadRequest => "bad_request",
            Self::NotJoined => "not_joined",
            Self::AlreadyJoined => "already_joined",
            Self::InvalidPosition => "invalid_position",
            Self::Forbidden => "forbidden",
            Self::LimitExceeded => "limit_exceeded",
            Self::RateLimited => "rate_limited",
            Self::Overloaded => "overloaded",
            Self::Unavailable => "unavailable",
            Self::Internal => "internal",
        }
    }

    /// May the same message succeed later, unchanged?
    pub const fn is_temporary(self) -> bool {
        matches!(
            self,
            Self::LimitExceeded | Self::RateLimited | Self::Overloaded | Self::Unavailable | Self::Internal
        )
    }

    /// Does the refusal count towards closing the socket for malformed messages (X2)?
    pub const fn is_malformed(self) -> bool {
        matches!(self, Self::BadRequest | Self::InvalidPosition)
    }
}

/// Why a session ended, as peers and operators see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum DepartureReason {
    /// `leave_session`, or a close with 1000.
    Left,
    /// The socket ended without a word.
    ConnectionLost,
    /// Silence (H1).
    HeartbeatTimeout,
    /// The session did not read (B2).
    SlowConsumer,
    /// Flooding (B3), too many malformed messages (X2) or broken frames (X3).
    Misbehaved,
    /// The session's right ended, or an owner ended the session.
    Revoked,
    /// The project was deleted.
    ProjectDeleted,
    /// The server is shutting down.
    ServerShutdown,
}

impl DepartureReason {
    /// Every reason.
    pub const ALL: [Self; 8] = [
        Self::Left,
        Self::ConnectionLost,
        Self::HeartbeatTimeout,
        Self::SlowConsumer,
        Self::Misbehaved,
        Self::Revoked,
        Self::ProjectDeleted,
        Self::ServerShutdown,
    ];

    /// The reason's name on the wire and in metrics.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::ConnectionLost => "connection_lost",
            Self::HeartbeatTimeout => "heartbeat_timeout",
            Self::SlowConsumer => "slow_consumer",
            Self::Misbehaved => "misbehaved",
            Self::Revoked => "revoked",
            Self::ProjectDeleted => "project_deleted",
            Self::ServerShutdown => "server_shutdown",
        }
    }

    /// Is the session kept for the grace period, because its user may be back at once (P3)?
    pub const fn keeps_grace(self) -> bool {
        matches!(self, Self::ConnectionLost | Self::HeartbeatTimeout | Self::SlowConsumer | Self::Misbehaved)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// X1
    #[test]
    fn codes_from_4000_invite_a_reconnect_and_codes_from_4500_do_not() {
        for code in CloseCode::ALL {
            match code.number() {
                4000..=4499 => assert_eq!(code.retry(), Retry::BackOff, "{}", code.name()),
                4500..=4999 => assert_eq!(code.retry(), Retry::Stop, "{}", code.name()),
                _ => {}
            }
            assert_eq!(CloseCode::from_number(code.number()), Some(*code));
        }
    }

    #[test]
    fn names_are_what_serde_writes() {
        for code in ErrorCode::ALL {
            assert_eq!(serde_json::to_string(&code).unwrap(), format!("\"{}\"", code.name()));
        }
        for reason in DepartureReason::ALL {
            assert_eq!(serde_json::to_string(&reason).unwrap(), format!("\"{}\"", reason.name()));
        }
    }
}
