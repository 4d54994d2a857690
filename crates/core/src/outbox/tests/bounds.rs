//! B2: the bounds of both lanes, one by one and under any pushes and drains.

use proptest::prelude::*;
use proptest::sample::select;

use super::*;

/// B2
#[test]
fn one_frame_too_many_evicts_the_session_and_discards_what_waited() {
    let (outbox, mut reader) = outbox(LIMITS);
    push_cursors(&outbox, "plan", 1);
    for _ in 0..LIMITS.items {
        assert_eq!(outbox.push(frame(1)), Ok(()));
    }
    assert_eq!(outbox.push(frame(1)), Err(Overflow));
    let drained = drain(&mut reader);
    assert_eq!(drained.goodbye, Some(CloseCode::SlowConsumer.into()));
    assert_eq!(drained.behind_in, []);
    assert_eq!(contents(drained), []);
}

/// B2
#[test]
fn one_byte_too_many_evicts_the_session() {
    let (outbox, mut reader) = outbox(LIMITS);
    assert_eq!(outbox.push(frame(60)), Ok(()));
    assert_eq!(outbox.push(frame(40)), Ok(()));
    assert_eq!(outbox.push(frame(1)), Err(Overflow));
    assert_eq!(drain(&mut reader).goodbye, Some(CloseCode::SlowConsumer.into()));
}

/// B2
#[test]
fn a_drain_makes_room_again() {
    let (outbox, mut reader) = outbox(LIMITS);
    for _ in 0..5 {
        for _ in 0..LIMITS.items {
            assert_eq!(outbox.push(frame(25)), Ok(()));
        }
        assert_eq!(drain(&mut reader).entries.len(), LIMITS.items);
    }
}

/// B2: a crowd that comes in one by one is one list for a reader that is slow to hear of it.
#[test]
fn a_newer_list_takes_the_place_and_the_room_of_an_older_one_of_its_document() {
    let (outbox, mut reader) = outbox(LIMITS);
    for length in 50..=60 {
        assert_eq!(outbox.push_list(&document("plan"), frame(length)), Ok(()));
    }
    assert_eq!(outbox.push(frame(1)), Ok(()));
    assert_eq!(outbox.push_list(&document("other"), frame(7)), Ok(()));
    assert_eq!(outbox.push_list(&document("plan"), frame(5000)), Ok(()), "room for a large one");
    assert_eq!(outbox.push_list(&document("plan"), frame(92)), Ok(()), "and its room is given back");
    assert_eq!(outbox.push_list(&document("third"), frame(1)), Err(Overflow), "all 100 bytes are taken");
    drain(&mut reader);
}

/// B2
#[test]
fn a_newer_list_waits_behind_what_it_speaks_of() {
    let (outbox, mut reader) = outbox(LIMITS);
    assert_eq!(outbox.push_list(&document("plan"), frame(10)), Ok(()));
    assert_eq!(outbox.push(frame(11)), Ok(()));
    assert_eq!(outbox.push_list(&document("plan"), frame(12)), Ok(()));
    assert_eq!(contents(drain(&mut reader)), [Content::Frame(11), Content::Frame(12)]);
}

/// B2, J3: the snapshot of a large project, and what comes with it.
#[test]
fn a_single_frame_above_the_bound_passes_and_leaves_room_for_others() {
    let (outbox, mut reader) = outbox(LIMITS);
    assert_eq!(outbox.push(frame(5000)), Ok(()));
    assert_eq!(outbox.push(frame(60)), Ok(()));
    assert_eq!(outbox.push(frame(40)), Ok(()));
    assert_eq!(outbox.push(frame(1)), Err(Overflow), "the others have their own bound");
    drain(&mut reader);
}

/// B2
#[test]
fn a_second_frame_above_the_bound_evicts_the_session() {
    let (outbox, _reader) = outbox(LIMITS);
    assert_eq!(outbox.push(frame(101)), Ok(()));
    assert_eq!(outbox.push(frame(101)), Err(Overflow));
}

/// B2
#[test]
fn cursors_never_evict_and_take_no_room_from_messages() {
    let (outbox, mut reader) = outbox(LIMITS);
    for number in 0..1000 {
        push_cursors(&outbox, "plan", number);
    }
    for _ in 0..LIMITS.items {
        assert_eq!(outbox.push(frame(25)), Ok(()));
    }
    assert_eq!(drain(&mut reader).goodbye, None);
}

#[derive(Debug, Clone)]
enum Action {
    Push(usize),
    List(&'static str, usize),
    Cursors(&'static str, u32),
    Drain,
}

fn actions() -> impl Strategy<Value = Vec<Action>> {
    let length = || prop_oneof![8 => 0..60_usize, 1 => 90..300_usize];
    let place = || select(&["notes", "plan", "todo"][..]);
    let action = prop_oneof![
        4 => length().prop_map(Action::Push),
        2 => (place(), length()).prop_map(|(place, length)| Action::List(place, length)),
        4 => (place(), 0..1_000_000_u32)
            .prop_map(|(place, number)| Action::Cursors(place, number)),
        1 => Just(Action::Drain),
    ];
    prop::collection::vec(action, 0..60)
}

/// What waited, by the bounds' own terms.
#[derive(Debug, Default)]
struct Waited {
    frames: usize,
    oversized: usize,
    bytes: usize,
    batches: usize,
    batch_bytes: usize,
}

impl Waited {
    fn of(drained: &Drained, limits: OutboxLimits) -> Self {
        let mut waited = Self::default();
        for entry in &drained.entries {
            match entry {
                Entry::Frame(frame) | Entry::List { frame, .. } | Entry::Awareness { frame, .. }
                    if frame.len() > limits.bytes =>
                {
                    waited.frames += 1;
                    waited.oversized += 1;
                }
                Entry::Frame(frame) | Entry::List { frame, .. } | Entry::Awareness { frame, .. } => {
                    waited.frames += 1;
                    waited.bytes += frame.len();
                }
                Entry::Cursors { batch, .. } => {
                    waited.batches += 1;
                    waited.batch_bytes += batch.len();
                }
            }
        }
        waited
    }

    fn is_within(&self, limits: OutboxLimits) -> bool {
        self.frames <= limits.items
            && self.oversized <= 1
            && self.bytes <= limits.bytes
            && self.batches <= limits.cursor_batches
            && (self.batch_bytes <= limits.cursor_bytes || self.batches == 1)
    }
}

proptest! {
    /// B2, R2: a drain after any actions shows all that waited.
    #[test]
    fn what_waits_is_never_above_the_bounds(actions in actions(), cursor_bytes in 100..1000_usize) {
        let limits = OutboxLimits { cursor_bytes, ..LIMITS };
        let (outbox, mut reader) = outbox(limits);
        for action in actions {
            match action {
                // An overflow is one of the allowed outcomes; what it left is checked at the next drain.
                Action::Push(length) => drop(outbox.push(frame(length))),
                Action::List(place, length) => drop(outbox.push_list(&document(place), frame(length))),
                Action::Cursors(place, number) => drop(push_cursors(&outbox, place, number)),
                Action::Drain => check(&drain(&mut reader), limits),
            }
        }
        check(&drain(&mut reader), limits);
    }

    /// B2: a session is evicted only if its bounds are really reached, and messages are lost only then.
    #[test]
    fn no_message_is_lost_without_an_eviction(actions in actions()) {
        let (outbox, mut reader) = outbox(LIMITS);
        let mut waiting = Waiting::default();
        for action in actions {
            let (pushed, is_expected) = match action {
                Action::Push(length) => (outbox.push(frame(length)), waiting.push(None, length)),
                Action::List(place, length) => {
                    (outbox.push_list(&document(place), frame(length)), waiting.push(Some(place), length))
                }
                Action::Cursors(place, number) => {
                    push_cursors(&outbox, place, number);
                    continue;
                }
                Action::Drain => {
                    prop_assert_eq!(lengths(drain(&mut reader)), waiting.take());
                    continue;
                }
            };
            prop_assert_eq!(pushed.is_ok(), is_expected);
            if pushed.is_err() {
                prop_assert_eq!(drain(&mut reader).goodbye, Some(CloseCode::SlowConsumer.into()));
                return Ok(());
            }
        }
    }
}

/// What should wait, in order: of which document it is the list, if it is one, and its length.
#[derive(Debug, Default)]
struct Waiting(Vec<(Option<&'static str>, usize)>);

impl Waiting {
    /// False when there is no room.
    fn push(&mut self, list_of: Option<&'static str>, length: usize) -> bool {
        self.0.retain(|(of, _)| of.is_none() || *of != list_of);
        let is_large = |length: &usize| *length > LIMITS.bytes;
        let lengths = || self.0.iter().map(|(_, length)| *length);
        let bytes: usize = lengths().filter(|length| !is_large(length)).sum();
        let has_room = if is_large(&length) {
            !lengths().any(|length| is_large(&length))
        } else {
            bytes + length <= LIMITS.bytes
        };
        let has_place = self.0.len() < LIMITS.items;
        self.0.push((list_of, length));
        has_room && has_place
    }

    fn take(&mut self) -> Vec<usize> {
        self.0.drain(..).map(|(_, length)| length).collect()
    }
}

fn lengths(drained: Drained) -> Vec<usize> {
    let contents = contents(drained).into_iter().filter_map(|content| match content {
        Content::Frame(length) => Some(length),
        Content::Cursor(_) => None,
    });
    contents.collect()
}

fn check(drained: &Drained, limits: OutboxLimits) {
    let waited = Waited::of(drained, limits);
    assert!(waited.is_within(limits), "{waited:?}");
    if drained.goodbye.is_some() {
        assert!(drained.entries.is_empty(), "evicted, and yet something waits");
    }
}

#[test]
fn newer_awareness_of_a_client_takes_the_room_of_an_older_one() {
    let (outbox, mut reader) = outbox(OutboxLimits { items: 3, bytes: 100, ..OutboxLimits::default() });
    for length in [40, 60, 50] {
        assert_eq!(outbox.push_awareness(&document("plan"), 7, frame(length)), Ok(()));
    }
    assert_eq!(outbox.push_awareness(&document("plan"), 8, frame(25)), Ok(()), "another client");
    assert_eq!(outbox.push_awareness(&document("other"), 7, frame(25)), Ok(()), "another document");
    let drained = drain(&mut reader);
    assert_eq!(drained.goodbye, None);
    assert_eq!(contents(drained), [Content::Frame(50), Content::Frame(25), Content::Frame(25)]);
}

#[test]
fn there_is_slack_while_less_than_half_waits_and_nothing_oversized() {
    let (outbox, mut reader) = outbox(OutboxLimits { items: 10, bytes: 100, ..OutboxLimits::default() });
    assert!(outbox.has_slack());
    outbox.push(frame(49)).unwrap();
    assert!(outbox.has_slack());
    outbox.push(frame(1)).unwrap();
    assert!(!outbox.has_slack(), "half of it waits");
    drop(drain(&mut reader));
    assert!(outbox.has_slack());
    outbox.push(frame(101)).unwrap();
    assert!(!outbox.has_slack(), "an oversized frame waits");
}
