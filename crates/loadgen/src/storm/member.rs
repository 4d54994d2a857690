//! One who comes back.

use std::sync::Arc;
use std::time::Duration;

use collabd_protocol::{CloseCode, DepartureReason};
use tokio::sync::watch;
use tokio::time::{Instant, timeout, timeout_at};

use crate::oracle::{Truth, Verdict, View};
use crate::wire::{Heard, Link, Place, Target, WireError};

/// How long it may take until everybody knows where everybody is, once all are in.
const SETTLE_PATIENCE: Duration = Duration::from_secs(20);
/// How long a server that ends may take to end a connection.
const END_PATIENCE: Duration = Duration::from_secs(30);

/// One who is in.
#[derive(Debug)]
pub(crate) struct Member {
    place: Place,
    link: Link,
    view: View,
}

/// How the server ended a connection.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Farewell {
    /// The code of its close, if it said one.
    pub(crate) code: Option<u16>,
    /// How long to stay away, if it said that.
    pub(crate) retry_after: Option<Duration>,
}

/// What came of coming back.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) member: Member,
    /// Tries that the server refused.
    pub(crate) refused: u64,
    pub(crate) taken: Duration,
}

impl Member {
    /// Comes in, at once and again and again, and says that it is at `step`.
    pub(crate) async fn enter(target: Target, place: Place, step: u32) -> Result<Entry, WireError> {
        let begun = Instant::now();
        let (link, refused) = target.insist(place).await?;
        let taken = begun.elapsed();
        Ok(Entry { member: Self::seated(place, link, step).await?, refused, taken })
    }

    /// The same with one try.
    pub(crate) async fn try_enter(target: Target, place: Place, step: u32) -> Result<Self, WireError> {
        Self::seated(place, target.open(place).await?, step).await
    }

    async fn seated(place: Place, mut link: Link, step: u32) -> Result<Self, WireError> {
        link.speaker.say(step, 0).await?;
        Ok(Self { place, link, view: View::new(place) })
    }

    /// Listens until everything is known that is true, or patience ends. Gives what is not.
    pub(crate) async fn settle(mut self, truth: Arc<Truth>) -> (Option<Self>, Verdict) {
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

    /// Says that it is at `step`; `None` if it is not there any more.
    pub(crate) async fn step(mut self, step: u32) -> Option<Self> {
        self.link.speaker.say(step, 0).await.ok()?;
        Some(self)
    }

    /// Listens until it is over. One whose connection ends meanwhile is noticed when it settles.
    pub(crate) async fn attend(mut self, mut over: watch::Receiver<bool>) -> Self {
        loop {
            tokio::select! {
                heard = self.link.listener.next() => match heard {
                    Ok(heard) => self.view.hear(&heard),
                    Err(_) => return self,
                },
                // An error means that the stage is gone.
                _ = over.wait_for(|over| *over) => return self,
            }
        }
    }

    /// Waits until the server ends the connection. Does it say that it is going away?
    pub(crate) async fn part(self) -> bool {
        let farewell = timeout(END_PATIENCE, self.farewell()).await;
        farewell.is_ok_and(|farewell| farewell.code == Some(CloseCode::GoingAway.number()))
    }

    /// Listens until the connection ends, however long that takes.
    pub(crate) async fn farewell(mut self) -> Farewell {
        let mut farewell = Farewell::default();
        loop {
            match self.link.listener.next().await {
                Ok(Heard::Parting(retry_after)) => farewell.retry_after = retry_after,
                Ok(_) => {}
                Err(WireError::Closed { code, .. }) => return Farewell { code, ..farewell },
                Err(_) => return farewell,
            }
        }
    }

    /// Why others were said to have left, since this one is in.
    pub(crate) fn departures(&self) -> &[(u32, DepartureReason)] {
        self.view.departures()
    }

    /// Leaves in order.
    pub(crate) async fn leave(self) {
        // One that is closed already has left, too.
        let _ = self.link.speaker.close().await;
    }

    pub(crate) fn place(&self) -> Place {
        self.place
    }
}
