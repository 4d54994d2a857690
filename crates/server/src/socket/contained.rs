//! A panic of one connection ends that connection alone, in order, with a code.

use std::panic::AssertUnwindSafe;

use collabd_protocol::CloseCode;
use futures_util::FutureExt as _;
use tracing::error;

use crate::app::App;

/// Does a connection's work; a panic in it is [`CloseCode::Internal`], so that what follows every other end follows this
/// one, too. The panic hook has told where it was.
pub(crate) async fn contained<T>(app: &App, work: impl Future<Output = T>) -> Result<T, CloseCode> {
    AssertUnwindSafe(work).catch_unwind().await.map_err(|_| {
        app.metrics().panics().count("connection");
        error!("connection panicked");
        CloseCode::Internal
    })
}
