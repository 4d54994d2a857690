//! Looking after oneself: one small probe a second, whether or not anybody asks.

use std::time::Duration;

use collabd_protocol::CloseCode;
use tokio::time::{MissedTickBehavior, interval, timeout};
use tracing::{error, info, warn};

use super::Unready;
use super::gate::Move;
use crate::app::App;
use crate::memory::Pressure;

/// Between two probes, and the whole of their cost: two sessions, a cursor and a row.
const PERIOD: Duration = Duration::from_secs(1);
/// A database that takes longer for one row is of no use to people.
const STORE_DEADLINE: Duration = Duration::from_secs(2);

/// Runs for ever: probes, and opens and closes the gate.
pub(crate) async fn watch(app: &App) {
    let mut periods = interval(PERIOD);
    // A probe that takes long is followed by a pause, not by those that were missed.
    periods.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        periods.tick().await;
        let found = probe(app).await.map_err(|unready| unready.to_string());
        match app.gate().note(found) {
            Some(Move::Closed(reason)) => {
                app.metrics().set_ready(false);
                error!(reason, "not ready, new connections are refused");
            }
            Some(Move::Opened) => {
                app.metrics().set_ready(true);
                info!("ready again");
            }
            None => {}
        }
    }
}

async fn probe(app: &App) -> Result<(), Unready> {
    match app.memory().pressure() {
        Pressure::Low => {}
        Pressure::Scarce => return Err(Unready::Memory),
        Pressure::Short => {
            let evicted = app.outboxes().evict_largest(CloseCode::SlowConsumer.into());
            if evicted > 0 {
                warn!(evicted, "memory is short, the largest outboxes are given up");
            }
            return Err(Unready::Memory);
        }
    }
    app.canary().sing().await?;
    timeout(STORE_DEADLINE, app.store().ping()).await.map_err(|_| Unready::Store)?.map_err(|_| Unready::Store)
}
