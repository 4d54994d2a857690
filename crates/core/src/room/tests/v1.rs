//! What v1 receivers need of a move: presence and the whole list, made only where one of them is.

use super::*;
use crate::room::event::V1Flush;
use crate::testing::line;

fn v1_parts(deliveries: &[Delivery]) -> Vec<Option<&V1Flush>> {
    deliveries
        .iter()
        .filter_map(|delivery| match &delivery.event {
            Event::Cursors(flush) => Some(flush.v1.as_ref()),
            _ => None,
        })
        .collect()
}

#[test]
fn a_flush_has_a_v1_part_only_when_a_v1_member_is_in_the_document() {
    let mut stage = Stage::new();
    stage.join_in(1, "ada", "plan");
    stage.join_in(2, "bob", "plan");
    stage.join_v1_in(3, "eve", "notes");
    stage.rest();
    let heard = stage.move_to(1, "plan", line(1));
    assert_eq!(v1_parts(&heard), [None]);
    stage.switch(3, "plan");
    stage.rest();
    let heard = stage.move_to(1, "plan", line(2));
    assert!(matches!(v1_parts(&heard)[..], [Some(_)]));
    stage.leave(3);
    stage.rest();
    let heard = stage.move_to(1, "plan", line(3));
    assert_eq!(v1_parts(&heard), [None]);
}

#[test]
fn a_v1_part_has_the_movers_presence_and_everybody_in_the_document() {
    let mut stage = Stage::new();
    stage.join_in(1, "ada", "plan");
    stage.join_in(2, "bob", "plan");
    stage.join_v1_in(3, "eve", "plan");
    stage.rest();
    let heard = stage.move_to(1, "plan", line(4));
    let Some(Some(part)) = v1_parts(&heard).first().copied() else {
        panic!("{heard:?}");
    };
    let [(mover, presence)] = &part.presence[..] else {
        panic!("{part:?}");
    };
    assert_eq!((*mover, &presence.user_id), (session(1), &user("ada")));
    let place = &presence.documents[&document("plan")];
    assert_eq!(place.position, Some(line(4)), "the page draws cursors from here");
    let positions: Vec<_> = part
        .activity
        .active_users
        .iter()
        .map(|user| (user.user_id.as_str(), user.position.clone()))
        .collect();
    assert_eq!(
        positions,
        [("ada", Some(line(4))), ("bob", None), ("eve", None)],
        "a v1 page replaces its list by each one"
    );
}

#[test]
fn a_catch_up_has_a_v1_part_only_for_a_v1_session() {
    let mut stage = Stage::new();
    stage.join_in(1, "ada", "plan");
    stage.move_to(1, "plan", line(1));
    let heard = stage.join_v1_in(2, "eve", "plan");
    assert!(matches!(v1_parts(&heard)[..], [Some(_)]));
    let heard = stage.join_in(3, "bob", "plan");
    assert_eq!(v1_parts(&heard), [None]);
}
