//! Whether an actor goes on, readable by a thread that shares nothing with the runtime.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use collabd_protocol::ProjectId;

/// An actor's turns, as it publishes them: one that is stuck cannot answer a question.
#[derive(Debug, Default)]
pub struct Progress {
    /// Begun and ended turns together: odd during a turn, and 0 until the first.
    turns: AtomicU64,
    /// The last thing that it began to do. Locked for single assignments only.
    doing: Mutex<&'static str>,
}

impl Progress {
    /// A turn begins. A turn that follows another without [`Progress::rest`] goes on as the same.
    pub fn begin(&self, doing: &'static str) {
        *self.doing.lock().unwrap_or_else(PoisonError::into_inner) = doing;
        // Relaxed: the number is compared with itself, it guards no other memory.
        self.turns.fetch_or(1, Ordering::Relaxed);
    }

    /// The turn ends.
    pub fn rest(&self) {
        let turns = self.turns.load(Ordering::Relaxed);
        // Only the actor writes, so nothing comes between the two.
        self.turns.store(turns.wrapping_add(turns & 1), Ordering::Relaxed);
    }

    /// What a look from outside shows, if there is something to be done: a turn, or commands that wait for one.
    pub fn pulse(&self, kind: &'static str, waiting: usize, which: impl FnOnce() -> String) -> Option<Pulse> {
        let turns = self.turns.load(Ordering::Relaxed);
        // Before its first turn an actor may wait for something else, as a document does for its content.
        let is_busy = turns % 2 == 1 || (turns > 0 && waiting > 0);
        is_busy.then(|| Pulse {
            kind,
            which: which(),
            project: None,
            turns,
            waiting,
            doing: *self.doing.lock().unwrap_or_else(PoisonError::into_inner),
        })
    }
}

/// A busy actor at one moment. One whose number of turns stays the same is stuck.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pulse {
    /// What kind of actor.
    pub kind: &'static str,
    /// Which of its kind; empty where there is only one.
    pub which: String,
    /// In which project; `None` for what belongs to none.
    pub project: Option<ProjectId>,
    /// Its turns so far, begun and ended ones together.
    pub turns: u64,
    /// Commands that wait for it.
    pub waiting: usize,
    /// What it did last.
    pub doing: &'static str,
}

impl Pulse {
    /// The same, of something that belongs to a project.
    #[must_use]
    pub fn in_project(self, project: ProjectId) -> Self {
        Self { project: Some(project), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turns(progress: &Progress, waiting: usize) -> Option<u64> {
        progress.pulse("project", waiting, String::new).map(|pulse| pulse.turns)
    }

    #[test]
    fn an_actor_is_busy_in_a_turn_and_while_commands_wait() {
        let progress = Progress::default();
        assert_eq!(turns(&progress, 3), None, "not begun");
        progress.begin("join");
        assert_eq!(turns(&progress, 0), Some(1));
        progress.begin("move");
        assert_eq!(turns(&progress, 0), Some(1), "the same turn");
        progress.rest();
        progress.rest();
        assert_eq!((turns(&progress, 0), turns(&progress, 1)), (None, Some(2)));
        progress.begin("move");
        assert_eq!(progress.pulse("project", 0, String::new).unwrap().doing, "move");
        assert_eq!(turns(&progress, 0), Some(3));
    }
}
