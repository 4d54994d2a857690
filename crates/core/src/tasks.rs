//! The one place where tasks begin, so that shutdown can wait for all of them.

use std::future::Future;

use tokio::sync::watch;
use tokio::task::{AbortHandle, JoinSet};
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;

/// Tells when the task that holds it ends, whichever way.
struct Life {
    name: &'static str,
    lost: watch::Sender<Option<&'static str>>,
}

impl Drop for Life {
    fn drop(&mut self) {
        self.lost.send_if_modified(|lost| {
            let is_first = lost.is_none();
            lost.get_or_insert(self.name);
            is_first
        });
    }
}

/// Every task of one server. Clones share the same set.
#[derive(Debug, Clone, Default)]
pub struct Tasks {
    tracker: TaskTracker,
    /// The first vital task that ended.
    lost: watch::Sender<Option<&'static str>>,
}

impl Tasks {
    /// An empty set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Starts a task of this set.
    pub fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        #[cfg(test)]
        let task = crate::simulation::in_turn(task);
        self.tracker.spawn(task);
    }

    /// Starts a task of this set that the server cannot do without: [`Tasks::lost`] tells when it ends, by a panic or
    /// otherwise.
    pub fn spawn_vital(&self, name: &'static str, task: impl Future<Output = ()> + Send + 'static) {
        let life = Life { name, lost: self.lost.clone() };
        self.spawn(async move {
            let _life = life;
            task.await;
        });
    }

    /// Waits until a vital task has ended, and names it.
    pub async fn lost(&self) -> &'static str {
        let mut lost = self.lost.subscribe();
        match lost.wait_for(Option::is_some).await.map(|name| *name) {
            Ok(Some(name)) => name,
            // Not reached: this set holds the sender, and waits for a name.
            Ok(None) | Err(_) => std::future::pending().await,
        }
    }

    /// Starts a task of this set whose end, orderly or not, the owner of `owned` wants to see.
    pub fn spawn_in<T: Send + 'static>(
        &self,
        owned: &mut JoinSet<T>,
        task: impl Future<Output = T> + Send + 'static,
    ) -> AbortHandle {
        #[cfg(test)]
        let task = crate::simulation::in_turn(task);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_end_of_a_vital_task_is_told_and_named() {
        let tasks = Tasks::new();
        tasks.spawn_vital("first", std::future::pending());
        tasks.spawn_vital("second", async { panic!("asked to by a test") });
        assert_eq!(tasks.lost().await, "second");
        assert_eq!(tasks.lost().await, "second", "whoever asks later hears the same");
    }
}
