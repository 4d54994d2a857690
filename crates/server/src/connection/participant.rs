//! The connection's part in its project: joined or not, and what that allows.

use collabd_core::{JoinError, JoinRequest, Outbox, Profile, ProjectError, Session};
use collabd_protocol::client::{CursorUpdate, JoinSession, SwitchDocument};
use collabd_protocol::{
    AvatarColor, CloseCode, DepartureReason, DocumentId, Encoding, ErrorCode, ProjectId, Status, WireError,
};

use crate::app::App;
use crate::auth::{AuthError, Identity, Role, Tickets};

/// When a client that met a busy project may try again, in milliseconds.
const RETRY_AFTER_OVERLOAD_MS: u64 = 250;

/// Whether and as whom a connection is in its project.
pub(super) struct Participant {
    app: App,
    project: ProjectId,
    encoding: Encoding,
    outbox: Outbox,
    session: Option<Session>,
}

impl Participant {
    pub(super) fn new(app: &App, project: ProjectId, encoding: Encoding, outbox: Outbox) -> Self {
        Self { app: app.clone(), project, encoding, outbox, session: None }
    }

    pub(super) fn has_joined(&self) -> bool {
        self.session.is_some()
    }

    /// J2: a second join by the same user is answered with the snapshot, by another one refused.
    pub(super) async fn join(&mut self, join: JoinSession) -> Result<(), WireError> {
        if let Some(session) = &self.session {
            if *session.user_id() != join.user_id {
                let message = format!("this socket has joined as {:?}", session.user_id().as_str());
                return Err(WireError::new(ErrorCode::AlreadyJoined, message));
            }
            return self.told(session.resync().await);
        }
        let document = join.document_id.clone().map(|document| (document, join.document_type));
        let identity = match self.identify(join).await {
            Ok(identity) => identity,
            Err(error) => {
                self.outbox.close(error.close_code().into());
                return Ok(());
            }
        };
        let request = JoinRequest {
            profile: identity.profile,
            encoding: self.encoding,
            outbox: self.outbox.clone(),
            document,
        };
        match self.app.coordinator().join(self.project, request).await {
            Ok(session) => {
                self.session = Some(session);
                Ok(())
            }
            Err(JoinError::Closed) => {
                self.outbox.close(CloseCode::GoingAway.into());
                Ok(())
            }
            Err(error @ JoinError::Overloaded) => Err(overloaded(&error)),
            Err(error @ JoinError::Full { .. }) => {
                Err(WireError::new(ErrorCode::LimitExceeded, error.to_string()))
            }
        }
    }

    /// Who joins: whom the token or ticket names, or, in an open server without a ticket, whom the client says.
    async fn identify(&self, join: JoinSession) -> Result<Identity, AuthError> {
        match join.token.as_ref().map(|token| token.0.as_str()) {
            Some(proof) if !self.app.authority().is_open() || Tickets::is_ticket(proof) => {
                self.app.identify(proof, self.project).await
            }
            None if !self.app.authority().is_open() => Err(AuthError::Unauthenticated),
            _ => Ok(claimed(join)),
        }
    }

    pub(super) async fn switch_document(&self, switch: SwitchDocument) -> Result<(), WireError> {
        let session = self.session()?;
        self.told(session.switch_document(switch.document_id, switch.document_type).await)
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
    pub(super) fn leave(&mut self, reason: DepartureReason) {
        if let Some(session) = self.session.take() {
            session.leave(reason);
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

/// Who a client says it is.
fn claimed(join: JoinSession) -> Identity {
    let avatar_color = join.avatar_color.unwrap_or_else(|| AvatarColor::for_user(&join.user_id));
    let profile = Profile {
        user_id: join.user_id,
        user_name: join.user_name,
        avatar_color,
        is_agent: join.is_agent.unwrap_or(false),
    };
    Identity { profile, role: Role::Owner, expires_at: None }
}

/// The refusal for a project that is busy, with a time after which its inbox has surely been worked off.
fn overloaded(error: &dyn std::fmt::Display) -> WireError {
    WireError::new(ErrorCode::Overloaded, error.to_string()).retry_after(RETRY_AFTER_OVERLOAD_MS)
}
