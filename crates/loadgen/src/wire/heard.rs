//! What a member hears, whatever the wire.

use std::time::Duration;

use collabd_protocol::DepartureReason;

use super::Place;
use super::socket::Message;

/// One thing that a server says to a member.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Heard {
    /// The member is in: it may move, and hears the others.
    Ready,
    /// Everybody in the project; it replaces all that was known.
    Everybody(Vec<Sight>),
    /// Somebody is in the project.
    Present(Sight),
    /// Somebody left the project.
    Gone(Option<Place>, DepartureReason),
    /// Somebody moved.
    Moved(Move),
    /// Where somebody is, beside what [`Moved`](Self::Moved) says.
    Drawn(Sight),
    /// What was said to the server alone is answered.
    Answer,
    /// The server wants this as an answer; whoever reads sends it, and nobody else hears of it.
    Reply(Message),
    /// Something was refused.
    Refused(Refusal),
    /// The server is about to close, and this is how long to stay away, if it says so.
    Parting(Option<Duration>),
}

/// Somebody, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sight {
    /// `None` for somebody who has no place in any scenario.
    pub(crate) who: Option<Place>,
    /// The step of the cursor, if it has one.
    pub(crate) step: Option<u32>,
}

/// One move of somebody else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Move {
    /// `None` for somebody who has no place in any scenario.
    pub(crate) who: Option<Place>,
    /// `None` for a position that nobody is at.
    pub(crate) step: Option<u32>,
    /// When it was sent, on the scenario's clock.
    pub(crate) sent_at: Option<i64>,
}

/// A refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// Its code.
    pub(crate) code: &'static str,
    /// May the same succeed later?
    pub(crate) is_temporary: bool,
    /// Not before that.
    pub(crate) retry_after: Option<Duration>,
}
