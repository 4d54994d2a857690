//! Who does not go on, and since when: nothing but what was seen, so it needs no clock and no thread.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use collabd_core::progress::Pulse;

/// Without a sign of progress for so long, it is told.
const ALARM: Duration = Duration::from_secs(1);

/// Something that has not gone on for a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stall {
    pub(super) pulse: Pulse,
    pub(super) time: Duration,
}

impl fmt::Display for Stall {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Pulse { kind, which, doing, .. } = &self.pulse;
        let space = if which.is_empty() { "" } else { " " };
        write!(formatter, "{kind}{space}{which} has not gone on for {} s ({doing})", self.time.as_secs())
    }
}

/// What there is to tell.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// It has not gone on for a while.
    Stuck(Stall),
    /// It goes on again.
    GoesOn(Stall),
}

/// Everybody who was busy at the last look.
#[derive(Debug, Default)]
pub(super) struct Stalls {
    busy: BTreeMap<(&'static str, String), Seen>,
}

#[derive(Debug)]
struct Seen {
    pulse: Pulse,
    /// When it had this pulse first.
    since: Duration,
    is_told: bool,
}

impl Stalls {
    /// Takes down who is busy at the moment `now`, on a clock that stands still while this process does.
    pub(super) fn look(&mut self, busy: Vec<Pulse>, now: Duration) -> Vec<Change> {
        let mut changes = Vec::new();
        let mut before = std::mem::take(&mut self.busy);
        for pulse in busy {
            let key = (pulse.kind, pulse.which.clone());
            let mut seen = match before.remove(&key) {
                Some(seen) if seen.pulse.turns == pulse.turns => Seen { pulse, ..seen },
                other => {
                    changes.extend(other.and_then(|seen| seen.goes_on(now)));
                    Seen { pulse, since: now, is_told: false }
                }
            };
            if !seen.is_told && now.saturating_sub(seen.since) >= ALARM {
                seen.is_told = true;
                changes.push(Change::Stuck(seen.stall(now)));
            }
            self.busy.insert(key, seen);
        }
        changes.extend(before.into_values().filter_map(|seen| seen.goes_on(now)));
        changes
    }

    /// What has not gone on for the longest time, of the kinds that `matters` picks.
    pub(super) fn worst(&self, now: Duration, matters: impl Fn(&str) -> bool) -> Option<Stall> {
        let of_kind = self.busy.values().filter(|seen| matters(seen.pulse.kind));
        of_kind.min_by_key(|seen| seen.since).map(|seen| seen.stall(now))
    }
}

impl Seen {
    fn stall(&self, now: Duration) -> Stall {
        Stall { pulse: self.pulse.clone(), time: now.saturating_sub(self.since) }
    }

    fn goes_on(&self, now: Duration) -> Option<Change> {
        self.is_told.then(|| Change::GoesOn(self.stall(now)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pulse(which: &str, turns: u64) -> Pulse {
        Pulse { kind: "project", which: which.to_owned(), project: None, turns, waiting: 1, doing: "move" }
    }

    const fn at(tenths: u64) -> Duration {
        Duration::from_millis(tenths * 100)
    }

    #[test]
    fn who_goes_on_is_never_told_however_busy() {
        let mut stalls = Stalls::default();
        for look in 0..100 {
            assert_eq!(stalls.look(vec![pulse("7", look)], at(9 * look)), []);
        }
    }

    #[test]
    fn who_does_not_go_on_for_a_second_is_told_once_and_so_is_its_return() {
        let mut stalls = Stalls::default();
        let stall = |time| Stall { pulse: pulse("7", 3), time };
        assert_eq!(stalls.look(vec![pulse("7", 3), pulse("8", 1)], at(0)), []);
        assert_eq!(stalls.look(vec![pulse("7", 3), pulse("8", 2)], at(9)), []);
        assert_eq!(stalls.look(vec![pulse("7", 3), pulse("8", 4)], at(10)), [Change::Stuck(stall(at(10)))]);
        assert_eq!(stalls.look(vec![pulse("7", 3), pulse("8", 6)], at(60)), []);
        assert_eq!(stalls.worst(at(60), |_| true), Some(stall(at(60))));
        assert_eq!(stalls.worst(at(60), |kind| kind == "runtime"), None);
        assert_eq!(stall(at(60)).to_string(), "project 7 has not gone on for 6 s (move)");
        assert_eq!(stalls.look(vec![pulse("8", 8)], at(61)), [Change::GoesOn(stall(at(61)))]);
        assert_eq!(stalls.look(vec![pulse("7", 3)], at(62)), [], "a new time begins");
    }
}
