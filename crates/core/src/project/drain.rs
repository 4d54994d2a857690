//! Closing a project's members spread over a time, so that they do not all reconnect at once (D1).

use std::time::Duration;

use collabd_protocol::{CloseCode, SessionId};
use tokio::time::Instant;

use crate::outbox::Goodbye;

/// The soonest return that a drained client is told: a restart takes about that long.
const SOONEST_RETURN: Duration = Duration::from_millis(500);
/// The returns are spread over this time after the soonest.
const RETURN_SPREAD: Duration = Duration::from_millis(4500);

/// A drain under way.
#[derive(Debug)]
pub(super) struct Drain {
    started: Instant,
    over: Duration,
    sessions: Vec<SessionId>,
    closed: usize,
    /// Shifts the schedule by a part of one step, so that projects with one member each do not close together.
    phase: f64,
}

impl Drain {
    pub(super) fn new(mut sessions: Vec<SessionId>, over: Duration, started: Instant) -> Self {
        sessions.sort_unstable();
        let phase = sessions.first().map_or(0.0, |session| fraction(*session));
        Self { started, over, sessions, closed: 0, phase }
    }

    /// When the next member is due; `None` when all were closed.
    pub(super) fn next_due(&self) -> Option<Instant> {
        (self.closed < self.sessions.len()).then(|| {
            #[expect(clippy::cast_precision_loss, reason = "far fewer sessions than 2^52")]
            let part = (self.closed as f64 + self.phase) / self.sessions.len() as f64;
            self.started + self.over.mul_f64(part)
        })
    }

    /// The members due by `now`, each with its own goodbye.
    pub(super) fn take_due(&mut self, now: Instant) -> Vec<(SessionId, Goodbye)> {
        let mut due = Vec::new();
        while self.next_due().is_some_and(|at| at <= now) {
            let session = self.sessions[self.closed];
            due.push((session, going_away(session)));
            self.closed += 1;
        }
        due
    }
}

/// 1001 with a return time of the session's own.
fn going_away(session: SessionId) -> Goodbye {
    let retry_after = SOONEST_RETURN + RETURN_SPREAD.mul_f64(fraction(session));
    Goodbye { retry_after: Some(retry_after), ..CloseCode::GoingAway.into() }
}

/// A number in [0, 1) that is the same for the same session and looks random across sessions: the finaliser of
/// `SplitMix64` (Steele, Lea and Flood, 2014) over its two numbers.
fn fraction(session: SessionId) -> f64 {
    let mut z = session.incarnation.0.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(session.number);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^= z >> 31;
    f64::from(u32::try_from(z >> 32).unwrap_or(0)) / (f64::from(u32::MAX) + 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use collabd_protocol::ids::Incarnation;

    /// D1
    #[test]
    fn a_drain_closes_everybody_in_order_within_its_time() {
        let sessions: Vec<_> =
            (0..50).map(|number| SessionId { incarnation: Incarnation(7), number }).collect();
        let start = Instant::now();
        let over = Duration::from_secs(3);
        let mut drain = Drain::new(sessions.clone(), over, start);
        let half = drain.take_due(start + over / 2).len();
        assert!((24..=26).contains(&half), "{half} of 50 were due after half the time");
        let rest = drain.take_due(start + over).len();
        assert_eq!(half + rest, sessions.len());
        assert_eq!(drain.next_due(), None);
    }

    /// D1
    #[test]
    fn drained_clients_are_told_different_times_to_return() {
        let mut waits: Vec<_> = (0..100)
            .filter_map(|number| going_away(SessionId { incarnation: Incarnation(7), number }).retry_after)
            .collect();
        waits.sort();
        waits.dedup();
        assert!(waits.len() > 95, "only {} different times", waits.len());
        assert!(waits[0] >= SOONEST_RETURN && waits[waits.len() - 1] < SOONEST_RETURN + RETURN_SPREAD);
    }
}
