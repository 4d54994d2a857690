//! The reader's waiting, and the goodbyes that end it.

use std::pin::pin;
use std::task::Poll;

use super::*;
use crate::testing::poll_once;

fn going_away() -> Goodbye {
    Goodbye { retry_after: Some(Duration::from_secs(2)), ..CloseCode::GoingAway.into() }
}

/// Invariant 3
#[tokio::test]
async fn a_wait_that_is_given_up_loses_nothing() {
    let (outbox, mut reader) = outbox(LIMITS);
    assert!(poll_once(pin!(reader.next())).is_pending());
    {
        let mut given_up = pin!(reader.next());
        assert!(poll_once(given_up.as_mut()).is_pending());
        outbox.push(frame(1)).unwrap();
    }
    outbox.push(frame(2)).unwrap();
    let drained = reader.next().await;
    assert_eq!(contents(drained), [Content::Frame(1), Content::Frame(2)]);
    assert!(poll_once(pin!(reader.next())).is_pending());
}

#[tokio::test]
async fn a_push_wakes_the_reader_that_waits() {
    let (outbox, mut reader) = outbox(LIMITS);
    let (drained, ()) = tokio::join!(reader.next(), async {
        tokio::task::yield_now().await;
        outbox.push(frame(1)).unwrap();
    });
    assert_eq!(contents(drained), [Content::Frame(1)]);
    let (drained, _) = tokio::join!(reader.next(), async {
        tokio::task::yield_now().await;
        push_cursors(&outbox, "plan", 4)
    });
    assert_eq!(contents(drained), [Content::Cursor(4)]);
}

/// X1
#[tokio::test]
async fn a_close_is_heard_after_what_waited() {
    let (outbox, mut reader) = outbox(LIMITS);
    outbox.push(frame(1)).unwrap();
    outbox.close(going_away());
    let drained = reader.next().await;
    assert_eq!(drained.goodbye, Some(going_away()));
    assert_eq!(contents(drained), [Content::Frame(1)]);
}

/// X1
#[tokio::test]
async fn an_eviction_discards_what_waited() {
    let (outbox, mut reader) = outbox(LIMITS);
    outbox.push(frame(1)).unwrap();
    push_cursors(&outbox, "plan", 1);
    outbox.evict(CloseCode::Revoked.into());
    let drained = reader.next().await;
    assert_eq!(drained.goodbye, Some(CloseCode::Revoked.into()));
    assert_eq!(contents(drained), []);
}

/// X1
#[tokio::test]
async fn the_first_goodbye_wins() {
    let (outbox, mut reader) = outbox(LIMITS);
    outbox.push(frame(1)).unwrap();
    assert_eq!(outbox.close(going_away()), going_away());
    assert_eq!(outbox.close(CloseCode::ProjectRestarted.into()), going_away());
    outbox.evict(CloseCode::SlowConsumer.into());
    let drained = reader.next().await;
    assert_eq!(drained.goodbye, Some(going_away()));
    assert_eq!(contents(drained), [Content::Frame(1)], "an eviction comes too late");
}

/// B1: whoever pushes need not know that the session is closing.
#[tokio::test]
async fn a_push_after_the_goodbye_is_accepted_and_discarded() {
    let (outbox, mut reader) = outbox(LIMITS);
    outbox.push_list(&document("plan"), frame(1)).unwrap();
    outbox.close(going_away());
    for _ in 0..1000 {
        assert_eq!(outbox.push(frame(99)), Ok(()));
        assert_eq!(outbox.push_list(&document("plan"), frame(99)), Ok(()));
        assert_eq!(push_cursors(&outbox, "plan", 1), Conflation::Skipped);
    }
    let drained = reader.next().await;
    assert_eq!(contents(drained), [Content::Frame(1)], "what waited before is not lost");
}

/// Invariant 3
#[tokio::test]
async fn waiting_for_a_goodbye_takes_nothing() {
    let (outbox, mut reader) = outbox(LIMITS);
    outbox.push(frame(1)).unwrap();
    assert_eq!(poll_once(pin!(reader.closing())), Poll::Pending);
    outbox.push(frame(2)).unwrap();
    let (goodbye, ()) = tokio::join!(reader.closing(), async {
        tokio::task::yield_now().await;
        outbox.close(going_away());
    });
    assert_eq!(goodbye, going_away());
    assert_eq!(reader.closing().await, going_away(), "it stays");
    let drained = reader.next().await;
    assert_eq!(contents(drained), [Content::Frame(1), Content::Frame(2)]);
}

/// A wake that `closing` consumed is not missed by `next`.
#[tokio::test]
async fn a_reader_that_looked_for_a_goodbye_first_still_sees_what_waits() {
    let (outbox, mut reader) = outbox(LIMITS);
    outbox.push(frame(1)).unwrap();
    assert_eq!(poll_once(pin!(reader.closing())), Poll::Pending);
    assert_eq!(contents(reader.next().await), [Content::Frame(1)]);
}
