//! Shared documents as clients reach them: over a socket of their own, as y-websocket opens it, or over a collaboration
//! socket that carries several; and whole, over plain HTTP. The content itself is `collabd-documents`' business.

mod channel;
mod channels;
mod connection;
mod endpoint;
mod entrant;
mod inbound;
mod place;
mod transfer;
mod whole;

pub(crate) use channels::{Channels, Speaker};
#[cfg(any(test, fuzzing))]
pub(crate) use endpoint::is_query_taken;
pub(crate) use endpoint::open;
pub(crate) use transfer::{export, import};
pub(crate) use whole::{Whole, WholeError};

use crate::app::App;

/// Bytes around the largest message: the document's id, its kind and lengths.
const FRAMING: usize = 1024;

/// Bytes of the largest frame that a client may send.
pub(crate) fn largest_frame(app: &App) -> usize {
    app.document_limits().content.reply_bytes + FRAMING
}
