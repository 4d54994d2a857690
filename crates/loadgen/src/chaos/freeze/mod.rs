//! The server, and then some of its clients, stand still for a while and go on.
//!
//! Time for which the server did not run is not its clients' silence: nearly all have to stay. Clients that stood still for
//! too long are sent away, and shown to nobody meanwhile; they come back by themselves and see what the others see. They are
//! a process of their own ([`hold`]), for a process cannot stop itself and look on.

mod holder;
mod stage;

pub use holder::hold;
pub use stage::{Plan, run};
