//! Whatever editors do and in whatever order it arrives, the document is what the library makes of it.

use bytes::Bytes;
use collabd_documents::content::{ApplyError, Content, revert};
use collabd_documents::limits::ContentLimits;
use collabd_documents::store::{Snapshot, Stored};
use proptest::prelude::*;
use serde_json::Value;
use yrs::updates::decoder::Decode;
use yrs::{ReadTxn, Transact, Update, merge_updates_v1};

use crate::editors::{Step, doc, run, steps};
use crate::support::apply_all;

fn new() -> Content {
    Content::new(ContentLimits::default())
}

/// Applies until nothing is missing any more.
fn apply_in_any_order(updates: &[Bytes]) -> Content {
    let mut content = new();
    let mut waiting: Vec<&Bytes> = updates.iter().collect();
    while !waiting.is_empty() {
        let before = waiting.len();
        waiting.retain(|update| match content.apply(update) {
            Ok(_) => false,
            Err(ApplyError::Missing) => true,
            Err(error) => panic!("{error:?}"),
        });
        assert!(waiting.len() < before, "everything fits in the end");
    }
    content
}

/// What the library alone makes of the updates.
fn replay(updates: &[Bytes]) -> Content {
    let doc = doc(1);
    for update in updates {
        doc.transact_mut().apply_update(Update::decode_v1(update).unwrap()).unwrap();
    }
    let state = doc.transact().encode_diff_v1(&yrs::StateVector::default());
    apply_all(&[state.into()])
}

/// Everything that a document says of itself, in a form that does not depend on how it came about.
fn said(content: &Content) -> (Value, yrs::StateVector, yrs::IdSet) {
    let state = Update::decode_v1(&content.state()).unwrap();
    let vector = yrs::StateVector::decode_v1(&content.state_vector()).unwrap();
    assert_eq!(state.state_vector(), vector, "the index knows what the document has");
    (content.to_json().unwrap(), vector, state.delete_set().clone())
}

/// Merges updates that follow each other, and brings them out of order.
fn rearranged(updates: &[Bytes], seed: &[u8]) -> Vec<Bytes> {
    let mut batches: Vec<Bytes> = Vec::new();
    let mut rest = updates;
    for number in seed.iter().cycle() {
        if rest.is_empty() {
            break;
        }
        let (batch, after) = rest.split_at((1 + *number as usize % 3).min(rest.len()));
        batches.push(merge_updates_v1(batch).unwrap().into());
        rest = after;
    }
    let length = batches.len();
    for (at, number) in seed.iter().enumerate() {
        batches.swap(at % length, *number as usize % length);
    }
    batches
}

fn updates(steps: &[Step]) -> Vec<Bytes> {
    let updates = run(steps);
    if updates.is_empty() { vec![Bytes::from_static(&[0, 0])] } else { updates }
}

proptest! {
    #[test]
    fn the_document_is_what_the_library_makes_of_the_updates(steps in steps()) {
        let updates = updates(&steps);
        prop_assert_eq!(said(&apply_all(&updates)), said(&replay(&updates)));
    }

    #[test]
    fn any_order_gives_the_same_document(
        steps in steps(),
        seed in proptest::collection::vec(any::<u8>(), 1..40),
    ) {
        let updates = updates(&steps);
        let rearranged = rearranged(&updates, &seed);
        prop_assert_eq!(said(&apply_in_any_order(&rearranged)), said(&apply_all(&updates)));
    }

    #[test]
    fn the_changes_alone_are_the_document(steps in steps()) {
        let (mut content, mut follower) = (new(), new());
        for update in updates(&steps) {
            if let Some(change) = content.apply(&update).unwrap() {
                let seen = follower.apply(&change.update).unwrap();
                prop_assert!(seen.is_some(), "a change says something new");
                prop_assert_eq!(seen.unwrap().advanced.len(), change.advanced.len());
            }
            prop_assert_eq!(content.apply(&update), Ok(None));
            prop_assert_eq!(content.apply(&content.state()), Ok(None));
        }
        prop_assert_eq!(said(&follower), said(&content));
    }

    #[test]
    fn a_stored_document_loads_as_it_was(steps in steps(), cut in any::<prop::sample::Index>()) {
        let updates = updates(&steps);
        let cut = cut.index(updates.len());
        let before = apply_all(&updates[..cut]);
        let stored = Stored {
            snapshot: Some(Snapshot { through: 1, state: before.state() }),
            // As when a record in between had been damaged and came back later.
            updates: updates[cut..].iter().rev().cloned().collect(),
            ..Stored::default()
        };
        let (content, left_out) = Content::load(&stored, ContentLimits::default()).unwrap();
        prop_assert_eq!(left_out, 0);
        prop_assert_eq!(said(&content), said(&apply_all(&updates)));
        prop_assert_eq!(content.bytes(), content.state().len());
    }

    #[test]
    fn any_version_can_be_shown_again(steps in steps(), cut in any::<prop::sample::Index>()) {
        let updates = updates(&steps);
        let version = apply_all(&updates[..cut.index(updates.len())]);
        let mut content = apply_all(&updates);
        let update = revert(&content.state(), &version.state(), ContentLimits::default()).unwrap();
        if let Some(update) = update {
            prop_assert!(content.apply(&update).unwrap().is_some());
        }
        prop_assert_eq!(revert(&content.state(), &version.state(), ContentLimits::default()), Ok(None));
    }

    #[test]
    fn damaged_updates_are_taken_in_whole_or_not_at_all(
        steps in steps(),
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<u8>()), 1..20),
    ) {
        let updates = updates(&steps);
        let mut content = new();
        for (number, update) in updates.iter().enumerate() {
            let mut bytes = update.to_vec();
            for (which, at, with) in &damage {
                if which.index(updates.len()) == number {
                    let at = at.index(bytes.len());
                    bytes[at] = *with;
                }
            }
            let before = said(&content);
            match content.apply(&bytes) {
                Ok(_) => {}
                Err(ApplyError::Broken) => prop_assert!(false, "the library failed on {:?}", bytes),
                Err(_) => prop_assert_eq!(before, said(&content)),
            }
        }
    }
}
