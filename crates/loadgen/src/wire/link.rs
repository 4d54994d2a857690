//! A member's connection to its project.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};

use super::connect::connect;
use super::heard::Heard;
use super::socket::{Reader, Writer};
use super::tongue::{Tongue, Wire};
use super::{Place, WireError};

/// How long a member may take to get in, with every other one coming at the same time.
const PATIENCE: Duration = Duration::from_secs(30);
/// Before a member tries again whose refusal names no time.
const RETRY: Duration = Duration::from_millis(100);

/// A server, and how it wants to be spoken to.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// The server.
    pub address: SocketAddr,
    /// Its process, to tell what it costs.
    pub pid: Option<u32>,
    /// Its wire.
    pub wire: Wire,
}

/// An open connection of a member that is in.
#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) speaker: Speaker,
    pub(crate) listener: Listener,
}

/// The half that moves.
#[derive(Debug)]
pub(crate) struct Speaker {
    tongue: Tongue,
    writer: Writer,
}

/// The half that hears the others.
#[derive(Debug)]
pub(crate) struct Listener {
    tongue: Tongue,
    reader: Reader,
    heard: VecDeque<Heard>,
}

impl Target {
    /// Connects the member at `place` and waits until it is in.
    ///
    /// # Errors
    /// [`WireError`] when it is not let in, or not in time.
    pub(crate) async fn open(&self, place: Place) -> Result<Link, WireError> {
        self.open_as(Tongue::new(self.wire, place)?, None).await
    }

    /// The same, for a member who looks at nothing but whether it is in.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub(crate) async fn open_blind(&self, place: Place) -> Result<Link, WireError> {
        self.open_as(Tongue::new(self.wire, place)?.blind(), None).await
    }

    /// The same, with a receive buffer of about this many bytes, so that a member that does not read is felt soon.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub(crate) async fn open_narrow(&self, place: Place, bytes: Option<u32>) -> Result<Link, WireError> {
        self.open_as(Tongue::new(self.wire, place)?, bytes).await
    }

    async fn open_as(&self, tongue: Tongue, bytes: Option<u32>) -> Result<Link, WireError> {
        let opening = async {
            let (writer, reader) = connect(self.address, &tongue.door(), bytes).await?;
            let mut link = Link {
                speaker: Speaker { tongue: tongue.clone(), writer },
                listener: Listener { tongue, reader, heard: VecDeque::new() },
            };
            link.enter().await?;
            Ok(link)
        };
        timeout(PATIENCE, opening).await.unwrap_or(Err(WireError::TimedOut(PATIENCE)))
    }

    /// The same again and again for as long as the refusals are temporary, and how often it was refused.
    ///
    /// # Errors
    /// As [`open`](Self::open), for the last try.
    pub(crate) async fn insist(&self, place: Place) -> Result<(Link, u64), WireError> {
        let deadline = Instant::now() + PATIENCE;
        let mut refused = 0;
        loop {
            let pause = match self.open(place).await {
                Err(WireError::Refused { retry_after, .. }) => retry_after.unwrap_or(RETRY),
                Err(WireError::Connect(_) | WireError::Closed { .. } | WireError::Lost(_)) => RETRY,
                Err(error) => return Err(error),
                Ok(link) => return Ok((link, refused)),
            };
            refused += 1;
            if Instant::now() + pause >= deadline {
                return Err(WireError::TimedOut(PATIENCE));
            }
            sleep(pause).await;
        }
    }
}

impl Link {
    async fn enter(&mut self) -> Result<(), WireError> {
        if self.speaker.tongue.is_ready_at_once() {
            return Ok(());
        }
        let mut before = VecDeque::new();
        self.greet().await?;
        loop {
            match self.listener.next().await? {
                Heard::Ready => break,
                Heard::Refused(refusal) if refusal.is_temporary => {
                    sleep(refusal.retry_after.unwrap_or(RETRY)).await;
                    self.greet().await?;
                }
                Heard::Refused(refusal) => return Err(WireError::JoinRefused(refusal.code.to_owned())),
                heard => before.push_back(heard),
            }
        }
        before.append(&mut self.listener.heard);
        self.listener.heard = before;
        Ok(())
    }

    async fn greet(&mut self) -> Result<(), WireError> {
        match self.speaker.tongue.greeting()? {
            Some(greeting) => self.speaker.writer.send(&greeting).await,
            None => Ok(()),
        }
    }
}

impl Speaker {
    /// Moves to `step`.
    pub(crate) async fn say(&mut self, step: u32, sent_at: i64) -> Result<(), WireError> {
        let message = self.tongue.say(step, sent_at);
        self.writer.send(&message).await
    }

    /// Says something large that the server answers and nobody else hears. Not every wire has such a thing.
    pub(crate) async fn say_much(&self) -> Result<(), WireError> {
        match self.tongue.much() {
            Some(message) => self.writer.send(&message).await,
            None => Ok(()),
        }
    }

    /// Begins to close in order; the other half reads the answer.
    pub(crate) async fn close(&self) -> Result<(), WireError> {
        self.writer.close().await
    }

    /// Lets the connection end with a TCP reset once both halves are dropped.
    pub(crate) async fn abort(&self) {
        self.writer.abort().await;
    }
}

impl Listener {
    /// The next thing heard. Dropping the future loses nothing.
    pub(crate) async fn next(&mut self) -> Result<Heard, WireError> {
        loop {
            if let Some(Heard::Reply(reply)) = self.heard.front() {
                self.reader.reply(reply).await?;
                self.heard.pop_front();
            } else if let Some(heard) = self.heard.pop_front() {
                return Ok(heard);
            }
            if !self.heard.is_empty() {
                continue;
            }
            let message = self.reader.next().await?;
            self.tongue.hear(&message, |heard| self.heard.push_back(heard))?;
        }
    }

    /// Reads messages, and answers pings, without looking at what they say, until the end.
    pub(crate) async fn sit(&mut self) -> WireError {
        if self.tongue.has_questions() {
            return self.end().await;
        }
        loop {
            if let Err(error) = self.reader.next().await {
                return error;
            }
        }
    }

    /// Reads until the server answers something large.
    pub(crate) async fn answer(&mut self) -> Result<(), WireError> {
        while self.next().await? != Heard::Answer {}
        Ok(())
    }

    /// Reads and forgets whatever comes, until the end.
    pub(crate) async fn drain(&mut self) -> WireError {
        self.reader.drain().await
    }

    /// Reads until the end, as [`next`](Self::next) does, and tells nothing but that.
    pub(crate) async fn end(&mut self) -> WireError {
        loop {
            self.heard.clear();
            if let Err(error) = self.next().await {
                return error;
            }
        }
    }

    /// Bytes that came since the upgrade, headers of frames included.
    pub(crate) fn bytes(&self) -> u64 {
        self.reader.bytes()
    }
}
