//! A panic of one connection ends that connection alone, in order, with a code.

use std::panic::AssertUnwindSafe;

use collabd_protocol::CloseCode;
use futures_util::FutureExt as _;
use tracing::error;

use crate::app::App;

/// Does a connection's work; a panic in it is [`CloseCode::Internal`], so that what follows every other end follows this
/// one, too. The panic hook has told where it was.
///
/// Not an `async fn`, which would have room for the work twice: as it came, and as it goes on.
pub(crate) fn contained<T, W>(app: &App, work: W) -> impl Future<Output = Result<T, CloseCode>> + use<T, W>
where
    W: Future<Output = T>,
{
    let app = app.clone();
    AssertUnwindSafe(work).catch_unwind().map(move |done| {
        done.map_err(|_| {
            app.metrics().panics().count("connection");
            error!("connection panicked");
            CloseCode::Internal
        })
    })
}
