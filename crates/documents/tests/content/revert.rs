//! An earlier version is shown again, by a new update.

use collabd_documents::content::{Content, from_json, revert};
use collabd_documents::limits::ContentLimits;
use serde_json::json;

use crate::support::{apply_all, fixtures};

fn limits() -> ContentLimits {
    ContentLimits::default()
}

#[test]
fn every_state_of_a_document_can_be_shown_again() {
    for fixture in fixtures() {
        let last = apply_all(&fixture.updates);
        for kept in 1..fixture.updates.len() {
            let version = apply_all(&fixture.updates[..kept]);
            let mut current = apply_all(&fixture.updates);
            let name = format!("{} at {kept}", fixture.name);
            let update = revert(&last.state(), &version.state(), limits()).expect(&name);
            match update {
                None => assert_eq!(last.to_json(), version.to_json(), "{name}"),
                Some(update) => {
                    assert!(current.apply(&update).expect(&name).is_some(), "{name}");
                    assert_eq!(shown(&current), shown(&version), "{name}");
                }
            }
        }
    }
}

/// What a document shows; roots that only the later document has are null in it.
fn shown(content: &Content) -> serde_json::Value {
    let mut json = content.to_json().unwrap();
    json.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    json
}

#[test]
fn a_document_that_shows_the_version_is_left_alone() {
    for fixture in fixtures() {
        let content = apply_all(&fixture.updates);
        assert_eq!(revert(&content.state(), &content.state(), limits()), Ok(None), "{}", fixture.name);
    }
}

#[test]
fn a_reverted_document_can_be_reverted_again() {
    for fixture in fixtures() {
        let mut content = apply_all(&fixture.updates);
        let last = content.state();
        let wanted = shown(&content);
        let first = apply_all(&fixture.updates[..1]).state();
        let back = revert(&content.state(), &first, limits()).unwrap();
        if let Some(update) = back {
            content.apply(&update).unwrap();
        }
        if let Some(update) = revert(&content.state(), &last, limits()).unwrap() {
            content.apply(&update).unwrap();
        }
        assert_eq!(shown(&content), wanted, "{}", fixture.name);
    }
}

#[test]
fn json_becomes_roots_and_shows_as_the_same_json() {
    let json = json!({
        "text": "héllo 🦊",
        "map": { "a": 1, "b": [true, null, { "c": 1.5 }], "big": 1e300, "whole": 4_294_967_296_u64 },
        "list": [1, "two", [3], { "four": 4 }],
    });
    let mut content = Content::new(limits());
    content.apply(&from_json(&json, None, limits()).unwrap()).unwrap();
    assert_eq!(content.to_json().unwrap(), json);

    let other = json!({ "text": "new", "list": null });
    let update = from_json(&other, Some(&content.state()), limits()).unwrap();
    content.apply(&update).unwrap();
    assert_eq!(content.to_json().unwrap(), json!({ "text": "new", "list": null, "map": json["map"] }));
}
