//! The server as a whole: what its handlers share, how it starts and how it ends.

use std::sync::Arc;
use std::time::Duration;

use collabd_core::{CollaborationCoordinator, CoordinatorHandle, Limits, Metrics as CoreMetrics, Tasks};
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::awake::AwakeClock;
use crate::config::Config;
use crate::connection::UpgradeError;
use crate::health::Canary;
use crate::metrics::Metrics;
use crate::net::{HttpServer, Listeners};
use crate::permits::{ConnectionPermit, ConnectionPermits};
use crate::router;
use crate::store::{Store, StoreError};

/// How long after the drain and the last close deadline tasks may take to end.
const LAST_TASKS: Duration = Duration::from_millis(400);

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

    /// Serves until `shutdown` is cancelled, then ends in order (D1): no more accepts, every client told, every
    /// task awaited. Takes at most the drain, the close deadline and half a second.
    pub async fn serve(self, listeners: Listeners, shutdown: CancellationToken) {
        // Ends the listeners, and whatever only ever runs: it waits for no one, so it ends first.
        let background = CancellationToken::new();
        self.spawn_background(&background);
        let server = HttpServer {
            router: router::public(&self),
            tasks: self.tasks().clone(),
            header_timeout: self.config().timing.header_timeout,
            stop: self.stopping().clone(),
        };
        self.tasks().spawn(server.clone().run(listeners.public));
        if let Some(admin) = listeners.admin {
            // Health stays readable during the drain.
            let stop = background.clone();
            self.tasks().spawn(HttpServer { router: router::admin(&self), stop, ..server }.run(admin));
        }
        shutdown.cancelled().await;
        self.shut_down(&background).await;
    }

    fn spawn_background(&self, stop: &CancellationToken) {
        let (app, stop) = (self.clone(), stop.clone());
        self.tasks().spawn(async move {
            tokio::select! {
                () = app.awake().watch() => {}
                () = stop.cancelled() => {}
            }
        });
    }

    async fn shut_down(&self, background: &CancellationToken) {
        let timing = &self.config().timing;
        let deadline = Instant::now() + timing.drain + timing.close_timeout + LAST_TASKS;
        info!(connections = self.connections(), drain = ?timing.drain, "shutting down");
        self.stopping().cancel();
        let ending = async {
            self.coordinator().shut_down(timing.drain).await;
            background.cancel();
            self.tasks().finished().await;
        };
        if timeout_at(deadline, ending).await.is_err() {
            background.cancel();
            warn!(tasks = self.tasks().count(), "tasks left at the shutdown deadline");
        }
        self.store().close().await;
        info!("stopped");
    }

    /// A place for one more WebSocket.
    pub(crate) fn admit(&self) -> Result<ConnectionPermit, UpgradeError> {
        if self.stopping().is_cancelled() {
            return Err(UpgradeError::Stopping);
        }
        let permits = &self.inner.permits;
        let permit = permits.take().ok_or(UpgradeError::Full { limit: permits.limit() })?;
        self.metrics().connection_opened();
        Ok(permit)
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
