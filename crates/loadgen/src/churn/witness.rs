//! Those who stay and must hear of everybody.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval};

use super::visitor::Shared;
use crate::oracle::{Verdict, View};
use crate::wire::{Link, Place};

/// How long the news of the last departure may take: lost sessions are kept for a grace period.
const PATIENCE: Duration = Duration::from_secs(15);
/// Between two comparisons with the truth.
const JUDGE_EVERY: Duration = Duration::from_millis(200);

/// One who stays.
#[derive(Debug)]
pub(super) struct Witness {
    pub(super) place: Place,
    pub(super) shared: Arc<Shared>,
    pub(super) link: Link,
}

/// What a witness says in the end.
#[derive(Debug, Default)]
pub(super) struct Testimony {
    pub(super) verdict: Verdict,
    /// Why it could not stay.
    pub(super) lost: Option<String>,
}

impl Witness {
    /// Listens until all visitors have gone and that is known, or patience ends.
    pub(super) async fn run(mut self, mut over: watch::Receiver<bool>) -> Testimony {
        let mut view = View::new(self.place);
        let mut deadline = None;
        let mut looks = interval(JUDGE_EVERY);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                heard = self.link.listener.next() => match heard {
                    Ok(heard) => view.hear(&heard),
                    Err(error) => {
                        return Testimony { verdict: self.judge(&view), lost: Some(error.to_string()) };
                    }
                },
                () = is_over(&mut over), if deadline.is_none() => {
                    deadline = Some(Instant::now() + PATIENCE);
                }
                _ = looks.tick(), if deadline.is_some() => {
                    let verdict = self.judge(&view);
                    if !verdict.may_mend() || deadline.is_some_and(|deadline| Instant::now() >= deadline) {
                        // In order, so that nothing of it is left when the server is looked at.
                        let _ = self.link.speaker.close().await;
                        return Testimony { verdict, lost: None };
                    }
                }
            }
        }
    }

    fn judge(&self, view: &View) -> Verdict {
        self.shared.with_truth(self.place, |truth| truth.judge(view))
    }
}

async fn is_over(over: &mut watch::Receiver<bool>) {
    // An error means that the stage is gone.
    let _ = over.wait_for(|over| *over).await;
}
