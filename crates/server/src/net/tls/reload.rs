//! When the files of the certificate are read again.

use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tokio::time::{MissedTickBehavior, interval};
use tracing::{error, warn};

use super::Tls;
use crate::metrics::Metrics;

/// How often the files are looked at. A change counts once it is the same at two looks: the two files are written one
/// after the other.
const LOOK: Duration = Duration::from_secs(2);

impl Tls {
    /// Runs for ever: reads the files again when they have changed, and at once after SIGHUP. What cannot be used leaves
    /// the old certificate in place and is told once.
    pub(crate) async fn watch(&self, metrics: &Metrics) {
        metrics.certificate_expires_at(self.expires_at());
        let mut hangups = signal(SignalKind::hangup())
            .inspect_err(|error| warn!(%error, "certificates are not read again on SIGHUP"))
            .ok();
        let mut looks = interval(LOOK);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (mut tried, mut seen) = (self.stamp, self.stamp);
        loop {
            let is_told = tokio::select! {
                _ = looks.tick() => false,
                Some(()) = async { hangups.as_mut()?.recv().await } => true,
            };
            let stamp = self.files.stamp();
            let has_changed = stamp != tried && stamp == seen;
            seen = stamp;
            if !(is_told || has_changed) {
                continue;
            }
            tried = stamp;
            match self.reload() {
                Ok(()) => metrics.certificate_expires_at(self.expires_at()),
                Err(error) => {
                    error!(%error, "the old certificate stays");
                    metrics.certificate_refused();
                }
            }
        }
    }
}
