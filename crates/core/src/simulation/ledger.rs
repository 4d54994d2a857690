//! What is so, by what connections have done: the truth that clients' views are compared with.

use std::collections::{BTreeMap, BTreeSet};

use collabd_protocol::client::CursorUpdate;
use collabd_protocol::{ProjectId, SessionId, Status};
use tokio::time::Instant;

use super::connection::Connection;
use super::view::Shown;

/// A connection that has joined and has not ended.
#[derive(Debug)]
pub(super) struct Live {
    pub(super) user: String,
    pub(super) project: ProjectId,
    pub(super) session: SessionId,
    status: Status,
    pub(super) documents: BTreeSet<String>,
    /// The number of the last move in each document.
    pub(super) cursors: BTreeMap<String, i64>,
}

/// Who is there, and what its project has taken from it.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    live: BTreeMap<u64, Live>,
    /// How often each project was broken down on purpose.
    breakdowns: BTreeMap<ProjectId, usize>,
    /// When the client of a session wished to leave.
    wishes: BTreeMap<SessionId, Instant>,
}

impl Ledger {
    pub(super) fn joined(&mut self, connection: &Connection, session: SessionId) {
        let live = Live {
            user: connection.user.clone(),
            project: connection.project,
            session,
            status: Status::Active,
            documents: connection.place.iter().map(ToString::to_string).collect(),
            cursors: BTreeMap::new(),
        };
        self.live.insert(connection.number, live);
    }

    pub(super) fn ended(&mut self, connection: u64) {
        self.live.remove(&connection);
    }

    pub(super) fn wished_to_leave(&mut self, session: SessionId) {
        self.wishes.insert(session, Instant::now());
    }

    /// When the client of a session wished to leave, if it did.
    pub(super) fn wish_to_leave(&self, session: SessionId) -> Option<Instant> {
        self.wishes.get(&session).copied()
    }

    /// C1: entering one document leaves every other.
    pub(super) fn switched(&mut self, connection: u64, document: String) {
        if let Some(live) = self.live.get_mut(&connection) {
            live.documents = BTreeSet::from([document]);
            live.cursors.clear();
        }
    }

    /// C1: a move enters its document beside the others.
    pub(super) fn moved(&mut self, connection: u64, update: &CursorUpdate) {
        if let (Some(live), Some(number)) = (self.live.get_mut(&connection), update.timestamp) {
            live.documents.insert(update.document_id.to_string());
            live.cursors.insert(update.document_id.to_string(), number);
        }
    }

    pub(super) fn became(&mut self, connection: u64, status: Status) {
        if let Some(live) = self.live.get_mut(&connection) {
            live.status = status;
        }
    }

    pub(super) fn broke_down(&mut self, project: ProjectId) {
        *self.breakdowns.entry(project).or_default() += 1;
    }

    pub(super) fn breakdowns(&self) -> usize {
        self.breakdowns.values().sum()
    }

    /// I15: only who breaks down again and again is turned away.
    pub(super) fn quarantined(&self, project: ProjectId) {
        let times = self.breakdowns.get(&project).copied().unwrap_or(0);
        assert!(times >= 5, "project {project} was closed after {times} breakdowns");
    }

    pub(super) fn live(&self) -> &BTreeMap<u64, Live> {
        &self.live
    }

    pub(super) fn in_project(&self, project: ProjectId) -> impl Iterator<Item = &Live> {
        self.live.values().filter(move |live| live.project == project)
    }

    /// Every user of a project as others should see it.
    pub(super) fn presence(&self, project: ProjectId) -> BTreeMap<String, Shown> {
        let mut users: BTreeMap<String, Shown> = BTreeMap::new();
        for live in self.in_project(project) {
            let shown = users.entry(live.user.clone()).or_insert_with(|| Shown {
                status: live.status,
                sessions: 0,
                documents: BTreeSet::new(),
            });
            shown.status = shown.status.max(live.status);
            shown.sessions += 1;
            shown.documents.extend(live.documents.iter().cloned());
        }
        users
    }
}
