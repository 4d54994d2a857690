//! Listening and serving HTTP: sockets with the right options, what connections run on, deadlines, an orderly end.

mod body;
mod budget;
mod descriptors;
mod http;
mod listener;
mod tls;
mod transport;

pub(crate) use body::timely;
pub(crate) use budget::Budgets;
pub use descriptors::{connection_limit, raise_descriptor_limit};
pub(crate) use http::{HttpServer, Peer};
pub use listener::{Listeners, bind};
pub(crate) use tls::Tls;
pub use tls::{TlsError, check_tls};
pub(crate) use transport::{ByteBudget, ByteRate, Intake, IntakeFault, READ_BUFFER, Sign, Transport};
