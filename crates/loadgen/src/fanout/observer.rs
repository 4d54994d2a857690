//! The half of a member that watches the others.

use std::sync::Arc;
use std::time::Duration;

use collabd_protocol::CloseCode;
use tokio::sync::mpsc;
use tokio::time::sleep;

use super::member::{End, Seen, Shared};
use super::phase::{Notice, PhaseWatch};
use super::plan::Part;
use super::watch::Watch;
use crate::wire::{Listener, Place, Wire, WireError};

/// How long the server may take to answer a close, with every member closing at once.
const CLOSE_PATIENCE: Duration = Duration::from_secs(10);

/// Reads for one member.
#[derive(Debug)]
pub(super) struct Observer {
    part: Part,
    wire: Wire,
    listener: Listener,
    watch: Watch,
}

impl Observer {
    pub(super) fn new(place: Place, part: Part, shared: Arc<Shared>, listener: Listener) -> Self {
        let wire = shared.plan.target.wire;
        Self { part, wire, listener, watch: Watch::new(place, shared) }
    }

    /// Reads until the connection ends, and says once when there is nothing more to wait for.
    pub(super) async fn run(mut self, phase: PhaseWatch, notices: &mpsc::Sender<Notice>) -> (Seen, End) {
        let mut settled = Settled(Some(notices));
        let mut closing = phase.clone();
        let end = tokio::select! {
            end = self.play(phase, &mut settled) => end,
            () = overdue(&mut closing) => End::Lost(format!("no answer to a close in {CLOSE_PATIENCE:?}")),
        };
        settled.notify();
        (self.watch.into_seen(), end)
    }

    async fn play(&mut self, mut phase: PhaseWatch, settled: &mut Settled<'_>) -> End {
        if let Err(error) = self.gather(&mut phase).await {
            return self.ended(&error, &phase);
        }
        match self.part {
            Part::Watches => self.look(&mut phase, settled).await,
            Part::Drains | Part::Sits => {
                settled.notify();
                self.drain(&mut phase).await
            }
            Part::Stalls => {
                settled.notify();
                phase.closing().await;
                match self.listener.end().await {
                    WireError::Closed { code, .. } if code != Some(CloseCode::SlowConsumer.number()) => {
                        End::Closed
                    }
                    _ => End::Evicted,
                }
            }
        }
    }

    /// Reads until the moving begins.
    async fn gather(&mut self, phase: &mut PhaseWatch) -> Result<(), WireError> {
        loop {
            tokio::select! {
                // First, so that no last position can come before it is waited for.
                biased;
                schedule = phase.moving() => {
                    self.watch.begin(schedule.as_deref(), self.listener.bytes());
                    return Ok(());
                }
                heard = self.hear() => heard?,
            }
        }
    }

    /// Takes in one thing; who only drains looks at nothing.
    async fn hear(&mut self) -> Result<(), WireError> {
        if self.part == Part::Drains {
            return Err(self.listener.drain().await);
        }
        let heard = self.listener.next().await?;
        self.watch.hear(&heard);
        Ok(())
    }

    /// Reads everything that comes, and looks now and then how old it is.
    async fn look(&mut self, phase: &mut PhaseWatch, settled: &mut Settled<'_>) -> End {
        let mut is_closing = phase.is_closing();
        loop {
            if self.watch.is_complete() {
                settled.notify();
            }
            tokio::select! {
                biased;
                () = phase.closing(), if !is_closing => {
                    is_closing = true;
                    self.watch.end(self.listener.bytes());
                }
                () = self.watch.next_look() => self.watch.look(),
                heard = self.listener.next() => match heard {
                    // Whoever closes first is not missed by those who hear of it before they have seen that all close:
                    // a task that has done much in one turn is told that nothing is new.
                    Ok(_) if phase.is_closing() && !is_closing => {
                        is_closing = true;
                        self.watch.end(self.listener.bytes());
                    }
                    Ok(heard) => self.watch.hear(&heard),
                    Err(error) => return self.ended(&error, phase),
                },
            }
        }
    }

    async fn drain(&mut self, phase: &mut PhaseWatch) -> End {
        let early = tokio::select! {
            error = self.listener.drain() => Some(error),
            () = phase.closing() => None,
        };
        self.watch.end(self.listener.bytes());
        match early {
            // What has been drained cannot be told from a close any more, and whoever has closed may hear the answer first.
            Some(_) if phase.is_closing() => {}
            Some(error) => return End::Lost(error.to_string()),
            None => {
                self.listener.drain().await;
            }
        }
        End::Closed
    }

    fn ended(&self, error: &WireError, phase: &PhaseWatch) -> End {
        let is_answer = match (self.wire, error) {
            (Wire::Collabd(_), WireError::Closed { code, .. }) => *code == Some(CloseCode::Normal.number()),
            // Other servers answer a close as they like.
            (_, WireError::Closed { .. } | WireError::Lost(_)) => true,
            _ => false,
        };
        if is_answer && phase.is_closing() { End::Closed } else { End::Lost(error.to_string()) }
    }
}

/// A notice that is given once.
struct Settled<'a>(Option<&'a mpsc::Sender<Notice>>);

impl Settled<'_> {
    fn notify(&mut self) {
        if let Some(notices) = self.0.take() {
            // There is room for every notice; it fails only once the stage has stopped listening.
            let _ = notices.try_send(Notice::Settled);
        }
    }
}

async fn overdue(phase: &mut PhaseWatch) {
    phase.closing().await;
    sleep(CLOSE_PATIENCE).await;
}
