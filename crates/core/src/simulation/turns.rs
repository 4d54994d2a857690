//! Whose turn is next: before a task of the server goes on, actors included, it lets others go first as often as chance
//! says. With tokio's own queue, a woken task would always come after those that were woken before it.

use std::cell::RefCell;
use std::future::poll_fn;
use std::task::Poll;

use super::chance::Chance;

/// How many turns of others a task may miss its own for.
const MOST: u64 = 3;

thread_local! {
    static CHANCE: RefCell<Option<Chance>> = const { RefCell::new(None) };
}

/// As long as it lives, the tasks of this thread take their turns by chance.
#[derive(Debug)]
pub(super) struct Shuffled(());

impl Shuffled {
    pub(super) fn by(seed: u64) -> Self {
        CHANCE.set(Some(Chance::new(seed, 0)));
        Self(())
    }
}

impl Drop for Shuffled {
    fn drop(&mut self) {
        CHANCE.set(None);
    }
}

/// A task that waits for its turn each time it is woken. Without a simulation it goes on at once.
pub(crate) fn in_turn<F: Future>(task: F) -> impl Future<Output = F::Output> {
    let (mut task, mut left) = (Box::pin(task), None);
    poll_fn(move |cx| {
        let others = left.get_or_insert_with(others_first);
        if *others > 0 {
            *others -= 1;
            // At the end of the queue, and not later: no time passes as long as anybody has a turn.
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        left = None;
        task.as_mut().poll(cx)
    })
}

fn others_first() -> u64 {
    CHANCE.with_borrow_mut(|chance| chance.as_mut().map_or(0, |chance| chance.up_to(MOST)))
}
