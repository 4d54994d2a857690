//! Counting and telling of the limits that clients meet, without becoming a flood ourselves (L6).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use collabd_core::Goodbye;
use collabd_protocol::limit::LimitScope;
use collabd_protocol::{CloseCode, LimitHit, LimitName};
use tokio::time::Instant;
use tracing::warn;

use super::address::Client;
use crate::auth::MAX_TOKEN;
use crate::metrics::Metrics;

/// The same limit is logged at most this often.
const PAUSE: Duration = Duration::from_secs(10);

/// Bytes of a message of somebody who has not joined: 4 KiB besides the longest token (J1).
pub(crate) const UNJOINED_MESSAGE: usize = 4 * 1024 + MAX_TOKEN;

/// A limit that was met, and by whom as far as that is known and matters.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Met {
    pub(crate) hit: LimitHit,
    client: Option<Client>,
}

impl Met {
    /// A limit of which all is in use.
    pub(crate) fn new(name: LimitName, max: usize) -> Self {
        Self { hit: LimitHit::full(name, max), client: None }
    }

    /// The same, met by `client`.
    pub(crate) fn by(name: LimitName, max: usize, client: Client) -> Self {
        Self { client: Some(client), ..Self::new(name, max) }
    }
}

impl From<LimitHit> for Met {
    fn from(hit: LimitHit) -> Self {
        Self { hit, client: None }
    }
}

/// Counts limits that are met, and logs those that an operator may want to change.
#[derive(Debug, Clone)]
pub(crate) struct LimitHits {
    metrics: Metrics,
    silences: Arc<Mutex<HashMap<LimitName, Silence>>>,
}

/// What was not logged because it was logged just before.
#[derive(Debug, Clone, Copy)]
struct Silence {
    until: Instant,
    unsaid: u64,
}

impl LimitHits {
    pub(crate) fn new(metrics: Metrics) -> Self {
        Self { metrics, silences: Arc::default() }
    }

    /// Counts, and logs now and then.
    pub(crate) fn count(&self, met: impl Into<Met>) {
        let Met { hit, client } = met.into();
        self.metrics.limit_hit(hit.name);
        // What one connection or request does wrong is its client's business.
        if matches!(hit.name.scope(), LimitScope::Connection | LimitScope::Request) {
            return;
        }
        if let Some(before) = self.may_tell(hit.name, Instant::now()) {
            let client = client.map(|client| client.address().to_string());
            warn!(limit = hit.name.name(), max = hit.max, client, before, "limit reached");
        }
    }

    /// Counts, and gives the end of a connection that goes too far.
    pub(crate) fn end(&self, code: CloseCode, hit: LimitHit) -> Goodbye {
        self.count(hit);
        Goodbye { limit: Some(hit), ..code.into() }
    }

    /// Counts, and gives the end of a connection for a message of `bytes`, where there may be `most`.
    pub(crate) fn end_of_message(&self, name: LimitName, most: usize, bytes: usize) -> Goodbye {
        self.end(CloseCode::MessageTooBig, LimitHit::new(name, most, bytes))
    }

    /// How often the limit was met since it was last logged, if it may be logged now.
    fn may_tell(&self, name: LimitName, now: Instant) -> Option<u64> {
        let mut silences = self.silences.lock().unwrap_or_else(PoisonError::into_inner);
        match silences.get_mut(&name) {
            Some(silence) if silence.until > now => {
                silence.unsaid += 1;
                None
            }
            _ => {
                let silence = Silence { until: now + PAUSE, unsaid: 0 };
                Some(silences.insert(name, silence).map_or(0, |before| before.unsaid))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// L6
    #[tokio::test]
    async fn a_limit_is_told_once_in_ten_seconds_with_how_often_it_was_met_between() {
        let metrics = Metrics::new(&collabd_core::Metrics::default(), &collabd_documents::Metrics::default());
        let (hits, start) = (LimitHits::new(metrics), Instant::now());
        let name = LimitName::MaxConnections;
        assert_eq!(hits.may_tell(name, start), Some(0));
        for _ in 0..1000 {
            assert_eq!(hits.may_tell(name, start + PAUSE - Duration::from_millis(1)), None);
        }
        assert_eq!(hits.may_tell(LimitName::MaxUnjoined, start), Some(0), "another limit is another matter");
        assert_eq!(hits.may_tell(name, start + PAUSE), Some(1000));
    }
}
