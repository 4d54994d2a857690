//! What every WebSocket of the server shares, whatever is said over it: the way from HTTP, frames, the pace and the
//! silence of clients, writing with a deadline, and an end whose code arrives.

mod contained;
mod end;
mod expiry;
pub(crate) mod farewell;
mod feedback;
pub(crate) mod frames;
mod handshake;
mod origin;
mod outbound;
mod pace;
mod silence;
mod terms;
mod upgrade;
mod write;

use tokio_tungstenite::WebSocketStream;

use crate::net::Transport;

pub(crate) use contained::contained;
pub(crate) use end::{End, received};
pub(crate) use expiry::{Due, Expiry};
pub(crate) use feedback::Feedback;
#[cfg(any(test, fuzzing))]
pub(crate) use handshake::handshake;
#[cfg(any(test, fuzzing))]
pub(crate) use origin::is_allowed;
pub(crate) use origin::is_checked as origins_are_checked;
pub(crate) use outbound::{Outbound, after_last_answers};
pub(crate) use pace::Pace;
pub(crate) use silence::Silence;
pub(crate) use terms::Terms;
pub(crate) use upgrade::{Upgrade, UpgradeError, count_refusal, offers};
pub(crate) use write::{pings, write};

/// A WebSocket after its handshake.
///
/// Boxed, since it is part of several futures of its connection.
pub(crate) type Socket = Box<WebSocketStream<Transport>>;
