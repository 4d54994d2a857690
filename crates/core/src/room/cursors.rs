//! Being in documents and moving there: entry, exit, and when the others are told.
//!
//! A document's first change after a pause is told at once; later ones wait for the tick, so that a receiver
//! hears of a document at most once a tick, however many move in it (C2). Lists of who is there come the more seldom
//! the longer they are: a crowd that comes in one by one would otherwise be told in full of each of its members.

use collabd_protocol::client::CursorUpdate;
use collabd_protocol::codec::Dialect;
use collabd_protocol::presence::{ActiveUser, DocumentActivity};
use collabd_protocol::server::CursorMoved;
use collabd_protocol::{DocumentId, DocumentType, ErrorCode, SessionId, UserId, WireError};
use indexmap::IndexMap;
use tokio::time::Instant;

use super::Room;
use super::document::{Cursor, Document, News};
use super::event::{Audience, CursorFlush, Delivery, Event, Move, V1Flush};
use crate::clock::Now;

impl Room {
    /// C1: a move in another document enters that one, too.
    pub(super) fn move_cursor(
        &mut self,
        session: SessionId,
        update: CursorUpdate,
        now: Now,
        out: &mut Vec<Delivery>,
    ) {
        if !self.members.contains_key(&session) {
            return;
        }
        let document_type = update.position.document_type();
        if let Some(refusal) = self.refuses_type(session, &update.document_id, document_type) {
            out.push(Delivery::to_session(session, Event::Refused(refusal)));
            return;
        }
        let id = update.document_id.clone();
        if self.documents.get(&id).is_some_and(|document| {
            document.cursor(session).is_some() && document.document_type() == document_type
        }) {
            // The way of nearly every move: nothing but the cursor changes.
            if let Some(user) = self.members.get(&session).and_then(|m| self.users.get_mut(&m.user_id)) {
                user.last_active = now.wall;
            }
        } else {
            self.change(session, now, out, |room, out| {
                room.enter(session, &id, Some(document_type), now, out);
            });
        }
        if let Some(document) = self.documents.get_mut(&id) {
            self.conflated += u64::from(document.move_cursor(session, update, now.wall));
            self.touch(&id, now, out);
        }
    }

    /// Why `session` may not treat a document as one of another kind: others are in it already.
    pub(super) fn refuses_type(
        &self,
        session: SessionId,
        id: &DocumentId,
        document_type: DocumentType,
    ) -> Option<WireError> {
        let document = self.members.get(&session).and(self.documents.get(id))?;
        let is_other = document.document_type() != document_type && !document.is_alone(session);
        is_other.then(|| {
            WireError::new(
                ErrorCode::BadRequest,
                format!(
                    "data.documentType: is {document_type}, and the document is open as {}",
                    document.document_type()
                ),
            )
        })
    }

    /// Enters a document. The newcomer gets the others' cursors; a session that is there already, and alone, may
    /// only change the document's kind.
    pub(super) fn enter(
        &mut self,
        session: SessionId,
        id: &DocumentId,
        document_type: Option<DocumentType>,
        now: Now,
        out: &mut Vec<Delivery>,
    ) {
        let Some(member) = self.members.get_mut(&session) else {
            return;
        };
        if member.documents.contains(id) {
            if let (Some(document), Some(document_type)) = (self.documents.get_mut(id), document_type)
                && document.is_alone(session)
                && document.document_type() != document_type
            {
                document.become_type(document_type);
                self.touch(id, now, out);
            }
            return;
        }
        member.documents.push(id.clone());
        let oldest =
            (member.documents.len() > self.limits.documents_per_session).then(|| member.documents[0].clone());
        if let Some(oldest) = oldest {
            self.exit(session, &oldest, now, out);
        }
        let document = self.documents.entry(id.clone()).or_insert_with(|| {
            let number = self.next_document;
            self.next_document += 1;
            Document::new(document_type.unwrap_or(DocumentType::Canvas), number)
        });
        document.enter(session, now.wall);
        self.catch_up(session, id, out);
        self.touch(id, now, out);
    }

    /// Leaves a document; the last one out takes the document with it (C1).
    pub(super) fn exit(&mut self, session: SessionId, id: &DocumentId, now: Now, out: &mut Vec<Delivery>) {
        if let Some(member) = self.members.get_mut(&session) {
            member.documents.retain(|entered| entered != id);
        }
        let Some(document) = self.documents.get_mut(id) else {
            return;
        };
        document.exit(session);
        if document.is_empty() {
            self.documents.swap_remove(id);
            self.dirty.swap_remove(id);
            if self.dirty.is_empty() {
                self.flush_at = None;
            }
        } else {
            self.touch(id, now, out);
        }
    }

    /// The current cursors of a document's other sessions, for one of its sessions.
    pub(super) fn catch_up(&self, session: SessionId, id: &DocumentId, out: &mut Vec<Delivery>) {
        let Some(document) = self.documents.get(id) else {
            return;
        };
        if document.cursor(session).is_none() {
            return;
        }
        let others: Vec<_> =
            document.sessions().filter(|other| *other != session).map(|other| (other, false)).collect();
        if let Some(flush) = self.cursor_flush(id, document, &others, self.is_v1(session)) {
            out.push(Delivery::to_session(session, Event::Cursors(flush)));
        }
    }

    /// Tells what is due of a document's news; the rest waits for its time.
    fn touch(&mut self, id: &DocumentId, now: Now, out: &mut Vec<Delivery>) {
        let mut due = self.news_due(id, now);
        if due.is_some_and(|due| due <= now.instant) {
            self.flush(id, now, out);
            due = self.news_due(id, now);
        }
        if let Some(due) = due {
            self.dirty.insert(id.clone());
            self.flush_at = Some(self.flush_at.map_or(due, |at| at.min(due)));
        } else {
            self.dirty.swap_remove(id);
        }
        if self.dirty.is_empty() {
            self.flush_at = None;
        }
    }

    fn news_due(&self, id: &DocumentId, now: Now) -> Option<Instant> {
        self.documents.get(id)?.due(now.instant, &self.limits)
    }

    /// Tells the changes that are due; those of documents that were told of less than a tick ago wait on.
    pub(super) fn flush_dirty(&mut self, now: Now, out: &mut Vec<Delivery>) {
        self.flush_at = None;
        for id in std::mem::take(&mut self.dirty) {
            self.touch(&id, now, out);
        }
    }

    fn flush(&mut self, id: &DocumentId, now: Now, out: &mut Vec<Delivery>) {
        let Some(document) = self.documents.get_mut(id) else {
            return;
        };
        let News { has_list, moved } = document.take_news(now.instant, &self.limits);
        let document = &self.documents[id];
        if has_list {
            let activity = self.activity(id, document);
            out.push(Delivery { audience: Audience::Document(id.clone()), event: Event::Activity(activity) });
        }
        let has_v1 = document.sessions().any(|session| self.is_v1(session));
        if let Some(flush) = self.cursor_flush(id, document, &moved, has_v1) {
            out.push(Delivery { audience: Audience::Document(id.clone()), event: Event::Cursors(flush) });
        }
    }

    fn is_v1(&self, session: SessionId) -> bool {
        self.members.get(&session).is_some_and(|member| member.dialect == Dialect::V1)
    }

    /// The cursors of `sessions`, of those that have one, each with whether it was introduced; `None` when none has.
    fn cursor_flush(
        &self,
        id: &DocumentId,
        document: &Document,
        sessions: &[(SessionId, bool)],
        has_v1: bool,
    ) -> Option<CursorFlush> {
        let moves: Vec<_> = sessions
            .iter()
            .filter_map(|(session, is_introduced)| {
                let cursor = self.cursor_moved(id, document, *session, document.cursor(*session)?)?;
                Some(Move { cursor, is_introduced: *is_introduced })
            })
            .collect();
        if moves.is_empty() {
            return None;
        }
        let v1 = has_v1.then(|| V1Flush {
            presence: moves
                .iter()
                .filter_map(|Move { cursor, .. }| {
                    Some((cursor.session_id, self.presence_of(self.users.get(&cursor.user_id)?)))
                })
                .collect(),
            activity: self.activity(id, document),
        });
        Some(CursorFlush { document: id.clone(), number: document.number(), moves, v1 })
    }

    fn cursor_moved(
        &self,
        id: &DocumentId,
        document: &Document,
        session: SessionId,
        cursor: &Cursor,
    ) -> Option<CursorMoved> {
        Some(CursorMoved {
            user_id: self.members.get(&session)?.user_id.clone(),
            session_id: session,
            document_id: id.clone(),
            document_type: document.document_type(),
            position: cursor.position.clone()?,
            selected_node_id: cursor.selected_node_id.clone(),
            timestamp: cursor.timestamp,
        })
    }

    /// Everybody in a document, each user once: of several sessions the one active last.
    fn activity(&self, id: &DocumentId, document: &Document) -> DocumentActivity {
        let mut newest: IndexMap<&UserId, &Cursor> = IndexMap::new();
        for (session, cursor) in document.cursors() {
            let Some(member) = self.members.get(&session) else {
                continue;
            };
            let known = newest.entry(&member.user_id).or_insert(cursor);
            if known.last_active <= cursor.last_active {
                *known = cursor;
            }
        }
        let active_users = newest.into_iter().filter_map(|(user_id, cursor)| {
            let profile = &self.users.get(user_id)?.profile;
            Some(ActiveUser {
                user_id: user_id.clone(),
                user_name: profile.user_name.clone(),
                avatar_color: profile.avatar_color.clone(),
                position: cursor.position.clone(),
                selected_node_id: cursor.selected_node_id.clone(),
            })
        });
        DocumentActivity {
            document_id: id.clone(),
            document_type: document.document_type(),
            active_users: active_users.collect(),
        }
    }
}
