//! P1 to P4: who is here.

use collabd_protocol::client::CursorUpdate;
use collabd_protocol::{AvatarColor, UserName};

use super::*;
use crate::testing::{line, point};

/// P1
#[test]
fn three_tabs_of_one_user_are_one_user() {
    let mut stage = Stage::new();
    stage.join(9, "bob");
    let first = stage.join(1, "ada");
    let second = stage.join(2, "ada");
    let third = stage.join(3, "ada");
    assert_eq!(stage.heard_by(9, &first), [joined("ada")]);
    assert_eq!(stage.heard_by(9, &second), [updated("ada")]);
    assert_eq!(stage.heard_by(9, &third), [updated("ada")]);
    assert_eq!(stage.room.user_count(), 2);
    assert_eq!(stage.presence_of("ada").sessions, 3);
}

/// P1
#[test]
fn only_the_last_tab_to_go_is_a_leave() {
    let mut stage = Stage::new();
    stage.join(9, "bob");
    for tab in 1..=3 {
        stage.join(tab, "ada");
    }
    for (tab, others) in [(2, 2), (1, 1)] {
        let heard = stage.leave(tab);
        assert_eq!(stage.heard_by(9, &heard), [updated("ada")]);
        assert_eq!(stage.presence_of("ada").sessions, others);
    }
    let heard = stage.leave(3);
    assert_eq!(stage.heard_by(9, &heard), [left("ada")]);
    assert!(!stage.is_here("ada"));
}

/// P2
#[test]
fn a_late_departure_of_an_old_session_never_removes_a_newer_one() {
    let mut stage = Stage::new();
    stage.join(9, "bob");
    stage.join(1, "ada");
    stage.leave(1);
    stage.join(2, "ada");
    for reason in DepartureReason::ALL {
        assert_eq!(stage.depart(1, reason), [], "{reason:?}");
    }
    assert_eq!(stage.run(2 * GRACE), []);
    assert_eq!(stage.presence_of("ada").sessions, 1);
}

/// P2, P3
#[test]
fn the_end_of_an_old_sessions_grace_never_removes_a_newer_one() {
    let mut stage = Stage::new();
    stage.join(9, "bob");
    stage.join(1, "ada");
    stage.lose(1);
    stage.pass(1000);
    stage.join(2, "ada");
    assert_eq!(stage.run(2 * GRACE), []);
    assert_eq!(stage.room.session_count(), 2);
    assert_eq!(stage.presence_of("ada").sessions, 1);
}

/// P3
#[test]
fn a_lost_session_is_kept_for_the_grace_period_and_not_longer() {
    let mut stage = Stage::new();
    stage.join(9, "bob");
    stage.join(1, "ada");
    assert_eq!(stage.lose(1), []);
    assert_eq!(stage.run(GRACE - 1), []);
    assert!(stage.is_here("ada"));
    let heard = stage.run(1);
    assert_eq!(stage.heard_by(9, &heard), [left("ada")]);
    assert_eq!(reasons(&heard), [DepartureReason::ConnectionLost]);
    assert_eq!(stage.room.next_deadline(), None);
}

/// P3
#[test]
fn a_user_who_returns_within_the_grace_shows_no_leave_no_join_and_no_update() {
    let mut stage = Stage::new();
    stage.join(9, "bob");
    stage.join_in(1, "ada", "plan");
    let mut heard = stage.lose(1);
    heard.extend(stage.run(GRACE - 1));
    heard.extend(stage.join_in(2, "ada", "plan"));
    heard.extend(stage.run(2 * GRACE));
    assert_eq!(stage.heard_by(9, &heard), []);
    assert_eq!(stage.documents_of("ada"), ["plan"]);
    assert_eq!(stage.room.session_count(), 2);
}

/// P3, P4
#[test]
fn a_user_who_returns_to_another_document_is_out_of_the_old_one_when_the_grace_ends() {
    let mut stage = Stage::new();
    stage.join(9, "bob");
    stage.join_in(1, "ada", "plan");
    stage.lose(1);
    let back = stage.join_in(2, "ada", "notes");
    assert_eq!(stage.heard_by(9, &back), [updated("ada")]);
    assert_eq!(stage.documents_of("ada"), ["notes", "plan"]);
    let heard = stage.run(GRACE);
    assert_eq!(stage.heard_by(9, &heard), [updated("ada")]);
    assert_eq!(stage.documents_of("ada"), ["notes"]);
}

/// P3
#[test]
fn a_session_that_says_goodbye_or_loses_its_right_is_gone_at_once() {
    for reason in DepartureReason::ALL {
        let mut stage = Stage::new();
        stage.join(9, "bob");
        stage.join(1, "ada");
        let heard = stage.depart(1, reason);
        let is_gone = !stage.is_here("ada");
        assert_eq!(is_gone, !reason.keeps_grace(), "{reason:?}");
        assert_eq!(is_gone, reasons(&heard) == [reason], "{reason:?}");
    }
    assert!(!DepartureReason::Left.keeps_grace());
    assert!(DepartureReason::ConnectionLost.keeps_grace());
}

/// P3
#[test]
fn a_leave_within_the_grace_ends_it() {
    let mut stage = Stage::new();
    stage.join(9, "bob");
    stage.join(1, "ada");
    stage.lose(1);
    let heard = stage.leave(1);
    assert_eq!(stage.heard_by(9, &heard), [left("ada")]);
    assert_eq!(stage.room.next_deadline(), None);
}

/// P3
#[test]
fn a_second_loss_does_not_prolong_the_grace() {
    let mut stage = Stage::new();
    stage.join(1, "ada");
    stage.lose(1);
    stage.pass(1000);
    stage.depart(1, DepartureReason::HeartbeatTimeout);
    stage.run(GRACE - 1000);
    assert!(stage.room.is_empty());
}

/// P3
#[test]
fn without_a_grace_period_a_lost_session_is_gone_at_once() {
    let mut stage = Stage::with(RoomLimits { grace: Duration::ZERO, ..RoomLimits::default() });
    stage.join(1, "ada");
    let heard = stage.lose(1);
    assert_eq!(reasons(&heard), [DepartureReason::ConnectionLost]);
    assert!(stage.room.is_empty());
}

/// P1, P3
#[test]
fn one_lost_tab_of_several_is_a_session_less_at_once() {
    let mut stage = Stage::new();
    stage.join(9, "bob");
    stage.join(1, "ada");
    stage.join(2, "ada");
    let heard = stage.lose(2);
    assert_eq!(stage.heard_by(9, &heard), [updated("ada")]);
    assert_eq!(stage.presence_of("ada").sessions, 1);
    assert_eq!(stage.run(GRACE), [], "the end of the grace changes nothing visible");
}

#[test]
fn the_last_word_on_a_user_is_its_real_name_offline() {
    let mut stage = Stage::new();
    stage.join(9, "Bob");
    stage.join_in(1, "Ada", "plan");
    let heard = stage.leave(1);
    let farewell = heard.iter().find_map(|delivery| match &delivery.event {
        Event::UserLeft { presence, .. } => Some(presence),
        _ => None,
    });
    let farewell = farewell.unwrap();
    assert_eq!(farewell.user_name, UserName::new("Ada").unwrap());
    assert!(!farewell.is_online);
    assert!(farewell.documents.is_empty());
}

/// P1
#[test]
fn the_status_of_a_user_is_that_of_the_most_present_tab() {
    let mut stage = Stage::new();
    stage.join(9, "bob");
    stage.join(1, "ada");
    stage.join(2, "ada");
    assert_eq!(stage.set_status(2, Status::Away), [], "the older tab is active");
    let heard = stage.set_status(1, Status::Idle);
    assert_eq!(stage.heard_by(9, &heard), [updated("ada")]);
    assert_eq!(stage.presence_of("ada").status, Status::Idle);
    stage.leave(1);
    assert_eq!(stage.presence_of("ada").status, Status::Away);
}

/// P4
#[test]
fn everybody_hears_of_a_status_the_user_itself_included() {
    let mut stage = Stage::new();
    stage.join(9, "bob");
    stage.join(1, "ada");
    let heard = stage.set_status(1, Status::Away);
    for number in [1, 9] {
        assert_eq!(stage.heard_by(number, &heard), [updated("ada")]);
    }
    assert_eq!(stage.set_status(1, Status::Away), [], "nothing is new");
}

#[test]
fn the_newest_tabs_word_on_name_and_colour_wins() {
    let mut stage = Stage::new();
    stage.join(9, "bob");
    stage.join(1, "ada");
    let mut renamed = profile("ada");
    renamed.user_name = UserName::new("Countess").unwrap();
    renamed.avatar_color = AvatarColor::new("#123456").unwrap();
    let heard = stage.apply(Command::Join(Join {
        session: session(2),
        profile: renamed.clone(),
        dialect: Dialect::V2,
        document: None,
    }));
    assert_eq!(stage.heard_by(9, &heard), [updated("ada")]);
    let shown = stage.presence_of("ada");
    assert_eq!((shown.user_name, shown.avatar_color), (renamed.user_name, renamed.avatar_color));
}

#[test]
fn times_are_those_of_the_arrival_and_of_the_last_deed() {
    let mut stage = Stage::new();
    let arrival = stage.clock.now().wall;
    stage.join(1, "ada");
    stage.pass(50);
    stage.join(2, "ada");
    stage.pass(50);
    stage.move_to(1, "plan", line(1));
    stage.pass(50);
    stage.move_to(1, "plan", line(2));
    let last_deed = stage.clock.now().wall;
    stage.pass(50);
    stage.apply(Command::Resync { session: session(1) });
    stage.lose(1);
    let shown = stage.presence_of("ada");
    assert_eq!((shown.joined_at, shown.last_active), (arrival, last_deed));
    let place = &shown.documents[&document("plan")];
    assert_eq!(place.last_active_in_document, last_deed);
}

/// P2, J4
#[test]
fn commands_of_sessions_that_are_not_here_do_nothing() {
    let mut stage = Stage::new();
    stage.join_in(1, "ada", "plan");
    stage.leave(1);
    stage.join_in(2, "ada", "plan");
    stage.rest();
    let before = stage.room.presence();
    for gone in [1, 77] {
        let update = CursorUpdate { timestamp: Some(5), ..move_to("elsewhere", line(3)) };
        let session = session(gone);
        assert_eq!(stage.apply(Command::Move { session, update }), []);
        assert_eq!(stage.apply(Command::Resync { session }), []);
        assert_eq!(stage.switch(gone, "elsewhere"), []);
        assert_eq!(stage.switch_as(gone, "plan", DocumentType::Canvas), []);
        assert_eq!(stage.move_to(gone, "plan", point()), []);
        assert_eq!(stage.set_status(gone, Status::Away), []);
        assert_eq!(stage.catch_up(gone, "plan"), []);
        assert_eq!(stage.lose(gone), []);
        assert_eq!(stage.leave(gone), []);
    }
    assert_eq!(stage.room.presence(), before);
    assert_eq!(stage.room.document_count(), 1);
    assert_eq!(stage.room.next_deadline(), None);
}

fn reasons(deliveries: &[Delivery]) -> Vec<DepartureReason> {
    let reason = |delivery: &Delivery| match delivery.event {
        Event::UserLeft { reason, .. } => Some(reason),
        _ => None,
    };
    deliveries.iter().filter_map(reason).collect()
}
