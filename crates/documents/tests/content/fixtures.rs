//! What Yjs itself wrote is understood as Yjs meant it.

use bytes::Bytes;
use collabd_documents::content::{ApplyError, Content};
use collabd_documents::limits::ContentLimits;

use crate::support::{apply_all, fixtures};

#[test]
fn every_way_to_the_same_document_gives_the_same_document() {
    for fixture in fixtures() {
        println!("{}", fixture.name);
        let one_by_one = apply_all(&fixture.updates);
        for whole in [&fixture.state, &fixture.merged] {
            let at_once = apply_all(std::slice::from_ref(whole));
            assert_eq!(at_once.to_json(), one_by_one.to_json(), "{}", fixture.name);
        }
        assert_eq!(one_by_one.to_json().unwrap(), fixture.json, "{}", fixture.name);
    }
}

#[test]
fn an_update_that_says_nothing_new_changes_nothing() {
    for fixture in fixtures() {
        let mut content = apply_all(&fixture.updates);
        for update in fixture.updates.iter().chain([&fixture.state, &fixture.merged]) {
            assert_eq!(content.apply(update), Ok(None), "{}", fixture.name);
        }
    }
}

#[test]
fn an_update_without_what_it_builds_on_is_missing_and_changes_nothing() {
    for fixture in fixtures().iter().filter(|fixture| fixture.name != "concurrent") {
        let mut content = Content::new(ContentLimits::default());
        for update in &fixture.updates[1..] {
            assert_eq!(content.apply(update), Err(ApplyError::Missing), "{}", fixture.name);
        }
        assert_eq!(content.state(), Bytes::from_static(&[0, 0]));
        assert_eq!(content.state_vector(), Bytes::from_static(&[0]));
    }
}

#[test]
fn the_changes_alone_make_the_same_document() {
    for fixture in fixtures() {
        let mut content = Content::new(ContentLimits::default());
        let mut follower = Content::new(ContentLimits::default());
        for update in &fixture.updates {
            if let Some(change) = content.apply(update).unwrap() {
                follower.apply(&change.update).unwrap();
            }
        }
        assert_eq!(follower.to_json(), content.to_json(), "{}", fixture.name);
    }
}
