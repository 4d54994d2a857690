//! What every test needs: a server, its state, members.

mod member;
mod server;
mod state;

pub(crate) use member::{canvas_at, cursor_in, join_request, member, member_in, switch_to};
pub(crate) use server::TestServer;
pub(crate) use state::{ServerState, eventually};
