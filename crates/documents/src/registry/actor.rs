//! The registry's loop: opens documents, notices their ends, shuts them down. It waits on nobody.

use std::collections::HashMap;
use std::sync::Arc;

use collabd_core::progress::Progress;
use collabd_core::quarantine::Quarantine;
use collabd_core::recorder::{ProjectEvent, ServerEvent};
use collabd_core::roster::{Directory, Listed as _, Roster};
use collabd_core::{FlightRecorder, Tasks};
use collabd_protocol::{DocumentType, LimitHit, LimitName};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinError;
use tokio::time::Instant;
use tracing::error;

use super::handle::DocumentsHandle;
use crate::DocumentKey;
use crate::compactor::{Compactor, CompactorHandle};
use crate::document::{DocumentActor, DocumentError, DocumentHandle, End, Spec};
use crate::journal::{Journal, JournalHandle};
use crate::limits::Limits;
use crate::metrics::Metrics;
use crate::store::DocumentStore;

/// Commands that wait for the registry; more are refused as overloaded.
const INBOX: usize = 4096;

type Opened = oneshot::Sender<Result<DocumentHandle, DocumentError>>;

/// A command in the registry's inbox.
#[derive(Debug)]
pub(super) enum Command {
    Open { key: DocumentKey, document_type: DocumentType, reply: Opened },
    ShutDown { done: oneshot::Sender<()> },
}

/// Owns every document actor.
#[derive(Debug)]
pub struct DocumentRegistry {
    inbox: mpsc::Receiver<Command>,
    documents: Roster<DocumentHandle>,
    directory: Directory<DocumentHandle>,
    quarantine: Quarantine<DocumentKey>,
    progress: Arc<Progress>,
    /// Those who opened a document whose last run is ending: the next begins when everything of that is stored.
    successors: HashMap<DocumentKey, Vec<(DocumentType, Opened)>>,
    limits: Limits,
    metrics: Metrics,
    recorder: FlightRecorder,
    store: Arc<dyn DocumentStore>,
    journal: JournalHandle,
    compactor: CompactorHandle,
    shutdown: Vec<oneshot::Sender<()>>,
    is_shutting_down: bool,
}

impl DocumentRegistry {
    /// Starts a registry, with the tasks that store and compact, as tasks of `tasks`.
    pub fn spawn(
        limits: Limits,
        metrics: Metrics,
        recorder: FlightRecorder,
        store: Arc<dyn DocumentStore>,
        tasks: &Tasks,
    ) -> DocumentsHandle {
        let (inbox_tx, inbox) = mpsc::channel(INBOX);
        let places = limits.open_documents;
        let (writing, journal) = Journal::new(Arc::clone(&store), places, metrics.clone());
        let (compacting, compactor) =
            Compactor::new(Arc::clone(&store), places, limits.content, metrics.clone());
        let documents = Roster::new(tasks);
        let directory = documents.directory();
        let progress = Arc::<Progress>::default();
        let handle = DocumentsHandle {
            inbox: inbox_tx,
            directory: directory.clone(),
            open_patience: limits.open_patience,
            progress: Arc::clone(&progress),
        };
        let registry = Self {
            inbox,
            documents,
            directory,
            quarantine: Quarantine::default(),
            progress,
            successors: HashMap::new(),
            limits,
            metrics,
            recorder,
            store,
            journal,
            compactor,
            shutdown: Vec::new(),
            is_shutting_down: false,
        };
        tasks.spawn_vital("journal", writing.run());
        tasks.spawn_vital("compactor", compacting.run());
        tasks.spawn_vital("documents", registry.run());
        handle
    }

    async fn run(mut self) {
        let mut has_handles = true;
        while !(self.is_shutting_down && self.documents.is_empty()) {
            tokio::select! {
                biased;
                (handle, ended) = self.documents.ended() => self.reap(&handle, &ended),
                command = self.inbox.recv(), if has_handles => if let Some(command) = command {
                    self.handle(command);
                } else {
                    // A closed inbox answers at once and for ever, so it is not asked again.
                    has_handles = false;
                    self.begin_shutdown();
                },
            }
            self.progress.rest();
        }
        // Closed before the answers, so that whoever hears them can open nothing any more.
        self.inbox.close();
        for done in self.shutdown.drain(..) {
            // Whoever stopped waiting needs no answer.
            let _ = done.send(());
        }
    }

    fn handle(&mut self, command: Command) {
        self.progress.begin("open");
        match command {
            Command::Open { reply, .. } if reply.is_closed() => {}
            Command::Open { reply, .. } if self.is_shutting_down => answer(reply, Err(DocumentError::Closed)),
            Command::Open { key, document_type, reply } => match self.directory.get(&key) {
                Some(handle) if handle.is_closed() => {
                    self.successors.entry(key).or_default().push((document_type, reply));
                }
                Some(handle) => answer(reply, Ok(handle)),
                None => {
                    let opened = self.open(key, document_type);
                    answer(reply, opened);
                }
            },
            Command::ShutDown { done } => {
                self.shutdown.push(done);
                self.begin_shutdown();
            }
        }
    }

    fn open(
        &mut self,
        key: DocumentKey,
        document_type: DocumentType,
    ) -> Result<DocumentHandle, DocumentError> {
        if let Some(retry_after) = self.quarantine.closed_for(&key, Instant::now()) {
            return Err(DocumentError::Quarantined { retry_after });
        }
        let limit = self.limits.open_documents;
        if self.documents.len() >= limit {
            return Err(DocumentError::Full(LimitHit::full(LimitName::MaxOpenDocuments, limit)));
        }
        let incarnation = self.documents.next_incarnation();
        let (project, document) = (key.project, key.document.clone());
        let (actor, handle) = DocumentActor::new(Spec {
            key,
            document_type,
            incarnation,
            limits: self.limits.clone(),
            metrics: self.metrics.clone(),
            store: Arc::clone(&self.store),
            journal: self.journal.clone(),
            compactor: self.compactor.clone(),
        });
        self.metrics.opened();
        self.documents.start(handle.clone(), actor.run());
        self.recorder.project(project, ProjectEvent::DocumentOpened(document));
        Ok(handle)
    }

    fn reap(&mut self, handle: &DocumentHandle, ended: &Result<(), JoinError>) {
        self.progress.begin("reap");
        self.metrics.closed();
        let key = handle.key();
        let (project, document) = (key.project, key.document.clone());
        match ended {
            Ok(()) => self.recorder.project(project, ProjectEvent::DocumentClosed(document)),
            Err(failed) => {
                self.metrics.panicked("document");
                self.recorder.project(project, ProjectEvent::DocumentRestarted(document.clone()));
                self.recorder.server(ServerEvent::Panicked { project, document: Some(document) });
                error!(document = %key, error = %failed, "document actor panicked");
                self.recorder.log(Some(project));
                if self.quarantine.note(&key, Instant::now()) {
                    error!(document = %key, "document panicked again and again, closed for a minute");
                }
            }
        }
        for (document_type, reply) in self.successors.remove(&key).unwrap_or_default() {
            self.handle(Command::Open { key: key.clone(), document_type, reply });
        }
    }

    fn begin_shutdown(&mut self) {
        if !self.is_shutting_down {
            self.is_shutting_down = true;
            self.documents.handles().for_each(|document| document.end(End::Saved));
        }
    }
}

fn answer(reply: Opened, opened: Result<DocumentHandle, DocumentError>) {
    // Whoever stopped waiting needs no answer.
    let _ = reply.send(opened);
}
