//! The way to the open documents.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use collabd_core::Goodbye;
use collabd_core::ask::{AskError, ask};
use collabd_core::progress::{Progress, Pulse};
use collabd_core::roster::{Directory, Listed as _};
use collabd_protocol::{DocumentType, ProjectId};
use tokio::sync::{mpsc, oneshot};

use super::actor::Command;
use crate::DocumentKey;
use crate::document::{
    DocumentError, DocumentHandle, End, Exported, ImportError, SubscribeRequest, Subscription,
};

/// Reaches the registry and the documents. Clones reach the same ones.
#[derive(Debug, Clone)]
pub struct DocumentsHandle {
    pub(super) inbox: mpsc::Sender<Command>,
    pub(super) directory: Directory<DocumentHandle>,
    pub(super) open_patience: Duration,
    pub(super) progress: Arc<Progress>,
}

impl DocumentsHandle {
    /// How often an open is repeated when the document ends between open and use.
    const OPEN_ATTEMPTS: usize = 4;

    /// Opens a document: starts its actor unless one runs. `document_type` is what an unlisted document becomes with
    /// its first update.
    ///
    /// # Errors
    /// [`DocumentError`]; `Closed` means that the server is shutting down.
    pub async fn open(
        &self,
        key: &DocumentKey,
        document_type: DocumentType,
    ) -> Result<DocumentHandle, DocumentError> {
        let command = |reply| Command::Open { key: key.clone(), document_type, reply };
        match ask(&self.inbox, self.open_patience, command).await {
            Ok(opened) => opened,
            Err(AskError::Closed) => Err(DocumentError::Closed),
            Err(AskError::Overloaded) => Err(DocumentError::Overloaded),
        }
    }

    /// Opens a document and subscribes to it, again if it ends in between.
    ///
    /// # Errors
    /// As [`DocumentsHandle::open`].
    pub async fn subscribe(
        &self,
        key: &DocumentKey,
        document_type: DocumentType,
        request: SubscribeRequest,
    ) -> Result<Subscription, DocumentError> {
        for _ in 0..Self::OPEN_ATTEMPTS {
            let document = self.open(key, document_type).await?;
            match document.subscribe(request.clone()).await {
                Err(DocumentError::Closed) => {}
                subscribed => return subscribed,
            }
        }
        Err(DocumentError::Overloaded)
    }

    /// Opens a document and reads its whole state, again if it ends in between.
    ///
    /// # Errors
    /// As [`DocumentsHandle::open`].
    pub async fn export(
        &self,
        key: &DocumentKey,
        document_type: DocumentType,
    ) -> Result<Exported, DocumentError> {
        for _ in 0..Self::OPEN_ATTEMPTS {
            let document = self.open(key, document_type).await?;
            match document.export().await {
                Err(DocumentError::Closed) => {}
                exported => return exported,
            }
        }
        Err(DocumentError::Overloaded)
    }

    /// Opens a document and adds an update to it; returns once it is on disk.
    ///
    /// # Errors
    /// [`ImportError`].
    pub async fn import(
        &self,
        key: &DocumentKey,
        document_type: DocumentType,
        update: Bytes,
    ) -> Result<(), ImportError> {
        self.open(key, document_type).await?.import(update).await
    }

    /// The pulses of the registry and of the documents that have something to do.
    pub fn pulses(&self) -> Vec<Pulse> {
        let waiting = self.inbox.max_capacity() - self.inbox.capacity();
        let own = self.progress.pulse("documents", waiting, String::new);
        let documents = self.directory.list();
        documents.iter().filter_map(DocumentHandle::pulse).chain(own).collect()
    }

    /// Closes a document that has been deleted, if it is open. Does not wait for its clients to be gone.
    pub fn close(&self, key: &DocumentKey, goodbye: Goodbye) {
        if let Some(document) = self.directory.get(key) {
            document.end(End::Now(goodbye));
        }
    }

    /// Closes every open document of a project that has been deleted.
    pub fn close_project(&self, project: ProjectId, goodbye: Goodbye) {
        let documents = self.directory.list();
        let of_project = documents.iter().filter(|document| document.key().project == project);
        of_project.for_each(|document| document.end(End::Now(goodbye)));
    }

    /// Stores what is not stored, ends every document and waits until all of them have ended. From then on every
    /// command fails. Repeated calls wait for the same end.
    pub async fn shut_down(&self) {
        let (done, ended) = oneshot::channel();
        // Room in the inbox is made by the registry alone, which waits on nobody, so this wait is short.
        if let Ok(permit) = self.inbox.reserve().await {
            permit.send(Command::ShutDown { done });
            // An error means that the registry has ended already.
            let _ = ended.await;
        }
    }
}
