//! J2 and J3: what a newcomer and the others hear, and in which order.

use super::*;
use crate::testing::line;

/// J3
#[test]
fn a_newcomer_hears_the_snapshot_first_with_itself_in_it() {
    let mut stage = Stage::new();
    let alone = stage.join(1, "ada");
    assert_eq!(stage.heard_by(1, &alone), [snapshot(&["ada"])]);
    let second = stage.join_in(2, "bob", "plan");
    assert_eq!(stage.heard_by(2, &second), [snapshot(&["ada", "bob"]), list("plan", &["bob"])]);
}

/// J3
#[test]
fn the_snapshot_shows_the_newcomer_in_its_document_already() {
    let mut stage = Stage::new();
    let heard = stage.join_in(1, "ada", "plan");
    let Event::Snapshot { session: own, presence, at } = &heard[0].event else {
        panic!("{:?}", heard[0]);
    };
    assert_eq!((*own, *at), (session(1), stage.clock.now().wall));
    assert!(presence[0].documents.contains_key(&document("plan")));
}

/// J3: a document's list names users, so they are known before.
#[test]
fn the_others_hear_of_the_user_before_the_documents_list() {
    let mut stage = Stage::new();
    stage.join_in(1, "ada", "plan");
    stage.rest();
    let heard = stage.join_in(2, "bob", "plan");
    assert_eq!(stage.heard_by(1, &heard), [joined("bob"), list("plan", &["ada", "bob"])]);
}

/// C2
#[test]
fn a_newcomer_to_a_document_gets_the_others_cursors_after_the_snapshot() {
    let mut stage = Stage::new();
    stage.join(1, "ada");
    stage.join(2, "bob");
    stage.move_to(1, "plan", line(5));
    stage.rest();
    stage.move_to(2, "plan", line(6));
    stage.rest();
    let heard = stage.join_in(3, "eve", "plan");
    assert_eq!(
        stage.heard_by(3, &heard),
        [
            snapshot(&["ada", "bob", "eve"]),
            cursors("plan", &[(1, 5), (2, 6)]),
            list("plan", &["ada", "bob", "eve"]),
        ]
    );
    assert_eq!(
        stage.heard_by(1, &heard),
        [joined("eve"), list("plan", &["ada", "bob", "eve"])],
        "nobody else gets cursors that it has"
    );
}

/// C2
#[test]
fn a_newcomer_gets_the_position_that_the_others_still_wait_for() {
    let mut stage = Stage::new();
    stage.join_in(1, "ada", "plan");
    stage.move_to(1, "plan", line(5));
    let heard = stage.join_in(2, "bob", "plan");
    assert_eq!(stage.heard_by(2, &heard)[1..], [cursors("plan", &[(1, 5)])], "the list waits for the tick");
    let heard = stage.run(TICK);
    assert_eq!(stage.heard_by(2, &heard), [list("plan", &["ada", "bob"]), cursors("plan", &[(1, 5)])]);
}

/// J2
#[test]
fn a_resync_is_a_snapshot_for_the_asker_alone() {
    let mut stage = Stage::new();
    stage.join(1, "ada");
    stage.join(2, "bob");
    let heard = stage.apply(Command::Resync { session: session(1) });
    assert_eq!(stage.heard_by(1, &heard), [snapshot(&["ada", "bob"])]);
    assert_eq!(stage.heard_by(2, &heard), []);
}

/// P1
#[test]
fn a_users_second_tab_hears_of_no_join() {
    let mut stage = Stage::new();
    stage.join(1, "ada");
    let heard = stage.join(2, "ada");
    assert_eq!(stage.heard_by(2, &heard), [snapshot(&["ada"]), updated("ada")]);
    assert_eq!(stage.heard_by(1, &heard), [updated("ada")]);
}
