//! What a collabd has at a moment, as it tells itself and as its process shows.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::time::{Instant, sleep};

use crate::failure::Failure;
use crate::http::HttpClient;
use crate::process::ProcessSample;
use crate::wire::{Target, Wire};

/// The page that tells.
const PAGE: &str = "/health/collaboration";
/// How long everything may take to end by itself: idle projects and lost sessions are kept for a while.
const PATIENCE: Duration = Duration::from_mins(1);
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(200);

/// All that must be as it was, once a load has gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct State {
    /// WebSockets.
    pub connections: u64,
    /// Sessions in all projects.
    pub sessions: u64,
    /// Running projects.
    pub projects: u64,
    /// Tasks that the server has started.
    pub tasks: u64,
    /// Shared documents in memory.
    pub documents: u64,
    /// Addresses, users and openings that are counted.
    pub admission: u64,
    /// Open descriptors of the process.
    pub descriptors: u64,
}

/// The fields of the page.
#[derive(Deserialize)]
struct Page {
    connections: u64,
    sessions: u64,
    admission: Admission,
    documents: Documents,
    tasks: Tasks,
    projects: Vec<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct Admission {
    addresses: u64,
    users: u64,
    openings: u64,
}

#[derive(Deserialize)]
struct Documents {
    open: u64,
}

#[derive(Deserialize)]
struct Tasks {
    tracked: u64,
}

impl State {
    /// Looks at `target`; `None` for servers that do not tell.
    ///
    /// # Errors
    /// [`Failure`] when the page or the process cannot be read.
    pub(crate) async fn of(target: &Target) -> Result<Option<Self>, Failure> {
        let (Wire::Collabd(_), Some(pid)) = (target.wire, target.pid) else { return Ok(None) };
        let failure = |source| Failure::Page { page: PAGE, source };
        let page: Page =
            HttpClient::new(target.address).get(PAGE).await.map_err(failure)?.json().map_err(failure)?;
        Ok(Some(Self {
            connections: page.connections,
            sessions: page.sessions,
            projects: page.projects.len() as u64,
            tasks: page.tasks.tracked,
            documents: page.documents.open,
            admission: page.admission.addresses + page.admission.users + page.admission.openings,
            descriptors: ProcessSample::read(pid)?.descriptors,
        }))
    }

    /// Waits until nobody is on `target` and nothing changes there any more, at most for a minute. A server that has just
    /// been started, or met somebody for the first time, still opens what it then keeps.
    ///
    /// # Errors
    /// As [`of`](Self::of).
    pub(crate) async fn at_rest(target: &Target) -> Result<Option<Self>, Failure> {
        let deadline = Instant::now() + PATIENCE;
        let mut last = Self::of(target).await?;
        loop {
            sleep(PAUSE).await;
            let now = Self::of(target).await?;
            let is_at_rest = now == last && now.is_none_or(|now| now.sessions + now.projects == 0);
            if is_at_rest || Instant::now() >= deadline {
                return Ok(now);
            }
            last = now;
        }
    }

    /// Waits until `target` is back at this state, at most for a minute. Gives the state that it is in then.
    ///
    /// # Errors
    /// As [`of`](Self::of).
    pub(crate) async fn again(self, target: &Target) -> Result<Option<Self>, Failure> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let now = Self::of(target).await?;
            if now.is_none_or(|now| now.is_within(&self)) || Instant::now() >= deadline {
                return Ok(now);
            }
            sleep(PAUSE).await;
        }
    }

    /// Is there nothing more than there was?
    pub fn is_within(&self, before: &Self) -> bool {
        let pairs = [
            (self.connections, before.connections),
            (self.sessions, before.sessions),
            (self.projects, before.projects),
            (self.tasks, before.tasks),
            (self.documents, before.documents),
            (self.admission, before.admission),
            (self.descriptors, before.descriptors),
        ];
        pairs.iter().all(|(now, before)| now <= before)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { connections, sessions, projects, tasks, documents, admission, descriptors } = self;
        write!(
            f,
            "{connections} connections, {sessions} sessions, {projects} projects, {tasks} tasks, \
             {documents} documents, {admission} counted clients, {descriptors} descriptors"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anything_more_than_before_is_not_back() {
        let before = State {
            connections: 1,
            sessions: 2,
            projects: 3,
            tasks: 4,
            documents: 5,
            admission: 6,
            descriptors: 7,
        };
        assert!(before.is_within(&before));
        assert!(State { tasks: 3, ..before }.is_within(&before));
        assert!(!State { tasks: 5, ..before }.is_within(&before));
        assert!(!State { descriptors: 8, ..before }.is_within(&before));
    }
}
