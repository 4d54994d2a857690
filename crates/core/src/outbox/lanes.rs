//! The two lanes and their bounds, without any waiting.

use std::collections::VecDeque;
use std::sync::Arc;

use collabd_protocol::codec::Frame;
use collabd_protocol::{Batch, CloseCode, DocumentId, SessionId};
use tokio::time::Instant;

use super::{Conflation, Goodbye, Overflow};
use crate::limits::OutboxLimits;

/// One thing to write.
#[derive(Debug)]
pub enum Entry {
    /// One frame.
    Frame(Frame),
    /// A frame that says everything about one document, so that a newer one takes its place.
    List {
        /// Which document.
        document: DocumentId,
        /// The frame.
        frame: Frame,
    },
    /// A frame that says everything about one client of one document, so that a newer one takes its place.
    Awareness {
        /// Which document.
        document: DocumentId,
        /// Which of its clients.
        client: u64,
        /// The frame.
        frame: Frame,
    },
    /// A document's cursor moves of one flush, shared with the document's other receivers.
    Cursors {
        /// Which document.
        document: DocumentId,
        /// Whose own moves are left out.
        receiver: SessionId,
        /// The moves.
        batch: Arc<Batch>,
    },
}

impl Entry {
    /// The frames to write, in order.
    pub fn frames(self) -> Vec<Frame> {
        match self {
            Self::Frame(frame) | Self::List { frame, .. } | Self::Awareness { frame, .. } => vec![frame],
            Self::Cursors { receiver, batch, .. } => batch.frames(receiver),
        }
    }
}

/// All that waited at one moment.
#[derive(Debug, Default)]
pub struct Drained {
    /// To write, in order.
    pub entries: VecDeque<Entry>,
    /// Since when the first of them has waited.
    pub since: Option<Instant>,
    /// Documents of which cursor moves were dropped: ask the project for their current cursors.
    pub behind_in: Vec<DocumentId>,
    /// Then close.
    pub goodbye: Option<Goodbye>,
}

#[derive(Debug)]
pub(super) struct Lanes {
    limits: OutboxLimits,
    queue: VecDeque<Entry>,
    /// Since when something waits.
    since: Option<Instant>,
    reliable_items: usize,
    reliable_bytes: usize,
    has_oversized: bool,
    cursor_batches: usize,
    cursor_bytes: usize,
    behind_in: Vec<DocumentId>,
    goodbye: Option<Goodbye>,
}

impl Lanes {
    pub(super) fn new(limits: OutboxLimits) -> Self {
        Self {
            limits,
            queue: VecDeque::new(),
            since: None,
            reliable_items: 0,
            reliable_bytes: 0,
            has_oversized: false,
            cursor_batches: 0,
            cursor_bytes: 0,
            behind_in: Vec::new(),
            goodbye: None,
        }
    }

    pub(super) fn waiting_bytes(&self) -> usize {
        self.reliable_bytes + self.cursor_bytes
    }

    pub(super) fn push(&mut self, frame: Frame) -> Result<(), Overflow> {
        self.push_reliable(frame.len(), Entry::Frame(frame))
    }

    pub(super) fn push_list(&mut self, document: &DocumentId, frame: Frame) -> Result<(), Overflow> {
        let is_older = |entry: &Entry| matches!(entry, Entry::List { document: of, .. } if of == document);
        self.push_newest(is_older, frame.len(), Entry::List { document: document.clone(), frame })
    }

    pub(super) fn push_awareness(
        &mut self,
        document: &DocumentId,
        client: u64,
        frame: Frame,
    ) -> Result<(), Overflow> {
        let is_older = |entry: &Entry| matches!(entry, Entry::Awareness { document: of, client: by, .. } if of == document && *by == client);
        self.push_newest(
            is_older,
            frame.len(),
            Entry::Awareness { document: document.clone(), client, frame },
        )
    }

    /// The entry goes to the end of the queue, behind whatever it speaks of; an older one is dropped.
    fn push_newest(
        &mut self,
        is_older: impl Fn(&Entry) -> bool,
        bytes: usize,
        entry: Entry,
    ) -> Result<(), Overflow> {
        if self.goodbye.is_some() {
            return Ok(());
        }
        let older = self.queue.iter().position(is_older).and_then(|index| self.queue.remove(index));
        if let Some(Entry::List { frame, .. } | Entry::Awareness { frame, .. }) = older {
            self.give_back(frame.len());
        }
        self.push_reliable(bytes, entry)
    }

    /// Does less than half of the bytes wait that may? Then something large may be asked for.
    pub(super) fn has_slack(&self) -> bool {
        !self.has_oversized && self.reliable_bytes < self.limits.bytes / 2
    }

    fn push_reliable(&mut self, bytes: usize, entry: Entry) -> Result<(), Overflow> {
        if self.goodbye.is_some() {
            return Ok(());
        }
        // One frame above the bound may wait at a time, beside the others: the snapshot of a large project must fit.
        let is_oversized = bytes > self.limits.bytes;
        let has_room =
            if is_oversized { !self.has_oversized } else { self.reliable_bytes + bytes <= self.limits.bytes };
        if self.reliable_items >= self.limits.items || !has_room {
            self.evict(CloseCode::SlowConsumer.into());
            return Err(Overflow);
        }
        self.reliable_items += 1;
        if is_oversized {
            self.has_oversized = true;
        } else {
            self.reliable_bytes += bytes;
        }
        self.enqueue(entry);
        Ok(())
    }

    fn enqueue(&mut self, entry: Entry) {
        self.since.get_or_insert_with(Instant::now);
        self.queue.push_back(entry);
    }

    /// The room of a reliable entry that waits no longer.
    fn give_back(&mut self, bytes: usize) {
        self.reliable_items -= 1;
        if bytes > self.limits.bytes {
            self.has_oversized = false;
        } else {
            self.reliable_bytes -= bytes;
        }
    }

    pub(super) fn push_cursors(
        &mut self,
        document: &DocumentId,
        receiver: SessionId,
        batch: Arc<Batch>,
    ) -> Conflation {
        if self.goodbye.is_some() || self.behind_in.contains(document) {
            return Conflation::Skipped;
        }
        let is_full = self.cursor_batches >= self.limits.cursor_batches
            || self.cursor_batches > 0 && self.cursor_bytes + batch.len() > self.limits.cursor_bytes;
        if is_full {
            self.drop_cursors(document);
            return Conflation::FellBehind;
        }
        self.cursor_batches += 1;
        self.cursor_bytes += batch.len();
        self.enqueue(Entry::Cursors { document: document.clone(), receiver, batch });
        Conflation::Queued
    }

    /// Those of one document, never of all: of several documents that a reader catches up on at once, those whose
    /// cursors fit would otherwise be dropped for those whose do not, and asked for again without an end.
    fn drop_cursors(&mut self, document: &DocumentId) {
        let (batches, bytes) = (&mut self.cursor_batches, &mut self.cursor_bytes);
        self.queue.retain(|entry| match entry {
            Entry::Cursors { document: of, batch, .. } if of == document => {
                *batches -= 1;
                *bytes -= batch.len();
                false
            }
            _ => true,
        });
        self.behind_in.push(document.clone());
    }

    pub(super) fn close(&mut self, goodbye: Goodbye) -> Goodbye {
        *self.goodbye.get_or_insert(goodbye)
    }

    pub(super) fn evict(&mut self, goodbye: Goodbye) {
        if self.goodbye.is_none() {
            self.clear();
            self.goodbye = Some(goodbye);
        }
    }

    pub(super) fn goodbye(&self) -> Option<Goodbye> {
        self.goodbye
    }

    /// Takes everything; `None` when there is nothing to do.
    pub(super) fn drain(&mut self) -> Option<Drained> {
        if self.queue.is_empty() && self.behind_in.is_empty() && self.goodbye.is_none() {
            return None;
        }
        let drained = Drained {
            entries: std::mem::take(&mut self.queue),
            since: self.since,
            behind_in: std::mem::take(&mut self.behind_in),
            goodbye: self.goodbye,
        };
        self.clear();
        Some(drained)
    }

    fn clear(&mut self) {
        // A burst's capacity is given back; an idle outbox owns no memory.
        self.queue = VecDeque::new();
        self.since = None;
        self.behind_in = Vec::new();
        self.reliable_items = 0;
        self.reliable_bytes = 0;
        self.has_oversized = false;
        self.cursor_batches = 0;
        self.cursor_bytes = 0;
    }
}
