//! What every handler of one server shares, and how it is put together.

use std::sync::Arc;

use collabd_core::recorder::ServerEvent;
use collabd_core::{
    CollaborationCoordinator, CoordinatorHandle, FlightRecorder, Limits, Metrics as CoreMetrics, Outboxes,
    Tasks,
};
use collabd_documents::limits::{AwarenessLimits, ContentLimits};
use collabd_documents::{
    DocumentRegistry, DocumentsHandle, Limits as DocumentLimits, Metrics as DocumentMetrics,
};
use collabd_protocol::{ProjectId, UserId};
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::admission::{Admission, Client, ConnectionPermit, LimitHits, Refusal};
use crate::auth::{AuthError, Authority, Identity, Members, Proven, SetupError, Tickets};
use crate::awake::AwakeClock;
use crate::canary::Canary;
use crate::config::{Config, LimitConfig};
use crate::health::Gate;
use crate::live::LiveConnections;
use crate::memory::Memory;
use crate::metrics::Metrics;
use crate::net::{Tls, TlsError, connection_limit};
use crate::store::{Store, StoreError};
use crate::watchdog::Life;

/// No clock that is right has shown less since this was written: 2025-01-01, in seconds since 1970.
const LEAST_CLOCK: i64 = 1_735_689_600;

/// Why a server does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Tokens cannot be verified.
    #[error("cannot verify tokens")]
    Auth(#[from] SetupError),
    /// There is no certificate to show.
    #[error("cannot use TLS")]
    Tls(#[from] TlsError),
    /// Runs of projects are numbered by the clock, each later than all before, and tokens end by it.
    #[error("the clock of this machine says {0}, which is long ago: set it first")]
    Clock(Timestamp),
    /// The database cannot be opened or migrated.
    #[error("cannot open the store")]
    Store(#[from] StoreError),
}

/// One server. Clones are the same one.
#[derive(Debug, Clone)]
pub struct App {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    config: Config,
    tls: Option<Tls>,
    authority: Authority,
    tickets: Tickets,
    members: Members,
    live: Arc<LiveConnections>,
    limits: Limits,
    store: Store,
    coordinator: CoordinatorHandle,
    recorder: FlightRecorder,
    document_limits: DocumentLimits,
    documents: DocumentsHandle,
    canary: Canary,
    tasks: Tasks,
    metrics: Metrics,
    admission: Admission,
    awake: AwakeClock,
    life: Life,
    gate: Gate,
    memory: Memory,
    outboxes: Outboxes,
    stopping: CancellationToken,
}

impl App {
    /// Reads the keys, opens the store and starts the coordinator. Nothing listens yet.
    ///
    /// # Errors
    /// [`StartError`] when a key is missing or unsafe, or the database cannot be opened or migrated.
    pub async fn start(config: Config) -> Result<Self, StartError> {
        check_clock(Timestamp::now())?;
        let authority = Authority::new(&config.auth)?;
        let tls = Tls::new(&config.tls)?;
        let store = Store::open(&config.store).await?;
        let limits = core_limits(&config);
        let core_metrics = CoreMetrics::default();
        let recorder = FlightRecorder::default();
        recorder.server(ServerEvent::Started);
        let tasks = Tasks::new();
        let coordinator =
            CollaborationCoordinator::spawn(limits.clone(), core_metrics.clone(), recorder.clone(), &tasks);
        let document_limits = document_limits(&config);
        let document_metrics = DocumentMetrics::new(core_metrics.panics().clone());
        let documents = DocumentRegistry::spawn(
            document_limits.clone(),
            document_metrics.clone(),
            recorder.clone(),
            Arc::new(store.clone()),
            &tasks,
        );
        let metrics = Metrics::new(&core_metrics, &document_metrics);
        let hits = LimitHits::new(metrics.clone());
        let inner = Inner {
            canary: Canary::new(coordinator.clone(), limits.outbox),
            metrics,
            admission: Admission::new(fitting(&config.limits), authority.is_open(), hits),
            awake: AwakeClock::new(),
            life: Life::default(),
            gate: Gate::default(),
            memory: Memory::new(config.limits.memory_limit),
            outboxes: Outboxes::default(),
            stopping: CancellationToken::new(),
            config,
            tls,
            authority,
            tickets: Tickets::default(),
            members: Members::new(store.clone()),
            live: Arc::default(),
            limits,
            store,
            coordinator,
            recorder,
            document_limits,
            documents,
            tasks,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// A place for one more WebSocket of `client`, who is `user` if that was verified.
    ///
    /// # Errors
    /// [`Refusal`] with the limit that is reached.
    pub(crate) fn admit(&self, client: Client, user: Option<&UserId>) -> Result<ConnectionPermit, Refusal> {
        let permit = self.inner.admission.admit(client, user)?;
        self.metrics().connection_opened();
        Ok(permit)
    }

    /// Who may come in, and how much they may ask for.
    pub(crate) fn admission(&self) -> &Admission {
        &self.inner.admission
    }

    /// WebSockets open now.
    pub(crate) fn connections(&self) -> usize {
        self.inner.admission.connections()
    }

    pub(crate) fn config(&self) -> &Config {
        &self.inner.config
    }

    /// The certificate that clients are shown, if they come with TLS.
    pub(crate) fn tls(&self) -> Option<&Tls> {
        self.inner.tls.as_ref()
    }

    /// Who decides who somebody is.
    pub(crate) fn authority(&self) -> &Authority {
        &self.inner.authority
    }

    /// The tickets that wait to be used.
    pub(crate) fn tickets(&self) -> &Tickets {
        &self.inner.tickets
    }

    /// What owners of projects have decided about people.
    pub(crate) fn members(&self) -> &Members {
        &self.inner.members
    }

    /// Who is connected.
    pub(crate) fn live(&self) -> &Arc<LiveConnections> {
        &self.inner.live
    }

    /// Whom `proof`, a token or a ticket, shows its holder to be in `project`.
    ///
    /// # Errors
    /// As [`Authority::verify`] and [`Tickets::redeem`].
    pub(crate) async fn prove(&self, proof: &str, project: ProjectId) -> Result<Proven, AuthError> {
        if Tickets::is_ticket(proof) {
            return self.tickets().redeem(proof, project);
        }
        Ok(self.authority().verify(proof).await?.in_project(project))
    }

    /// Who the holder of `proof` is in `project`, for one answer. A connection that lasts needs
    /// [`Rights`](crate::live::Rights) instead.
    ///
    /// # Errors
    /// As [`prove`](Self::prove) and [`Members::admit`].
    pub(crate) async fn identify(&self, proof: &str, project: ProjectId) -> Result<Identity, AuthError> {
        self.members().admit(project, self.prove(proof, project).await?).await
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

    /// What happened last.
    pub(crate) fn recorder(&self) -> &FlightRecorder {
        &self.inner.recorder
    }

    pub(crate) fn document_limits(&self) -> &DocumentLimits {
        &self.inner.document_limits
    }

    pub(crate) fn documents(&self) -> &DocumentsHandle {
        &self.inner.documents
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

    /// How much memory there is.
    pub(crate) fn memory(&self) -> &Memory {
        &self.inner.memory
    }

    /// What waits for every client.
    pub(crate) fn outboxes(&self) -> &Outboxes {
        &self.inner.outboxes
    }

    /// Whether new sockets are let in.
    pub(crate) fn gate(&self) -> &Gate {
        &self.inner.gate
    }

    /// Whether everything goes on.
    pub(crate) fn life(&self) -> &Life {
        &self.inner.life
    }

    /// Cancelled once the server is to end.
    pub(crate) fn stopping(&self) -> &CancellationToken {
        &self.inner.stopping
    }
}

/// The limits with no more connections than there are descriptors for: otherwise the last ones would take those that the
/// database and operators need.
fn fitting(limits: &LimitConfig) -> LimitConfig {
    let max_connections = connection_limit(limits.max_connections);
    if max_connections < limits.max_connections {
        warn!(
            max_connections = limits.max_connections,
            fitting = max_connections,
            "too few file descriptors"
        );
    }
    LimitConfig { max_connections, ..limits.clone() }
}

/// A clock that was never set shows 1970, or whenever the machine was built.
fn check_clock(now: Timestamp) -> Result<(), StartError> {
    if now.as_second() < LEAST_CLOCK { Err(StartError::Clock(now)) } else { Ok(()) }
}

fn document_limits(config: &Config) -> DocumentLimits {
    let defaults = DocumentLimits::default();
    let reply_bytes = config.documents.reply_bytes();
    DocumentLimits {
        open_documents: config.documents.max_open_documents,
        clients_per_document: config.limits.project_members,
        content: ContentLimits {
            update_bytes: config.documents.max_update_bytes,
            reply_bytes,
            document_bytes: config.documents.max_document_bytes,
            ..defaults.content
        },
        awareness: AwarenessLimits {
            grace: config.timing.grace,
            document_bytes: config.limits.outbox_bytes / 2,
            ..defaults.awareness
        },
        unsaved_bytes: defaults.unsaved_bytes.max(2 * reply_bytes),
        idle: config.documents.document_idle,
        ..defaults
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

#[cfg(test)]
mod tests {
    use super::*;

    /// O8
    #[test]
    fn a_clock_that_was_never_set_is_refused() {
        let never_set = check_clock(Timestamp::UNIX_EPOCH).unwrap_err();
        assert_eq!(
            never_set.to_string(),
            "the clock of this machine says 1970-01-01T00:00:00Z, which is long ago: set it first"
        );
        check_clock(Timestamp::now()).unwrap();
    }
}
