//! The list of connections.

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use collabd_protocol::{CloseCode, DocumentId, ProjectId, SessionId, UserId, UserName};
use jiff::Timestamp;

use super::connection::{Entry, Kind, Signals};
use crate::store::Limit;

/// Which connections to a project are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Audience {
    /// All of a user's, subscriptions included.
    User(UserId),
    /// The one that has this session.
    Session(SessionId),
    /// All there are.
    Everybody,
}

impl Audience {
    fn holds(&self, entry: &Entry) -> bool {
        match self {
            Self::User(user) => entry.is_of(user),
            Self::Session(id) => entry.shown().session.as_ref().is_some_and(|session| session.id == *id),
            Self::Everybody => true,
        }
    }
}

/// A session with its connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LiveSession {
    pub(crate) id: SessionId,
    pub(crate) user_id: UserId,
    pub(crate) user_name: UserName,
    pub(crate) is_agent: bool,
    pub(crate) since: Timestamp,
    pub(crate) document: Option<DocumentId>,
    pub(crate) kind: Kind,
    pub(crate) address: Option<IpAddr>,
}

/// The connections that are open, by project. One lock for all: it is taken when a connection begins and ends and when
/// an owner decides something, never on the way of a message.
#[derive(Debug, Default)]
pub(crate) struct LiveConnections {
    table: Mutex<Table>,
}

#[derive(Debug, Default)]
struct Table {
    /// A project is here as long as somebody is connected to it.
    by_project: HashMap<ProjectId, BTreeMap<u64, Arc<Entry>>>,
    last: u64,
}

impl LiveConnections {
    pub(super) fn add(&self, project: ProjectId, entry: &Arc<Entry>) -> u64 {
        let mut table = self.table();
        table.last += 1;
        let number = table.last;
        table.by_project.entry(project).or_default().insert(number, Arc::clone(entry));
        number
    }

    pub(super) fn remove(&self, project: ProjectId, number: u64) {
        let mut table = self.table();
        let Some(entries) = table.by_project.get_mut(&project) else { return };
        entries.remove(&number);
        if entries.is_empty() {
            table.by_project.remove(&project);
        }
    }

    /// Has the rights of these connections looked up again. The change must be in the store already.
    pub(crate) fn wake(&self, project: ProjectId, audience: &Audience) {
        for entry in self.those(project, audience) {
            entry.signals.send_modify(|signals| signals.changes += 1);
        }
    }

    /// How many of these connections are there that are not told to end yet?
    pub(crate) fn count(&self, project: ProjectId, audience: &Audience) -> usize {
        self.those(project, audience).iter().filter(|entry| entry.signals.borrow().end.is_none()).count()
    }

    /// Ends these connections with `code`. How many were not told to end before?
    pub(crate) fn end(&self, project: ProjectId, audience: &Audience, code: CloseCode) -> usize {
        let end = |signals: &mut Signals| signals.end.is_none() && signals.end.replace(code).is_none();
        let those = self.those(project, audience);
        those.iter().filter(|entry| entry.signals.send_if_modified(end)).count()
    }

    /// Sessions in `project` in the order in which they began: at most `first` of those after `after`.
    pub(crate) fn sessions(
        &self,
        project: ProjectId,
        after: Option<SessionId>,
        first: Limit,
    ) -> Vec<LiveSession> {
        let all = self.those(project, &Audience::Everybody);
        let mut sessions: Vec<_> = all.iter().filter_map(|entry| session(entry)).collect();
        sessions.retain(|session| after.is_none_or(|after| session.id > after));
        sessions.sort_unstable_by_key(|session| session.id);
        sessions.truncate(usize::try_from(first.get()).unwrap_or(usize::MAX));
        sessions
    }

    fn those(&self, project: ProjectId, audience: &Audience) -> Vec<Arc<Entry>> {
        let table = self.table();
        let entries = table.by_project.get(&project).into_iter().flat_map(BTreeMap::values);
        entries.filter(|entry| audience.holds(entry)).map(Arc::clone).collect()
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        // Nothing that happens under the lock can panic half-way.
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn session(entry: &Entry) -> Option<LiveSession> {
    let shown = entry.shown();
    let (user, session) = (shown.user.as_ref()?, shown.session.as_ref()?);
    Some(LiveSession {
        id: session.id,
        user_id: user.id.clone(),
        user_name: user.name.clone(),
        is_agent: user.is_agent,
        since: session.since,
        document: session.document.clone(),
        kind: entry.kind,
        address: shown.address,
    })
}
