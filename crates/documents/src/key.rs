//! Which document.

use std::fmt;

use collabd_protocol::{DocumentId, ProjectId};

/// Names a document: its id is unique within its project only.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DocumentKey {
    /// The project it belongs to.
    pub project: ProjectId,
    /// Its id in that project.
    pub document: DocumentId,
}

impl fmt::Display for DocumentKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.project, self.document.as_str())
    }
}
