//! Every bound of the core, in one place. `docs/operations.md` says which of them are settings.

use std::time::Duration;

/// Bounds on what one server's core holds and how long it waits.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Commands waiting for the coordinator; more are refused as overloaded.
    pub coordinator_inbox: usize,
    /// Commands waiting for one project; more are refused as overloaded.
    pub project_inbox: usize,
    /// How long a connection waits for its project before its client hears `overloaded`.
    pub patience: Duration,
    /// Sessions in one project; further joins are refused with `limit_exceeded`.
    pub members_per_project: usize,
    /// How long an actor without members lives on, so that a lone user's reconnect meets a running actor.
    pub vacancy: Duration,
    /// Bounds of one session's outbox.
    pub outbox: OutboxLimits,
    /// Bounds of one room.
    pub room: RoomLimits,
}

/// Bounds of one session's outbox (B2).
#[derive(Debug, Clone, Copy)]
pub struct OutboxLimits {
    /// Reliable messages waiting; one more evicts the session.
    pub items: usize,
    /// Bytes of reliable messages waiting; more evict the session. One message above this may wait beside them.
    pub bytes: usize,
    /// Cursor batches waiting; one more drops those of its document for a snapshot.
    pub cursor_batches: usize,
    /// Bytes of cursor batches waiting; more drop those of one document for a snapshot.
    pub cursor_bytes: usize,
}

/// Bounds of one room.
#[derive(Debug, Clone, Copy)]
pub struct RoomLimits {
    /// Documents a session may be in at once; entering another leaves the oldest (C1).
    pub documents_per_session: usize,
    /// Shortest time between two flushes of one document's cursors.
    pub cursor_tick: Duration,
    /// Shortest time between two lists of who is in a document, for each person there.
    pub list_pace: Duration,
    /// How long a lost session is kept for its user to return (P3). Zero turns it off.
    pub grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            coordinator_inbox: 4096,
            project_inbox: 1024,
            patience: Duration::from_millis(100),
            members_per_project: 10_000,
            vacancy: Duration::from_secs(1),
            outbox: OutboxLimits::default(),
            room: RoomLimits::default(),
        }
    }
}

impl Default for OutboxLimits {
    fn default() -> Self {
        Self { items: 1024, bytes: 256 * 1024, cursor_batches: 8, cursor_bytes: 256 * 1024 }
    }
}

impl Default for RoomLimits {
    fn default() -> Self {
        Self {
            documents_per_session: 8,
            cursor_tick: Duration::from_millis(16),
            list_pace: Duration::from_millis(1),
            grace: Duration::from_millis(1500),
        }
    }
}
