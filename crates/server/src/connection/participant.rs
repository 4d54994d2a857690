//! The connection's part in its project: joined or not, and what that allows.

use std::sync::Arc;

use collabd_core::recorder::Close;
use collabd_core::{Goodbye, JoinError, JoinRequest, Outbox, Profile, ProjectError, Session};
use collabd_protocol::client::{CursorUpdate, JoinSession, SwitchDocument, Token};
use collabd_protocol::codec::{self, Dialect};
use collabd_protocol::{
    CloseCode, DepartureReason, DocumentId, Encoding, ErrorCode, LimitHit, LimitName, ProjectId, Role,
    ServerMessage, Status, WireError,
};
use jiff::Timestamp;

use super::Connection;
use super::credentials::Credentials;
use crate::admission::{ConnectionPermit, cost};
use crate::app::App;
use crate::documents::Speaker;
use crate::live::{Refused, Rights};
use crate::socket::Due;

/// When a client that met a busy project may try again, in milliseconds.
const RETRY_AFTER_OVERLOAD_MS: u64 = 250;

/// Whether and as whom a connection is in its project.
pub(super) struct Participant {
    app: App,
    credentials: Credentials,
    rights: Arc<Rights>,
    project: ProjectId,
    encoding: Encoding,
    outbox: Outbox,
    session: Option<Session>,
}

impl Participant {
    pub(super) fn new(connection: &Connection, outbox: Outbox) -> Self {
        let Connection { app, project, encoding, rights, .. } = connection;
        Self {
            app: app.clone(),
            credentials: Credentials::new(rights, app.authority().is_open()),
            rights: Arc::clone(rights),
            project: *project,
            encoding: *encoding,
            outbox,
            session: None,
        }
    }

    pub(super) fn has_joined(&self) -> bool {
        self.session.is_some()
    }

    /// J2: a second join by the same user is answered with the snapshot, by another one refused.
    pub(super) async fn join(
        &mut self,
        join: JoinSession,
        permit: &ConnectionPermit,
    ) -> Result<(), WireError> {
        if let Some(session) = &self.session {
            // Whoever has proved who they are is not asked again.
            if !self.credentials.are_shown() && *session.user_id() != join.user_id {
                let message = format!("this socket has joined as {:?}", session.user_id().as_str());
                return Err(WireError::new(ErrorCode::AlreadyJoined, message));
            }
            permit.purse().pay(cost::SNAPSHOT)?;
            return self.told(session.resync().await);
        }
        let profile = match self.profile(&join).await {
            Ok(profile) => profile,
            Err(Refused::Auth(error)) => {
                self.outbox.close(error.close_code().into());
                return Ok(());
            }
            Err(stranger @ Refused::Stranger) => return Err(stranger.into()),
        };
        if let Err(refusal) = permit.is_of(&profile.user_id) {
            self.outbox.close(refusal.goodbye());
            return Ok(());
        }
        permit.purse().pay(cost::JOIN)?;
        let document = join.document_id;
        let request = JoinRequest {
            profile,
            encoding: Some(self.encoding),
            outbox: self.outbox.clone(),
            document: document.clone().map(|document| (document, join.document_type)),
        };
        match self.app.coordinator().join(self.project, request).await {
            Ok(session) => {
                self.rights.live().has_joined(session.id(), document);
                self.session = Some(session);
                permit.joined();
                Ok(())
            }
            Err(JoinError::Closed) => {
                self.outbox.close(CloseCode::GoingAway.into());
                Ok(())
            }
            Err(error @ JoinError::Overloaded) => Err(overloaded(&error)),
            Err(JoinError::Quarantined { retry_after }) => {
                let code = CloseCode::TryAgainLater;
                self.outbox.close(Goodbye { retry_after: Some(retry_after), ..code.into() });
                Ok(())
            }
            Err(error @ JoinError::Full { limit }) => {
                let hit = LimitHit::full(LimitName::ProjectMembers, limit);
                self.app.admission().hits().count(hit);
                Err(WireError::new(ErrorCode::LimitExceeded, error.to_string()).at_limit(hit))
            }
        }
    }

    async fn profile(&mut self, join: &JoinSession) -> Result<Profile, Refused> {
        if let Some(token) = &join.token {
            self.credentials.show(&token.0).await?;
        }
        self.credentials.profile(join).map_err(Refused::Auth)
    }

    /// Takes a fresh token of the same user. What is wrong with it leaves the old one as it is.
    pub(super) async fn authenticate(&mut self, token: &Token) -> Result<(), WireError> {
        if let Some(role) = self.credentials.show(&token.0).await? {
            tell_role(&self.outbox, self.encoding, role);
        }
        Ok(())
    }

    /// What is due about the end of what was proved. Cancel-safe.
    pub(super) async fn expiry(&self) -> Due {
        self.credentials.expiry().due(self.has_joined()).await
    }

    /// Tells the client that its proof ends at `at`. The v1 dialect has no word for it.
    pub(super) fn tell_expiry(&mut self, at: Timestamp) {
        self.credentials.expiry_mut().told();
        if self.encoding.dialect() == Dialect::V2 {
            // On overflow the outbox itself asks for the close.
            let _ = self
                .outbox
                .push(codec::encode(&ServerMessage::TokenExpiring { expires_at: at }, self.encoding));
        }
    }

    /// Waits until the client may write that could not. Cancel-safe.
    pub(super) async fn raised(&self) {
        self.rights.raised().await;
    }

    /// Who speaks to documents over this socket, once it has joined.
    pub(super) fn speaker(&self) -> Option<Speaker> {
        let session = self.session.as_ref()?;
        Some(Speaker { user: session.user_id().clone(), write: self.rights.write().clone() })
    }

    pub(super) async fn switch_document(&self, switch: SwitchDocument) -> Result<(), WireError> {
        let session = self.session()?;
        let told = session.switch_document(switch.document_id.clone(), switch.document_type).await;
        self.rights.live().is_in(switch.document_id);
        self.told(told)
    }

    pub(super) async fn set_status(&self, status: Status) -> Result<(), WireError> {
        self.told(self.session()?.set_status(status).await)
    }

    /// Moves the cursor without waiting; false when the project had no room for it.
    pub(super) fn move_cursor(&self, update: CursorUpdate) -> bool {
        self.took(self.session.as_ref().map(|session| session.move_cursor(update)))
    }

    /// Asks for a document's cursors without waiting; false when there was no room for the question.
    pub(super) fn catch_up(&self, document: DocumentId) -> bool {
        self.took(self.session.as_ref().map(|session| session.catch_up(document)))
    }

    fn took(&self, told: Option<Result<(), ProjectError>>) -> bool {
        match told {
            Some(Err(ProjectError::Overloaded)) => false,
            Some(Err(ProjectError::Closed)) => {
                self.restarted();
                true
            }
            Some(Ok(())) | None => true,
        }
    }

    /// Ends the session, if there is one.
    pub(super) fn leave(&mut self, reason: DepartureReason, close: Option<Close>) {
        if let Some(session) = self.session.take() {
            self.rights.live().has_left();
            session.leave(reason, close);
        }
    }

    /// J4: what needs a join and came before it changes nothing.
    pub(super) fn session(&self) -> Result<&Session, WireError> {
        self.session.as_ref().ok_or_else(|| WireError::new(ErrorCode::NotJoined, "send join_session first"))
    }

    fn told(&self, told: Result<(), ProjectError>) -> Result<(), WireError> {
        match told {
            Ok(()) => Ok(()),
            Err(error @ ProjectError::Overloaded) => Err(overloaded(&error)),
            Err(ProjectError::Closed) => {
                self.restarted();
                Ok(())
            }
        }
    }

    /// The project is gone under us. If it said why, its goodbye was first and wins.
    fn restarted(&self) {
        self.outbox.close(CloseCode::ProjectRestarted.into());
    }
}

/// Tells the client what it may do from now on. The v1 dialect has no word for it.
pub(super) fn tell_role(outbox: &Outbox, encoding: Encoding, role: Role) {
    if encoding.dialect() == Dialect::V2 {
        // On overflow the outbox itself asks for the close.
        let _ = outbox.push(codec::encode(&ServerMessage::RoleChanged { role }, encoding));
    }
}

/// The refusal for a project that is busy, with a time after which its inbox has surely been worked off.
fn overloaded(error: &dyn std::fmt::Display) -> WireError {
    WireError::new(ErrorCode::Overloaded, error.to_string()).retry_after(RETRY_AFTER_OVERLOAD_MS)
}
