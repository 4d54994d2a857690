//! What is worth writing down.

use collabd_protocol::{CloseCode, DepartureReason, DocumentId, ProjectId, SessionId, UserId, UserName};

use crate::room::Profile;

/// Whose session it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    /// Which session.
    pub session: SessionId,
    /// Whose.
    pub user: UserId,
    /// The name that others were shown.
    pub name: UserName,
}

impl Who {
    pub(crate) fn of(session: SessionId, profile: &Profile) -> Self {
        Self { session, user: profile.user_id.clone(), name: profile.user_name.clone() }
    }
}

/// Who closed a connection, and with which code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Close {
    /// The server.
    Server(CloseCode),
    /// The client, if it named a code.
    Client(Option<u16>),
}

/// Whom a kick is meant for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// All of a user's connections.
    User(UserId),
    /// The connection of one session.
    Session(SessionId),
}

/// What happens in a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProjectEvent {
    /// Its actor began to run.
    Opened,
    /// Its actor ended.
    Ended,
    /// Its actor panicked: a bug. Its members were sent back with 4004.
    Restarted,
    /// A session began, in a document if in any.
    Joined {
        /// Whose.
        who: Who,
        /// Where.
        document: Option<DocumentId>,
    },
    /// A session ended.
    Departed {
        /// Whose.
        who: Who,
        /// What the others are told.
        reason: DepartureReason,
        /// How its connection was closed; `None` when it was lost without a word, or lives on without a session.
        close: Option<Close>,
    },
    /// Somebody is sent away. The departures follow.
    Kicked {
        /// Who.
        target: Target,
        /// By whom; `None` for an operator, or for somebody in an open server.
        by: Option<UserId>,
    },
    /// A shared document was taken into memory.
    DocumentOpened(DocumentId),
    /// A shared document is stored and out of memory.
    DocumentClosed(DocumentId),
    /// What held a shared document panicked: a bug. Whoever had it open was sent back.
    DocumentRestarted(DocumentId),
}

/// What happens to the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ServerEvent {
    /// It began.
    Started,
    /// It was told to stop.
    Stopping,
    /// An upgrade request was refused, for this reason of the closed list that metrics have.
    Refused(&'static str),
    /// A session was ended because its client did not read (B2).
    Evicted {
        /// Of which project.
        project: ProjectId,
        /// Whose.
        user: UserId,
    },
    /// A project, or a document in it, ended in a panic: a bug.
    Panicked {
        /// Which project.
        project: ProjectId,
        /// Which document, if it was one.
        document: Option<DocumentId>,
    },
}
