//! Why content could not be changed or shown.

use crate::wire::WireError;

/// Why an update was not taken in. Nothing of it was, unless it is [`ApplyError::Broken`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApplyError {
    /// It is malformed or breaks a bound.
    #[error(transparent)]
    Refused(#[from] WireError),
    /// It builds on content that is not here. The client has that content: ask for all it has.
    #[error("the update builds on content that is not here")]
    Missing,
    /// The library failed in the middle, or took too long. This content must not be used again.
    #[error("the library failed")]
    Broken,
}

/// Why a stored document could not be loaded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LoadError {
    /// Its snapshot cannot be read.
    #[error("the snapshot cannot be read: {0}")]
    Snapshot(#[source] ApplyError),
    /// The library failed.
    #[error("the library failed")]
    Broken,
}

/// Why content could not be shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExportError {
    /// It is nested more deeply than the limit.
    #[error("content: is nested more than {limit} deep")]
    TooDeep {
        /// How deep it may be.
        limit: usize,
    },
    /// The library failed.
    #[error("the library failed")]
    Broken,
}

/// Why a document could not be turned back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RevertError {
    /// The current state cannot be read.
    #[error("the current state cannot be read: {0}")]
    Current(#[source] ApplyError),
    /// The version cannot be read.
    #[error("the version cannot be read: {0}")]
    Version(#[source] ApplyError),
    /// What is restored does not fit.
    #[error(transparent)]
    Refused(#[from] WireError),
    /// The library failed.
    #[error("the library failed")]
    Broken,
}

/// Why JSON could not become content.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// The JSON is not an object of named roots.
    #[error("content: must be an object whose members are strings, objects and arrays")]
    NotRoots,
    /// The current state cannot be read.
    #[error("the current state cannot be read: {0}")]
    Current(#[source] ApplyError),
    /// It does not fit.
    #[error(transparent)]
    Refused(#[from] WireError),
    /// The library failed.
    #[error("the library failed")]
    Broken,
}
