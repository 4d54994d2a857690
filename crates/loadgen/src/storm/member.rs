//! One who comes back.

use std::sync::Arc;
use std::time::Duration;

use collabd_protocol::CloseCode;
use tokio::time::{Instant, timeout, timeout_at};

use crate::oracle::{Truth, Verdict, View};
use crate::wire::{Link, Place, Target, WireError};

/// How long it may take until everybody knows where everybody is, once all are in.
const SETTLE_PATIENCE: Duration = Duration::from_secs(20);
/// How long a server that ends may take to end a connection.
const END_PATIENCE: Duration = Duration::from_secs(30);

/// One who is in.
#[derive(Debug)]
pub(super) struct Member {
    place: Place,
    link: Link,
    view: View,
}

/// What came of coming back.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) member: Member,
    /// Tries that the server refused.
    pub(super) refused: u64,
    pub(super) taken: Duration,
}

impl Member {
    /// Comes in, at once and again and again, and says that it is at `step`.
    pub(super) async fn enter(target: Target, place: Place, step: u32) -> Result<Entry, WireError> {
        let begun = Instant::now();
        let (mut link, refused) = target.insist(place).await?;
        let taken = begun.elapsed();
        link.speaker.say(step, 0).await?;
        Ok(Entry { member: Self { place, link, view: View::new(place) }, refused, taken })
    }

    /// Listens until everything is known that is true, or patience ends. Gives what is not.
    pub(super) async fn settle(mut self, truth: Arc<Truth>) -> (Option<Self>, Verdict) {
        let deadline = Instant::now() + SETTLE_PATIENCE;
        loop {
            let verdict = truth.judge(&self.view);
            if !verdict.may_mend() {
                return (Some(self), verdict);
            }
            match timeout_at(deadline, self.link.listener.next()).await {
                Ok(Ok(heard)) => self.view.hear(&heard),
                Ok(Err(_)) => return (None, verdict),
                Err(_) => return (Some(self), verdict),
            }
        }
    }

    /// Waits until the server ends the connection. Does it say that it is going away?
    pub(super) async fn part(mut self) -> bool {
        let end = timeout(END_PATIENCE, self.link.listener.end()).await;
        matches!(end, Ok(WireError::Closed { code, .. }) if code == Some(CloseCode::GoingAway.number()))
    }

    /// Leaves in order.
    pub(super) async fn leave(self) {
        // One that is closed already has left, too.
        let _ = self.link.speaker.close().await;
    }

    pub(super) fn place(&self) -> Place {
        self.place
    }
}
