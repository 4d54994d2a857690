//! What may happen, and how it becomes a command.

use std::time::Duration;

use collabd_protocol::codec::Dialect;
use collabd_protocol::{DepartureReason, DocumentType, Status, UserName};
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::room::{Command, Join};
use crate::testing::{document, line, move_to, point, profile, session};

const USERS: [&str; 3] = ["ada", "bob", "eve"];
const DOCUMENTS: [&str; 4] = ["draft", "notes", "plan", "todo"];

/// Something that happens; `session` counts among all that ever began.
#[derive(Debug, Clone)]
pub(super) enum Operation {
    Join { user: usize, is_renamed: bool, dialect: Dialect, document: Option<(usize, Option<DocumentType>)> },
    Depart(Index, DepartureReason),
    Switch(Index, usize, DocumentType),
    Move(Index, usize, DocumentType),
    SetStatus(Index, Status),
    CatchUp(Index, usize),
    Resync(Index),
    Tick,
    Pass(Duration),
}

pub(super) fn operations() -> impl Strategy<Value = Vec<Operation>> {
    prop::collection::vec(operation(), 1..120)
}

fn operation() -> impl Strategy<Value = Operation> {
    let place = || 0..DOCUMENTS.len();
    // Mostly one kind, or nearly every entry would be refused.
    let kind = || prop_oneof![9 => Just(DocumentType::CodeEditor), 1 => Just(DocumentType::Canvas)];
    let join = (
        0..USERS.len(),
        prop::bool::weighted(0.1),
        select(&[Dialect::V1, Dialect::V2, Dialect::V2, Dialect::V2][..]),
        prop::option::of((place(), prop::option::of(kind()))),
    );
    let join = join.prop_map(|(user, is_renamed, dialect, document)| Operation::Join {
        user,
        is_renamed,
        dialect,
        document,
    });
    let reason = select(&DepartureReason::ALL[..]);
    let status = select(&[Status::Away, Status::Idle, Status::Active][..]);
    let who = any::<Index>;
    let milliseconds = prop_oneof![6 => 0..40_u64, 1 => 700..1600_u64];
    prop_oneof![
        4 => join,
        2 => (who(), reason).prop_map(|(who, reason)| Operation::Depart(who, reason)),
        3 => (who(), place(), kind()).prop_map(|(who, place, kind)| Operation::Switch(who, place, kind)),
        8 => (who(), place(), kind()).prop_map(|(who, place, kind)| Operation::Move(who, place, kind)),
        1 => (who(), status).prop_map(|(who, status)| Operation::SetStatus(who, status)),
        1 => (who(), place()).prop_map(|(who, place)| Operation::CatchUp(who, place)),
        1 => who().prop_map(Operation::Resync),
        3 => Just(Operation::Tick),
        5 => milliseconds.prop_map(|time| Operation::Pass(Duration::from_millis(time))),
    ]
}

/// An operation with its session chosen.
#[derive(Debug, Clone)]
pub(super) enum Step {
    Room(Command),
    Tick,
}

impl Step {
    /// `sessions` have begun, this one included; `moves` were made, this one included.
    pub(super) fn new(operation: &Operation, sessions: u64, moves: i64) -> Self {
        let chosen =
            |index: &Index| session(1 + index.index(usize::try_from(sessions).unwrap().max(1)) as u64);
        Self::Room(match operation {
            Operation::Join { .. } => Command::Join(join(operation, sessions)),
            Operation::Depart(who, reason) => Command::Depart { session: chosen(who), reason: *reason },
            Operation::Switch(who, place, document_type) => Command::Switch {
                session: chosen(who),
                document: document(DOCUMENTS[*place]),
                document_type: *document_type,
            },
            Operation::Move(who, place, document_type) => {
                let is_text = *document_type == DocumentType::CodeEditor;
                let position = if is_text { line(1) } else { point() };
                let mut update = move_to(DOCUMENTS[*place], position);
                update.timestamp = Some(moves);
                Command::Move { session: chosen(who), update }
            }
            Operation::SetStatus(who, status) => Command::SetStatus { session: chosen(who), status: *status },
            Operation::CatchUp(who, place) => {
                Command::CatchUp { session: chosen(who), document: document(DOCUMENTS[*place]) }
            }
            Operation::Resync(who) => Command::Resync { session: chosen(who) },
            Operation::Tick | Operation::Pass(_) => return Self::Tick,
        })
    }

    pub(super) fn command(&self) -> Command {
        match self {
            Self::Room(command) => command.clone(),
            Self::Tick => Command::Tick,
        }
    }
}

fn join(operation: &Operation, number: u64) -> Join {
    let Operation::Join { user, is_renamed, dialect, document: place } = operation else {
        panic!("not a join: {operation:?}");
    };
    let mut profile = profile(USERS[*user]);
    if *is_renamed {
        profile.user_name = UserName::new("Renamed").unwrap();
    }
    Join {
        session: session(number),
        profile,
        dialect: *dialect,
        document: place.map(|(place, document_type)| (document(DOCUMENTS[place]), document_type)),
    }
}
