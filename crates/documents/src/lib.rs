//! Shared documents: the content of each is a Yjs document, owned by one actor, on the wire that editors speak.
//!
//! ```text
//! connection --open--> registry            (one actor: document -> handle)
//! connection --subscribe, update--> document actor   (one per open document, owns its content)
//! document actor --push--> outbox          (never waits; overflow closes that connection)
//! document actor --record--> journal --group commit--> store;   the outcome comes back as `saved`
//! compactor: store -> snapshot -> store    (beside the actors)
//! ```
//!
//! An update is told to the others at once and reported as saved once it is on disk. Bytes from clients are checked by
//! [`wire`] and [`content`] before the CRDT library sees them. Start reading at [`content`], then [`document`].

mod awareness;
mod compactor;
pub mod content;
pub mod document;
mod journal;
mod key;
pub mod limits;
pub mod metrics;
pub mod registry;
pub mod store;
#[cfg(test)]
mod testing;
pub mod wire;

pub use document::{
    DocumentError, DocumentHandle, Exported, Form, ImportError, SubscribeRequest, Subscription, WriteRight,
};
pub use key::DocumentKey;
pub use limits::Limits;
pub use metrics::Metrics;
pub use registry::{DocumentRegistry, DocumentsHandle};
