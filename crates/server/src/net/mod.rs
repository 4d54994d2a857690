//! Listening and serving HTTP: sockets with the right options, connections with deadlines, an orderly end.

mod http;
mod listener;

pub(crate) use http::HttpServer;
pub use listener::{Listeners, bind};
