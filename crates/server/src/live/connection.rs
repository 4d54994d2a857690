//! One connection in the list. Its drop takes it off.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use collabd_core::Profile;
use collabd_protocol::{CloseCode, DocumentId, ProjectId, SessionId, UserId, UserName};
use jiff::Timestamp;
use tokio::sync::watch;

use super::registry::LiveConnections;

/// What kind of connection it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A collaboration socket of the v1 dialect.
    CollaborationV1,
    /// A collaboration socket of the v2 dialect.
    CollaborationV2,
    /// A socket of one document.
    Document,
    /// A GraphQL subscription.
    Subscription,
}

/// What a connection is told through the list. Only the newest state counts, so nothing queues.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Signals {
    /// How often rights may have changed.
    pub(super) changes: u64,
    /// Set once, when the connection is to end.
    pub(super) end: Option<CloseCode>,
}

/// What the list knows of a connection.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) kind: Kind,
    pub(super) signals: watch::Sender<Signals>,
    shown: Mutex<Shown>,
}

/// What becomes known of a connection in time.
#[derive(Debug, Default)]
pub(super) struct Shown {
    pub(super) address: Option<IpAddr>,
    pub(super) user: Option<ShownUser>,
    pub(super) session: Option<ShownSession>,
}

/// Who it is.
#[derive(Debug)]
pub(super) struct ShownUser {
    pub(super) id: UserId,
    pub(super) name: UserName,
    pub(super) is_agent: bool,
}

/// Its session, while there is one.
#[derive(Debug)]
pub(super) struct ShownSession {
    pub(super) id: SessionId,
    pub(super) since: Timestamp,
    pub(super) document: Option<DocumentId>,
}

impl Entry {
    /// What is known now.
    pub(super) fn shown(&self) -> MutexGuard<'_, Shown> {
        // Nothing that happens under the lock can panic half-way.
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Is it the connection of `user`?
    pub(super) fn is_of(&self, user: &UserId) -> bool {
        self.shown().user.as_ref().is_some_and(|shown| shown.id == *user)
    }
}

/// A connection's place in the list.
#[derive(Debug)]
pub(crate) struct LiveConnection {
    list: Arc<LiveConnections>,
    project: ProjectId,
    number: u64,
    entry: Arc<Entry>,
}

impl LiveConnection {
    /// Lists a connection to `project`, of which nothing else is known yet.
    pub(crate) fn new(list: &Arc<LiveConnections>, project: ProjectId, kind: Kind) -> Self {
        let signals = watch::Sender::new(Signals::default());
        let entry = Arc::new(Entry { kind, signals, shown: Mutex::default() });
        let number = list.add(project, &entry);
        Self { list: Arc::clone(list), project, number, entry }
    }

    /// Where it comes from.
    pub(crate) fn comes_from(&self, address: IpAddr) {
        self.entry.shown().address = Some(address);
    }

    /// Whose connection it is. From here on it is found by the user's id.
    pub(crate) fn is_used_by(&self, profile: &Profile) {
        let Profile { user_id, user_name, is_agent, .. } = profile;
        let user = ShownUser { id: user_id.clone(), name: user_name.clone(), is_agent: *is_agent };
        self.entry.shown().user = Some(user);
    }

    /// It has joined, into this document if into any.
    pub(crate) fn has_joined(&self, id: SessionId, document: Option<DocumentId>) {
        self.entry.shown().session = Some(ShownSession { id, since: Timestamp::now(), document });
    }

    /// It has left.
    pub(crate) fn has_left(&self) {
        self.entry.shown().session = None;
    }

    /// It has switched to this document.
    pub(crate) fn is_in(&self, document: DocumentId) {
        if let Some(session) = &mut self.entry.shown().session {
            session.document = Some(document);
        }
    }

    /// What it is told, whatever of it was told before.
    pub(super) fn signals(&self) -> watch::Receiver<Signals> {
        let mut signals = self.entry.signals.subscribe();
        signals.mark_changed();
        signals
    }

    /// How often rights may have changed.
    pub(super) fn changes(&self) -> u64 {
        self.entry.signals.borrow().changes
    }
}

impl Drop for LiveConnection {
    fn drop(&mut self) {
        self.list.remove(self.project, self.number);
    }
}
