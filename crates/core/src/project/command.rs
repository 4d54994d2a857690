//! What a project actor can be told.

use std::time::Duration;

use collabd_protocol::{DepartureReason, SessionId};
use tokio::sync::{mpsc, oneshot};

use super::handle::{JoinError, JoinRequest};
use super::observer::Observer;
use super::session::Session;
use crate::outbox::Goodbye;
use crate::recorder::Close;
use crate::room;

/// A command in a project's inbox.
#[derive(Debug)]
pub(super) enum Command {
    /// Begin a session.
    Join { request: Box<JoinRequest>, reply: oneshot::Sender<Result<Session, JoinError>> },
    /// Something a session does; boxed, since most are small and a cursor move is not.
    Room(Box<room::Command>),
    /// Watch the presence.
    Observe { reply: oneshot::Sender<Option<Observer>> },
    /// Break down, as only a bug would.
    #[cfg(test)]
    Panic,
}

impl Command {
    /// What the project does with it, for whoever looks at one that is stuck.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Join { .. } => "join",
            Self::Room(command) => command.name(),
            Self::Observe { .. } => "observe",
            #[cfg(test)]
            Self::Panic => "panic",
        }
    }
}

/// A place in the departures queue, reserved on arrival so that leaving can neither fail nor wait.
pub(super) type Slot = mpsc::OwnedPermit<Departure>;

/// A guard was dropped.
#[derive(Debug, Clone, Copy)]
pub(super) enum Departure {
    Session { session: SessionId, reason: DepartureReason, close: Option<Close> },
    Observer,
}

/// How a project is ended from outside.
#[derive(Debug, Clone, Copy)]
pub(crate) enum End {
    /// Close every member at once.
    Now(Goodbye),
    /// Close the members one after the other over this time (D1).
    Drain(Duration),
}
