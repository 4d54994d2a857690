//! What a client knows, from what it was told and nothing else, and what it would complain of.

use std::collections::{BTreeMap, BTreeSet};

use collabd_protocol::codec::peer::{self, Introductions};
use collabd_protocol::codec::{Dialect, Encoding, Frame};
use collabd_protocol::presence::{DocumentActivity, Presence};
use collabd_protocol::server::CursorMoved;
use collabd_protocol::v1::V1Message;
use collabd_protocol::{ProjectId, ServerMessage, SessionId, Status};
use tokio::time::Instant;

/// A user as a client shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shown {
    pub(super) status: Status,
    pub(super) sessions: usize,
    pub(super) documents: BTreeSet<String>,
}

impl Shown {
    pub(super) fn of(presence: &Presence) -> (String, Self) {
        let documents = presence.documents.keys().map(ToString::to_string).collect();
        let shown = Self { status: presence.status, sessions: presence.sessions, documents };
        (presence.user_id.to_string(), shown)
    }
}

/// The name of the document that a connection enters with its `beat`th beat.
pub(super) fn own_document(project: ProjectId, connection: u64, beat: u64) -> String {
    format!("p{project}/own/{connection}/{beat}")
}

/// The name of a document that several may be in.
pub(super) fn shared_document(project: ProjectId, place: &str) -> String {
    format!("p{project}/{place}")
}

/// A connection and which of its own documents a name stands for.
fn beat(name: &str) -> Option<(u64, u64)> {
    let (connection, beat) = name.split_once("/own/")?.1.split_once('/')?;
    Some((connection.parse().unwrap(), beat.parse().unwrap()))
}

/// That a user left, as a client heard it.
#[derive(Debug, Clone)]
pub(super) struct Left {
    pub(super) user: String,
    pub(super) session: SessionId,
    /// The server put it into the outbox between these moments.
    pub(super) put: (Instant, Instant),
}

/// What one client knows through one connection.
#[derive(Debug)]
pub(super) struct View {
    connection: u64,
    project: ProjectId,
    encoding: Encoding,
    introductions: Introductions,
    /// The client's own session, once it has the snapshot.
    pub(super) session: Option<SessionId>,
    has_snapshot: bool,
    pub(super) users: BTreeMap<String, Shown>,
    /// The users in each document's last list.
    pub(super) lists: BTreeMap<String, BTreeSet<String>>,
    /// By document and session, the number of the last move.
    pub(super) cursors: BTreeMap<(String, SessionId), i64>,
    /// The last beat of each connection.
    beats: BTreeMap<u64, u64>,
    lefts: Vec<Left>,
}

impl View {
    pub(super) fn new(connection: u64, project: ProjectId, encoding: Encoding) -> Self {
        Self {
            connection,
            project,
            encoding,
            introductions: Introductions::default(),
            session: None,
            has_snapshot: false,
            users: BTreeMap::new(),
            lists: BTreeMap::new(),
            cursors: BTreeMap::new(),
            beats: BTreeMap::new(),
            lefts: Vec::new(),
        }
    }

    pub(super) fn connection(&self) -> u64 {
        self.connection
    }

    pub(super) fn project(&self) -> ProjectId {
        self.project
    }

    pub(super) fn dialect(&self) -> Dialect {
        self.encoding.dialect()
    }

    /// The leaves that were heard since the last call.
    pub(super) fn take_lefts(&mut self) -> Vec<Left> {
        std::mem::take(&mut self.lefts)
    }

    /// Applies one frame, which was put into the outbox between two moments.
    pub(super) fn hear(&mut self, frame: &Frame, put: (Instant, Instant)) {
        if self.dialect() == Dialect::V1 {
            self.hear_v1(peer::decode_v1(frame.payload()).unwrap());
            return;
        }
        let messages = match self.encoding {
            Encoding::Compact => self.introductions.decode(frame.payload()).unwrap(),
            _ => peer::decode(frame.payload()).unwrap(),
        };
        for message in messages {
            self.hear_v2(message, put);
        }
    }

    fn hear_v1(&mut self, message: V1Message) {
        match message {
            V1Message::BulkPresence { data } => self.replace(&data),
            V1Message::UserPresence { data } if data.is_online => {
                self.learn(&data);
            }
            V1Message::UserPresence { data } => {
                self.users.remove(data.user_id.as_str());
            }
            V1Message::DocumentActivity { data } => self.list(&data),
            V1Message::Error { .. } | V1Message::Pong => {}
        }
        self.check_order();
    }

    /// P1: joins and leaves of a user take turns, so that none is heard twice and none is missing.
    fn hear_v2(&mut self, message: ServerMessage, put: (Instant, Instant)) {
        match message {
            ServerMessage::BulkPresence { data, project_id, session_id, .. } => {
                assert_eq!(project_id, self.project, "{} got another project's snapshot", self.connection);
                let before = self.session.replace(session_id);
                assert!(before.is_none_or(|before| before == session_id), "another session's snapshot");
                self.replace(&data);
            }
            ServerMessage::UserJoined { user } => {
                let is_new = self.learn(&user);
                assert!(is_new, "{} heard twice that {} joined", self.connection, user.user_id);
            }
            ServerMessage::UserUpdated { user } => {
                let is_new = self.learn(&user);
                assert!(!is_new, "{} changed unknown to {}", user.user_id, self.connection);
            }
            ServerMessage::UserLeft { user_id, .. } => {
                let known = self.users.remove(user_id.as_str());
                assert!(known.is_some(), "{} heard twice that {user_id} left", self.connection);
                let session = self.session.expect("heard after the snapshot");
                self.lefts.push(Left { user: user_id.to_string(), session, put });
            }
            ServerMessage::DocumentActivity { data } => self.list(&data),
            ServerMessage::CursorUpdate { data } => self.follow(&data),
            other => panic!("{} was told {other:?}", self.connection),
        }
        self.check_order();
    }

    /// J3: nothing comes before the snapshot.
    fn check_order(&self) {
        assert!(self.has_snapshot, "{} heard something before its snapshot", self.connection);
    }

    fn replace(&mut self, everybody: &[Presence]) {
        self.has_snapshot = true;
        self.users.clear();
        for presence in everybody {
            // Where a snapshot is, counting begins. After the first one that matters in a project on its way out only,
            // which tells of nothing else any more.
            for (connection, beat) in presence.documents.keys().filter_map(|name| beat(name.as_str())) {
                let last = self.beats.insert(connection, beat).unwrap_or(0);
                assert!(last <= beat, "a snapshot from before beat {last} of {connection}");
            }
            self.learn(presence);
        }
    }

    /// Takes in a user; true when it was not known.
    fn learn(&mut self, presence: &Presence) -> bool {
        assert!(presence.is_online);
        for name in presence.documents.keys() {
            self.check_place(name.as_str());
            self.check_beat(name.as_str());
        }
        let (user, shown) = Shown::of(presence);
        self.users.insert(user, shown).is_none()
    }

    /// No byte of a project reaches another: documents are named for theirs.
    fn check_place(&self, name: &str) {
        let is_ours = name.starts_with(&format!("p{}/", self.project));
        assert!(is_ours, "{} of project {} heard of {name}", self.connection, self.project);
    }

    /// What a session does is heard of in its order, and nothing is left out; but to the v1 dialect a cursor brings its
    /// user's presence along, in a project on its way out also one that nobody else is told.
    fn check_beat(&mut self, name: &str) {
        let Some((connection, beat)) = beat(name) else { return };
        let last = self.beats.insert(connection, beat).unwrap_or(0);
        let may_skip = self.dialect() == Dialect::V1;
        let is_next = beat == last || beat == last + 1 || may_skip && beat > last;
        assert!(is_next, "{} heard beat {beat} of {connection} after {last}", self.connection);
    }

    fn list(&mut self, activity: &DocumentActivity) {
        self.check_place(activity.document_id.as_str());
        let users: BTreeSet<_> = activity.active_users.iter().map(|user| user.user_id.to_string()).collect();
        let are_known = users.iter().all(|user| self.users.contains_key(user));
        assert!(are_known, "{} heard of strangers in {}: {users:?}", self.connection, activity.document_id);
        self.lists.insert(activity.document_id.to_string(), users);
    }

    /// C1, C3: no cursor of one's own or of nobody, and none that goes back.
    fn follow(&mut self, moved: &CursorMoved) {
        self.check_place(moved.document_id.as_str());
        assert_ne!(Some(moved.session_id), self.session, "{} was told its own move", self.connection);
        let user = moved.user_id.as_str();
        assert!(self.users.contains_key(user), "a cursor of {user}, who is not here");
        let (key, number) =
            ((moved.document_id.to_string(), moved.session_id), moved.timestamp.expect("moves are numbered"));
        let before = self.cursors.insert(key, number).unwrap_or(0);
        assert!(before <= number, "{} saw {} go back", self.connection, moved.session_id);
    }
}
