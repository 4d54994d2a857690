//! The one place where tasks begin, so that shutdown can wait for all of them.

use std::future::Future;

use tokio::task::{AbortHandle, JoinSet};
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;

/// Every task of one server. Clones share the same set.
#[derive(Debug, Clone, Default)]
pub struct Tasks {
    tracker: TaskTracker,
}

impl Tasks {
    /// An empty set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Starts a task of this set.
    pub fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.tracker.spawn(task);
    }

    /// Starts a task of this set whose end, orderly or not, the owner of `owned` wants to see.
    pub fn spawn_in<T: Send + 'static>(
        &self,
        owned: &mut JoinSet<T>,
        task: impl Future<Output = T> + Send + 'static,
    ) -> AbortHandle {
        owned.spawn(self.tracker.track_future(task))
    }

    /// Counts a task that somebody else starts (an upgrade, a blocking call) until the token is dropped.
    pub fn token(&self) -> TaskTrackerToken {
        self.tracker.token()
    }

    /// How many tasks are alive.
    pub fn count(&self) -> usize {
        self.tracker.len()
    }

    /// Waits until every task has ended. Tasks that begin meanwhile are waited for, too.
    pub async fn finished(&self) {
        self.tracker.close();
        self.tracker.wait().await;
    }
}
