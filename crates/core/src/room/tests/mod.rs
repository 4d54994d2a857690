//! The room's rules, one by one.

mod cursors;
mod documents;
mod joins;
mod presence;
mod v1;

use std::time::Duration;

use collabd_protocol::codec::Dialect;
use collabd_protocol::presence::Presence;
use collabd_protocol::{CursorPosition, DepartureReason, DocumentType, Status};

use super::{Audience, Command, CursorFlush, Delivery, Event, Join, Move, Room};
use crate::limits::RoomLimits;
use crate::testing::{Clock, document, line_of, move_to, profile, session, user};

const TICK: u64 = 16;
const GRACE: u64 = 1500;

/// A room, its clock, and the invariants checked after every command.
struct Stage {
    room: Room,
    clock: Clock,
}

impl Stage {
    fn new() -> Self {
        Self::with(RoomLimits::default())
    }

    fn with(limits: RoomLimits) -> Self {
        Self { room: Room::new(limits), clock: Clock::new() }
    }

    fn apply(&mut self, command: Command) -> Vec<Delivery> {
        let deliveries = self.room.apply(command, self.clock.now());
        self.room.check_invariants();
        deliveries
    }

    fn begin(&mut self, number: u64, name: &str, dialect: Dialect, place: Option<&str>) -> Vec<Delivery> {
        self.apply(Command::Join(Join {
            session: session(number),
            profile: profile(name),
            dialect,
            document: place.map(|place| (document(place), Some(DocumentType::CodeEditor))),
        }))
    }

    fn join(&mut self, number: u64, name: &str) -> Vec<Delivery> {
        self.begin(number, name, Dialect::V2, None)
    }

    fn join_in(&mut self, number: u64, name: &str, place: &str) -> Vec<Delivery> {
        self.begin(number, name, Dialect::V2, Some(place))
    }

    fn join_v1_in(&mut self, number: u64, name: &str, place: &str) -> Vec<Delivery> {
        self.begin(number, name, Dialect::V1, Some(place))
    }

    fn switch(&mut self, number: u64, place: &str) -> Vec<Delivery> {
        self.switch_as(number, place, DocumentType::CodeEditor)
    }

    fn switch_as(&mut self, number: u64, place: &str, document_type: DocumentType) -> Vec<Delivery> {
        self.apply(Command::Switch { session: session(number), document: document(place), document_type })
    }

    fn move_to(&mut self, number: u64, place: &str, position: CursorPosition) -> Vec<Delivery> {
        self.apply(Command::Move { session: session(number), update: move_to(place, position) })
    }

    fn set_status(&mut self, number: u64, status: Status) -> Vec<Delivery> {
        self.apply(Command::SetStatus { session: session(number), status })
    }

    fn catch_up(&mut self, number: u64, place: &str) -> Vec<Delivery> {
        self.apply(Command::CatchUp { session: session(number), document: document(place) })
    }

    fn depart(&mut self, number: u64, reason: DepartureReason) -> Vec<Delivery> {
        self.apply(Command::Depart { session: session(number), reason })
    }

    fn lose(&mut self, number: u64) -> Vec<Delivery> {
        self.depart(number, DepartureReason::ConnectionLost)
    }

    fn leave(&mut self, number: u64) -> Vec<Delivery> {
        self.depart(number, DepartureReason::Left)
    }

    /// Lets time pass and nothing happen.
    fn pass(&mut self, milliseconds: u64) {
        self.clock.pass(Duration::from_millis(milliseconds));
    }

    /// Lets time pass and gives the room the ticks it asks for meanwhile.
    fn run(&mut self, milliseconds: u64) -> Vec<Delivery> {
        let mut end = self.clock;
        end.pass(Duration::from_millis(milliseconds));
        let mut deliveries = Vec::new();
        while let Some(due) = self.room.next_deadline()
            && due <= end.now().instant
        {
            self.clock.pass_until(due);
            deliveries.extend(self.apply(Command::Tick));
        }
        self.clock = end;
        deliveries
    }

    /// Lets what waits be told and a tick pass after it, so that the next change is told at once.
    fn rest(&mut self) {
        self.run(2 * TICK);
    }

    fn presence_of(&self, name: &str) -> Presence {
        let presence = self.room.presence();
        let found = presence.into_iter().find(|presence| presence.user_id == user(name));
        found.unwrap_or_else(|| panic!("{name} is not here"))
    }

    fn is_here(&self, name: &str) -> bool {
        self.room.presence().iter().any(|presence| presence.user_id == user(name))
    }

    fn documents_of(&self, name: &str) -> Vec<String> {
        let documents = self.presence_of(name).documents;
        documents.keys().map(ToString::to_string).collect()
    }

    /// What one session hears of these deliveries, in order.
    fn heard_by(&self, number: u64, deliveries: &[Delivery]) -> Vec<Heard> {
        let is_meant = |audience: &Audience| match audience {
            Audience::Session(only) => *only == session(number),
            Audience::Project => true,
            Audience::ProjectExcept(except) => *except != session(number),
            Audience::Document(place) => self.room.sessions_in(place).any(|here| here == session(number)),
        };
        deliveries
            .iter()
            .filter(|delivery| is_meant(&delivery.audience))
            .map(|delivery| Heard::from(&delivery.event))
            .collect()
    }
}

/// An event, reduced to what the tests ask for.
#[derive(Debug, PartialEq)]
enum Heard {
    Snapshot(Vec<String>),
    Joined(String),
    Updated(String),
    Left(String),
    /// A document and the users in its list.
    List(String, Vec<String>),
    /// A document and which sessions moved to which line.
    Cursors(String, Vec<(u64, u32)>),
    Refused,
}

impl From<&Event> for Heard {
    fn from(event: &Event) -> Self {
        let name = |presence: &Presence| presence.user_id.to_string();
        match event {
            Event::Snapshot { presence, .. } => Self::Snapshot(presence.iter().map(name).collect()),
            Event::UserJoined(presence) => Self::Joined(name(presence)),
            Event::UserUpdated(presence) => Self::Updated(name(presence)),
            Event::UserLeft { presence, .. } => Self::Left(name(presence)),
            Event::Activity(activity) => Self::List(
                activity.document_id.to_string(),
                activity.active_users.iter().map(|user| user.user_id.to_string()).collect(),
            ),
            Event::Cursors(flush) => Self::Cursors(flush.document.to_string(), lines(flush)),
            Event::Refused(_) => Self::Refused,
        }
    }
}

fn lines(flush: &CursorFlush) -> Vec<(u64, u32)> {
    flush
        .moves
        .iter()
        .map(|Move { cursor, .. }| (cursor.session_id.number, line_of(&cursor.position)))
        .collect()
}

fn snapshot(names: &[&str]) -> Heard {
    Heard::Snapshot(owned(names))
}

fn joined(name: &str) -> Heard {
    Heard::Joined(name.to_owned())
}

fn updated(name: &str) -> Heard {
    Heard::Updated(name.to_owned())
}

fn left(name: &str) -> Heard {
    Heard::Left(name.to_owned())
}

fn list(place: &str, names: &[&str]) -> Heard {
    Heard::List(place.to_owned(), owned(names))
}

fn cursors(place: &str, moves: &[(u64, u32)]) -> Heard {
    Heard::Cursors(place.to_owned(), moves.to_vec())
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}
