//! Once, in time, for one project, and not too many.

use std::collections::HashSet;

use collabd_core::Profile;
use collabd_protocol::{AvatarColor, Role, UserId, UserName};
use tokio::time::advance;

use super::*;
use crate::auth::Grounds;

fn ann() -> Proven {
    let user_id = UserId::new("ann").unwrap();
    let profile = Profile {
        avatar_color: AvatarColor::for_user(&user_id),
        user_name: UserName::new("Ann").unwrap(),
        user_id,
        is_agent: false,
    };
    Proven { profile, grounds: Grounds::Word(Role::Viewer), expires_at: None }
}

fn project(id: i32) -> ProjectId {
    ProjectId::new(id).unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_ticket_admits_once() {
    let tickets = Tickets::default();
    let ticket = tickets.issue(ann(), project(1)).unwrap();
    assert!(Tickets::is_ticket(&ticket.text));
    assert_eq!(tickets.redeem(&ticket.text, project(1)), Ok(ann()));
    assert_eq!(tickets.redeem(&ticket.text, project(1)), Err(AuthError::Unauthenticated));
    assert_eq!(tickets.redeem("ticket-", project(1)), Err(AuthError::Unauthenticated));
}

#[tokio::test(start_paused = true)]
async fn a_ticket_that_was_shown_to_the_wrong_project_is_spent() {
    let tickets = Tickets::default();
    let ticket = tickets.issue(ann(), project(1)).unwrap();
    assert_eq!(tickets.redeem(&ticket.text, project(2)), Err(AuthError::Forbidden));
    assert_eq!(tickets.redeem(&ticket.text, project(1)), Err(AuthError::Unauthenticated));
}

#[tokio::test(start_paused = true)]
async fn a_ticket_waits_thirty_seconds() {
    let tickets = Tickets::default();
    let [early, late] = [(); 2].map(|()| tickets.issue(ann(), project(1)).unwrap().text);
    advance(Duration::from_millis(29_999)).await;
    assert_eq!(tickets.redeem(&early, project(1)), Ok(ann()));
    advance(Duration::from_millis(1)).await;
    assert_eq!(tickets.redeem(&late, project(1)), Err(AuthError::Unauthenticated));
}

/// B2
#[tokio::test(start_paused = true)]
async fn tickets_that_nobody_uses_are_bounded_and_make_room_when_they_expire() {
    let tickets = Tickets::default();
    let texts: HashSet<_> =
        (0..MAX_WAITING).map(|_| tickets.issue(ann(), project(1)).unwrap().text).collect();
    assert_eq!(texts.len(), MAX_WAITING);
    let full = TicketsFull(LimitHit::full(LimitName::Tickets, MAX_WAITING));
    assert_eq!(tickets.issue(ann(), project(1)).unwrap_err(), full);
    let used = texts.iter().next().unwrap();
    tickets.redeem(used, project(1)).unwrap();
    tickets.issue(ann(), project(1)).unwrap();
    advance(LIFETIME).await;
    tickets.issue(ann(), project(1)).unwrap();
    let waiting = tickets.waiting.lock().unwrap();
    assert_eq!((waiting.by_fingerprint.len(), waiting.in_order.len()), (1, 1));
}

/// L5
#[tokio::test(start_paused = true)]
async fn a_user_has_no_more_tickets_than_allowed_and_takes_no_place_of_others() {
    let until = |user: &str| {
        let mut proven = Proven { expires_at: Some(Timestamp::now()), ..ann() };
        proven.profile.user_id = UserId::new(user).unwrap();
        proven
    };
    let tickets = Tickets::default();
    let texts: Vec<_> =
        (0..MAX_PER_USER).map(|_| tickets.issue(until("ann"), project(1)).unwrap().text).collect();
    let full = TicketsFull(LimitHit::full(LimitName::TicketsPerUser, MAX_PER_USER));
    assert_eq!(tickets.issue(until("ann"), project(1)).unwrap_err(), full);
    tickets.issue(until("bob"), project(1)).unwrap();
    tickets.redeem(&texts[0], project(1)).unwrap();
    tickets.issue(until("ann"), project(1)).unwrap();
    tickets.issue(until("ann"), project(1)).unwrap_err();
    advance(LIFETIME).await;
    tickets.issue(until("ann"), project(1)).unwrap();
    assert_eq!(tickets.waiting.lock().unwrap().by_user, HashMap::from([(UserId::new("ann").unwrap(), 1)]));
}
