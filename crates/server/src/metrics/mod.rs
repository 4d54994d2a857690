//! What the server counts beside the core, and the registry that `/metrics` exposes.

mod process;
mod waits;

use std::sync::Arc;
use std::time::Duration;

use collabd_core::{Metrics as CoreMetrics, Panics};
use collabd_documents::Metrics as DocumentMetrics;
use collabd_protocol::{ErrorCode, LimitName};
use jiff::Timestamp;
use prometheus_client::encoding::text::encode;
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue, LabelValueEncoder};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use process::Process;
use waits::Waits;

/// A label whose values come from a closed list of the code, so that no client can invent a series.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Fixed(&'static str);

impl EncodeLabelValue for Fixed {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> Result<(), std::fmt::Error> {
        self.0.encode(encoder)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Reason {
    reason: Fixed,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Kind {
    kind: Fixed,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Limit {
    limit: Fixed,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct NoLabels {}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Place {
    r#where: Fixed,
}

impl Reason {
    fn of(reason: &'static str) -> Self {
        Self { reason: Fixed(reason) }
    }
}

/// What the watchdog looks at.
const STALLING: [&str; 5] = ["project", "document", "coordinator", "documents", "runtime"];

/// The server's counters. Clones share the same numbers.
#[derive(Debug, Clone)]
pub(crate) struct Metrics {
    registry: Arc<Registry>,
    connections: Gauge,
    tasks: Gauge,
    opened: Counter,
    refused: Family<Reason, Counter>,
    closed: Family<Reason, Counter>,
    messages: Family<Kind, Counter>,
    refusals: Family<Reason, Counter>,
    held_back: Counter,
    limits: Family<Limit, Counter>,
    /// Without TLS there is no such number, rather than a 0.
    certificate_expiry: Family<NoLabels, Gauge>,
    certificates_refused: Counter,
    ready: Gauge,
    stalls: Family<Place, Counter>,
    panics: Panics,
    waits: Arc<Waits>,
    documents: DocumentMetrics,
}

impl Metrics {
    /// Everything at zero, the core's and the documents' numbers beside it.
    pub(crate) fn new(core: &CoreMetrics, documents: &DocumentMetrics) -> Self {
        let mut registry = Registry::with_prefix("collabd");
        core.register(&mut registry);
        documents.register(&mut registry);
        registry.register_collector(Box::new(Process::new()));
        let metrics = Self {
            registry: Arc::default(),
            connections: Gauge::default(),
            tasks: Gauge::default(),
            opened: Counter::default(),
            refused: Family::default(),
            closed: Family::default(),
            messages: Family::default(),
            refusals: Family::default(),
            held_back: Counter::default(),
            limits: Family::default(),
            certificate_expiry: Family::default(),
            certificates_refused: Counter::default(),
            ready: Gauge::default(),
            stalls: Family::default(),
            panics: core.panics().clone(),
            waits: Arc::default(),
            documents: documents.clone(),
        };
        let m = &metrics;
        registry.register("connections", "WebSockets open", m.connections.clone());
        registry.register("tasks", "Tasks alive", m.tasks.clone());
        registry.register("connections_opened", "WebSockets opened", m.opened.clone());
        registry.register("upgrades_refused", "Upgrade requests refused, by reason", m.refused.clone());
        registry.register("connections_closed", "WebSockets ended, by reason", m.closed.clone());
        registry.register("messages", "Messages received, by kind", m.messages.clone());
        registry.register("messages_refused", "Messages refused, by error code", m.refusals.clone());
        registry.register(
            "cursor_moves_held_back",
            "Cursor moves over the rate that waited for budget",
            m.held_back.clone(),
        );
        registry.register("limit_hits", "Times a limit was reached, by its name", m.limits.clone());
        registry.register(
            "tls_certificate_expiry",
            "When the certificate ends, in seconds since 1970",
            m.certificate_expiry.clone(),
        );
        registry.register(
            "tls_reload_failures",
            "Changed certificates that could not be used",
            m.certificates_refused.clone(),
        );
        registry.register("ready", "Are new sockets let in?", m.ready.clone());
        m.ready.set(1);
        registry.register("stalls", "Times that something did not go on, by what it was", m.stalls.clone());
        // Each at zero, so that the first is a rise.
        for place in STALLING {
            drop(m.stalls.get_or_create(&Place { r#where: Fixed(place) }));
        }
        registry.register_collector(Box::new(Arc::clone(&m.waits)));
        Self { registry: Arc::new(registry), ..metrics }
    }

    /// All numbers in the `OpenMetrics` text format, as of now.
    pub(crate) fn exposition(&self, connections: usize, tasks: usize) -> Result<String, std::fmt::Error> {
        self.connections.set(i64::try_from(connections).unwrap_or(i64::MAX));
        self.tasks.set(i64::try_from(tasks).unwrap_or(i64::MAX));
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }

    /// What the documents count.
    pub(crate) fn documents(&self) -> &DocumentMetrics {
        &self.documents
    }

    /// Where whoever stops a panic counts it.
    pub(crate) fn panics(&self) -> &Panics {
        &self.panics
    }

    /// Are new sockets let in?
    pub(crate) fn set_ready(&self, is_ready: bool) {
        self.ready.set(is_ready.into());
    }

    /// Something of this kind did not go on for a while.
    pub(crate) fn stalled(&self, kind: &'static str) {
        self.stalls.get_or_create(&Place { r#where: Fixed(kind) }).inc();
    }

    pub(crate) fn connection_opened(&self) {
        self.opened.inc();
    }

    pub(crate) fn connection_closed(&self, reason: &'static str) {
        self.closed.get_or_create(&Reason::of(reason)).inc();
    }

    pub(crate) fn upgrade_refused(&self, reason: &'static str) {
        self.refused.get_or_create(&Reason::of(reason)).inc();
    }

    pub(crate) fn certificate_expires_at(&self, end: Timestamp) {
        self.certificate_expiry.get_or_create(&NoLabels {}).set(end.as_second());
    }

    pub(crate) fn certificate_refused(&self) {
        self.certificates_refused.inc();
    }

    pub(crate) fn message_received(&self, kind: &'static str) {
        self.messages.get_or_create(&Kind { kind: Fixed(kind) }).inc();
    }

    pub(crate) fn message_refused(&self, code: ErrorCode) {
        self.refusals.get_or_create(&Reason::of(code.name())).inc();
    }

    pub(crate) fn limit_hit(&self, limit: LimitName) {
        self.limits.get_or_create(&Limit { limit: Fixed(limit.name()) }).inc();
    }

    /// What was written had waited so long for it, the first of it.
    pub(crate) fn delivery_waited(&self, time: Duration) {
        self.waits.observe(time);
    }

    pub(crate) fn cursor_held_back(&self) {
        self.held_back.inc();
    }
}
