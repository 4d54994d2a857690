//! Members' connections for the scenarios about cursors.
//!
//! A member says where it is and hears where the others are. What that looks like on the wire differs from server to
//! server; each wire is one file that turns moves into messages and messages into what was heard, without any
//! I/O. Everything above knows only [`Target`] and what comes over it.

mod awareness;
mod collabd;
mod connect;
mod error;
mod frame;
mod heard;
mod link;
mod nats;
mod place;
mod pusher;
mod relay;
mod socket;
mod socket_io;
mod spoken;
mod step;
mod tongue;

pub use error::WireError;
pub(crate) use heard::{Heard, Move, Sight};
pub use link::Target;
pub(crate) use link::{Link, Listener, Speaker};
pub(crate) use place::Place;
pub(crate) use pusher::{APPLICATION_KEY, APPLICATION_SECRET};
pub(crate) use step::LAST_STEP;
pub use tongue::Wire;
