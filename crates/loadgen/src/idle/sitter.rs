//! One who sits there.

use std::sync::Arc;

use tokio::sync::{Semaphore, mpsc, watch};

use crate::wire::{Link, Place, Target};

/// What everybody does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// Come in and sit.
    Sitting,
    /// Send something large.
    Speaking,
    /// Go.
    Going,
}

/// What somebody tells the stage.
#[derive(Debug)]
pub(super) enum Notice {
    /// It is in.
    In,
    /// It is not, or not any more.
    Out(String),
    /// It has been answered.
    Answered,
}

/// One of many.
#[derive(Debug)]
pub(super) struct Sitter {
    pub(super) place: Place,
    pub(super) target: Target,
    pub(super) gate: Arc<Semaphore>,
    pub(super) phase: watch::Receiver<Phase>,
    /// Has room for every notice of everybody, so that none is lost.
    pub(super) notices: mpsc::Sender<Notice>,
}

impl Sitter {
    /// Sits until it is time to go.
    pub(super) async fn run(mut self) {
        match self.enter().await {
            Ok(link) => {
                self.notify(Notice::In);
                if let Err(reason) = self.sit(link).await {
                    self.notify(Notice::Out(reason));
                }
            }
            Err(reason) => self.notify(Notice::Out(reason)),
        }
    }

    async fn enter(&self) -> Result<Link, String> {
        // Nobody closes the gate, so a permit always comes.
        let _permit = self.gate.acquire().await.ok();
        let entered = self.target.insist(self.place).await;
        entered.map(|(link, _)| link).map_err(|error| error.to_string())
    }

    async fn sit(&mut self, mut link: Link) -> Result<(), String> {
        loop {
            tokio::select! {
                error = link.listener.sit() => return Err(error.to_string()),
                // An error means that the stage is gone.
                changed = self.phase.changed() => if changed.is_err() {
                    return Ok(());
                },
            }
            let phase = *self.phase.borrow_and_update();
            match phase {
                Phase::Sitting => {}
                Phase::Speaking => self.speak(&mut link).await?,
                Phase::Going => {
                    // One that is closed already has gone, too.
                    let _ = link.speaker.close().await;
                    link.listener.sit().await;
                    return Ok(());
                }
            }
        }
    }

    async fn speak(&mut self, link: &mut Link) -> Result<(), String> {
        link.speaker.say_much().await.map_err(|error| error.to_string())?;
        link.listener.answer().await.map_err(|error| error.to_string())?;
        self.notify(Notice::Answered);
        Ok(())
    }

    fn notify(&self, notice: Notice) {
        // Fails only once the stage has stopped listening.
        let _ = self.notices.try_send(notice);
    }
}
