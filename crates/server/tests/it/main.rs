//! The server as its users meet it: the real binary, real sockets, real clients.
//!
//! Every test starts a server of its own on a free port. When it ends, the server must have let go of everything
//! (sessions, tasks, connections, sockets: exactly as many as at its start) and must exit cleanly on SIGTERM.
#![expect(clippy::expect_used, reason = "helpers of tests")]

mod admin;
mod admission;
mod auth;
mod bad_input;
mod baseline;
mod collaboration;
mod command_line;
mod compact;
mod confined;
mod crowd;
mod documents;
mod faults;
mod graphql;
mod health;
mod heartbeat;
mod hostile;
mod intake;
mod interface;
mod limits;
mod order;
mod page;
mod reconnect;
mod shutdown;
mod slow;
mod support;
mod tabs;
mod telemetry;
mod tls;
mod upgrade;
