//! What the core counts. One instance per server, registered where the server exports it.

use std::sync::Arc;

use collabd_protocol::DepartureReason;
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue, LabelValueEncoder};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

/// The core's counters and gauges. Clones share the same numbers.
#[derive(Debug, Clone, Default)]
pub struct Metrics {
    inner: Arc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    projects: Gauge,
    sessions: Gauge,
    joins: Counter,
    departures: Family<DepartureLabels, Counter>,
    deliveries: Counter,
    cursor_moves: Counter,
    cursor_conflations: Counter,
    lagging_receivers: Counter,
    slow_consumers: Counter,
    panics: Panics,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct DepartureLabels {
    reason: Reason,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Reason(DepartureReason);

impl EncodeLabelValue for Reason {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> Result<(), std::fmt::Error> {
        self.0.name().encode(encoder)
    }
}

/// Panics, each a bug, by the place that stopped them. Clones share the same numbers.
#[derive(Debug, Clone)]
pub struct Panics {
    by_place: Family<PanicLabels, Counter>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct PanicLabels {
    r#where: &'static str,
}

impl Panics {
    /// Every place that stops panics.
    const PLACES: [&str; 7] =
        ["project", "document", "connection", "request", "graphql", "journal", "compactor"];

    /// Counts one that was stopped in `place`, one of those that are there from the start.
    pub fn count(&self, place: &'static str) {
        debug_assert!(Self::PLACES.contains(&place), "{place} is in no list");
        self.by_place.get_or_create(&PanicLabels { r#where: place }).inc();
    }
}

impl Default for Panics {
    /// Each place at zero, so that the first panic is a rise.
    fn default() -> Self {
        let panics = Self { by_place: Family::default() };
        for place in Self::PLACES {
            drop(panics.by_place.get_or_create(&PanicLabels { r#where: place }));
        }
        panics
    }
}

impl Metrics {
    /// Adds every metric to `registry`. Counters get the suffix `_total` in the exposition.
    pub fn register(&self, registry: &mut Registry) {
        let m = &*self.inner;
        registry.register("projects", "Project actors running", m.projects.clone());
        registry.register("sessions", "Sessions in all projects", m.sessions.clone());
        registry.register("joins", "Sessions begun", m.joins.clone());
        registry.register("departures", "Sessions ended, by reason", m.departures.clone());
        registry.register("deliveries", "Messages put into outboxes", m.deliveries.clone());
        registry.register("cursor_moves", "Cursor moves taken by rooms", m.cursor_moves.clone());
        registry.register(
            "cursor_conflations",
            "Cursor moves replaced by a newer one before a flush",
            m.cursor_conflations.clone(),
        );
        registry.register(
            "lagging_receivers",
            "Times a receiver fell behind and was given a snapshot of cursors instead",
            m.lagging_receivers.clone(),
        );
        registry.register(
            "slow_consumers",
            "Sessions evicted because their outbox was full",
            m.slow_consumers.clone(),
        );
        registry.register("panics", "Panics, by where they were stopped", m.panics.by_place.clone());
    }

    /// Sessions in all projects now.
    pub fn sessions(&self) -> i64 {
        self.inner.sessions.get()
    }

    /// Project actors running now.
    pub fn projects(&self) -> i64 {
        self.inner.projects.get()
    }

    pub(crate) fn project_opened(&self) {
        self.inner.projects.inc();
    }

    pub(crate) fn project_ended(&self) {
        self.inner.projects.dec();
    }

    /// Where whoever stops a panic counts it.
    pub fn panics(&self) -> &Panics {
        &self.inner.panics
    }

    pub(crate) fn session_began(&self) {
        self.inner.joins.inc();
        self.inner.sessions.inc();
    }

    pub(crate) fn session_ended(&self) {
        self.inner.sessions.dec();
    }

    pub(crate) fn departed(&self, reason: DepartureReason) {
        self.inner.departures.get_or_create(&DepartureLabels { reason: Reason(reason) }).inc();
    }

    pub(crate) fn delivered(&self, count: usize) {
        self.inner.deliveries.inc_by(count as u64);
    }

    pub(crate) fn cursor_moved(&self) {
        self.inner.cursor_moves.inc();
    }

    pub(crate) fn cursors_conflated(&self, count: u64) {
        self.inner.cursor_conflations.inc_by(count);
    }

    pub(crate) fn receiver_lagged(&self) {
        self.inner.lagging_receivers.inc();
    }

    pub(crate) fn slow_consumer_evicted(&self) {
        self.inner.slow_consumers.inc();
    }
}
