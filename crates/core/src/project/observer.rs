//! Watching who is in a project without being in it.

use std::sync::Arc;

use collabd_protocol::presence::Presence;
use tokio::sync::watch;

use super::command::{Departure, Slot};

/// The presence of a project as it changes. Keeps the project's actor alive until dropped.
#[derive(Debug)]
pub struct Observer {
    presence: watch::Receiver<Arc<Vec<Presence>>>,
    slot: Option<Slot>,
}

impl Observer {
    pub(super) fn new(presence: watch::Receiver<Arc<Vec<Presence>>>, slot: Slot) -> Self {
        Self { presence, slot: Some(slot) }
    }

    /// Everybody now.
    pub fn current(&self) -> Arc<Vec<Presence>> {
        Arc::clone(&self.presence.borrow())
    }

    /// Waits for a change and returns everybody after it; `None` when the actor has ended. A slow observer skips
    /// intermediate states. Cancel-safe.
    pub async fn changed(&mut self) -> Option<Arc<Vec<Presence>>> {
        self.presence.changed().await.ok()?;
        Some(Arc::clone(&self.presence.borrow_and_update()))
    }
}

impl Drop for Observer {
    fn drop(&mut self) {
        if let Some(slot) = self.slot.take() {
            slot.send(Departure::Observer);
        }
    }
}
