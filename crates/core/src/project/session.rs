//! A session of a project, as its connection holds it. Its drop is the leave.

use collabd_protocol::client::CursorUpdate;
use collabd_protocol::{DepartureReason, DocumentId, DocumentType, SessionId, Status, UserId};

use super::command::{Departure, Slot};
use super::handle::{ProjectError, ProjectHandle};
use crate::recorder::Close;
use crate::room::Command;

/// What a join returns: the right to act in the project as one session.
///
/// Dropping it ends the session as `connection_lost`; [`Session::leave`] says why instead. Both use a slot that was
/// reserved at the join, so neither can fail nor wait, and both are harmless when the project is gone.
#[derive(Debug)]
pub struct Session {
    id: SessionId,
    user_id: UserId,
    project: ProjectHandle,
    slot: Option<Slot>,
}

impl Session {
    pub(super) fn new(id: SessionId, user_id: UserId, project: ProjectHandle, slot: Slot) -> Self {
        Self { id, user_id, project, slot: Some(slot) }
    }

    /// The session's id.
    pub fn id(&self) -> SessionId {
        self.id
    }

    /// Whose session this is.
    pub fn user_id(&self) -> &UserId {
        &self.user_id
    }

    /// Asks for the snapshot again (J2).
    ///
    /// # Errors
    /// [`ProjectError::Overloaded`] after the patience, [`ProjectError::Closed`] when the project has ended.
    pub async fn resync(&self) -> Result<(), ProjectError> {
        self.project.tell(Command::Resync { session: self.id }).await
    }

    /// Enters one document and leaves every other (C1).
    ///
    /// # Errors
    /// As [`Session::resync`].
    pub async fn switch_document(
        &self,
        document: DocumentId,
        document_type: DocumentType,
    ) -> Result<(), ProjectError> {
        self.project.tell(Command::Switch { session: self.id, document, document_type }).await
    }

    /// Changes the session's status.
    ///
    /// # Errors
    /// As [`Session::resync`].
    pub async fn set_status(&self, status: Status) -> Result<(), ProjectError> {
        self.project.tell(Command::SetStatus { session: self.id, status }).await
    }

    /// Moves the cursor, without waiting.
    ///
    /// # Errors
    /// [`ProjectError::Overloaded`] when the project's inbox is full: keep the newest position and try again.
    pub fn move_cursor(&self, update: CursorUpdate) -> Result<(), ProjectError> {
        self.project.try_tell(Command::Move { session: self.id, update })
    }

    /// Asks for a document's current cursors after falling behind, without waiting.
    ///
    /// # Errors
    /// As [`Session::move_cursor`].
    pub fn catch_up(&self, document: DocumentId) -> Result<(), ProjectError> {
        self.project.try_tell(Command::CatchUp { session: self.id, document })
    }

    /// Ends the session for a known reason; `close` is how its connection ends, if that is known.
    pub fn leave(mut self, reason: DepartureReason, close: Option<Close>) {
        self.depart(reason, close);
    }

    fn depart(&mut self, reason: DepartureReason, close: Option<Close>) {
        if let Some(slot) = self.slot.take() {
            slot.send(Departure::Session { session: self.id, reason, close });
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.depart(DepartureReason::ConnectionLost, None);
    }
}
