//! The body of a request, which has to come in time: a deadline between two parts alone would let a byte now and then
//! hold a connection for days.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::extract::Request;
use axum::{BoxError, Error};
use bytes::{Buf as _, Bytes};
use hyper::body::{Frame, SizeHint};
use tokio::time::{Instant, Sleep, sleep_until};

/// Time for a body ...
const TIMEOUT: Duration = Duration::from_secs(10);
/// ... and as much longer as what has come of it takes at this many bytes a second, as for messages of WebSockets.
const SLOWEST: u64 = 64 * 1024;

/// A body that did not come in time.
#[derive(Debug, thiserror::Error)]
#[error("the body took too long")]
struct Late;

/// A body with a deadline, which begins when it is first read.
struct TimelyBody {
    body: Body,
    received: u64,
    /// The beginning, and the deadline. Most bodies are there at once and need none.
    waiting: Option<(Instant, Pin<Box<Sleep>>)>,
}

/// Gives a request's body a deadline.
pub(crate) async fn timely(request: Request) -> Request {
    request.map(|body| Body::new(TimelyBody { body, received: 0, waiting: None }))
}

impl TimelyBody {
    /// Has it taken too long?
    fn poll_late(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let allowed = TIMEOUT + Duration::from_secs(self.received / SLOWEST);
        let (began, deadline) = self.waiting.get_or_insert_with(|| {
            let now = Instant::now();
            (now, Box::pin(sleep_until(now + allowed)))
        });
        if deadline.deadline() != *began + allowed {
            deadline.as_mut().reset(*began + allowed);
        }
        deadline.as_mut().poll(cx)
    }
}

impl HttpBody for TimelyBody {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        match Pin::new(&mut self.body).poll_frame(cx) {
            Poll::Ready(Some(Ok(part))) => {
                self.received += part.data_ref().map_or(0, |data| data.remaining() as u64);
                Poll::Ready(Some(Ok(part)))
            }
            Poll::Pending if self.poll_late(cx).is_ready() => {
                Poll::Ready(Some(Err(Error::new(BoxError::from(Late)))))
            }
            other => other,
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use futures_util::{StreamExt as _, stream};
    use http_body_util::BodyExt as _;
    use tokio::time::sleep;

    use super::*;

    /// A body of parts of `size` bytes, one each `pause`.
    fn parts(count: usize, size: usize, pause: Duration) -> Body {
        let parts = stream::iter(0..count).then(move |_| async move {
            sleep(pause).await;
            Ok::<_, Late>(Bytes::from(vec![0; size]))
        });
        Body::from_stream(parts.boxed())
    }

    async fn collected(body: Body) -> Result<usize, Error> {
        let body = timely(Request::new(body)).await.into_body();
        body.collect().await.map(|body| body.to_bytes().len())
    }

    /// W14
    #[tokio::test(start_paused = true)]
    async fn a_byte_now_and_then_is_not_enough() {
        let began = Instant::now();
        collected(parts(1000, 1, Duration::from_secs(1))).await.unwrap_err();
        assert_eq!(began.elapsed(), TIMEOUT);
    }

    #[tokio::test(start_paused = true)]
    async fn a_large_body_may_take_longer_and_a_small_one_a_moment() {
        let part = usize::try_from(SLOWEST).unwrap();
        assert_eq!(collected(parts(100, part, Duration::from_secs(1))).await.unwrap(), 100 * part);
        assert_eq!(collected(parts(5, 1, Duration::from_secs(1))).await.unwrap(), 5);
        assert_eq!(collected(Body::empty()).await.unwrap(), 0);
    }
}
