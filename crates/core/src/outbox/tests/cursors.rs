//! C2: the latest lane of a reader that is behind.

use super::*;

/// C2
#[test]
fn a_full_lane_drops_only_cursors_of_the_document_that_has_no_room() {
    let (outbox, mut reader) = outbox(LIMITS);
    outbox.push(frame(1)).unwrap();
    assert_eq!(push_cursors(&outbox, "plan", 1), Conflation::Queued);
    outbox.push(frame(2)).unwrap();
    assert_eq!(push_cursors(&outbox, "notes", 2), Conflation::Queued);
    assert_eq!(push_cursors(&outbox, "plan", 3), Conflation::FellBehind);
    outbox.push(frame(3)).unwrap();
    let drained = drain(&mut reader);
    assert_eq!(names(&drained.behind_in), ["plan"]);
    assert_eq!(drained.goodbye, None);
    let left = [Content::Frame(1), Content::Frame(2), Content::Cursor(2), Content::Frame(3)];
    assert_eq!(contents(drained), left);
}

/// C2
#[test]
fn a_document_whose_cursors_were_dropped_is_skipped_until_the_reader_is_back() {
    let (outbox, mut reader) = outbox(LIMITS);
    for number in 1..=3 {
        push_cursors(&outbox, "plan", number);
    }
    for number in 4..100 {
        assert_eq!(push_cursors(&outbox, "plan", number), Conflation::Skipped);
    }
    let drained = drain(&mut reader);
    assert_eq!(names(&drained.behind_in), ["plan"]);
    assert_eq!(contents(drained), []);
    assert_eq!(push_cursors(&outbox, "plan", 100), Conflation::Queued);
    let drained = drain(&mut reader);
    assert_eq!(names(&drained.behind_in), [""; 0]);
    assert_eq!(contents(drained), [Content::Cursor(100)]);
}

/// C2
#[test]
fn another_document_goes_on_while_one_is_behind() {
    let (outbox, mut reader) = outbox(LIMITS);
    for number in 1..=3 {
        push_cursors(&outbox, "plan", number);
    }
    assert_eq!(push_cursors(&outbox, "notes", 9), Conflation::Queued);
    let drained = drain(&mut reader);
    assert_eq!(names(&drained.behind_in), ["plan"]);
    assert_eq!(contents(drained), [Content::Cursor(9)]);
}

/// C2
#[test]
fn the_lane_is_bounded_in_bytes_too_and_one_large_batch_passes() {
    let large = batch("plan", 1).len();
    let (outbox, mut reader) =
        outbox(OutboxLimits { cursor_bytes: large - 1, cursor_batches: 100, ..LIMITS });
    assert_eq!(push_cursors(&outbox, "plan", 1), Conflation::Queued);
    assert_eq!(push_cursors(&outbox, "notes", 2), Conflation::FellBehind);
    let drained = drain(&mut reader);
    assert_eq!(names(&drained.behind_in), ["notes"]);
    assert_eq!(contents(drained), [Content::Cursor(1)]);
}

/// C2: whoever is in many documents would otherwise ask for all of them again and again, as fast as it is answered.
#[test]
fn of_several_documents_that_a_reader_catches_up_on_at_once_as_many_pass_as_have_room() {
    let (outbox, mut reader) = outbox(LIMITS);
    let mut behind_in = vec!["a", "b", "c", "d", "e"];
    for round in 0..3 {
        let expected = behind_in.split_off(LIMITS.cursor_batches.min(behind_in.len()));
        for place in behind_in.iter().chain(&expected) {
            push_cursors(&outbox, place, round);
        }
        let drained = drain(&mut reader);
        assert_eq!(names(&drained.behind_in), expected);
        assert_eq!(drained.entries.len(), behind_in.len());
        behind_in = expected;
    }
    assert_eq!(behind_in, [""; 0]);
}
