//! When each session counted as present, and whether its user left when it should.

use collabd_protocol::{ProjectId, SessionId};
use tokio::time::Instant;

use super::world::{GRAIN, World};
use crate::recorder::{EVENTS_PER_PROJECT, ProjectEvent};

/// A session's time in its project, the grace period included.
#[derive(Debug)]
pub(super) struct Stay {
    pub(super) session: SessionId,
    user: String,
    from: Instant,
    pub(super) to: Option<Instant>,
}

impl World {
    /// I14: a user leaves when the last session ends, or its grace period does; not sooner and not later.
    pub(super) fn check_lefts(&self, slot: usize) {
        let heard = self.view(slot).as_mut().map(|view| (view.project(), view.take_lefts()));
        let Some((project, lefts)) = heard.filter(|(_, lefts)| !lefts.is_empty()) else { return };
        let Some(stays) = self.stays(project) else { return };
        for left in lefts {
            let is_of_user =
                |stay: &&Stay| stay.session.incarnation == left.session.incarnation && stay.user == left.user;
            let stays: Vec<_> = stays.iter().filter(is_of_user).collect();
            let is_last = |end: Instant| {
                !stays.iter().any(|other| other.from < end && other.to.is_none_or(|to| to > end))
            };
            let (since, until) = left.put;
            let is_due = |end: Instant| end <= until && end + GRAIN >= since && is_last(end);
            let is_right = stays.iter().filter_map(|stay| stay.to).any(is_due);
            assert!(is_right, "{} left at the wrong time: {left:?}, {stays:?}", left.user);
        }
    }

    /// The stays in a project by its flight recorder, unless that has forgotten some.
    ///
    /// I2: every departure is of a session that joined and has not departed.
    pub(super) fn stays(&self, project: ProjectId) -> Option<Vec<Stay>> {
        let newest_first = self.server.recorder.of_project(project, None);
        if newest_first.len() == EVENTS_PER_PROJECT {
            return None;
        }
        let mut stays: Vec<Stay> = Vec::new();
        for record in newest_first.iter().rev() {
            let at = self.wall.moment(record.at);
            match &record.event {
                ProjectEvent::Joined { who, .. } => {
                    assert!(stays.iter().all(|stay| stay.session != who.session), "{} twice", who.session);
                    stays.push(Stay { session: who.session, user: who.user.to_string(), from: at, to: None });
                }
                ProjectEvent::Departed { who, reason, .. } => {
                    let stay = stays.iter_mut().find(|stay| stay.session == who.session);
                    let stay = stay.expect("a departure has a join before it");
                    assert_eq!(stay.to, None, "{} departed twice", who.session);
                    let grace = self.limits().room.grace;
                    stay.to = Some(if reason.keeps_grace() { at + grace } else { at });
                }
                _ => {}
            }
        }
        // A wish to leave ends the grace period: the client's was on its way when its session was evicted.
        for stay in &mut stays {
            let wish = self.ledger().wish_to_leave(stay.session);
            stay.to = stay.to.map(|to| wish.map_or(to, |wish| to.min(wish)));
        }
        Some(stays)
    }
}
