//! From frames to events.

use std::collections::VecDeque;
use std::time::Duration;

use collabd_protocol::Encoding;
use collabd_protocol::codec::peer::{self, Introductions};
use futures_util::{Stream, StreamExt};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{Error as WsError, Message};

use super::error::beginning;
use super::{Closed, Event, FrameCounts, FrameError};

/// How long the peer may take to end TCP after the close handshake; it has nothing left to say.
const LINGER: Duration = Duration::from_secs(1);

/// Bytes of a bad frame that its error shows.
const SHOWN: usize = 400;

/// What has been read and not been handed out yet. A frame may hold many messages.
#[derive(Debug)]
pub(super) struct Inbox {
    encoding: Encoding,
    introductions: Introductions,
    pending: VecDeque<Event>,
    closed: Option<Closed>,
    counts: FrameCounts,
}

impl Inbox {
    pub(super) fn new(encoding: Encoding) -> Self {
        Self {
            encoding,
            introductions: Introductions::default(),
            pending: VecDeque::new(),
            closed: None,
            counts: FrameCounts::default(),
        }
    }

    pub(super) fn encoding(&self) -> Encoding {
        self.encoding
    }

    pub(super) fn counts(&self) -> FrameCounts {
        self.counts
    }

    /// The next event from `socket`. Dropping the future loses nothing that was read.
    pub(super) async fn next<S>(&mut self, socket: &mut S) -> Result<Event, FrameError>
    where
        S: Stream<Item = Result<Message, WsError>> + Unpin,
    {
        loop {
            if let Some(event) = self.pending.pop_front() {
                return Ok(event);
            }
            if let Some(closed) = &self.closed {
                return Ok(closed.clone().into());
            }
            match socket.next().await {
                Some(Ok(Message::Close(frame))) => {
                    self.closed = Some(closed_by(frame));
                    // Polling on sends the reply and shows that the peer has ended TCP as well.
                    let _ = timeout(LINGER, async { while socket.next().await.is_some() {} }).await;
                }
                Some(Ok(frame)) => self.accept(frame)?,
                Some(Err(error)) => self.closed = Some(lost(&error)),
                None => self.closed = Some(lost(&WsError::ConnectionClosed)),
            }
        }
    }

    fn accept(&mut self, frame: Message) -> Result<(), FrameError> {
        match frame {
            Message::Text(text) if self.encoding == Encoding::Compact => {
                Err(FrameError::Text { length: text.len() })
            }
            Message::Text(text) => {
                self.counts.text += 1;
                self.counts.text_bytes += text.len() as u64;
                self.decode(text.as_str())
            }
            Message::Binary(payload) if self.encoding == Encoding::Compact => {
                self.counts.binary += 1;
                self.counts.binary_bytes += payload.len() as u64;
                let messages =
                    self.introductions.decode(&payload).map_err(|source| FrameError::Undecodable {
                        source,
                        frame: format!("{:02x?}", &payload[..payload.len().min(SHOWN)]),
                    })?;
                self.pending.extend(messages.into_iter().map(Event::Message));
                Ok(())
            }
            Message::Binary(payload) => Err(FrameError::Binary { length: payload.len() }),
            Message::Ping(_) => {
                self.counts.pings += 1;
                Ok(())
            }
            Message::Pong(_) => {
                self.counts.pongs += 1;
                Ok(())
            }
            // A close is handled where it is read, and raw frames are only ever written.
            Message::Close(_) | Message::Frame(_) => Ok(()),
        }
    }

    fn decode(&mut self, text: &str) -> Result<(), FrameError> {
        let undecodable = |source| FrameError::Undecodable { source, frame: beginning(text, SHOWN) };
        if self.encoding == Encoding::V1 {
            let message = peer::decode_v1(text.as_bytes()).map_err(undecodable)?;
            self.pending.push_back(Event::V1(message));
            return Ok(());
        }
        let messages = peer::decode(text.as_bytes()).map_err(undecodable)?;
        if self.encoding != Encoding::JsonBatch && messages.len() != 1 {
            return Err(FrameError::NotOneMessage { encoding: self.encoding, count: messages.len() });
        }
        self.pending.extend(messages.into_iter().map(Event::Message));
        Ok(())
    }
}

fn closed_by(frame: Option<CloseFrame>) -> Closed {
    match frame {
        Some(frame) => Closed { code: Some(frame.code.into()), reason: frame.reason.as_str().to_owned() },
        None => Closed { code: None, reason: String::new() },
    }
}

fn lost(error: &WsError) -> Closed {
    Closed { code: None, reason: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use collabd_protocol::ServerMessage;
    use collabd_protocol::v1::V1Message;
    use futures_util::stream;
    use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

    fn socket(
        frames: impl IntoIterator<Item = Message>,
    ) -> impl Stream<Item = Result<Message, WsError>> + Unpin {
        stream::iter(frames.into_iter().map(Ok).collect::<Vec<_>>())
    }

    async fn events(encoding: Encoding, frame: Message) -> Vec<Event> {
        let (mut inbox, mut socket) = (Inbox::new(encoding), socket([frame]));
        let mut events = Vec::new();
        loop {
            let event = inbox.next(&mut socket).await.unwrap();
            let is_end = matches!(event, Event::Closed { .. });
            events.push(event);
            if is_end {
                return events;
            }
        }
    }

    #[tokio::test]
    async fn a_batch_becomes_its_messages_in_order() {
        let frame = Message::text(r#"[{"type":"pong"},{"type":"disconnect","reason":"x","code":1001}]"#);
        let events = events(Encoding::JsonBatch, frame).await;
        assert_eq!(events.len(), 3);
        assert_eq!(events[0], Event::Message(ServerMessage::Pong));
        assert!(matches!(events[1], Event::Message(ServerMessage::Disconnect { .. })));
        assert!(matches!(events[2], Event::Closed { code: None, .. }));
    }

    #[tokio::test]
    async fn an_array_is_an_error_where_one_message_is_allowed() {
        let frame = r#"[{"type":"pong"},{"type":"pong"}]"#;
        let mut json = Inbox::new(Encoding::Json);
        let error = json.next(&mut socket([Message::text(frame)])).await.unwrap_err();
        assert!(matches!(error, FrameError::NotOneMessage { count: 2, .. }));
        let mut v1 = Inbox::new(Encoding::V1);
        let error = v1.next(&mut socket([Message::text(frame)])).await.unwrap_err();
        assert!(matches!(error, FrameError::Undecodable { .. }));
    }

    #[tokio::test]
    async fn the_end_is_read_again_and_again_after_what_came_before_it() {
        let close = CloseFrame { code: CloseCode::from(4000), reason: "slow_consumer".into() };
        let frames = [Message::text(r#"{"type":"pong"}"#), Message::Close(Some(close))];
        let (mut inbox, mut socket) = (Inbox::new(Encoding::V1), socket(frames));
        assert_eq!(inbox.next(&mut socket).await.unwrap(), Event::V1(V1Message::Pong));
        for _ in 0..2 {
            let end = Event::Closed { code: Some(4000), reason: "slow_consumer".to_owned() };
            assert_eq!(inbox.next(&mut socket).await.unwrap(), end);
        }
    }

    #[tokio::test]
    async fn pings_and_pongs_are_counted_and_are_no_events() {
        let frames =
            [Message::Ping("a".into()), Message::Pong("b".into()), Message::text(r#"{"type":"pong"}"#)];
        let (mut inbox, mut socket) = (Inbox::new(Encoding::Json), socket(frames));
        inbox.next(&mut socket).await.unwrap();
        let counts = inbox.counts();
        assert_eq!((counts.text, counts.pings, counts.pongs), (1, 1, 1));
        assert_eq!(counts.text_bytes, 15);
    }
}
