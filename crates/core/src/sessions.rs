//! Maps by session, in an order that is the same whenever the same happens.
//!
//! Their hash is a quick one. A hash that withstands keys chosen to collide costs several times as much, and nobody chooses
//! the id of a session but the server; whatever clients name keeps the standard library's.

use collabd_protocol::SessionId;
use foldhash::fast::RandomState;
use indexmap::{IndexMap, IndexSet};

/// A value for each of some sessions.
pub(crate) type SessionMap<T> = IndexMap<SessionId, T, RandomState>;

/// Some sessions.
pub(crate) type SessionSet = IndexSet<SessionId, RandomState>;
