//! What one member knows of its project, as a client would show it.

use std::collections::HashMap;

use collabd_protocol::DepartureReason;

use super::Verdict;
use crate::wire::{Heard, Move, Place, Sight};

/// One member's picture of the others.
#[derive(Debug)]
pub(crate) struct View {
    own: Place,
    known: HashMap<u32, Known>,
    departures: Vec<(u32, DepartureReason)>,
    crosstalk: u64,
    out_of_order: u64,
}

/// What is known of one other member.
#[derive(Debug, Default)]
struct Known {
    is_present: bool,
    /// Where it is shown.
    step: Option<u32>,
    /// Where its last move led. Lists of people may be ahead of moves.
    moved_to: Option<u32>,
    sent_at: Option<i64>,
}

impl View {
    pub(crate) fn new(own: Place) -> Self {
        Self { own, known: HashMap::new(), departures: Vec::new(), crosstalk: 0, out_of_order: 0 }
    }

    /// Takes in one thing that was heard.
    pub(crate) fn hear(&mut self, heard: &Heard) {
        match heard {
            Heard::Everybody(everybody) => {
                for known in self.known.values_mut() {
                    known.is_present = false;
                }
                for sight in everybody {
                    self.show(sight);
                }
            }
            Heard::Present(sight) => self.show(sight),
            Heard::Gone(who, reason) => {
                if let Some(member) = self.neighbour(*who) {
                    // Known, and nothing more.
                    self.known.insert(member, Known::default());
                    self.departures.push((member, *reason));
                }
            }
            Heard::Moved(moved) => self.moved(moved),
            Heard::Drawn(sight) => {
                if let Some(member) = self.neighbour(sight.who) {
                    self.known.entry(member).or_default().raise_to(sight.step);
                }
            }
            Heard::Ready | Heard::Answer | Heard::Reply(_) | Heard::Refused(_) | Heard::Parting(_) => {}
        }
    }

    /// The member whose view this is.
    pub(crate) fn member(&self) -> u32 {
        self.own.member
    }

    /// Is this member shown as present?
    pub(crate) fn is_present(&self, member: u32) -> bool {
        self.known.get(&member).is_some_and(|known| known.is_present)
    }

    /// Has this member ever been heard of?
    pub(crate) fn has_seen(&self, member: u32) -> bool {
        self.known.contains_key(&member)
    }

    /// Where this member is shown.
    pub(crate) fn step(&self, member: u32) -> Option<u32> {
        self.known.get(&member)?.step
    }

    /// When the newest known position of this member was sent.
    pub(crate) fn sent_at(&self, member: u32) -> Option<i64> {
        self.known.get(&member)?.sent_at
    }

    /// The others that are shown.
    pub(crate) fn present(&self) -> impl Iterator<Item = u32> {
        let others =
            self.known.iter().filter(|(member, known)| known.is_present && **member != self.own.member);
        others.map(|(member, _)| *member)
    }

    /// Who left, and why, in order.
    pub(crate) fn departures(&self) -> &[(u32, DepartureReason)] {
        &self.departures
    }

    /// The faults that need no truth to be seen.
    pub(crate) fn verdict(&self) -> Verdict {
        Verdict { crosstalk: self.crosstalk, out_of_order: self.out_of_order, ..Verdict::default() }
    }

    fn show(&mut self, sight: &Sight) {
        if let Some(member) = self.neighbour(sight.who) {
            let known = self.known.entry(member).or_default();
            known.is_present = true;
            known.raise_to(sight.step);
        }
    }

    fn moved(&mut self, moved: &Move) {
        let Some(member) = self.neighbour(moved.who) else { return };
        let known = self.known.entry(member).or_default();
        let is_late = moved.step.is_none() || moved.step < known.moved_to;
        (known.step, known.moved_to) = (moved.step, moved.step);
        known.sent_at = moved.sent_at.or(known.sent_at);
        self.out_of_order += u64::from(is_late);
    }

    /// The number of somebody in the own project. Anybody else is a fault.
    fn neighbour(&mut self, who: Option<Place>) -> Option<u32> {
        match who {
            Some(place) if place.project == self.own.project => Some(place.member),
            Some(_) | None => {
                self.crosstalk += 1;
                None
            }
        }
    }
}

impl Known {
    /// Lists of people may tell of a position before or after the move to it.
    fn raise_to(&mut self, step: Option<u32>) {
        self.step = self.step.max(step);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sight(project: u32, member: u32) -> Sight {
        Sight { who: Some(Place { project, member }), step: Some(3) }
    }

    #[test]
    fn a_snapshot_replaces_who_is_there() {
        let mut view = View::new(Place { project: 1, member: 0 });
        view.hear(&Heard::Everybody(vec![sight(1, 0), sight(1, 1)]));
        view.hear(&Heard::Everybody(vec![sight(1, 0), sight(1, 2)]));
        assert_eq!(view.present().collect::<Vec<_>>(), [2]);
        assert!(view.has_seen(1) && !view.is_present(1) && !view.has_seen(3));
    }

    #[test]
    fn anybody_of_another_project_is_crosstalk_and_not_shown() {
        let mut view = View::new(Place { project: 1, member: 0 });
        view.hear(&Heard::Present(sight(2, 1)));
        view.hear(&Heard::Drawn(Sight { who: None, step: None }));
        view.hear(&Heard::Moved(Move {
            who: Some(Place { project: 2, member: 1 }),
            step: None,
            sent_at: None,
        }));
        assert_eq!(view.verdict(), Verdict { crosstalk: 3, ..Verdict::default() });
        assert_eq!(view.present().count(), 0);
    }

    #[test]
    fn a_list_never_draws_somebody_back() {
        let mut view = View::new(Place { project: 1, member: 0 });
        let who = Some(Place { project: 1, member: 1 });
        view.hear(&Heard::Moved(Move { who, step: Some(5), sent_at: Some(50) }));
        view.hear(&Heard::Drawn(sight(1, 1)));
        assert_eq!((view.step(1), view.sent_at(1)), (Some(5), Some(50)));
    }
}
