//! A session with the outbox it reads from.

use std::pin::pin;
use std::task::Poll;

use collabd_protocol::codec::{Encoding, peer};
use collabd_protocol::presence::Presence;
use collabd_protocol::{CloseCode, DepartureReason, DocumentType, ServerMessage, SessionId};

use super::{document, line_of, poll_once, profile};
use crate::limits::OutboxLimits;
use crate::outbox::{Drained, Goodbye, Outbox, OutboxReader, outbox};
use crate::project::{JoinError, JoinRequest, ProjectHandle, Session};
use crate::recorder::Close;

/// A v2 member without a document.
pub(crate) fn request(name: &str, outbox: Outbox) -> JoinRequest {
    JoinRequest { profile: profile(name), encoding: Some(Encoding::Json), outbox, document: None }
}

/// A joined session, its reader, and what it was told.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) session: Session,
    pub(crate) reader: OutboxReader,
}

impl Member {
    pub(crate) async fn join(project: &ProjectHandle, name: &str) -> Result<Self, JoinError> {
        Self::join_with(project, name, OutboxLimits::default()).await
    }

    pub(crate) async fn join_with(
        project: &ProjectHandle,
        name: &str,
        limits: OutboxLimits,
    ) -> Result<Self, JoinError> {
        let (outbox, reader) = outbox(limits);
        let session = project.join(request(name, outbox)).await?;
        Ok(Self { session, reader })
    }

    /// Joins a document at once.
    pub(crate) async fn join_in(project: &ProjectHandle, name: &str, place: &str) -> Result<Self, JoinError> {
        let (outbox, reader) = outbox(OutboxLimits::default());
        let request = JoinRequest {
            document: Some((document(place), Some(DocumentType::CodeEditor))),
            ..request(name, outbox)
        };
        let session = project.join(request).await?;
        Ok(Self { session, reader })
    }

    pub(crate) fn id(&self) -> SessionId {
        self.session.id()
    }

    pub(crate) fn leave(self) {
        self.session.leave(DepartureReason::Left, Some(Close::Client(Some(1000))));
    }

    /// What waits now, without waiting.
    pub(crate) fn take(&mut self) -> Vec<ServerMessage> {
        messages(drain(&mut self.reader))
    }

    /// The lines that other cursors moved to.
    pub(crate) fn take_lines(&mut self) -> Vec<u32> {
        let moves = self.take().into_iter().filter_map(|message| match message {
            ServerMessage::CursorUpdate { data } => Some(line_of(&data.position)),
            _ => None,
        });
        moves.collect()
    }

    /// The users of the snapshots, joins, updates and leaves that wait now.
    pub(crate) fn take_news(&mut self) -> Vec<News> {
        self.take().into_iter().filter_map(News::of).collect()
    }

    /// Stays until asked to close, then ends the session as its connection would. Returns the news meanwhile.
    pub(crate) async fn stay(mut self) -> (Goodbye, Vec<News>) {
        self.take();
        let goodbye = self.reader.closing().await;
        let news = self.take_news();
        self.session.leave(DepartureReason::ServerShutdown, None);
        (goodbye, news)
    }

    /// How the member is asked to close, if it is.
    pub(crate) fn goodbye(&self) -> Option<Goodbye> {
        match poll_once(pin!(self.reader.closing())) {
            Poll::Ready(goodbye) => Some(goodbye),
            Poll::Pending => None,
        }
    }

    pub(crate) fn close_code(&self) -> Option<CloseCode> {
        self.goodbye().map(|goodbye| goodbye.code)
    }
}

/// A message about who is here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum News {
    Snapshot(Vec<String>),
    Joined(String),
    Updated(String),
    Left(String),
}

impl News {
    pub(crate) fn snapshot(names: &[&str]) -> Self {
        Self::Snapshot(names.iter().map(|name| (*name).to_owned()).collect())
    }

    pub(crate) fn joined(name: &str) -> Self {
        Self::Joined(name.to_owned())
    }

    pub(crate) fn updated(name: &str) -> Self {
        Self::Updated(name.to_owned())
    }

    pub(crate) fn left(name: &str) -> Self {
        Self::Left(name.to_owned())
    }

    fn of(message: ServerMessage) -> Option<Self> {
        let name = |user: &Presence| user.user_id.to_string();
        match message {
            ServerMessage::BulkPresence { data, .. } => Some(Self::Snapshot(data.iter().map(name).collect())),
            ServerMessage::UserJoined { user } => Some(Self::Joined(name(&user))),
            ServerMessage::UserUpdated { user } => Some(Self::Updated(name(&user))),
            ServerMessage::UserLeft { user_id, .. } => Some(Self::Left(user_id.to_string())),
            _ => None,
        }
    }
}

/// Takes what waits, without waiting.
pub(crate) fn drain(reader: &mut OutboxReader) -> Drained {
    match poll_once(pin!(reader.next())) {
        Poll::Ready(drained) => drained,
        Poll::Pending => Drained::default(),
    }
}

fn messages(drained: Drained) -> Vec<ServerMessage> {
    drained
        .entries
        .into_iter()
        .flat_map(crate::outbox::Entry::frames)
        .flat_map(|frame| peer::decode(frame.payload()).unwrap())
        .collect()
}
