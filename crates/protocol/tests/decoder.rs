//! The decoder against text that nobody wrote by hand. Random cases: a failure prints its input and its seed,
//! and the seed is kept in `decoder.regressions` beside this file.

#[path = "support/frames.rs"]
mod frames;
mod support;

use collabd_protocol::codec::{self, peer};
use collabd_protocol::{AvatarColor, ClientMessage, CursorPosition, DocumentId, Label, UserId, UserName};
use frames::{edit, known_frames, outlined_frame};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::{FileFailurePersistence, TestRunner};
use serde_json::json;

/// Most bytes of a refusal's text: the limit and the mark that more was cut off.
const LONGEST_REFUSAL: usize = 243;

/// X2: whatever the frame, the answer is a message that keeps every promise of its type, or a refusal that can be
/// sent and logged as it is.
fn check(frame: &str) {
    match codec::decode(frame) {
        Ok(message) => {
            check_values(&message);
            assert_eq!(codec::decode(&peer::encode(&message)), Ok(message));
        }
        Err(error) => {
            assert!(error.code.is_malformed(), "{error:?}");
            assert!(!error.message.is_empty(), "{error:?}");
            assert!(error.message.len() <= LONGEST_REFUSAL, "{error:?}");
            assert!(!error.message.contains(char::is_control), "{error:?}");
        }
    }
}

fn check_values(message: &ClientMessage) {
    match message {
        ClientMessage::JoinSession(join) => {
            assert!(UserId::new(join.user_id.as_str()).is_ok());
            assert!(UserName::new(join.user_name.as_str()).is_ok());
            assert!(join.avatar_color.iter().all(|color| AvatarColor::new(color.as_str()).is_ok()));
            assert!(join.document_id.iter().all(is_document_id));
        }
        ClientMessage::SwitchDocument(switch) => assert!(is_document_id(&switch.document_id)),
        ClientMessage::CursorUpdate(update) => {
            assert!(is_document_id(&update.document_id));
            assert!(update.document_type.is_none_or(|kind| kind == update.position.document_type()));
            assert!(update.selected_node_id.iter().all(is_label));
            check_position(&update.position);
        }
        ClientMessage::LeaveSession(leave) => assert!(leave.document_id.iter().all(is_document_id)),
        ClientMessage::SetStatus(_) | ClientMessage::Authenticate(_) | ClientMessage::Ping => {}
    }
}

fn check_position(position: &CursorPosition) {
    assert_eq!(position.validate(), Ok(()));
    match position {
        CursorPosition::Spreadsheet(at) => assert!(at.sheet.iter().all(is_label)),
        CursorPosition::ThreeD(at) => assert!(at.viewport.iter().all(is_label)),
        CursorPosition::CodeEditor(at) => assert!(at.file.iter().all(is_label)),
        CursorPosition::Canvas(_) | CursorPosition::Timeline(_) => {}
    }
}

fn is_document_id(id: &DocumentId) -> bool {
    DocumentId::new(id.as_str()).is_ok()
}

fn is_label(label: &Label) -> bool {
    Label::new(label.as_str()).is_ok()
}

fn config() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("regressions"))),
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    /// X2
    #[test]
    fn any_text_is_answered(text in any::<String>(), line in ".{0,200}") {
        check(&text);
        check(&line);
    }

    /// X2
    #[test]
    fn any_text_inside_braces_is_answered(text in ".{0,60}", json in "[{}\\[\\]:,\"0-9eE.+a-z\\\\ -]{0,60}") {
        check(&format!("{{{text}}}"));
        check(&format!(r#"{{"type":"ping",{json}}}"#));
        check(&format!(r#"{{"type":"cursor_update","data":{{"documentId":"d","position":{{{json}}}}}}}"#));
    }

    /// X2, W11
    #[test]
    fn any_values_in_the_right_places_are_answered(frame in outlined_frame()) {
        check(&frame);
    }

    /// X2, W10
    #[test]
    fn any_mutation_of_a_known_frame_is_answered(frame in select(known_frames()), edits in vec(edit(), 1..4)) {
        check(&edits.iter().fold(frame, |frame, edit| edit.apply(&frame)));
    }

    /// C2: what receivers are sent is what the sender sent, to the last bit.
    #[test]
    fn a_coordinate_keeps_every_bit(x in any::<f64>(), y in proptest::num::f64::NORMAL) {
        prop_assume!(x.is_finite());
        let frame = json!({"type": "cursor_update", "data": {
            "documentId": "plan", "position": {"type": "canvas", "x": x, "y": y},
        }});
        let ClientMessage::CursorUpdate(update) = codec::decode(&frame.to_string()).unwrap() else {
            panic!("{frame}");
        };
        let CursorPosition::Canvas(at) = update.position else { panic!("{frame}") };
        prop_assert_eq!((at.x.to_bits(), at.y.to_bits()), (x.to_bits(), y.to_bits()));
    }
}

/// Guards the tests above against generators that only ever make one kind of answer.
#[test]
fn generated_frames_are_accepted_and_refused_in_fair_shares() {
    const FRAMES: usize = 1000;
    let mut runner = TestRunner::deterministic();
    let strategy = outlined_frame();
    let accepted = (0..FRAMES)
        .filter(|_| codec::decode(&strategy.new_tree(&mut runner).unwrap().current()).is_ok())
        .count();
    assert!((FRAMES / 4..FRAMES * 3 / 4).contains(&accepted), "{accepted} of {FRAMES} accepted");
}
