//! Waiting for what the server says, always with a deadline and with a record of what came instead.

use std::time::Duration;

use collabd_protocol::v1::V1Message;
use collabd_protocol::{ClientMessage, Presence, ServerMessage};
use tokio::time::{Instant, sleep, timeout_at};

use super::{Client, ClientError, Closed, Event, Received, Snapshot};

/// Before a join is repeated whose refusal names no time.
const RETRY: Duration = Duration::from_millis(100);

impl Client {
    /// The next event.
    ///
    /// # Errors
    /// [`ClientError::TimedOut`] when none comes, [`ClientError::Frame`] when a frame is none of the protocol's.
    pub async fn next_event(&mut self) -> Result<Event, ClientError> {
        self.read_until(Instant::now() + self.patience).await
    }

    /// The next message of the v2 dialect.
    ///
    /// # Errors
    /// As [`wait_for`](Self::wait_for).
    pub async fn next_message(&mut self) -> Result<ServerMessage, ClientError> {
        self.wait_for(Some).await
    }

    /// Reads until `pick` takes a message of the v2 dialect; those it does not take are gone.
    ///
    /// # Errors
    /// [`ClientError::TimedOut`] and [`ClientError::Closed`] tell what came instead, [`ClientError::Frame`] that a
    /// frame is none of the protocol's.
    pub async fn wait_for<T>(
        &mut self,
        mut pick: impl FnMut(ServerMessage) -> Option<T>,
    ) -> Result<T, ClientError> {
        self.wait_for_event(|event| match event {
            Event::Message(message) => pick(message),
            Event::V1(_) | Event::Closed { .. } => None,
        })
        .await
    }

    /// Reads until `pick` takes a message of the v1 dialect; those it does not take are gone.
    ///
    /// # Errors
    /// As [`wait_for`](Self::wait_for).
    pub async fn wait_for_v1<T>(
        &mut self,
        mut pick: impl FnMut(V1Message) -> Option<T>,
    ) -> Result<T, ClientError> {
        self.wait_for_event(|event| match event {
            Event::V1(message) => pick(message),
            Event::Message(_) | Event::Closed { .. } => None,
        })
        .await
    }

    /// Waits for the snapshot that answers a join, in the v2 dialect.
    ///
    /// # Errors
    /// [`ClientError::JoinRefused`] when an error comes first; otherwise as [`wait_for`](Self::wait_for).
    pub async fn joined(&mut self) -> Result<Snapshot, ClientError> {
        self.wait_for(|message| match message {
            ServerMessage::BulkPresence { data, project_id, session_id, server_time } => {
                Some(Ok(Snapshot { session_id, users: data, project_id, server_time }))
            }
            ServerMessage::Error(error) => Some(Err(ClientError::JoinRefused(Box::new(error)))),
            _ => None,
        })
        .await?
    }

    /// Joins, and again after every refusal that is temporary, for at most the endpoint's patience.
    ///
    /// # Errors
    /// [`ClientError::JoinRefused`] with the last refusal; otherwise as [`join_as`](Self::join_as) and
    /// [`wait_for`](Self::wait_for).
    pub async fn enter(&mut self, user: &str, name: &str) -> Result<Snapshot, ClientError> {
        let deadline = Instant::now() + self.patience;
        loop {
            self.join_as(user, name).await?;
            match self.joined().await {
                Err(ClientError::JoinRefused(error)) if error.temporary && Instant::now() < deadline => {
                    sleep(error.retry_after_ms.map_or(RETRY, Duration::from_millis)).await;
                }
                entered => return entered,
            }
        }
    }

    /// Waits for the user list that answers a join, in the v1 dialect.
    ///
    /// # Errors
    /// As [`wait_for`](Self::wait_for).
    pub async fn joined_v1(&mut self) -> Result<Vec<Presence>, ClientError> {
        self.wait_for_v1(|message| match message {
            V1Message::BulkPresence { data } => Some(data),
            _ => None,
        })
        .await
    }

    /// Sends a `ping` and gives every v2 message that comes before its `pong`: a barrier instead of a sleep.
    ///
    /// # Errors
    /// As [`send`](Self::send) and [`wait_for`](Self::wait_for).
    pub async fn messages_until_pong(&mut self) -> Result<Vec<ServerMessage>, ClientError> {
        self.send(&ClientMessage::Ping).await?;
        let mut messages = Vec::new();
        self.wait_for(|message| {
            if message == ServerMessage::Pong {
                return Some(());
            }
            messages.push(message);
            None
        })
        .await?;
        Ok(messages)
    }

    /// Reads until the connection has ended, dropping what comes before.
    ///
    /// # Errors
    /// As [`wait_for`](Self::wait_for), except that the end is what is waited for.
    pub async fn wait_for_close(&mut self) -> Result<Closed, ClientError> {
        match self.wait_for_event(|_| None::<Closed>).await {
            Err(ClientError::Closed { closed, .. }) | Ok(closed) => Ok(closed),
            Err(error) => Err(error),
        }
    }

    async fn wait_for_event<T>(
        &mut self,
        mut pick: impl FnMut(Event) -> Option<T>,
    ) -> Result<T, ClientError> {
        let deadline = Instant::now() + self.patience;
        let mut received = Received::default();
        loop {
            match self.read_until(deadline).await {
                Ok(Event::Closed { code, reason }) => {
                    let closed = Closed { code, reason };
                    return Err(ClientError::Closed { closed, received });
                }
                Ok(event) => {
                    received.note(&event);
                    if let Some(picked) = pick(event) {
                        return Ok(picked);
                    }
                }
                Err(ClientError::TimedOut { waited, .. }) => {
                    return Err(ClientError::TimedOut { waited, received });
                }
                Err(error) => return Err(error),
            }
        }
    }

    async fn read_until(&mut self, deadline: Instant) -> Result<Event, ClientError> {
        match timeout_at(deadline, self.inbox.next(&mut self.socket)).await {
            Ok(event) => Ok(event?),
            Err(_) => Err(ClientError::timed_out(self.patience)),
        }
    }
}
