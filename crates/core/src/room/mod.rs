//! One project's state as a pure state machine: `apply(command, now)` returns what has to be delivered.
//!
//! No channel, clock, lock, randomness or await in here, so the same code runs under the actor, under model
//! tests and under a virtual clock. State is keyed by session; users own sets of sessions; a document exists
//! only while a session is in it.

mod command;
mod cursors;
mod document;
mod event;
#[cfg(test)]
mod invariants;
mod member;
#[cfg(test)]
mod model_tests;
#[cfg(test)]
mod tests;
mod user;

use std::collections::BTreeSet;

use collabd_protocol::presence::Presence;
use collabd_protocol::{DepartureReason, DocumentId, DocumentType, SessionId, Status, UserId};
use indexmap::{IndexMap, IndexSet};
use tokio::time::Instant;

pub use command::{Command, Join, Profile};
pub use event::{Audience, CursorFlush, Delivery, Event, Move};

use crate::clock::Now;
use crate::limits::RoomLimits;
use crate::sessions::SessionMap;
use document::Document;
use member::{Lease, Member};
use user::{Shape, User};

/// The state of one project.
#[derive(Debug)]
pub struct Room {
    limits: RoomLimits,
    users: IndexMap<UserId, User>,
    members: SessionMap<Member>,
    documents: IndexMap<DocumentId, Document>,
    /// The number of the next document; none is used twice.
    next_document: u64,
    /// Lost sessions by the end of their grace period.
    leases: BTreeSet<(Instant, SessionId)>,
    /// Documents with moves or list changes that nobody was told yet.
    dirty: IndexSet<DocumentId>,
    /// When the dirty documents are due.
    flush_at: Option<Instant>,
    /// Moves that were replaced by a newer one before a flush.
    conflated: u64,
}

impl Room {
    /// An empty room.
    pub fn new(limits: RoomLimits) -> Self {
        Self {
            limits,
            users: IndexMap::new(),
            members: SessionMap::default(),
            documents: IndexMap::new(),
            next_document: 1,
            leases: BTreeSet::new(),
            dirty: IndexSet::new(),
            flush_at: None,
            conflated: 0,
        }
    }

    /// Takes one command and says what has to be delivered, in order.
    ///
    /// Commands of sessions that are not here (any more) do nothing: they were under way when it ended (P2).
    pub fn apply(&mut self, command: Command, now: Now) -> Vec<Delivery> {
        let mut out = Vec::new();
        match command {
            Command::Join(join) => self.join(join, now, &mut out),
            Command::Resync { session } if self.members.contains_key(&session) => {
                out.push(self.snapshot(session, now));
            }
            Command::Resync { .. } => {}
            Command::Switch { session, document, document_type } => {
                self.switch(session, &document, document_type, now, &mut out);
            }
            Command::Move { session, update } => self.move_cursor(session, update, now, &mut out),
            Command::SetStatus { session, status } => self.set_status(session, status, now, &mut out),
            Command::CatchUp { session, document } => self.catch_up(session, &document, &mut out),
            Command::Depart { session, reason } => self.depart(session, reason, now, &mut out),
            Command::Tick => self.tick(now, &mut out),
        }
        out
    }

    /// When [`Command::Tick`] is due next, if ever.
    pub fn next_deadline(&self) -> Option<Instant> {
        let lease = self.leases.first().map(|(until, _)| *until);
        [lease, self.flush_at].into_iter().flatten().min()
    }

    /// Is nobody here, not even within a grace period?
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// How many moves were replaced by a newer one before anybody was told, since the last call.
    pub fn take_conflated(&mut self) -> u64 {
        std::mem::take(&mut self.conflated)
    }

    /// How many users are present.
    pub fn user_count(&self) -> usize {
        self.users.len()
    }

    /// How many sessions are here, those in their grace period included.
    pub fn session_count(&self) -> usize {
        self.members.len()
    }

    /// How many documents somebody is in.
    pub fn document_count(&self) -> usize {
        self.documents.len()
    }

    /// Every user as others see them, in order of arrival.
    pub fn presence(&self) -> Vec<Presence> {
        self.users.values().map(|user| self.presence_of(user)).collect()
    }

    /// Whose session this is, as others are shown it.
    pub fn profile_of(&self, session: SessionId) -> Option<&Profile> {
        let member = self.members.get(&session)?;
        self.users.get(&member.user_id).map(|user| &user.profile)
    }

    /// The sessions in a document, those in their grace period included.
    pub fn sessions_in(&self, document: &DocumentId) -> impl Iterator<Item = SessionId> {
        self.documents.get(document).into_iter().flat_map(Document::sessions)
    }

    /// J3: the snapshot is part of the join's own turn.
    fn join(&mut self, join: Join, now: Now, out: &mut Vec<Delivery>) {
        let Join { session, profile, dialect, document } = join;
        let user_id = profile.user_id.clone();
        let before = self.shape_of(&user_id);
        self.members.insert(session, Member::new(user_id.clone(), dialect));
        match self.users.get_mut(&user_id) {
            Some(user) => user.add_session(session, profile, now.wall),
            None => {
                self.users.insert(user_id.clone(), User::new(session, profile, now.wall));
            }
        }
        let mut in_document = Vec::new();
        if let Some((document, document_type)) = document {
            self.enter(session, &document, document_type, now, &mut in_document);
        }
        out.push(self.snapshot(session, now));
        match before {
            None => out.push(Delivery {
                audience: Audience::ProjectExcept(session),
                event: Event::UserJoined(self.presence_of(&self.users[&user_id])),
            }),
            Some(before) => self.announce_change(&user_id, &before, out),
        }
        // After the user is known to all: a document's list names users.
        out.append(&mut in_document);
    }

    fn snapshot(&self, session: SessionId, now: Now) -> Delivery {
        Delivery::to_session(session, Event::Snapshot { session, presence: self.presence(), at: now.wall })
    }

    fn set_status(&mut self, session: SessionId, status: Status, now: Now, out: &mut Vec<Delivery>) {
        self.change(session, now, out, |room, _| {
            if let Some(member) = room.members.get_mut(&session) {
                member.status = status;
            }
        });
    }

    /// C1: entering one document leaves every other.
    fn switch(
        &mut self,
        session: SessionId,
        document: &DocumentId,
        document_type: DocumentType,
        now: Now,
        out: &mut Vec<Delivery>,
    ) {
        if let Some(refusal) = self.refuses_type(session, document, document_type) {
            out.push(Delivery::to_session(session, Event::Refused(refusal)));
            return;
        }
        self.change(session, now, out, |room, out| {
            let others: Vec<_> = room.members.get(&session).map_or_else(Vec::new, |member| {
                member.documents.iter().filter(|entered| *entered != document).cloned().collect()
            });
            for other in &others {
                room.exit(session, other, now, out);
            }
            room.enter(session, document, Some(document_type), now, out);
        });
    }

    /// P3: a session that did not say goodbye is kept for the grace period.
    fn depart(&mut self, session: SessionId, reason: DepartureReason, now: Now, out: &mut Vec<Delivery>) {
        if reason.keeps_grace() && !self.limits.grace.is_zero() {
            let until = now.instant + self.limits.grace;
            let Some(member) = self.members.get_mut(&session) else {
                return;
            };
            if member.lease.is_some() {
                return;
            }
            let user_id = member.user_id.clone();
            let before = self.shape_of(&user_id);
            if let Some(member) = self.members.get_mut(&session) {
                member.lease = Some(Lease { until, reason });
            }
            self.leases.insert((until, session));
            if let Some(before) = before {
                self.announce_change(&user_id, &before, out);
            }
        } else {
            self.remove(session, reason, now, out);
        }
    }

    fn remove(&mut self, session: SessionId, reason: DepartureReason, now: Now, out: &mut Vec<Delivery>) {
        let Some(member) = self.members.get(&session) else {
            return;
        };
        let (user_id, documents) = (member.user_id.clone(), member.documents.clone());
        let before = self.shape_of(&user_id);
        for document in &documents {
            self.exit(session, document, now, out);
        }
        if let Some(Member { lease: Some(lease), .. }) = self.members.shift_remove(&session) {
            self.leases.remove(&(lease.until, session));
        }
        let Some(user) = self.users.get_mut(&user_id) else {
            return;
        };
        user.sessions.remove(&session);
        if user.sessions.is_empty() {
            // Taken before the removal: the farewell shows the user's real name (v1 needs it).
            let mut presence = self.presence_of(&self.users[&user_id]);
            presence.is_online = false;
            self.users.shift_remove(&user_id);
            out.push(Delivery { audience: Audience::Project, event: Event::UserLeft { presence, reason } });
        } else if let Some(before) = before {
            self.announce_change(&user_id, &before, out);
        }
    }

    fn tick(&mut self, now: Now, out: &mut Vec<Delivery>) {
        while let Some((until, session)) = self.leases.first().copied()
            && until <= now.instant
        {
            let reason = self.members.get(&session).and_then(|member| member.lease).map(|lease| lease.reason);
            self.leases.pop_first();
            self.remove(session, reason.unwrap_or(DepartureReason::ConnectionLost), now, out);
        }
        if self.flush_at.is_some_and(|at| at <= now.instant) {
            self.flush_dirty(now, out);
        }
    }

    /// Runs `change` for a live session and announces the user if its visible shape is another afterwards.
    fn change(
        &mut self,
        session: SessionId,
        now: Now,
        out: &mut Vec<Delivery>,
        change: impl FnOnce(&mut Self, &mut Vec<Delivery>),
    ) {
        let Some(member) = self.members.get(&session) else {
            return;
        };
        let user_id = member.user_id.clone();
        let before = self.shape_of(&user_id);
        change(self, out);
        if let Some(user) = self.users.get_mut(&user_id) {
            user.last_active = now.wall;
        }
        if let Some(before) = before {
            self.announce_change(&user_id, &before, out);
        }
    }

    fn announce_change(&self, user_id: &UserId, before: &Shape, out: &mut Vec<Delivery>) {
        if let Some(user) = self.users.get(user_id)
            && self.shape_of(user_id).is_some_and(|after| after != *before)
        {
            out.push(Delivery {
                audience: Audience::Project,
                event: Event::UserUpdated(self.presence_of(user)),
            });
        }
    }
}
