//! Somebody who makes documents, one after the other, until the server is gone.

use std::sync::Arc;

use tokio::sync::watch;
use tokio::time::Instant;

use super::ledger::Order;
use crate::chaos::api::{Answer, Api};
use crate::chaos::daemon::Whereabouts;
use crate::tally::Recorder;

/// One who writes.
#[derive(Debug)]
pub(super) struct Writer {
    /// Names its documents.
    pub(super) name: String,
    pub(super) number: u32,
    pub(super) project: u32,
    pub(super) place: watch::Receiver<Whereabouts>,
    /// How long each acknowledgement took.
    pub(super) times: Arc<Recorder>,
}

/// What one has written.
#[derive(Debug, Default)]
pub(super) struct Written {
    pub(super) orders: Vec<Order>,
    /// Answers that no living server gives.
    pub(super) faults: Vec<String>,
}

impl Writer {
    /// Writes until the server is no longer meant to answer.
    pub(super) async fn run(self) -> Written {
        let api = Api::new(self.place.borrow().address);
        let mut written = Written::default();
        for count in 0_u64.. {
            let id = format!("{}-{count}", self.name);
            let asked = Instant::now();
            let answer = api.create_document(self.project, &id).await;
            if let Ok(Answer::Done(_)) = answer {
                self.times.record(self.number, i64::try_from(asked.elapsed().as_nanos()).unwrap_or(i64::MAX));
                written.orders.push(Order { id, is_acknowledged: true });
                continue;
            }
            if self.place.borrow().is_up {
                written.faults.push(format!("{id}: {answer:?}"));
            }
            written.orders.push(Order { id, is_acknowledged: false });
            if !self.place.borrow().is_up {
                break;
            }
        }
        written
    }
}
