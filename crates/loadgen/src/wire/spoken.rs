//! What members of other servers say: the same fields as in collabd's message of a move, as JSON.

use serde::{Deserialize, Serialize};

use super::Place;
use super::heard::{Heard, Move};
use super::place::DOCUMENT;
use super::step::whole;

/// A move.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Spoken<'a> {
    user_id: &'a str,
    document_id: &'a str,
    document_type: &'a str,
    position: Point<'a>,
    timestamp: i64,
}

/// A point on a canvas.
#[derive(Debug, Serialize, Deserialize)]
struct Point<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    x: f64,
    y: f64,
    zoom: f64,
}

/// A move of the member at `place`.
pub(super) fn write(place: Place, step: u32, sent_at: i64) -> String {
    let at = f64::from(step);
    let spoken = Spoken {
        user_id: &place.user(),
        document_id: DOCUMENT,
        document_type: "canvas",
        position: Point { kind: "canvas", x: at, y: at, zoom: 1.0 },
        timestamp: sent_at,
    };
    // Neither maps with other keys than strings nor numbers that JSON has not: it cannot fail.
    serde_json::to_string(&spoken).unwrap_or_default()
}

/// What `text` says, if it is a move of somebody else than `own`.
pub(super) fn read(own: Place, text: &[u8]) -> Option<Heard> {
    let spoken: Spoken<'_> = serde_json::from_slice(text).ok()?;
    let who = Place::of(spoken.user_id);
    let step = whole(spoken.position.x);
    (who != Some(own)).then_some(Heard::Moved(Move { who, step, sent_at: Some(spoken.timestamp) }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn others_are_heard_and_oneself_is_not() {
        let (ada, bob) = (Place { project: 1, member: 0 }, Place { project: 1, member: 1 });
        let text = write(ada, 7, 99);
        assert!(text.contains(r#""userId":"load-1-0""#), "{text}");
        let moved = Move { who: Some(ada), step: Some(7), sent_at: Some(99) };
        assert_eq!(read(bob, text.as_bytes()), Some(Heard::Moved(moved)));
        assert_eq!((read(ada, text.as_bytes()), read(bob, b"queued messages: 1")), (None, None));
    }
}
