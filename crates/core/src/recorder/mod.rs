//! The flight recorder: the last events of each project and of the server, for the question that comes afterwards: who was
//! here, and why did they leave?
//!
//! Actors write to it in the middle of a turn, so nothing waits in here: one mutex around plain data, which no other code
//! runs under. Its memory has a fixed bound. What is recorded are names and ids; no message, no token and no address.

mod event;
mod log;
mod tape;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use collabd_protocol::ProjectId;
use jiff::{SignedDuration, Timestamp};

pub use event::{Close, ProjectEvent, ServerEvent, Target, Who};
pub use tape::Record;

use crate::clock::Now;
use tape::Tape;

/// Events that are kept of one project, the newest ones. With the longest names one takes about half a kilobyte.
pub const EVENTS_PER_PROJECT: usize = 256;

/// Projects of which events are kept, those in which something happened last; whether or not they still run.
pub const PROJECTS: usize = 256;

/// Events that are kept of the server itself.
pub const SERVER_EVENTS: usize = 256;

/// In this time the same event of the server is counted rather than written down again, so that nobody who is refused
/// again and again drives the others out.
const SAME: SignedDuration = SignedDuration::from_secs(10);

/// Keeps the last events. Clones are the same one.
#[derive(Debug, Clone, Default)]
pub struct FlightRecorder {
    tapes: Arc<Mutex<Tapes>>,
}

#[derive(Debug, Default)]
struct Tapes {
    /// Events so far, of whatever kind: the number of the next one.
    next: u64,
    server: Tape<ServerEvent>,
    projects: HashMap<ProjectId, Tape<ProjectEvent>>,
    /// The projects by the number of their last event.
    by_last: BTreeMap<u64, ProjectId>,
}

impl FlightRecorder {
    /// Writes down what happened in a project. Of the readiness probe's nothing is kept.
    pub fn project(&self, project: ProjectId, event: ProjectEvent) {
        if !project.is_reserved() {
            self.tapes().project(project, event, Now::read().wall);
        }
    }

    /// Writes down what happened to the server.
    pub fn server(&self, event: ServerEvent) {
        self.tapes().server(event, Now::read().wall);
    }

    /// What is kept of a project, the newest event first; only events after the one numbered `after`.
    pub fn of_project(&self, project: ProjectId, after: Option<u64>) -> Vec<Record<ProjectEvent>> {
        self.tapes().projects.get(&project).map(|tape| tape.newest_first(after)).unwrap_or_default()
    }

    /// What is kept of the server, in the same order.
    pub fn of_server(&self, after: Option<u64>) -> Vec<Record<ServerEvent>> {
        self.tapes().server.newest_first(after)
    }

    fn tapes(&self) -> MutexGuard<'_, Tapes> {
        // Nothing that happens under the lock can panic half-way.
        self.tapes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Tapes {
    fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    fn project(&mut self, project: ProjectId, event: ProjectEvent, at: Timestamp) {
        let number = self.number();
        let tape = self.projects.entry(project).or_default();
        if let Some(last) = tape.last() {
            self.by_last.remove(&last);
        }
        tape.push(Record { number, at, times: 1, event }, EVENTS_PER_PROJECT);
        self.by_last.insert(number, project);
        if self.by_last.len() > PROJECTS
            && let Some((_, quietest)) = self.by_last.pop_first()
        {
            self.projects.remove(&quietest);
        }
    }

    fn server(&mut self, event: ServerEvent, at: Timestamp) {
        let is_same =
            |record: &Record<ServerEvent>| record.event == event && at.duration_since(record.at) < SAME;
        if self.server.repeat(is_same) {
            return;
        }
        let number = self.number();
        self.server.push(Record { number, at, times: 1, event }, SERVER_EVENTS);
    }
}
