//! What a member takes from what it hears.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use collabd_protocol::DepartureReason;
use tokio::time::{Interval, MissedTickBehavior, interval};

use super::member::{Seen, Shared};
use super::phase::Schedule;
use super::plan::Part;
use crate::oracle::{Expected, Truth, View};
use crate::wire::{Heard, LAST_STEP, Move, Place};

/// Between two looks at how old the newest positions are: not a multiple of usual periods, so that looks meet
/// positions of every age.
const LOOK_EVERY: Duration = Duration::from_millis(93);

/// Counts, measures and judges for one member.
#[derive(Debug)]
pub(super) struct Watch {
    place: Place,
    shared: Arc<Shared>,
    view: View,
    seen: Seen,
    watched: Option<Watched>,
}

/// What is looked for once the moving has begun.
#[derive(Debug)]
struct Watched {
    measured_from: i64,
    measured_until: i64,
    truth: Truth,
    /// Those whose last position is still to come.
    unseen: HashSet<u32>,
    movers: Vec<u32>,
    looks: Interval,
    bytes_before: u64,
    is_over: bool,
}

impl Watch {
    pub(super) fn new(place: Place, shared: Arc<Shared>) -> Self {
        Self { place, shared, view: View::new(place), seen: Seen::default(), watched: None }
    }

    /// The moving begins; so many bytes have come before it.
    pub(super) fn begin(&mut self, schedule: Option<&Schedule>, bytes_before: u64) {
        let plan = &self.shared.plan;
        let room = schedule.and_then(|schedule| schedule.rooms.get(plan.index(self.place) as usize));
        let room = room.map_or(&[][..], Vec::as_slice);
        let movers =
            room.iter().copied().filter(|member| plan.part(*member).moves() && *member != self.place.member);
        let movers: Vec<_> = movers.collect();
        let unseen: HashSet<_> =
            movers.iter().copied().filter(|member| self.view.step(*member) != Some(LAST_STEP)).collect();
        self.seen.last_positions = movers.len() as u64;
        let mut looks = interval(LOOK_EVERY);
        looks.set_missed_tick_behavior(MissedTickBehavior::Skip);
        self.watched = Some(Watched {
            measured_from: schedule.map_or(i64::MAX, |schedule| schedule.measured_from),
            measured_until: schedule.map_or(0, |schedule| self.shared.clock.at(schedule.stop)),
            truth: truth(room, |member| plan.part(member)),
            unseen,
            movers,
            looks,
            bytes_before,
            is_over: false,
        });
    }

    /// Takes in one thing.
    pub(super) fn hear(&mut self, heard: &Heard) {
        if self.watched.as_ref().is_some_and(|watched| watched.is_over) {
            return;
        }
        self.view.hear(heard);
        match heard {
            Heard::Moved(moved) => {
                self.seen.moves += u64::from(self.watched.is_some());
                self.moved(moved);
            }
            Heard::Refused(refusal) => *self.seen.refusals.entry(refusal.code).or_default() += 1,
            // Whoever falls behind gets positions as a list instead of moves: those count as seen, too.
            Heard::Everybody(sights) => sights.iter().for_each(|sight| self.saw(sight.who)),
            Heard::Present(sight) | Heard::Drawn(sight) => self.saw(sight.who),
            Heard::Gone(..) | Heard::Ready | Heard::Answer | Heard::Reply(_) | Heard::Parting(_) => {}
        }
    }

    /// Has everything been seen that is to be seen?
    pub(super) fn is_complete(&self) -> bool {
        self.watched.as_ref().is_some_and(|watched| watched.unseen.is_empty())
    }

    /// Waits until it is time to look at how old everything is.
    pub(super) async fn next_look(&mut self) {
        if let Some(watched) = &mut self.watched {
            watched.looks.tick().await;
        }
    }

    /// Looks how old the newest known position of each other member is.
    pub(super) fn look(&mut self) {
        let (Some(watched), now) = (&self.watched, self.shared.clock.now()) else { return };
        if !(watched.measured_from..watched.measured_until).contains(&now) {
            return;
        }
        for member in &watched.movers {
            // Somebody whose position is not known at all has been unknown since the measurement began, at least.
            let since = self.view.sent_at(*member).unwrap_or(watched.measured_from);
            self.shared.freshness.record(self.place.member, now - since);
        }
    }

    /// Everything has been said; so many bytes have come. What comes later is not judged.
    pub(super) fn end(&mut self, bytes: u64) {
        if let Some(watched) = &mut self.watched {
            watched.is_over = true;
            self.seen.bytes = bytes - watched.bytes_before;
        }
    }

    /// What was seen in all.
    pub(super) fn into_seen(mut self) -> Seen {
        let plan = &self.shared.plan;
        if let Some(watched) = &self.watched
            && plan.part(self.place.member) == Part::Watches
        {
            self.seen.verdict = watched.truth.judge(&self.view);
            if !plan.target.wire.has_presence() {
                self.seen.verdict.missed_joins = 0;
            }
        }
        self.seen
    }

    fn moved(&mut self, moved: &Move) {
        self.shared.tally.count();
        if moved.step == Some(LAST_STEP) {
            self.saw(moved.who);
        } else if let (Some(watched), Some(sent_at)) = (&self.watched, moved.sent_at)
            && sent_at >= watched.measured_from
        {
            self.shared.tally.record(self.place.member, self.shared.clock.now() - sent_at);
        }
    }

    fn saw(&mut self, who: Option<Place>) {
        if let (Some(watched), Some(who)) = (&mut self.watched, who)
            && who.project == self.place.project
            && self.view.step(who.member) == Some(LAST_STEP)
        {
            watched.unseen.remove(&who.member);
        }
    }
}

/// What is to be known of a room in the end.
fn truth(room: &[u32], part: impl Fn(u32) -> Part) -> Truth {
    let mut truth = Truth::default();
    for &member in room {
        truth.set(
            member,
            match part(member) {
                Part::Watches | Part::Drains => Expected::Present(Some(LAST_STEP)),
                Part::Sits => Expected::Present(None),
                Part::Stalls => Expected::Either(DepartureReason::SlowConsumer),
            },
        );
    }
    truth
}
