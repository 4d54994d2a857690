//! How long a client may take for one message (4008).

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep};

use super::intake::IntakeFault;
use super::scanner::Unfinished;

/// Time is counted in slices of this length. Each counts for no more than this, so that a client is not blamed for
/// time in which the server did not look, whether it was busy or frozen (H2).
const SLICE: Duration = Duration::from_secs(1);

/// Measures the time that a message takes. There is a timer only while one is unfinished.
#[derive(Debug)]
pub(super) struct Patience {
    timeout: Duration,
    least_per_second: usize,
    waiting: Option<Waiting>,
}

#[derive(Debug)]
struct Waiting {
    /// The number of the message.
    number: u64,
    waited: Duration,
    slice: Duration,
    timer: Pin<Box<Sleep>>,
}

impl Patience {
    /// Each message has `timeout`, and as much longer as its bytes take at `least_per_second`.
    pub(super) fn new(timeout: Duration, least_per_second: usize) -> Self {
        Self { timeout, least_per_second, waiting: None }
    }

    /// Waits until what is unfinished has taken too long; for ever if nothing is.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>, unfinished: Option<Unfinished>) -> Poll<IntakeFault> {
        let Some(Unfinished { number, announced }) = unfinished else {
            self.waiting = None;
            return Poll::Pending;
        };
        let allowed = self.allowed(announced);
        let waiting = match &mut self.waiting {
            Some(waiting) if waiting.number == number => waiting,
            other => other.insert(Waiting::new(number, SLICE.min(allowed))),
        };
        loop {
            ready!(waiting.timer.as_mut().poll(cx));
            waiting.waited += waiting.slice;
            let left = allowed.saturating_sub(waiting.waited);
            if left.is_zero() {
                return Poll::Ready(IntakeFault::Unfinished);
            }
            waiting.begin(SLICE.min(left));
        }
    }

    fn allowed(&self, announced: u64) -> Duration {
        let nanos = u128::from(announced) * 1_000_000_000 / self.least_per_second.max(1) as u128;
        self.timeout.saturating_add(Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX)))
    }
}

impl Waiting {
    fn new(number: u64, slice: Duration) -> Self {
        Self { number, waited: Duration::ZERO, slice, timer: Box::pin(sleep(slice)) }
    }

    fn begin(&mut self, slice: Duration) {
        self.slice = slice;
        self.timer.as_mut().reset(Instant::now() + slice);
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use tokio::time::timeout;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn patience() -> Patience {
        Patience::new(10 * SECOND, 1000)
    }

    /// Until the fault comes, with a look whenever `looks` passes.
    async fn wait(patience: &mut Patience, number: u64, announced: u64, looks: Duration) {
        let unfinished = Some(Unfinished { number, announced });
        while timeout(looks, poll_fn(|cx| patience.poll(cx, unfinished))).await.is_err() {}
    }

    /// W5
    #[tokio::test(start_paused = true)]
    async fn a_message_has_its_time_and_as_much_longer_as_its_bytes_take() {
        for (announced, seconds) in [(0, 10), (500, 10), (4000, 14)] {
            let (mut patience, started) = (patience(), Instant::now());
            wait(&mut patience, 0, announced, Duration::from_millis(300)).await;
            let took = started.elapsed();
            assert!(took >= seconds * SECOND && took < (seconds + 1) * SECOND, "{announced} bytes: {took:?}");
        }
    }

    /// W5
    #[tokio::test(start_paused = true)]
    async fn each_message_has_its_own_time() {
        let mut patience = patience();
        for number in 0..5 {
            let unfinished = Some(Unfinished { number, announced: 0 });
            timeout(9 * SECOND, poll_fn(|cx| patience.poll(cx, unfinished))).await.unwrap_err();
        }
        let nothing = timeout(60 * SECOND, poll_fn(|cx| patience.poll(cx, None))).await;
        nothing.unwrap_err();
        assert!(patience.waiting.is_none(), "no timer while nothing is unfinished");
    }

    /// H2
    #[tokio::test(start_paused = true)]
    async fn time_in_which_nobody_looked_is_one_slice() {
        let mut patience = patience();
        let unfinished = Some(Unfinished { number: 0, announced: 0 });
        for _ in 0..8 {
            tokio::time::advance(60 * SECOND).await;
            let look = timeout(Duration::ZERO, poll_fn(|cx| patience.poll(cx, unfinished)));
            look.await.unwrap_err();
        }
    }
}
