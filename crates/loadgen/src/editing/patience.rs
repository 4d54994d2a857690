//! Waiting for what comes by itself.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::EditingError;

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(50);

/// Looks again and again until there is something, at most for `patience`.
///
/// # Errors
/// [`EditingError::TimedOut`], naming `what`.
pub(crate) async fn eventually<T>(
    what: &'static str,
    patience: Duration,
    mut look: impl AsyncFnMut() -> Option<T>,
) -> Result<T, EditingError> {
    let deadline = Instant::now() + patience;
    loop {
        if let Some(found) = look().await {
            return Ok(found);
        }
        if Instant::now() >= deadline {
            return Err(EditingError::TimedOut { what, waited: patience });
        }
        sleep(PAUSE).await;
    }
}
