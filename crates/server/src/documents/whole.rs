//! Documents as wholes: shown, kept as versions, restored, brought in and taken out.

use bytes::Bytes;
use collabd_documents::content::{self, Content, ExportError, ImportError as ContentError, RevertError};
use collabd_documents::limits::ContentLimits;
use collabd_documents::store::{Snapshot, Stored};
use collabd_documents::{DocumentError, DocumentKey, Exported, ImportError};
use collabd_protocol::{DocumentType, LimitHit};
use serde_json::Value;
use tokio::task::spawn_blocking;
use tracing::error;

use crate::app::App;
use crate::store::{NewVersion, StoreError, Version, VersionId};

/// Why a document was not shown or changed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WholeError {
    /// It did not do what it was asked.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// The store did not.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no such version.
    #[error("there is no such version")]
    NoVersion,
    /// What is to come in breaks a bound or builds on something that is not there.
    #[error("{0}")]
    Refused(String),
    /// It holds something that has no such form.
    #[error("{0}")]
    Unshowable(String),
    /// A fault of the server; its log says more.
    #[error("internal error")]
    Internal,
}

impl WholeError {
    /// The limit that stands in the way.
    pub(crate) fn limit(&self) -> Option<LimitHit> {
        match self {
            Self::Document(DocumentError::Full(hit)) => Some(*hit),
            _ => None,
        }
    }
}

impl From<ImportError> for WholeError {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::Document(error) => Self::Document(error),
            error => Self::Refused(error.to_string()),
        }
    }
}

impl From<ExportError> for WholeError {
    fn from(error: ExportError) -> Self {
        Self::Unshowable(error.to_string())
    }
}

impl From<ContentError> for WholeError {
    fn from(error: ContentError) -> Self {
        Self::Refused(error.to_string())
    }
}

impl From<RevertError> for WholeError {
    fn from(error: RevertError) -> Self {
        Self::Refused(error.to_string())
    }
}

/// One document, listed or about to be.
#[derive(Debug, Clone)]
pub(crate) struct Whole {
    app: App,
    key: DocumentKey,
    document_type: DocumentType,
}

impl Whole {
    pub(crate) fn new(app: &App, key: DocumentKey, document_type: DocumentType) -> Self {
        Self { app: app.clone(), key, document_type }
    }

    /// Its state now, what is not stored yet included.
    pub(crate) async fn state(&self) -> Result<Bytes, WholeError> {
        Ok(self.export().await?.state)
    }

    async fn export(&self) -> Result<Exported, WholeError> {
        Ok(self.app.documents().export(&self.key, self.document_type).await?)
    }

    /// Adds a Yjs update and returns once it is on disk.
    pub(crate) async fn import(&self, update: Bytes) -> Result<(), WholeError> {
        Ok(self.app.documents().import(&self.key, self.document_type, update).await?)
    }

    /// Puts JSON in the place of the roots that it names.
    pub(crate) async fn import_json(&self, json: Value) -> Result<(), WholeError> {
        let (current, limits) = (self.state().await?, self.limits());
        let update = self.at_length(move || content::from_json(&json, Some(&current), limits)).await?;
        self.import(update).await
    }

    /// Keeps its state as a version.
    pub(crate) async fn keep(&self, name: Option<String>) -> Result<Version, WholeError> {
        self.keep_as(name, self.export().await?).await
    }

    async fn keep_as(&self, name: Option<String>, exported: Exported) -> Result<Version, WholeError> {
        let Exported { state, through } = exported;
        let new = NewVersion { key: self.key.clone(), name, snapshot: Snapshot { through, state } };
        Ok(self.app.store().create_version(new).await?)
    }

    /// Changes the document such that it shows what a version shows. What came after it stays in the history.
    pub(crate) async fn restore(&self, version: VersionId) -> Result<(), WholeError> {
        let stored = self.app.store().version(&self.key, version).await?;
        let (_, version) = stored.ok_or(WholeError::NoVersion)?;
        // What is there now is kept first, should somebody want it back.
        let exported = self.export().await?;
        let (current, limits) = (exported.state.clone(), self.limits());
        self.keep_as(None, exported).await?;
        match self.at_length(move || content::revert(&current, &version, limits)).await? {
            Some(update) => self.import(update).await,
            None => Ok(()),
        }
    }

    /// A state as text.
    pub(crate) async fn text(&self, state: Bytes) -> Result<String, WholeError> {
        let content = self.read(state).await?;
        self.at_length(move || content.to_text()).await
    }

    /// A state as JSON.
    pub(crate) async fn json(&self, state: Bytes) -> Result<Value, WholeError> {
        let content = self.read(state).await?;
        self.at_length(move || content.to_json()).await
    }

    async fn read(&self, state: Bytes) -> Result<Content, WholeError> {
        let limits = self.limits();
        let stored = Stored { snapshot: Some(Snapshot { through: 0, state }), ..Stored::default() };
        let loaded = self.at_length(move || {
            Content::load(&stored, limits).map_err(|error| {
                error!(%error, "stored state cannot be read");
                WholeError::Internal
            })
        });
        Ok(loaded.await?.0)
    }

    fn limits(&self) -> ContentLimits {
        self.app.document_limits().content
    }

    /// Runs work that takes as long as the document is large, on a thread that nobody else waits for.
    async fn at_length<T: Send + 'static, E: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, E> + Send + 'static,
    ) -> Result<T, WholeError>
    where
        WholeError: From<E>,
    {
        let token = self.app.tasks().token();
        let done = spawn_blocking(move || {
            let done = work();
            drop(token);
            done
        });
        match done.await {
            Ok(done) => Ok(done?),
            Err(failed) => {
                error!(document = %self.key, error = %failed, "work on a document panicked");
                Err(WholeError::Internal)
            }
        }
    }
}
