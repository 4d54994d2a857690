//! One user over all of the user's sessions (P1).

use std::collections::{BTreeMap, BTreeSet};

use collabd_protocol::presence::{DocumentPresence, Presence};
use collabd_protocol::{DocumentId, DocumentType, SessionId, Status, UserId};
use jiff::Timestamp;

use super::Room;
use super::command::Profile;

/// What the room keeps of a user.
#[derive(Debug)]
pub(super) struct User {
    pub(super) profile: Profile,
    pub(super) joined_at: Timestamp,
    pub(super) last_active: Timestamp,
    pub(super) sessions: BTreeSet<SessionId>,
}

/// The part of a user's presence whose change is announced. Cursors and times are not: they change all the time
/// and travel by their own way.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Shape {
    profile: Profile,
    status: Status,
    sessions: usize,
    documents: BTreeMap<DocumentId, DocumentType>,
}

impl User {
    pub(super) fn new(session: SessionId, profile: Profile, at: Timestamp) -> Self {
        Self { profile, joined_at: at, last_active: at, sessions: BTreeSet::from([session]) }
    }

    /// The newest session's word on name and colour wins.
    pub(super) fn add_session(&mut self, session: SessionId, profile: Profile, at: Timestamp) {
        self.profile = profile;
        self.last_active = at;
        self.sessions.insert(session);
    }
}

impl Room {
    pub(super) fn shape_of(&self, user_id: &UserId) -> Option<Shape> {
        let user = self.users.get(user_id)?;
        Some(Shape {
            profile: user.profile.clone(),
            status: self.status_of(user),
            sessions: self.open_sessions_of(user),
            documents: self
                .members_of(user)
                .flat_map(|(_, member)| &member.documents)
                .filter_map(|id| Some((id.clone(), self.documents.get(id)?.document_type())))
                .collect(),
        })
    }

    pub(super) fn presence_of(&self, user: &User) -> Presence {
        Presence {
            user_id: user.profile.user_id.clone(),
            user_name: user.profile.user_name.clone(),
            avatar_color: user.profile.avatar_color.clone(),
            is_agent: user.profile.is_agent,
            is_online: true,
            status: self.status_of(user),
            joined_at: user.joined_at,
            last_active: user.last_active,
            sessions: self.open_sessions_of(user),
            documents: self.documents_of(user),
        }
    }

    fn members_of<'a>(&'a self, user: &'a User) -> impl Iterator<Item = (SessionId, &'a super::Member)> {
        user.sessions.iter().filter_map(|session| Some((*session, self.members.get(session)?)))
    }

    /// A user in a grace period still counts as one session: to others, nothing has happened yet (P3).
    fn open_sessions_of(&self, user: &User) -> usize {
        self.members_of(user).filter(|(_, member)| member.lease.is_none()).count().max(1)
    }

    fn status_of(&self, user: &User) -> Status {
        self.members_of(user).map(|(_, member)| member.status).max().unwrap_or(Status::Away)
    }

    /// Where several of the user's sessions are in one document, the one active last speaks.
    fn documents_of(&self, user: &User) -> BTreeMap<DocumentId, DocumentPresence> {
        let mut documents: BTreeMap<DocumentId, DocumentPresence> = BTreeMap::new();
        for (session, member) in self.members_of(user) {
            for id in &member.documents {
                let Some(document) = self.documents.get(id) else {
                    continue;
                };
                let Some(cursor) = document.cursor(session) else {
                    continue;
                };
                let is_newer =
                    documents.get(id).is_none_or(|known| known.last_active_in_document <= cursor.last_active);
                if is_newer {
                    documents.insert(id.clone(), cursor.presence(document.document_type()));
                }
            }
        }
        documents
    }
}
