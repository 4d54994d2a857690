//! Clients that believe what they are sent, and complain when it makes no sense.

use std::collections::{BTreeMap, BTreeSet};

use collabd_protocol::codec::Dialect;
use collabd_protocol::presence::Presence;
use collabd_protocol::{CursorPosition, DocumentType, Status};

use super::model::Model;
use super::operations::Step;
use crate::room::{Audience, Command, CursorFlush, Delivery, Event, Move};

/// A user as a client shows it: all of a presence but times and cursors, which travel by their own way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shown {
    pub(super) name: String,
    pub(super) status: Status,
    pub(super) sessions: usize,
    pub(super) documents: BTreeMap<String, DocumentType>,
}

pub(super) fn shown(presence: &Presence) -> (String, Shown) {
    assert!(presence.is_online);
    for place in presence.documents.values() {
        check_kind(place.position.as_ref(), place.document_type);
    }
    let shown = Shown {
        name: presence.user_name.to_string(),
        status: presence.status,
        sessions: presence.sessions,
        documents: presence
            .documents
            .iter()
            .map(|(id, place)| (id.to_string(), place.document_type))
            .collect(),
    };
    (presence.user_id.to_string(), shown)
}

/// A position is of its document's kind, or nobody could draw it.
fn check_kind(position: Option<&CursorPosition>, kind: DocumentType) {
    let is_fitting = position.is_none_or(|position| position.document_type() == kind);
    assert!(is_fitting, "{position:?} in a document of kind {kind}");
}

/// What one client knows.
#[derive(Debug)]
pub(super) struct View {
    dialect: Dialect,
    has_snapshot: bool,
    pub(super) users: BTreeMap<String, Shown>,
    /// The users in each document's last list.
    pub(super) lists: BTreeMap<String, BTreeSet<String>>,
    /// By document and session, the timestamp of the last move.
    pub(super) cursors: BTreeMap<(String, u64), i64>,
    /// The sessions that were introduced, with the number of the document and its kind.
    introduced: BTreeSet<(u64, u64, DocumentType)>,
}

impl View {
    fn new(dialect: Dialect) -> Self {
        Self {
            dialect,
            has_snapshot: false,
            users: BTreeMap::new(),
            lists: BTreeMap::new(),
            cursors: BTreeMap::new(),
            introduced: BTreeSet::new(),
        }
    }

    /// J3, P1: the snapshot comes first, and joins and leaves of a user take turns.
    fn hear(&mut self, number: u64, event: &Event) {
        let is_snapshot = matches!(event, Event::Snapshot { .. });
        assert!(self.has_snapshot || is_snapshot, "session {number} heard {event:?} before its snapshot");
        match event {
            Event::Snapshot { session, presence, .. } => {
                assert_eq!(session.number, number, "another session's snapshot");
                self.has_snapshot = true;
                self.users = presence.iter().map(shown).collect();
            }
            Event::UserJoined(presence) => {
                let (user, shown) = shown(presence);
                let known = self.users.insert(user.clone(), shown);
                assert_eq!(known, None, "{user} joined twice for session {number}");
            }
            Event::UserUpdated(presence) => {
                let (user, shown) = shown(presence);
                let known = self.users.insert(user.clone(), shown);
                assert!(known.is_some(), "{user} changed unknown to session {number}");
            }
            Event::UserLeft { presence, .. } => {
                assert!(!presence.is_online);
                let known = self.users.remove(presence.user_id.as_str());
                assert!(known.is_some(), "{} left twice", presence.user_id);
            }
            Event::Activity(activity) => {
                let users = activity.active_users.iter().map(|user| user.user_id.to_string());
                let users: BTreeSet<_> = users.collect();
                for user in &activity.active_users {
                    check_kind(user.position.as_ref(), activity.document_type);
                }
                assert!(
                    users.iter().all(|user| self.users.contains_key(user)),
                    "a list names users unknown to session {number}: {users:?}"
                );
                self.lists.insert(activity.document_id.to_string(), users);
            }
            Event::Cursors(flush) => self.follow(number, flush),
            Event::Refused(_) => {}
        }
    }

    /// C1, C3: no cursor of one's own, and none that goes back.
    fn follow(&mut self, number: u64, flush: &CursorFlush) {
        assert!(self.dialect == Dialect::V2 || flush.v1.is_some(), "a flush that a v1 session cannot read");
        // Left out by the batch.
        let others = flush.moves.iter().filter(|moved| moved.cursor.session_id.number != number);
        for Move { cursor: moved, is_introduced } in others {
            let numbers = (moved.session_id.number, flush.number, moved.document_type);
            let is_known = !self.introduced.insert(numbers);
            assert!(is_known || !is_introduced, "session {number} cannot know what {numbers:?} stand for");
            let user = moved.user_id.as_str();
            check_kind(Some(&moved.position), moved.document_type);
            assert!(self.users.contains_key(user), "a cursor of {user}, who is not here");
            let key = (flush.document.to_string(), moved.session_id.number);
            let sent = moved.timestamp.unwrap();
            let before = self.cursors.insert(key, sent);
            assert!(
                before.is_none_or(|before| before <= sent),
                "session {number} saw {} go back",
                moved.session_id
            );
        }
    }
}

/// The clients with a live connection.
#[derive(Debug, Default)]
pub(super) struct Clients {
    views: BTreeMap<u64, View>,
}

impl Clients {
    pub(super) fn views(&self) -> impl Iterator<Item = (u64, &View)> {
        self.views.iter().map(|(number, view)| (*number, view))
    }

    /// A client that joins or departs does so just before its command is applied, as its outbox does.
    pub(super) fn begin_and_end(&mut self, step: &Step) {
        match step {
            Step::Room(Command::Join(join)) => {
                let view = View::new(join.dialect);
                self.views.insert(join.session.number, view);
            }
            Step::Room(Command::Depart { session, .. }) => {
                self.views.remove(&session.number);
            }
            _ => {}
        }
    }

    pub(super) fn deliver(&mut self, model: &Model, deliveries: Vec<Delivery>) {
        for Delivery { audience, event } in deliveries {
            let inside = match &audience {
                Audience::Document(id) => model.sessions_in(id.as_str()),
                _ => Vec::new(),
            };
            for (number, view) in &mut self.views {
                let is_meant = match &audience {
                    Audience::Session(only) => only.number == *number,
                    Audience::Project => true,
                    Audience::ProjectExcept(except) => except.number != *number,
                    Audience::Document(_) => inside.contains(number),
                };
                if is_meant {
                    view.hear(*number, &event);
                }
            }
        }
    }
}
