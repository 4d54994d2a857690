//! The writing half: takes all that waits in the outbox, writes it, flushes once.

use std::time::Duration;

use collabd_core::faults;
use collabd_core::outbox::Entry;
use collabd_core::{Outbox, OutboxReader};
use futures_util::stream::SplitSink;
use tokio::time::{Interval, sleep};
use tokio_tungstenite::tungstenite::{Bytes, Message};

use super::feedback::Feedback;
use super::{End, Socket, frames, pings, write};
use crate::app::App;

/// How long a write that is under way may go on once the connection is to be closed.
const CLOSING_PATIENCE: Duration = Duration::from_millis(500);

/// Writes to one client.
pub(crate) struct Outbound<'a> {
    app: App,
    outbox: &'a mut OutboxReader,
    feedback: &'a Feedback,
    pings: Interval,
    write_timeout: Duration,
    is_amid_message: bool,
}

impl<'a> Outbound<'a> {
    pub(crate) fn new(app: &App, feedback: &'a Feedback, outbox: &'a mut OutboxReader) -> Self {
        let timing = &app.config().timing;
        let pings = pings(timing.heartbeat_interval);
        Self {
            app: app.clone(),
            outbox,
            feedback,
            pings,
            write_timeout: timing.write_timeout,
            is_amid_message: false,
        }
    }

    /// Writes until there is a reason to close.
    pub(crate) async fn run(&mut self, sink: &mut SplitSink<Socket, Message>) -> End {
        loop {
            tokio::select! {
                biased;
                drained = self.outbox.next() => {
                    faults::strike("writer");
                    // After the drain: the project's answer is queued behind what is about to be written.
                    self.feedback.fell_behind(drained.behind_in);
                    let payloads: Vec<_> = drained.entries.into_iter().flat_map(Entry::frames).collect();
                    self.is_amid_message = payloads.iter().any(frames::is_in_parts);
                    if let Err(end) = self.write(sink, payloads.iter().flat_map(frames::of)).await {
                        return end;
                    }
                    self.is_amid_message = false;
                    self.feedback.has_written();
                    if let Some(since) = drained.since {
                        self.app.metrics().delivery_waited(since.elapsed());
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

    /// Might the last write have ended between two frames of one message? Then no other message may follow it.
    pub(crate) fn is_amid_message(&self) -> bool {
        self.is_amid_message
    }

    /// Writes and flushes, and gives up soon once the connection is to be closed.
    async fn write(
        &self,
        sink: &mut SplitSink<Socket, Message>,
        messages: impl IntoIterator<Item = Message>,
    ) -> Result<(), End> {
        let writing = write(sink, messages, self.write_timeout);
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
}

/// What the client was answered before the server's close goes out before it, too (X2).
pub(crate) async fn after_last_answers(end: End, outbox: &Outbox, writing: impl Future<Output = End>) -> End {
    let End::Close(goodbye) = end else { return end };
    // What the project or document has said before wins.
    let first = outbox.close(goodbye);
    writing.await;
    End::Close(first)
}
