//! The running actors of one kind: who owns them, and a table of them that anyone may read.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use collabd_protocol::ids::Incarnation;
use indexmap::IndexMap;
use tokio::task::{Id, JoinError, JoinSet};

use crate::clock::Now;
use crate::tasks::Tasks;

/// The handle of an actor that a roster knows.
pub trait Listed: Clone + Debug + Send + 'static {
    /// What the actor is for; at most one at a time runs for a key.
    type Key: Ord + Clone + Debug + Send;

    /// What this actor is for.
    fn key(&self) -> Self::Key;

    /// Which run of the key's actor this is.
    fn incarnation(&self) -> Incarnation;

    /// Has the actor ended, or stopped taking commands?
    fn is_closed(&self) -> bool;
}

/// Running actors by their keys, readable without asking their owner. Only the [`Roster`] writes it; no guard
/// leaves this module, and none lives across other code.
#[derive(Debug)]
pub struct Directory<H: Listed> {
    handles: Arc<Mutex<BTreeMap<H::Key, H>>>,
}

impl<H: Listed> Clone for Directory<H> {
    fn clone(&self) -> Self {
        Self { handles: Arc::clone(&self.handles) }
    }
}

impl<H: Listed> Directory<H> {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<H::Key, H>> {
        // Single map operations only: a panic cannot leave half of one.
        self.handles.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The handle of an actor that still takes commands.
    pub fn live(&self, key: &H::Key) -> Option<H> {
        self.get(key).filter(|handle| !handle.is_closed())
    }

    /// The handle of an actor that has not been reaped yet.
    pub fn get(&self, key: &H::Key) -> Option<H> {
        self.lock().get(key).cloned()
    }

    /// All handles, by key.
    pub fn list(&self) -> Vec<H> {
        self.lock().values().cloned().collect()
    }

    fn insert(&self, handle: H) {
        self.lock().insert(handle.key(), handle);
    }

    /// Removes the handle unless a later run has taken its place.
    fn remove(&self, handle: &H) {
        let key = handle.key();
        let mut handles = self.lock();
        if handles.get(&key).is_some_and(|known| known.incarnation() == handle.incarnation()) {
            handles.remove(&key);
        }
    }
}

/// Owns the actors and sees every end of one, orderly or not.
#[derive(Debug)]
pub struct Roster<H: Listed> {
    directory: Directory<H>,
    tasks: Tasks,
    actors: JoinSet<()>,
    running: IndexMap<Id, H>,
    next_incarnation: Incarnation,
}

impl<H: Listed> Roster<H> {
    /// An empty roster whose actors are tasks of `tasks`.
    pub fn new(tasks: &Tasks) -> Self {
        Self {
            directory: Directory { handles: Arc::default() },
            tasks: tasks.clone(),
            actors: JoinSet::new(),
            running: IndexMap::new(),
            next_incarnation: first_incarnation(),
        }
    }

    /// The table for readers.
    pub fn directory(&self) -> Directory<H> {
        self.directory.clone()
    }

    /// The number of the next run, whatever its key.
    pub fn next_incarnation(&mut self) -> Incarnation {
        let incarnation = self.next_incarnation;
        self.next_incarnation = incarnation.next();
        incarnation
    }

    /// Starts an actor and lists it.
    pub fn start(&mut self, handle: H, actor: impl Future<Output = ()> + Send + 'static) {
        let task = self.tasks.spawn_in(&mut self.actors, actor);
        self.running.insert(task.id(), handle.clone());
        self.directory.insert(handle);
    }

    /// Waits for the next end of an actor and strikes it off; never returns while none runs. Cancel-safe.
    pub async fn ended(&mut self) -> (H, Result<(), JoinError>) {
        loop {
            let Some(ended) = self.actors.join_next_with_id().await else {
                return std::future::pending().await;
            };
            let (id, outcome) = match ended {
                Ok((id, ())) => (id, Ok(())),
                Err(failed) => (failed.id(), Err(failed)),
            };
            if let Some(handle) = self.running.swap_remove(&id) {
                self.directory.remove(&handle);
                return (handle, outcome);
            }
        }
    }

    /// Does no actor run?
    pub fn is_empty(&self) -> bool {
        self.actors.is_empty()
    }

    /// How many actors run.
    pub fn len(&self) -> usize {
        self.actors.len()
    }

    /// The running actors, in no order.
    pub fn handles(&self) -> impl Iterator<Item = &H> {
        self.running.values()
    }
}

/// Later than that of any earlier process on this machine, so that session ids are never used twice: the wall
/// clock in milliseconds, and fewer than a thousand actors start in each.
fn first_incarnation() -> Incarnation {
    Incarnation(u64::try_from(Now::read().wall.as_millisecond()).unwrap_or(0).saturating_mul(1000))
}
