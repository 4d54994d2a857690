//! What the documents count. One instance per server, registered where the server exports it.

use std::sync::Arc;

use collabd_core::Panics;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

/// Counters and gauges of all documents. Clones share the same numbers.
#[derive(Debug, Clone, Default)]
pub struct Metrics {
    inner: Arc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    open: Gauge,
    subscriptions: Gauge,
    loads: Counter,
    damaged_records: Counter,
    updates: Counter,
    updates_refused: Counter,
    resyncs: Counter,
    deliveries: Counter,
    announcements: Counter,
    commits: Counter,
    records: Counter,
    failed_commits: Counter,
    unsaved_bytes: Gauge,
    compactions: Counter,
    failed_compactions: Counter,
    slow_consumers: Counter,
    panics: Panics,
}

impl Metrics {
    /// Everything at zero. Panics are counted among those of the whole server.
    pub fn new(panics: Panics) -> Self {
        Self { inner: Arc::new(Inner { panics, ..Inner::default() }) }
    }

    /// Adds every metric to `registry`. Counters get the suffix `_total` in the exposition.
    pub fn register(&self, registry: &mut Registry) {
        let m = &*self.inner;
        registry.register("documents_open", "Documents loaded", m.open.clone());
        registry.register(
            "document_subscriptions",
            "Connections' subscriptions to documents",
            m.subscriptions.clone(),
        );
        registry.register("document_loads", "Documents loaded from the store", m.loads.clone());
        registry.register(
            "document_damaged_records",
            "Stored records that were set aside because their checksum was wrong",
            m.damaged_records.clone(),
        );
        registry.register("document_updates", "Updates that changed a document", m.updates.clone());
        registry.register(
            "document_updates_refused",
            "Updates that broke a bound or came from a viewer",
            m.updates_refused.clone(),
        );
        registry.register(
            "document_resyncs",
            "Times a client was asked for all it has, because its update built on something unknown",
            m.resyncs.clone(),
        );
        registry.register(
            "document_deliveries",
            "Updates and awareness put into outboxes",
            m.deliveries.clone(),
        );
        registry.register("document_announcements", "Awareness states taken", m.announcements.clone());
        registry.register("document_commits", "Group commits to the store", m.commits.clone());
        registry.register("document_records", "Records appended to logs", m.records.clone());
        registry.register(
            "document_commit_failures",
            "Records that the store did not take at the first try",
            m.failed_commits.clone(),
        );
        registry.register(
            "document_unsaved_bytes",
            "Bytes of updates that wait for the store",
            m.unsaved_bytes.clone(),
        );
        registry.register("document_compactions", "Logs replaced by snapshots", m.compactions.clone());
        registry.register(
            "document_compaction_failures",
            "Compactions that did not succeed",
            m.failed_compactions.clone(),
        );
        registry.register(
            "document_slow_consumers",
            "Subscriptions that ended because an outbox was full",
            m.slow_consumers.clone(),
        );
    }

    /// Documents loaded now.
    pub fn open(&self) -> i64 {
        self.inner.open.get()
    }

    /// Subscriptions now.
    pub fn subscriptions(&self) -> i64 {
        self.inner.subscriptions.get()
    }

    /// Bytes of updates that wait for the store now.
    pub fn unsaved_bytes(&self) -> i64 {
        self.inner.unsaved_bytes.get()
    }

    pub(crate) fn opened(&self) {
        self.inner.open.inc();
    }

    pub(crate) fn closed(&self) {
        self.inner.open.dec();
    }

    pub(crate) fn loaded(&self, damaged: usize) {
        self.inner.loads.inc();
        self.inner.damaged_records.inc_by(damaged as u64);
    }

    pub(crate) fn subscribed(&self) {
        self.inner.subscriptions.inc();
    }

    pub(crate) fn unsubscribed(&self) {
        self.inner.subscriptions.dec();
    }

    pub(crate) fn updated(&self) {
        self.inner.updates.inc();
    }

    pub(crate) fn update_refused(&self) {
        self.inner.updates_refused.inc();
    }

    pub(crate) fn resync_asked(&self) {
        self.inner.resyncs.inc();
    }

    pub(crate) fn delivered(&self, count: usize) {
        self.inner.deliveries.inc_by(count as u64);
    }

    pub(crate) fn announced(&self, count: usize) {
        self.inner.announcements.inc_by(count as u64);
    }

    pub(crate) fn committed(&self, records: usize) {
        self.inner.commits.inc();
        self.inner.records.inc_by(records as u64);
    }

    pub(crate) fn commit_failed(&self) {
        self.inner.failed_commits.inc();
    }

    pub(crate) fn unsaved(&self, bytes: usize) {
        self.inner.unsaved_bytes.inc_by(gauge(bytes));
    }

    pub(crate) fn saved(&self, bytes: usize) {
        self.inner.unsaved_bytes.dec_by(gauge(bytes));
    }

    pub(crate) fn compacted(&self) {
        self.inner.compactions.inc();
    }

    pub(crate) fn compaction_failed(&self) {
        self.inner.failed_compactions.inc();
    }

    pub(crate) fn slow_consumer_evicted(&self) {
        self.inner.slow_consumers.inc();
    }

    /// Counts a panic that was stopped in `place`.
    pub(crate) fn panicked(&self, place: &'static str) {
        self.inner.panics.count(place);
    }
}

fn gauge(bytes: usize) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}
