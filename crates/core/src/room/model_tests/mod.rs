//! Random operations on a room, beside a model that knows the rules and nothing of the room's ways.
//!
//! After every operation the room's invariants hold, its presence is the model's, and every client that applied
//! what it was sent knows who is here. At rest every client knows the newest cursor of every session that shares
//! a document with it.

mod clients;
mod model;
mod operations;

use std::collections::BTreeMap;
use std::time::Duration;

use proptest::prelude::*;

use super::{Command, Room};
use crate::limits::RoomLimits;
use crate::testing::{Clock, document, session};
use clients::Clients;
use model::Model;
use operations::{Operation, Step, operations};

const LIMITS: RoomLimits = RoomLimits {
    documents_per_session: 2,
    cursor_tick: Duration::from_millis(16),
    list_pace: Duration::from_millis(10),
    grace: Duration::from_millis(1500),
};

/// The room, its model and its clients, moved together.
struct World {
    room: Room,
    model: Model,
    clients: Clients,
    clock: Clock,
    sessions: u64,
    moves: i64,
    /// When each document's members last heard of it.
    flushed: BTreeMap<String, Duration>,
    passed: Duration,
}

impl World {
    fn new() -> Self {
        Self {
            room: Room::new(LIMITS),
            model: Model::new(LIMITS.documents_per_session),
            clients: Clients::default(),
            clock: Clock::new(),
            sessions: 0,
            moves: 0,
            flushed: BTreeMap::new(),
            passed: Duration::ZERO,
        }
    }

    fn operate(&mut self, operation: &Operation) {
        if let Operation::Pass(time) = operation {
            self.pass(*time);
            return;
        }
        if matches!(operation, Operation::Join { .. }) {
            self.sessions += 1;
        }
        if matches!(operation, Operation::Move { .. }) {
            self.moves += 1;
        }
        let step = Step::new(operation, self.sessions, self.moves);
        self.apply(&step);
    }

    fn apply(&mut self, step: &Step) {
        self.model.apply(step, self.passed, LIMITS.grace);
        self.clients.begin_and_end(step);
        let deliveries = self.room.apply(step.command(), self.clock.now());
        self.room.check_invariants();
        self.check_pace(&deliveries);
        self.clients.deliver(&self.model, deliveries);
        self.check_presence();
    }

    fn pass(&mut self, time: Duration) {
        self.passed += time;
        self.clock.pass(time);
    }

    /// C2: a document's members hear of it at most once a tick.
    fn check_pace(&mut self, deliveries: &[super::Delivery]) {
        let mut told: Vec<_> = deliveries
            .iter()
            .filter_map(|delivery| match &delivery.audience {
                super::Audience::Document(id) => Some(id.to_string()),
                _ => None,
            })
            .collect();
        told.dedup();
        for name in told {
            let before = self.flushed.insert(name.clone(), self.passed);
            let is_due = before.is_none_or(|before| before + LIMITS.cursor_tick <= self.passed);
            assert!(is_due, "{name} was told of twice within a tick");
        }
        // A document that everybody has left meanwhile begins anew.
        self.flushed.retain(|name, _| self.model.has_document(name));
    }

    /// P1, P4: the room's presence is the model's, and what every client knows.
    fn check_presence(&self) {
        let presence = self.room.presence().iter().map(clients::shown).collect();
        assert_eq!(self.model.presence(), presence, "the room differs from the model");
        for (number, view) in self.clients.views() {
            assert_eq!(view.users, presence, "session {number} sees something else");
        }
        for name in self.model.documents() {
            let inside: Vec<_> = self.room.sessions_in(&document(&name)).collect();
            let expected = self.model.sessions_in(&name);
            assert_eq!(inside.len(), expected.len(), "sessions in {name}");
            for number in expected {
                assert!(inside.contains(&session(number)), "{number} is not in {name}");
            }
        }
        assert_eq!(self.room.document_count(), self.model.documents().len());
    }

    /// Gives the room every tick that it asks for.
    fn come_to_rest(&mut self) {
        while let Some(due) = self.room.next_deadline() {
            let now = self.clock.now().instant;
            self.pass(due.saturating_duration_since(now));
            self.apply(&Step::Tick);
            let next = self.room.next_deadline();
            assert!(
                next.is_none_or(|next| next > self.clock.now().instant),
                "a tick left its deadline behind"
            );
        }
    }

    /// P4, C2: at rest every client has the newest cursors and the lists of its documents.
    fn check_views_at_rest(&self) {
        for (number, view) in self.clients.views() {
            for name in self.model.documents_of(number) {
                assert_eq!(
                    view.lists.get(&name),
                    Some(&self.model.users_in(&name)),
                    "session {number} has an old list of {name}"
                );
                for (other, newest) in self.model.cursors_in(&name) {
                    if other != number {
                        let known = view.cursors.get(&(name.clone(), other));
                        assert_eq!(known, Some(&newest), "session {number} on {other} in {name}");
                    }
                }
            }
        }
    }
}

proptest! {
    /// P1 to P4, C1 to C3, J3
    #[test]
    fn every_client_that_applies_what_it_is_sent_sees_what_the_model_says(operations in operations()) {
        let mut world = World::new();
        for operation in &operations {
            world.operate(operation);
        }
        world.come_to_rest();
        world.check_views_at_rest();
    }
}

/// C1, P3: whoever comes and goes, in whatever order, leaves nothing behind.
#[test]
fn a_room_that_everybody_left_is_as_good_as_new() {
    let mut world = World::new();
    for user in 0..3 {
        for place in 0..3 {
            world.operate(&Operation::Join {
                user,
                is_renamed: false,
                dialect: collabd_protocol::codec::Dialect::V2,
                document: Some((place, None)),
            });
        }
    }
    for number in 1..=world.sessions {
        let command = Command::Depart {
            session: session(number),
            reason: collabd_protocol::DepartureReason::ConnectionLost,
        };
        world.apply(&Step::Room(command));
    }
    world.come_to_rest();
    assert!(world.room.is_empty());
    assert_eq!((world.room.user_count(), world.room.document_count()), (0, 0));
}
