//! Who is sent what, encoded how often.

use std::collections::HashMap;
use std::time::Duration;

use bytes::Bytes;
use collabd_protocol::codec::peer::{self, Introductions};
use collabd_protocol::v1::V1Message;
use collabd_protocol::{DepartureReason, DocumentId, ServerMessage, Status};
use proptest::prelude::*;

use super::*;
use crate::limits::{OutboxLimits, RoomLimits};
use crate::outbox::{Entry, OutboxReader, outbox};
use crate::room::{Command, Join};
use crate::testing::{Clock, document, drain, line, line_of, move_to, profile, project, session};

/// A room, its fan-out and everybody's outbox.
struct Stage {
    room: Room,
    fanout: Fanout,
    metrics: Metrics,
    clock: Clock,
    readers: HashMap<u64, OutboxReader>,
}

impl Stage {
    fn new() -> Self {
        let metrics = Metrics::default();
        Self {
            room: Room::new(RoomLimits::default()),
            fanout: Fanout::new(project(1), metrics.clone()),
            metrics,
            clock: Clock::new(),
            readers: HashMap::new(),
        }
    }

    fn apply(&mut self, command: Command) -> Vec<SessionId> {
        let deliveries = self.room.apply(command, self.clock.now());
        self.fanout.deliver(&self.room, deliveries)
    }

    fn join_with(&mut self, number: u64, encoding: Encoding, limits: OutboxLimits) -> Vec<SessionId> {
        let (outbox, reader) = outbox(limits);
        self.readers.insert(number, reader);
        self.fanout.subscribe(session(number), outbox, Some(encoding));
        self.apply(Command::Join(Join {
            session: session(number),
            profile: profile(&format!("user{number}")),
            dialect: encoding.dialect(),
            document: Some((document("plan"), Some(line(0).document_type()))),
        }))
    }

    fn join(&mut self, number: u64, encoding: Encoding) {
        self.join_with(number, encoding, OutboxLimits::default());
    }

    fn move_to(&mut self, number: u64, place: u32) {
        self.apply(Command::Move { session: session(number), update: move_to("plan", line(place)) });
    }

    fn set_status(&mut self, number: u64, status: Status) -> Vec<SessionId> {
        self.apply(Command::SetStatus { session: session(number), status })
    }

    /// Lets time pass, tells what waited, and forgets what everybody was sent.
    fn rest(&mut self) {
        for _ in 0..2 {
            self.clock.pass(Duration::from_millis(16));
            self.apply(Command::Tick);
        }
        for reader in self.readers.values_mut() {
            drain(reader);
        }
    }

    fn take(&mut self, number: u64) -> Vec<Bytes> {
        self.take_frames(number).iter().map(|frame| frame.payload().clone()).collect()
    }

    fn take_frames(&mut self, number: u64) -> Vec<Frame> {
        let drained = drain(self.readers.get_mut(&number).unwrap());
        drained.entries.into_iter().flat_map(Entry::frames).collect()
    }

    fn close_code(&mut self, number: u64) -> Option<CloseCode> {
        let drained = drain(self.readers.get_mut(&number).unwrap());
        drained.goodbye.map(|goodbye| goodbye.code)
    }
}

/// Encode once: the same bytes, not equal ones.
#[test]
fn receivers_of_one_dialect_share_the_bytes_of_an_event() {
    let mut stage = Stage::new();
    stage.join(1, Encoding::Json);
    stage.join(2, Encoding::JsonBatch);
    stage.join(3, Encoding::V1);
    stage.join(4, Encoding::Compact);
    stage.join(5, Encoding::Compact);
    stage.rest();
    stage.set_status(1, Status::Away);
    let frames: Vec<_> = (1..=5).map(|number| stage.take(number).remove(0).as_ptr()).collect();
    assert_eq!((frames[0], frames[3]), (frames[1], frames[4]));
    assert_ne!(frames[0], frames[2]);
    assert_ne!(frames[0], frames[3]);
}

/// Encode once
#[test]
fn receivers_of_one_encoding_share_the_bytes_of_a_flush() {
    for encoding in [Encoding::JsonBatch, Encoding::Compact] {
        let mut stage = Stage::new();
        for number in 1..=3 {
            stage.join(number, encoding);
        }
        stage.rest();
        stage.move_to(1, 7);
        let (one, two) = (stage.take(2), stage.take(3));
        assert_eq!(one.len(), 1);
        assert_eq!(one[0].as_ptr(), two[0].as_ptr());
    }
}

/// C1: what the numbers of a move stand for is said once to all, and again to whoever comes later.
#[test]
fn a_compact_move_is_introduced_once_to_everybody() {
    let mut stage = Stage::new();
    stage.join(1, Encoding::Compact);
    stage.join(2, Encoding::Compact);
    stage.rest();
    let mut views = [Introductions::default(), Introductions::default()];
    stage.move_to(1, 7);
    let introduced = stage.take_frames(2);
    assert_eq!(lines_of(&introduced, &mut views[0]), [(1, 7)]);
    stage.rest();
    stage.move_to(1, 8);
    let short = stage.take_frames(2);
    assert_eq!(lines_of(&short, &mut views[0]), [(1, 8)]);
    assert!(short[0].len() <= 8 && introduced[0].len() > 50, "{short:?} after {introduced:?}");
    assert_eq!(lines_of(&short, &mut views[1]), [], "nobody has told these what the numbers stand for");
    stage.join(3, Encoding::Compact);
    assert_eq!(lines_of(&stage.take_frames(3), &mut views[1]), [(1, 8)]);
    stage.rest();
    stage.move_to(1, 9);
    assert_eq!(lines_of(&stage.take_frames(3), &mut views[1]), [(1, 9)]);
}

/// C1
#[test]
fn a_mover_is_sent_the_others_moves_and_not_its_own() {
    let mut stage = Stage::new();
    for number in 1..=2 {
        stage.join(number, Encoding::Json);
    }
    stage.rest();
    stage.move_to(1, 7);
    assert_eq!(lines(&stage.take(1)), []);
    assert_eq!(lines(&stage.take(2)), [(1, 7)]);
}

#[test]
fn a_v1_receiver_is_sent_presence_and_the_whole_list_for_a_move() {
    let mut stage = Stage::new();
    stage.join(1, Encoding::Json);
    stage.join(2, Encoding::V1);
    stage.rest();
    stage.move_to(1, 7);
    let messages = v1(&stage.take(2));
    let [V1Message::UserPresence { data: presence }, V1Message::DocumentActivity { data: list }] =
        &messages[..]
    else {
        panic!("{messages:?}");
    };
    assert_eq!(presence.documents[&document("plan")].position, Some(line(7)));
    assert_eq!(list.active_users.len(), 2);
}

#[test]
fn a_v1_mover_is_not_sent_its_own_presence_back() {
    let mut stage = Stage::new();
    stage.join(1, Encoding::V1);
    stage.join(2, Encoding::V1);
    stage.rest();
    stage.move_to(1, 7);
    assert!(matches!(v1(&stage.take(1))[..], [V1Message::DocumentActivity { .. }]));
    assert_eq!(v1(&stage.take(2)).len(), 2);
}

/// A v1 client takes any other type for an error.
#[test]
fn a_v1_receiver_is_sent_only_messages_that_it_knows() {
    let mut stage = Stage::new();
    stage.join(1, Encoding::V1);
    stage.join(2, Encoding::JsonBatch);
    stage.move_to(2, 1);
    stage.set_status(2, Status::Idle);
    stage.move_to(1, 2);
    stage.apply(Command::Depart { session: session(2), reason: DepartureReason::Left });
    stage.apply(Command::Resync { session: session(1) });
    let messages = v1(&stage.take(1));
    assert!(matches!(messages[0], V1Message::BulkPresence { .. }), "{messages:?}");
    let farewell = messages.iter().find_map(|message| match message {
        V1Message::UserPresence { data } if !data.is_online => Some(data.user_name.as_str()),
        _ => None,
    });
    assert_eq!(farewell, Some("user2"));
}

/// B2
#[test]
fn a_member_whose_outbox_overflows_is_named_once_and_sent_nothing_more() {
    let mut stage = Stage::new();
    stage.join(1, Encoding::Json);
    let slow = OutboxLimits { items: 3, ..OutboxLimits::default() };
    assert_eq!(stage.join_with(2, Encoding::Json, slow), []);
    let first = stage.set_status(1, Status::Idle);
    let second = stage.set_status(1, Status::Away);
    let third = stage.set_status(1, Status::Idle);
    assert_eq!([first, second, third].concat(), [session(2)]);
    assert_eq!(stage.fanout.len(), 1);
    assert_eq!(stage.metrics.sessions(), 1);
    assert_eq!(stage.close_code(2), Some(CloseCode::SlowConsumer));
    assert_eq!(stage.take(1).len(), 6, "snapshot, list, a join, three changes");
}

/// X1
#[test]
fn a_fanout_that_is_dropped_asks_its_members_to_rejoin_and_counts_them_out() {
    let mut stage = Stage::new();
    stage.join(1, Encoding::Json);
    stage.join(2, Encoding::Json);
    assert!(stage.fanout.unsubscribe(session(2)));
    assert!(!stage.fanout.unsubscribe(session(2)));
    assert_eq!(stage.metrics.sessions(), 1);
    stage.fanout = Fanout::new(project(1), stage.metrics.clone());
    assert_eq!(stage.metrics.sessions(), 0);
    assert_eq!(stage.close_code(1), Some(CloseCode::ProjectRestarted));
    assert_eq!(stage.close_code(2), None, "it had left, and its connection lives on");
}

#[derive(Debug, Clone)]
enum Action {
    Move(u64),
    Read(u64),
    Pass(u64),
}

fn actions() -> impl Strategy<Value = Vec<Action>> {
    let action = prop_oneof![
        8 => (1..=4_u64).prop_map(Action::Move),
        1 => (1..=4_u64).prop_map(Action::Read),
        4 => (0..30_u64).prop_map(Action::Pass),
    ];
    prop::collection::vec(action, 0..120)
}

/// What one reader knows of the others' cursors.
#[derive(Default)]
struct View(HashMap<u64, u32>, Introductions);

impl View {
    /// C3: lines only grow, so a cursor that goes back is an old one.
    fn read(&mut self, stage: &mut Stage, number: u64) {
        let mut drained = drain(stage.readers.get_mut(&number).unwrap());
        assert_eq!(drained.goodbye, None, "cursors never evict");
        let frames: Vec<_> = drained.entries.drain(..).flat_map(Entry::frames).collect();
        for (mover, place) in lines_of(&frames, &mut self.1) {
            let before = self.0.insert(mover, place);
            assert!(before.is_none_or(|before| before <= place), "{mover} went back");
        }
        for behind in drained.behind_in {
            catch_up(stage, number, behind);
        }
    }
}

fn catch_up(stage: &mut Stage, number: u64, place: DocumentId) {
    stage.apply(Command::CatchUp { session: session(number), document: place });
}

proptest! {
    /// C2, C3: however slowly somebody reads, the last position arrives.
    #[test]
    fn a_slow_reader_ends_with_everybodys_newest_position(actions in actions()) {
        let mut stage = Stage::new();
        let narrow = OutboxLimits { cursor_batches: 2, ..OutboxLimits::default() };
        let mut views: [View; 4] = Default::default();
        let mut newest = HashMap::new();
        let encodings = [Encoding::Json, Encoding::JsonBatch, Encoding::Compact, Encoding::Compact];
        for (number, encoding) in (1..).zip(encodings) {
            stage.join_with(number, encoding, narrow);
        }
        let read = |stage: &mut Stage, views: &mut [View; 4], number: u64| {
            views[usize::try_from(number).unwrap() - 1].read(stage, number);
        };
        for (place, action) in (1..).zip(actions) {
            match action {
                Action::Move(number) => {
                    stage.move_to(number, place);
                    newest.insert(number, place);
                }
                Action::Read(number) => read(&mut stage, &mut views, number),
                Action::Pass(time) => {
                    stage.clock.pass(Duration::from_millis(time));
                    stage.apply(Command::Tick);
                }
            }
        }
        stage.clock.pass(Duration::from_millis(16));
        stage.apply(Command::Tick);
        for number in 1..=4 {
            // Twice: what was dropped is asked for at the first look.
            read(&mut stage, &mut views, number);
            read(&mut stage, &mut views, number);
            let mut expected = newest.clone();
            expected.remove(&number);
            prop_assert_eq!(&views[usize::try_from(number).unwrap() - 1].0, &expected);
        }
    }
}

/// Who moved to which line, in order.
fn lines(frames: &[Bytes]) -> Vec<(u64, u32)> {
    let frames: Vec<_> = frames.iter().cloned().map(Frame::Text).collect();
    lines_of(&frames, &mut Introductions::default())
}

fn lines_of(frames: &[Frame], known: &mut Introductions) -> Vec<(u64, u32)> {
    let messages = frames.iter().flat_map(|frame| match frame {
        Frame::Text(text) => peer::decode(text).unwrap(),
        Frame::Binary(payload) => known.decode(payload).unwrap(),
    });
    let moves = messages.filter_map(|message| match message {
        ServerMessage::CursorUpdate { data } => Some((data.session_id.number, line_of(&data.position))),
        _ => None,
    });
    moves.collect()
}

fn v1(frames: &[Bytes]) -> Vec<V1Message> {
    frames.iter().map(|frame| peer::decode_v1(frame).unwrap()).collect()
}
