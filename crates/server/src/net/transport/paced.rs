//! TCP whose bytes come in no faster than they may. Whoever sends faster is not read: its kernel and ours hold it back,
//! and nothing of it takes memory or time here.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep};

use super::bucket::Bucket;
use super::intake::{ByteBudget, IntakeFault, Sign};

/// TCP with a pace for what comes in, once it has one.
#[derive(Debug)]
pub(super) struct PacedStream {
    stream: TcpStream,
    pace: Option<Box<Pace>>,
}

/// How fast bytes come in.
#[derive(Debug)]
pub(super) struct Pace {
    bucket: Bucket,
    patience: Option<Duration>,
    with_document: Option<(Sign, ByteBudget)>,
    pause: Option<Pause>,
    /// How long the client has been held back since it last paused by itself for so long that there was credit for a
    /// second. That nothing waits to be read is no pause: a sender that was held back takes a moment to go on.
    held_back: Duration,
}

/// A time in which nothing is read.
#[derive(Debug)]
struct Pause {
    length: Duration,
    sleep: Pin<Box<Sleep>>,
}

impl Pace {
    pub(super) fn new(budget: ByteBudget, with_document: Option<(Sign, ByteBudget)>) -> Self {
        let ByteBudget { rate, patience } = budget;
        Self { bucket: Bucket::full(rate), patience, with_document, pause: None, held_back: Duration::ZERO }
    }

    /// Counts bytes that came another way, or what they cost beyond their number.
    pub(super) fn charge(&mut self, bytes: usize) {
        self.bucket.charge(bytes);
    }

    /// How many bytes may be read, once any may be.
    fn poll_credit(&mut self, cx: &mut Context<'_>) -> Poll<Result<usize, IntakeFault>> {
        if let Some((_, budget)) = self.with_document.take_if(|(sign, _)| sign.is_set()) {
            *self = Self::new(budget, None);
        }
        loop {
            if let Some(pause) = &mut self.pause {
                ready!(pause.sleep.as_mut().poll(cx));
                // The length that was meant: time in which the process did not run is not the client's doing.
                self.held_back += pause.length;
                self.pause = None;
                if self.patience.is_some_and(|patience| self.held_back >= patience) {
                    return Poll::Ready(Err(IntakeFault::Flood));
                }
            }
            match self.bucket.credit() {
                0 => {
                    let length = self.bucket.wait_for(self.bucket.portion());
                    self.pause = Some(Pause { length, sleep: Box::pin(sleep(length)) });
                }
                credit => {
                    if self.bucket.has_rested() {
                        self.held_back = Duration::ZERO;
                    }
                    return Poll::Ready(Ok(credit));
                }
            }
        }
    }
}

impl PacedStream {
    pub(super) fn new(stream: TcpStream) -> Self {
        Self { stream, pace: None }
    }

    /// Bytes come in at this pace from now on; at any without one.
    pub(super) fn set_pace(&mut self, pace: Option<Pace>) {
        self.pace = pace.map(Box::new);
    }

    /// Counts bytes that came another way, or what they cost beyond their number.
    pub(super) fn charge(&mut self, bytes: usize) {
        if let Some(pace) = &mut self.pace {
            pace.charge(bytes);
        }
    }
}

impl AsyncRead for PacedStream {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let Self { stream, pace } = self.get_mut();
        let stream = Pin::new(stream);
        let Some(pace) = pace else { return stream.poll_read(cx, buffer) };
        let credit = ready!(pace.poll_credit(cx))?;
        let room = buffer.remaining().min(credit);
        let mut part = ReadBuf::new(buffer.initialize_unfilled_to(room));
        let read = stream.poll_read(cx, &mut part);
        let count = part.filled().len();
        buffer.advance(count);
        pace.bucket.charge(count);
        read
    }
}

impl AsyncWrite for PacedStream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use tokio::time::Instant;

    use super::super::bucket::ByteRate;
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn budget(burst: usize) -> ByteBudget {
        ByteBudget { rate: ByteRate { per_second: 1000, burst }, patience: Some(10 * SECOND) }
    }

    async fn send(pace: &mut Pace, mut bytes: usize) -> Result<(), IntakeFault> {
        while bytes > 0 {
            let taken = poll_fn(|cx| pace.poll_credit(cx)).await?.min(bytes);
            pace.charge(taken);
            bytes -= taken;
        }
        Ok(())
    }

    /// B4
    #[tokio::test(start_paused = true)]
    async fn who_is_always_ahead_floods_once_it_was_held_back_for_long() {
        let (mut pace, began) = (Pace::new(budget(5000), None), Instant::now());
        assert_eq!(send(&mut pace, usize::MAX).await, Err(IntakeFault::Flood));
        assert!(began.elapsed() >= 10 * SECOND && began.elapsed() < 11 * SECOND, "{:?}", began.elapsed());
    }

    /// B4
    #[tokio::test(start_paused = true)]
    async fn who_rests_in_between_is_held_back_as_often_as_it_likes() {
        let mut pace = Pace::new(budget(5000), None);
        for _ in 0..20 {
            send(&mut pace, 8000).await.unwrap();
            sleep(2 * SECOND).await;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_document_brings_its_budget_along() {
        let sign = Sign::default();
        let mut pace = Pace::new(budget(5000), Some((sign.clone(), budget(9000))));
        send(&mut pace, 5000).await.unwrap();
        let began = Instant::now();
        sign.set();
        send(&mut pace, 9000).await.unwrap();
        assert_eq!(began.elapsed(), Duration::ZERO);
    }
}
