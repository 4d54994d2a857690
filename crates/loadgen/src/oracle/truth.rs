//! What is the case.

use std::collections::HashMap;

use collabd_protocol::DepartureReason;

use super::{Verdict, View};

/// What one project's members must know, by the numbers of those it is about.
#[derive(Debug, Clone, Default)]
pub(crate) struct Truth {
    members: HashMap<u32, Expected>,
}

/// What must be known of one member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expected {
    /// It is there, and at this step if it has said where it is at last.
    Present(Option<u32>),
    /// It was there and left for this reason.
    Departed(DepartureReason),
    /// It is there or has left, but for no other reason than this.
    Either(DepartureReason),
    /// It is there, at this step, and never left.
    Stayed(Option<u32>),
    /// It is not there; if it ever was, it left for one of these reasons.
    Gone(&'static [DepartureReason]),
    /// Nobody can tell what became of it.
    Unknown,
}

impl Truth {
    /// From now on this must be known of `member`.
    pub(crate) fn set(&mut self, member: u32, expected: Expected) {
        self.members.insert(member, expected);
    }

    /// What differs between what is the case and what one of the members was told.
    pub(crate) fn judge(&self, view: &View) -> Verdict {
        let mut verdict = view.verdict();
        let others = self.members.iter().filter(|(member, _)| **member != view.member());
        for (&member, expected) in others {
            match expected {
                Expected::Present(last) | Expected::Stayed(last) => {
                    verdict.missed_joins += u64::from(!view.is_present(member));
                    let is_missed = last.is_some() && view.step(member) != *last;
                    verdict.missed_last_positions += u64::from(is_missed);
                }
                Expected::Departed(_) => verdict.missed_joins += u64::from(!view.has_seen(member)),
                Expected::Either(_) | Expected::Gone(_) | Expected::Unknown => {}
            }
        }
        verdict.ghosts += view.present().filter(|member| !self.may_be_present(*member)).count() as u64;
        let departures = view.departures().iter();
        verdict.wrong_reasons +=
            departures.filter(|(member, reason)| !self.may_depart(*member, *reason)).count() as u64;
        verdict
    }

    fn may_be_present(&self, member: u32) -> bool {
        !matches!(self.members.get(&member), None | Some(Expected::Departed(_) | Expected::Gone(_)))
    }

    fn may_depart(&self, member: u32, reason: DepartureReason) -> bool {
        match self.members.get(&member) {
            Some(Expected::Departed(expected) | Expected::Either(expected)) => reason == *expected,
            Some(Expected::Stayed(_)) => false,
            Some(Expected::Gone(reasons)) => reasons.contains(&reason),
            // Somebody who is there and left has come again, or is missed already.
            Some(Expected::Present(_) | Expected::Unknown) | None => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Heard, Move, Place, Sight};

    fn who(member: u32) -> Place {
        Place { project: 1, member }
    }

    fn present(member: u32) -> Heard {
        Heard::Present(Sight { who: Some(who(member)), step: None })
    }

    fn gone(member: u32, reason: DepartureReason) -> Heard {
        Heard::Gone(Some(who(member)), reason)
    }

    fn moved(member: u32, step: u32) -> Heard {
        Heard::Moved(Move { who: Some(who(member)), step: Some(step), sent_at: None })
    }

    fn view(heard: &[Heard]) -> View {
        let mut view = View::new(Place { project: 1, member: 0 });
        for heard in heard {
            view.hear(heard);
        }
        view
    }

    fn truth(members: &[(u32, Expected)]) -> Truth {
        let mut truth = Truth::default();
        for (member, expected) in members {
            truth.set(*member, *expected);
        }
        truth
    }

    const LEFT: DepartureReason = DepartureReason::Left;
    const LOST: DepartureReason = DepartureReason::ConnectionLost;

    #[test]
    fn a_view_that_is_true_has_no_faults() {
        let view = view(&[present(0), present(1), moved(1, 4), moved(1, 9), present(2), gone(2, LEFT)]);
        let truth = truth(&[
            (0, Expected::Present(Some(7))),
            (1, Expected::Present(Some(9))),
            (2, Expected::Departed(LEFT)),
            (3, Expected::Unknown),
            (4, Expected::Either(LOST)),
        ]);
        assert_eq!(truth.judge(&view), Verdict::default());
    }

    #[test]
    fn whoever_should_be_known_and_is_not_is_missed() {
        let truth = truth(&[(1, Expected::Present(None)), (2, Expected::Departed(LEFT))]);
        assert_eq!(truth.judge(&view(&[])), Verdict { missed_joins: 2, ..Verdict::default() });
    }

    #[test]
    fn whoever_is_shown_and_is_not_there_is_a_ghost() {
        let truth = truth(&[(1, Expected::Departed(LEFT))]);
        let verdict = truth.judge(&view(&[present(1), present(5)]));
        assert_eq!(verdict, Verdict { ghosts: 2, ..Verdict::default() });
    }

    #[test]
    fn a_departure_for_another_reason_is_wrong() {
        let truth = truth(&[(1, Expected::Departed(LEFT)), (2, Expected::Either(LOST))]);
        let heard = [present(1), gone(1, LOST), present(2), gone(2, LEFT)];
        assert_eq!(truth.judge(&view(&heard)), Verdict { wrong_reasons: 2, ..Verdict::default() });
    }

    #[test]
    fn whoever_came_back_in_time_is_never_seen_to_leave() {
        let truth = truth(&[(1, Expected::Stayed(Some(2)))]);
        let back = [present(1), gone(1, LOST), present(1), moved(1, 2)];
        assert_eq!(truth.judge(&view(&back)), Verdict { wrong_reasons: 1, ..Verdict::default() });
        assert_eq!(truth.judge(&view(&[present(1), moved(1, 2)])), Verdict::default());
    }

    #[test]
    fn whoever_may_have_been_there_is_no_ghost_and_left_for_a_reason_that_may_be() {
        let truth = truth(&[(1, Expected::Gone(&[LOST])), (2, Expected::Gone(&[LOST]))]);
        assert_eq!(truth.judge(&view(&[present(1), gone(1, LOST)])), Verdict::default());
        let verdict = truth.judge(&view(&[present(1), present(2), gone(2, LEFT)]));
        assert_eq!(verdict, Verdict { ghosts: 1, wrong_reasons: 1, ..Verdict::default() });
    }

    #[test]
    fn an_old_position_that_comes_last_is_a_missed_last_position() {
        let truth = truth(&[(1, Expected::Present(Some(9)))]);
        let verdict = truth.judge(&view(&[present(1), moved(1, 9), moved(1, 8)]));
        assert_eq!(verdict, Verdict { missed_last_positions: 1, out_of_order: 1, ..Verdict::default() });
    }
}
