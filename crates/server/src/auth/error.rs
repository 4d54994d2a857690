//! Why somebody may not come in.

use axum::http::StatusCode;
use collabd_protocol::CloseCode;

/// Why somebody may not come in. The messages say nothing that the client did not know: neither what was wrong with a
/// token nor whether a project exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum AuthError {
    /// No token, or none that the server believes.
    #[error("no valid token")]
    Unauthenticated,
    /// No right to this project, or there is none; or not the right to do this.
    #[error("no right to this")]
    Forbidden,
    /// A token that was valid.
    #[error("the token has expired")]
    Expired,
    /// The keys to verify tokens with cannot be fetched, or the store does not say who is a member.
    #[error("nobody can be let in at the moment")]
    Unavailable,
}

impl AuthError {
    /// How a WebSocket is closed for it.
    pub(crate) fn close_code(self) -> CloseCode {
        match self {
            Self::Unauthenticated => CloseCode::Unauthenticated,
            Self::Forbidden => CloseCode::Forbidden,
            Self::Expired => CloseCode::TokenExpired,
            Self::Unavailable => CloseCode::TryAgainLater,
        }
    }

    /// How an HTTP request is answered for it.
    pub(crate) fn status(self) -> StatusCode {
        match self {
            Self::Unauthenticated | Self::Expired => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}
