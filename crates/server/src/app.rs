//! What every handler of one server shares, and how it is put together.

use std::sync::Arc;

use collabd_core::{CollaborationCoordinator, CoordinatorHandle, Limits, Metrics as CoreMetrics, Tasks};
use tokio_util::sync::CancellationToken;

use crate::awake::AwakeClock;
use crate::canary::Canary;
use crate::config::Config;
use crate::metrics::Metrics;
use crate::permits::{ConnectionPermit, ConnectionPermits};
use crate::store::{Store, StoreError};

/// One server. Clones are the same one.
#[derive(Debug, Clone)]
pub struct App {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    config: Config,
    limits: Limits,
    store: Store,
    coordinator: CoordinatorHandle,
    canary: Canary,
    tasks: Tasks,
    metrics: Metrics,
    permits: ConnectionPermits,
    awake: AwakeClock,
    stopping: CancellationToken,
}

impl App {
    /// Opens the store and starts the coordinator. Nothing listens yet.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be opened or migrated.
    pub async fn start(config: Config) -> Result<Self, StoreError> {
        let store = Store::open(&config.store).await?;
        let limits = core_limits(&config);
        let core_metrics = CoreMetrics::default();
        let tasks = Tasks::new();
        let coordinator = CollaborationCoordinator::spawn(limits.clone(), core_metrics.clone(), &tasks);
        let inner = Inner {
            canary: Canary::new(coordinator.clone(), limits.outbox),
            metrics: Metrics::new(&core_metrics),
            permits: ConnectionPermits::new(config.limits.max_connections),
            awake: AwakeClock::new(),
            stopping: CancellationToken::new(),
            config,
            limits,
            store,
            coordinator,
            tasks,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// A place for one more WebSocket; `None` when all are taken.
    pub(crate) fn admit(&self) -> Option<ConnectionPermit> {
        let permit = self.inner.permits.take()?;
        self.metrics().connection_opened();
        Some(permit)
    }

    /// WebSockets open now.
    pub(crate) fn connections(&self) -> usize {
        self.inner.permits.taken()
    }

    /// Most WebSockets.
    pub(crate) fn connection_limit(&self) -> usize {
        self.inner.permits.limit()
    }

    pub(crate) fn config(&self) -> &Config {
        &self.inner.config
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.inner.limits
    }

    pub(crate) fn store(&self) -> &Store {
        &self.inner.store
    }

    pub(crate) fn coordinator(&self) -> &CoordinatorHandle {
        &self.inner.coordinator
    }

    pub(crate) fn canary(&self) -> &Canary {
        &self.inner.canary
    }

    pub(crate) fn tasks(&self) -> &Tasks {
        &self.inner.tasks
    }

    pub(crate) fn metrics(&self) -> &Metrics {
        &self.inner.metrics
    }

    pub(crate) fn awake(&self) -> &AwakeClock {
        &self.inner.awake
    }

    /// Cancelled once the server is to end.
    pub(crate) fn stopping(&self) -> &CancellationToken {
        &self.inner.stopping
    }
}

fn core_limits(config: &Config) -> Limits {
    let mut limits = Limits::default();
    limits.members_per_project = config.limits.project_members;
    limits.outbox.items = config.limits.outbox_items;
    limits.outbox.bytes = config.limits.outbox_bytes;
    limits.room.documents_per_session = config.limits.documents_per_session;
    limits.room.cursor_tick = config.timing.cursor_tick;
    limits.room.grace = config.timing.grace;
    limits
}
