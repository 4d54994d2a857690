//! What the crate's tests share: short names for wire values, a clock that the test turns, members to play with.

mod member;
mod server;
mod wall;

use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use collabd_protocol::client::CursorUpdate;
use collabd_protocol::ids::Incarnation;
use collabd_protocol::position::{CanvasPosition, CodeEditorPosition};
use collabd_protocol::{AvatarColor, CursorPosition, DocumentId, ProjectId, SessionId, UserId, UserName};
use jiff::Timestamp;
use tokio::time::Instant;

pub(crate) use member::{Member, News, drain, request};
pub(crate) use server::{Project, Server};
pub(crate) use wall::{VirtualWall, wall_clock};

use crate::clock::Now;
use crate::room::Profile;

pub(crate) fn user(name: &str) -> UserId {
    UserId::new(name).unwrap()
}

/// The user id is the name in lower case.
pub(crate) fn profile(name: &str) -> Profile {
    let user_id = user(&name.to_lowercase());
    Profile {
        avatar_color: AvatarColor::for_user(&user_id),
        user_id,
        user_name: UserName::new(name).unwrap(),
        is_agent: false,
    }
}

pub(crate) fn document(name: &str) -> DocumentId {
    DocumentId::new(name).unwrap()
}

pub(crate) fn project(number: i32) -> ProjectId {
    ProjectId::new(number).unwrap()
}

pub(crate) fn session(number: u64) -> SessionId {
    SessionId { incarnation: Incarnation(1), number }
}

/// A place in a text, told from others by its line.
pub(crate) fn line(line: u32) -> CursorPosition {
    CursorPosition::CodeEditor(CodeEditorPosition { line, column: 0, file: None })
}

/// A place that is in no text.
pub(crate) fn point() -> CursorPosition {
    CursorPosition::Canvas(CanvasPosition { x: 0.5, y: 0.25, zoom: None })
}

pub(crate) fn line_of(position: &CursorPosition) -> u32 {
    match position {
        CursorPosition::CodeEditor(place) => place.line,
        other => panic!("not a place in a text: {other:?}"),
    }
}

pub(crate) fn move_to(document_name: &str, position: CursorPosition) -> CursorUpdate {
    CursorUpdate {
        document_id: document(document_name),
        document_type: None,
        position,
        selected_node_id: None,
        timestamp: None,
    }
}

/// Both clocks, turned by hand.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock {
    start: Instant,
    passed: Duration,
}

impl Clock {
    pub(crate) fn new() -> Self {
        Self { start: Instant::now(), passed: Duration::ZERO }
    }

    pub(crate) fn pass(&mut self, time: Duration) {
        self.passed += time;
    }

    pub(crate) fn pass_until(&mut self, moment: Instant) {
        self.passed = self.passed.max(moment - self.start);
    }

    pub(crate) fn now(&self) -> Now {
        Now { instant: self.start + self.passed, wall: Timestamp::UNIX_EPOCH + self.passed }
    }
}

/// Gives a future one turn.
pub(crate) fn poll_once<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

/// Returns once every task waits. Needs paused time, which moves only then.
pub(crate) async fn settle() {
    pass(1).await;
}

/// Lets paused time pass, in milliseconds, and every task do what is due in it.
pub(crate) async fn pass(milliseconds: u64) {
    tokio::time::sleep(Duration::from_millis(milliseconds)).await;
}
