//! The collaboration core: who is in which project, where their cursors are, and who has to hear of it.
//!
//! It knows tokio, but no HTTP, no SQL and no JSON. A server opens a project through the
//! [`CoordinatorHandle`], joins it with an [`outbox`] and holds the [`Session`] it gets:
//!
//! ```text
//! connection --open--> coordinator         (one actor: project id -> handle)
//! connection --join--> project actor       (one per project, a loop around a pure Room)
//! project actor --push--> outbox           (never waits; overflow is a returned value)
//! outbox --next--> connection --> socket
//! ```
//!
//! Waiting goes one way: a connection may wait on its project, bounded; a project waits on nobody and nobody
//! waits on a client. So no cycle of waiting can exist. Start reading at [`room`], then [`project`].

pub mod ask;
pub mod clock;
pub mod coordinator;
pub mod fanout;
pub mod faults;
pub mod limits;
pub mod metrics;
pub mod outbox;
pub mod progress;
pub mod project;
pub mod quarantine;
pub mod recorder;
pub mod room;
pub mod roster;
mod sessions;
#[cfg(test)]
mod simulation;
pub mod tasks;
#[cfg(test)]
mod testing;

pub use coordinator::{CollaborationCoordinator, CoordinatorHandle, OpenError};
pub use limits::Limits;
pub use metrics::{Metrics, Panics};
pub use outbox::{Goodbye, Outbox, OutboxReader, Outboxes};
pub use project::{JoinError, JoinRequest, Observer, ProjectError, ProjectHandle, ProjectReport, Session};
pub use recorder::FlightRecorder;
pub use room::Profile;
pub use tasks::Tasks;
