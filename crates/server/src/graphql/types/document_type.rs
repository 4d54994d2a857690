//! Kinds of documents and of presence.

use async_graphql::Enum;

/// The kind of a document, which decides the shape of positions in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "collabd_protocol::DocumentType")]
pub(in crate::graphql) enum DocumentType {
    /// A plane with nodes.
    Canvas,
    /// Rows and columns.
    Spreadsheet,
    /// A scene in space.
    ThreeD,
    /// Tracks over time.
    Timeline,
    /// Lines of text.
    CodeEditor,
}
