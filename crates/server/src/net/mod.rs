//! Listening and serving HTTP: sockets with the right options, what connections run on, deadlines, an orderly end.

mod http;
mod listener;
mod transport;

pub(crate) use http::HttpServer;
pub use listener::{Listeners, bind};
pub(crate) use transport::Transport;
