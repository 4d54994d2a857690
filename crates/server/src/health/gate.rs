//! Whether new sockets are let in: not while the server is not ready, so that it gets the time to become so.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Probes that must fail one after the other until the gate closes: a slow one alone says little.
const FAILURES: u32 = 3;
/// Probes that must succeed one after the other until it opens again.
const SUCCESSES: u32 = 2;

/// The gate that new sockets come through; those that are open do not meet it.
#[derive(Debug, Default)]
pub(crate) struct Gate {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Probes in a row that say otherwise than the gate.
    against: u32,
    /// Why it is closed.
    closed: Option<String>,
}

/// The gate moved.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Move {
    Opened,
    Closed(String),
}

impl Gate {
    /// Why new sockets are not let in; `None` when they are.
    pub(crate) fn reason(&self) -> Option<String> {
        self.lock().closed.clone()
    }

    /// Are new sockets let in?
    pub(crate) fn is_open(&self) -> bool {
        self.lock().closed.is_none()
    }

    /// Takes down what a probe found.
    pub(super) fn note(&self, found: Result<(), String>) -> Option<Move> {
        let mut state = self.lock();
        match (found, &state.closed) {
            (Err(reason), None) => {
                state.against += 1;
                (state.against >= FAILURES).then(|| state.close(reason))
            }
            (Ok(()), Some(_)) => {
                state.against += 1;
                (state.against >= SUCCESSES).then(|| state.open())
            }
            (Err(reason), Some(_)) => {
                state.against = 0;
                state.closed = Some(reason);
                None
            }
            (Ok(()), None) => {
                state.against = 0;
                None
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn close(&mut self, reason: String) -> Move {
        *self = Self { against: 0, closed: Some(reason.clone()) };
        Move::Closed(reason)
    }

    fn open(&mut self) -> Move {
        *self = Self::default();
        Move::Opened
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn late() -> Result<(), String> {
        Err("late".to_owned())
    }

    #[test]
    fn a_failure_now_and_then_closes_nothing() {
        let gate = Gate::default();
        for _ in 0..10 {
            for found in [late(), late(), Ok(())] {
                assert_eq!(gate.note(found), None);
                assert!(gate.is_open());
            }
        }
    }

    #[test]
    fn three_failures_close_and_two_successes_open() {
        let gate = Gate::default();
        let moves: Vec<_> =
            [late(), late(), late(), late()].into_iter().map(|found| gate.note(found)).collect();
        assert_eq!(moves, [None, None, Some(Move::Closed("late".to_owned())), None]);
        assert_eq!(gate.reason().as_deref(), Some("late"));
        for found in [Ok(()), Err("later".to_owned()), Ok(())] {
            assert_eq!(gate.note(found), None);
        }
        assert_eq!(gate.reason().as_deref(), Some("later"), "the newest reason");
        assert_eq!(gate.note(Ok(())), Some(Move::Opened));
        assert!(gate.is_open());
    }
}
