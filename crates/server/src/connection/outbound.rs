//! The writing half: takes all that waits in the outbox, writes it, flushes once.

use std::time::Duration;

use collabd_core::OutboxReader;
use collabd_core::outbox::Entry;
use collabd_protocol::CloseCode;
use futures_util::SinkExt as _;
use futures_util::stream::SplitSink;
use rand::RngExt as _;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at, sleep, timeout};
use tokio_tungstenite::tungstenite::{Bytes, Error, Message};

use super::catch_up::CatchUps;
use super::end::End;
use super::{Socket, frames};
use crate::app::App;

/// How long a write that is under way may go on once the connection is to be closed.
const CLOSING_PATIENCE: Duration = Duration::from_millis(500);

/// Writes to one client.
pub(super) struct Outbound<'a> {
    outbox: &'a mut OutboxReader,
    catch_ups: &'a CatchUps,
    pings: Interval,
    write_timeout: Duration,
}

impl<'a> Outbound<'a> {
    pub(super) fn new(app: &App, catch_ups: &'a CatchUps, outbox: &'a mut OutboxReader) -> Self {
        let timing = &app.config().timing;
        // H1: the first ping comes at a random moment, so that sockets opened together do not ping together.
        let first = timing.heartbeat_interval.mul_f64(rand::rng().random::<f64>());
        let mut pings = interval_at(Instant::now() + first, timing.heartbeat_interval);
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self { outbox, catch_ups, pings, write_timeout: timing.write_timeout }
    }

    /// Writes until there is a reason to close.
    pub(super) async fn run(&mut self, sink: &mut SplitSink<Socket, Message>) -> End {
        loop {
            tokio::select! {
                biased;
                drained = self.outbox.next() => {
                    // After the drain: the project's answer is queued behind what is about to be written.
                    self.catch_ups.add(drained.behind_in);
                    let frames = drained.entries.into_iter().flat_map(Entry::frames);
                    let frames = frames.flat_map(|payload| frames::text(&payload).collect::<Vec<_>>());
                    if let Err(end) = self.write(sink, frames).await {
                        return end;
                    }
                    if let Some(goodbye) = drained.goodbye {
                        return End::Close(goodbye);
                    }
                }
                _ = self.pings.tick() => {
                    if let Err(end) = self.write(sink, [Message::Ping(Bytes::new())]).await {
                        return end;
                    }
                }
            }
        }
    }

    /// Writes and flushes. A client that takes nothing for the write deadline does not read (B2).
    async fn write(
        &self,
        sink: &mut SplitSink<Socket, Message>,
        messages: impl IntoIterator<Item = Message>,
    ) -> Result<(), End> {
        let writing = async {
            for message in messages {
                self.in_time(sink.feed(message)).await?;
            }
            self.in_time(sink.flush()).await
        };
        let closing = async {
            let goodbye = self.outbox.closing().await;
            sleep(CLOSING_PATIENCE).await;
            goodbye
        };
        tokio::select! {
            biased;
            written = writing => written,
            goodbye = closing => Err(End::Close(goodbye)),
        }
    }

    /// The deadline is for each frame, not for all: a slow client that reads on is not cut off.
    async fn in_time(&self, step: impl Future<Output = Result<(), Error>>) -> Result<(), End> {
        match timeout(self.write_timeout, step).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(End::Lost),
            Err(_) => Err(CloseCode::SlowConsumer.into()),
        }
    }
}
