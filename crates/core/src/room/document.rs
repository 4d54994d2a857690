//! One document that somebody is in.

use collabd_protocol::client::CursorUpdate;
use collabd_protocol::presence::DocumentPresence;
use collabd_protocol::{CursorPosition, DocumentType, Label, SessionId};
use jiff::Timestamp;
use tokio::time::Instant;

use crate::limits::RoomLimits;
use crate::sessions::{SessionMap, SessionSet};

/// Who is in a document and what its members have not been told yet.
#[derive(Debug)]
pub(super) struct Document {
    kind: DocumentType,
    number: u64,
    cursors: SessionMap<Cursor>,
    /// Sessions that moved since the last flush, each once: the newest position is in `cursors` (C2).
    pub(super) moved: SessionSet,
    /// Did somebody enter or leave since the list was told last?
    pub(super) has_list_changed: bool,
    flushed_at: Option<Instant>,
    listed_at: Option<Instant>,
}

/// What is to be told of a document, and is told no more.
#[derive(Debug)]
pub(super) struct News {
    /// Its list of users has changed.
    pub(super) has_list: bool,
    /// The sessions that moved, each with whether everybody had been told of its cursor before.
    pub(super) moved: Vec<(SessionId, bool)>,
}

/// A session's place in a document.
#[derive(Debug)]
pub(super) struct Cursor {
    pub(super) position: Option<CursorPosition>,
    pub(super) selected_node_id: Option<Label>,
    pub(super) timestamp: Option<i64>,
    pub(super) last_active: Timestamp,
    /// Was everybody else here told of a position of it? Whoever comes later is told when entering.
    is_introduced: bool,
}

impl Document {
    pub(super) fn new(document_type: DocumentType, number: u64) -> Self {
        Self {
            kind: document_type,
            number,
            cursors: SessionMap::default(),
            moved: SessionSet::default(),
            has_list_changed: false,
            flushed_at: None,
            listed_at: None,
        }
    }

    pub(super) fn document_type(&self) -> DocumentType {
        self.kind
    }

    /// Its number in the project.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    pub(super) fn sessions(&self) -> impl Iterator<Item = SessionId> {
        self.cursors.keys().copied()
    }

    pub(super) fn cursors(&self) -> impl Iterator<Item = (SessionId, &Cursor)> {
        self.cursors.iter().map(|(session, cursor)| (*session, cursor))
    }

    pub(super) fn cursor(&self, session: SessionId) -> Option<&Cursor> {
        self.cursors.get(&session)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.cursors.is_empty()
    }

    /// Is `session` alone here, and so free to say what kind of document this is?
    pub(super) fn is_alone(&self, session: SessionId) -> bool {
        self.cursors.len() == 1 && self.cursors.contains_key(&session)
    }

    pub(super) fn enter(&mut self, session: SessionId, at: Timestamp) {
        let cursor = Cursor {
            position: None,
            selected_node_id: None,
            timestamp: None,
            last_active: at,
            is_introduced: false,
        };
        self.cursors.insert(session, cursor);
        self.has_list_changed = true;
    }

    pub(super) fn exit(&mut self, session: SessionId) {
        self.cursors.shift_remove(&session);
        self.moved.shift_remove(&session);
        self.has_list_changed = true;
    }

    /// Becomes a document of another kind, in which the positions so far mean nothing.
    pub(super) fn become_type(&mut self, document_type: DocumentType) {
        self.kind = document_type;
        self.moved.clear();
        for cursor in self.cursors.values_mut() {
            cursor.position = None;
            cursor.selected_node_id = None;
            cursor.is_introduced = false;
        }
        self.has_list_changed = true;
    }

    /// When something is to be told next: moves a tick after the last news, a list no sooner than its length allows.
    pub(super) fn due(&self, now: Instant, limits: &RoomLimits) -> Option<Instant> {
        if self.moved.is_empty() { self.list_due(now, limits) } else { Some(self.tick_due(now, limits)) }
    }

    fn tick_due(&self, now: Instant, limits: &RoomLimits) -> Instant {
        self.flushed_at.map_or(now, |at| at + limits.cursor_tick)
    }

    fn list_due(&self, now: Instant, limits: &RoomLimits) -> Option<Instant> {
        if !self.has_list_changed {
            return None;
        }
        let tick = self.tick_due(now, limits);
        let people = u32::try_from(self.cursors.len()).unwrap_or(u32::MAX);
        Some(self.listed_at.map_or(tick, |at| tick.max(at + limits.list_pace * people)))
    }

    /// Takes what is due.
    pub(super) fn take_news(&mut self, now: Instant, limits: &RoomLimits) -> News {
        let has_list = self.list_due(now, limits).is_some_and(|due| due <= now);
        if has_list {
            self.has_list_changed = false;
            self.listed_at = Some(now);
        }
        self.flushed_at = Some(now);
        let moved = std::mem::take(&mut self.moved).into_iter();
        News { has_list, moved: moved.map(|session| (session, self.introduce(session))).collect() }
    }

    /// Everybody is being told of the session's cursor. Had they been before?
    fn introduce(&mut self, session: SessionId) -> bool {
        self.cursors
            .get_mut(&session)
            .is_some_and(|cursor| std::mem::replace(&mut cursor.is_introduced, true))
    }

    /// Takes the newest position; true when it replaces one that nobody was told.
    pub(super) fn move_cursor(&mut self, session: SessionId, update: CursorUpdate, at: Timestamp) -> bool {
        let Some(cursor) = self.cursors.get_mut(&session) else {
            return false;
        };
        cursor.position = Some(update.position);
        cursor.selected_node_id = update.selected_node_id;
        cursor.timestamp = update.timestamp;
        cursor.last_active = at;
        !self.moved.insert(session)
    }
}

impl Cursor {
    pub(super) fn presence(&self, document_type: DocumentType) -> DocumentPresence {
        DocumentPresence {
            document_type,
            position: self.position.clone(),
            selected_node_id: self.selected_node_id.clone(),
            last_active_in_document: self.last_active,
        }
    }
}
