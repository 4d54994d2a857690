//! When published keys are fetched, as a rule without a clock or a network of its own.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use crate::auth::AuthError;
use crate::auth::keys::Key;

/// Keys older than this are fetched again with the next token: a key that was withdrawn is soon believed no more.
const FRESH: Duration = Duration::from_mins(10);

/// Keys that cannot be fetched again are believed for so long: the issuer may have an hour's trouble.
const BELIEVED: Duration = Duration::from_hours(1);

/// Between two fetches for keys that are not there. Anybody can make up a key's id.
const UNKNOWN_PAUSE: Duration = Duration::from_secs(30);

/// Between two tries while the last one failed.
const RETRY_PAUSE: Duration = Duration::from_secs(5);

/// What to do for a token.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict<A> {
    /// Answer from what is kept.
    Answer(A),
    /// Fetch first.
    Fetch,
}

/// When keys were fetched last.
#[derive(Debug, Default)]
pub(super) struct Schedule {
    /// When it last worked.
    success: Option<Instant>,
    /// When it was last tried and did not work, since it last worked.
    failure: Option<Instant>,
}

impl Schedule {
    pub(super) fn succeeded(&mut self, now: Instant) {
        *self = Self { success: Some(now), failure: None };
    }

    pub(super) fn failed(&mut self, now: Instant) {
        self.failure = Some(now);
    }

    /// What to do for a token whose key is `found` among those that are kept.
    pub(super) fn judge(
        &self,
        found: Option<&Arc<Key>>,
        now: Instant,
    ) -> Verdict<Result<Arc<Key>, AuthError>> {
        let age = self.success.map(|at| now.duration_since(at));
        let is_believed = age.is_some_and(|age| age < BELIEVED);
        let may_try = self.failure.is_none_or(|at| now.duration_since(at) >= RETRY_PAUSE);
        let is_due = match (age, found) {
            (Some(age), Some(_)) => age >= FRESH,
            (Some(age), None) => age >= UNKNOWN_PAUSE,
            (None, _) => true,
        };
        match found {
            _ if is_due && may_try => Verdict::Fetch,
            Some(key) if is_believed => Verdict::Answer(Ok(Arc::clone(key))),
            None if is_believed => Verdict::Answer(Err(AuthError::Unauthenticated)),
            _ => Verdict::Answer(Err(AuthError::Unavailable)),
        }
    }
}

#[cfg(test)]
mod tests {
    use jsonwebtoken::DecodingKey;

    use super::*;

    fn key() -> Arc<Key> {
        Arc::new(Key::bind(DecodingKey::from_secret(b"any"), None).unwrap())
    }

    /// What is judged: `None` for a fetch.
    fn judge(schedule: &Schedule, found: Option<&Arc<Key>>, now: Instant) -> Option<Result<(), AuthError>> {
        match schedule.judge(found, now) {
            Verdict::Answer(answer) => Some(answer.map(drop)),
            Verdict::Fetch => None,
        }
    }

    /// A2
    #[test]
    fn made_up_key_ids_cause_a_fetch_every_thirty_seconds_and_no_more() {
        let (mut schedule, start) = (Schedule::default(), Instant::now());
        assert_eq!(judge(&schedule, None, start), None);
        schedule.succeeded(start);
        let unknown = Some(Err(AuthError::Unauthenticated));
        assert_eq!(judge(&schedule, None, start + Duration::from_millis(29_999)), unknown);
        assert_eq!(judge(&schedule, None, start + UNKNOWN_PAUSE), None);
        assert_eq!(judge(&schedule, Some(&key()), start + UNKNOWN_PAUSE), Some(Ok(())));
    }

    #[test]
    fn keys_are_fetched_again_after_ten_minutes_and_believed_for_an_hour_of_failures() {
        let (mut schedule, start) = (Schedule::default(), Instant::now());
        schedule.succeeded(start);
        let at = |age: Duration| start + age;
        assert_eq!(judge(&schedule, Some(&key()), at(FRESH)), None);
        schedule.failed(at(FRESH));
        assert_eq!(judge(&schedule, Some(&key()), at(FRESH)), Some(Ok(())));
        assert_eq!(judge(&schedule, Some(&key()), at(FRESH + RETRY_PAUSE)), None);
        schedule.failed(at(BELIEVED));
        assert_eq!(judge(&schedule, Some(&key()), at(BELIEVED)), Some(Err(AuthError::Unavailable)));
        schedule.succeeded(at(BELIEVED + RETRY_PAUSE));
        assert_eq!(judge(&schedule, Some(&key()), at(BELIEVED + RETRY_PAUSE)), Some(Ok(())));
    }

    #[test]
    fn without_any_keys_nobody_can_say_who_is_who() {
        let (mut schedule, start) = (Schedule::default(), Instant::now());
        schedule.failed(start);
        assert_eq!(judge(&schedule, None, start), Some(Err(AuthError::Unavailable)));
        assert_eq!(judge(&schedule, None, start + RETRY_PAUSE), None);
    }
}
