//! C2 and C3: when a move is told, to whom, and which.

use collabd_protocol::Label;
use collabd_protocol::client::CursorUpdate;

use super::*;
use crate::testing::line;

fn two_in_a_document() -> Stage {
    let mut stage = Stage::new();
    stage.join_in(1, "ada", "plan");
    stage.join_in(2, "bob", "plan");
    stage.rest();
    stage
}

/// C2
#[test]
fn the_first_move_after_a_pause_is_told_at_once() {
    let mut stage = two_in_a_document();
    for step in 1..=3 {
        let heard = stage.move_to(1, "plan", line(step));
        assert_eq!(stage.heard_by(2, &heard), [cursors("plan", &[(1, step)])]);
        assert_eq!(stage.room.next_deadline(), None);
        stage.pass(TICK);
    }
}

/// C2
#[test]
fn later_moves_wait_for_the_tick_and_only_the_newest_is_told() {
    let mut stage = two_in_a_document();
    stage.move_to(1, "plan", line(1));
    assert_eq!(stage.move_to(1, "plan", line(2)), []);
    stage.pass(5);
    assert_eq!(stage.move_to(2, "plan", line(10)), []);
    assert_eq!(stage.move_to(1, "plan", line(3)), []);
    assert_eq!(stage.run(TICK - 6), [], "the tick has not come");
    let heard = stage.run(1);
    assert_eq!(stage.heard_by(2, &heard), [cursors("plan", &[(1, 3), (2, 10)])]);
    assert_eq!(heard.len(), 1, "one delivery for all of them");
    assert_eq!(stage.room.take_conflated(), 1);
    assert_eq!(stage.room.next_deadline(), None);
}

/// C1, C2: the batch leaves out each receiver's own move, so the mover is part of the audience.
#[test]
fn a_move_goes_to_the_document_and_nowhere_else() {
    let mut stage = two_in_a_document();
    stage.join_in(3, "eve", "notes");
    stage.rest();
    let heard = stage.move_to(1, "plan", line(1));
    assert_eq!(heard.len(), 1);
    assert_eq!(heard[0].audience, Audience::Document(document("plan")));
    assert_eq!(stage.heard_by(3, &heard), []);
}

/// C2
#[test]
fn every_document_has_its_own_tick() {
    let mut stage = two_in_a_document();
    stage.join_in(3, "eve", "notes");
    stage.join_in(4, "kim", "notes");
    stage.rest();
    stage.move_to(1, "plan", line(1));
    stage.move_to(1, "plan", line(2));
    stage.pass(10);
    stage.move_to(3, "notes", line(1));
    stage.move_to(3, "notes", line(2));
    let heard = stage.run(TICK - 10);
    assert_eq!(stage.heard_by(2, &heard), [cursors("plan", &[(1, 2)])]);
    assert_eq!(stage.heard_by(4, &heard), [], "heard of this document less than a tick ago");
    let heard = stage.run(10);
    assert_eq!(stage.heard_by(4, &heard), [cursors("notes", &[(3, 2)])]);
}

/// C2
#[test]
fn entries_and_moves_of_one_tick_are_told_together_the_list_first() {
    let mut stage = two_in_a_document();
    stage.move_to(1, "plan", line(1));
    stage.join(3, "eve");
    let heard = stage.move_to(3, "plan", line(9));
    assert_eq!(stage.heard_by(2, &heard), [updated("eve")]);
    let heard = stage.run(TICK);
    assert_eq!(stage.heard_by(2, &heard), [list("plan", &["ada", "bob", "eve"]), cursors("plan", &[(3, 9)])]);
}

/// C2: a crowd that comes in one by one is not told in full of each of its members, and moves on meanwhile.
#[test]
fn the_longer_a_list_the_more_seldom_it_is_told() {
    const CROWD: u64 = 100;
    let mut stage = two_in_a_document();
    let mut lists = Vec::new();
    let mut moves = 0;
    for number in 3..=CROWD {
        let mut heard = stage.join_in(number, &format!("guest{number}"), "plan");
        heard.extend(stage.move_to(1, "plan", line(number.try_into().unwrap())));
        heard.extend(stage.run(TICK));
        for heard in stage.heard_by(2, &heard) {
            match heard {
                Heard::List(_, people) => lists.push(people.len()),
                Heard::Cursors(..) => moves += 1,
                _ => {}
            }
        }
    }
    assert_eq!(moves, CROWD - 2, "a move waits for the tick and for nothing else");
    // 98 people in 98 ticks of 16 ms, and a list of n people keeps the next one away for n ms.
    let names = lists.iter().sum::<usize>();
    assert!(lists.len() > 20 && names < 98 * 16 * 3 / 2, "{lists:?}");
    stage.run(CROWD);
    let heard = stage.leave(3);
    let heard = [heard, stage.run(CROWD)].concat();
    let everybody = stage.heard_by(2, &heard);
    assert!(
        everybody.iter().any(|heard| matches!(heard, Heard::List(_, people) if people.len() == 99)),
        "the last change is told: {everybody:?}"
    );
}

/// P4: a cursor that came after its user's leave would stay for ever.
#[test]
fn a_move_that_nobody_was_told_goes_with_its_session() {
    let mut stage = two_in_a_document();
    stage.move_to(1, "plan", line(1));
    stage.move_to(1, "plan", line(2));
    stage.leave(1);
    let heard = stage.run(TICK);
    assert_eq!(stage.heard_by(2, &heard), [list("plan", &["bob"])]);
}

/// P4
#[test]
fn a_document_that_emptied_before_its_tick_has_nothing_to_tell() {
    let mut stage = Stage::new();
    stage.join_in(1, "ada", "plan");
    stage.move_to(1, "plan", line(1));
    assert!(stage.room.next_deadline().is_some());
    stage.leave(1);
    assert_eq!(stage.room.next_deadline(), None);
}

/// C2
#[test]
fn a_session_that_fell_behind_catches_up_with_the_others_newest_positions() {
    let mut stage = two_in_a_document();
    stage.join_in(3, "eve", "plan");
    stage.move_to(1, "plan", line(1));
    stage.move_to(1, "plan", line(2));
    stage.move_to(2, "plan", line(7));
    let heard = stage.catch_up(2, "plan");
    assert_eq!(stage.heard_by(2, &heard), [cursors("plan", &[(1, 2)])]);
    assert_eq!(stage.heard_by(3, &heard), []);
}

/// C1: a document's cursors are its members' alone.
#[test]
fn only_a_documents_members_can_catch_up_on_it() {
    let mut stage = two_in_a_document();
    stage.join(3, "eve");
    stage.move_to(1, "plan", line(1));
    assert_eq!(stage.catch_up(3, "plan"), []);
    assert_eq!(stage.catch_up(3, "nowhere"), []);
    assert_eq!(stage.catch_up(1, "plan"), [], "nobody else has moved");
}

/// C1: a client's own clock and selection come back as they were given.
#[test]
fn a_move_carries_its_selection_and_timestamp() {
    let mut stage = two_in_a_document();
    let update = CursorUpdate {
        selected_node_id: Some(Label::new("node 7").unwrap()),
        timestamp: Some(-3),
        ..move_to("plan", line(1))
    };
    let heard = stage.apply(Command::Move { session: session(1), update: update.clone() });
    let Event::Cursors(flush) = &heard[0].event else {
        panic!("{:?}", heard[0]);
    };
    let moved = &flush.moves[0].cursor;
    assert_eq!((moved.user_id.as_str(), moved.session_id), ("ada", session(1)));
    assert_eq!(moved.document_type, DocumentType::CodeEditor);
    assert_eq!(moved.selected_node_id, update.selected_node_id);
    assert_eq!(moved.timestamp, update.timestamp);
    stage.move_to(1, "plan", line(2));
    let place = &stage.presence_of("ada").documents[&document("plan")];
    assert_eq!(place.selected_node_id, None, "a move without a selection ends it");
}

/// C1
#[test]
fn a_cursor_belongs_to_one_session() {
    let mut stage = Stage::new();
    stage.join_in(9, "bob", "plan");
    stage.join_in(1, "ada", "plan");
    stage.join_in(2, "ada", "plan");
    stage.rest();
    stage.move_to(1, "plan", line(1));
    stage.move_to(2, "plan", line(2));
    stage.pass(5);
    stage.move_to(1, "plan", line(3));
    let heard = stage.run(TICK);
    assert_eq!(stage.heard_by(9, &heard), [cursors("plan", &[(2, 2), (1, 3)])]);
    let place = &stage.presence_of("ada").documents[&document("plan")];
    assert_eq!(place.position, Some(line(3)), "presence shows the tab that moved last");
}
