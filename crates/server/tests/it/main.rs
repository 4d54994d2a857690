//! The server as its users meet it: the real binary, real sockets, real clients.
//!
//! Every test starts a server of its own on a free port. When it ends, the server must have let go of everything
//! (sessions, tasks, connections, sockets: exactly as many as at its start) and must exit cleanly on SIGTERM.

mod baseline;
mod collaboration;
mod heartbeat;
mod reconnect;
mod shutdown;
mod slow;
mod support;
mod tabs;
