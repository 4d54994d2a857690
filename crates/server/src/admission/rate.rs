//! Budgets that refill with time. Pure: the time is an argument.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

const NANOSECONDS: u64 = 1_000_000_000;

/// Keys below which a table is not looked through for those whose budget is whole again.
const LEAST_SWEEP: usize = 64;

/// How much a budget holds and how fast it refills. Within any time at most that time's refill and one whole budget
/// can be taken.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rate {
    /// Time in which one unit comes back.
    each: Duration,
    /// Time in which an empty budget becomes whole.
    whole: Duration,
}

/// When a budget is whole again; one that was never used is whole.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Spent(Option<Instant>);

impl Rate {
    /// `per_second` units in the long run, `burst` at once.
    pub(super) fn new(per_second: usize, burst: usize) -> Self {
        let per_second = u64::try_from(per_second).unwrap_or(NANOSECONDS).clamp(1, NANOSECONDS);
        // Rounded up, so that the rate is never exceeded.
        let each = NANOSECONDS.div_ceil(per_second);
        let whole = each.saturating_mul(u64::try_from(burst).unwrap_or(u64::MAX));
        Self { each: Duration::from_nanos(each), whole: Duration::from_nanos(whole) }
    }

    /// Takes `amount`; more than the budget ever holds counts as all of it.
    ///
    /// # Errors
    /// The time until there is so much. Nothing is taken then.
    pub(super) fn take(self, spent: &mut Spent, amount: u32, now: Instant) -> Result<(), Duration> {
        let cost = self.each.saturating_mul(amount).min(self.whole);
        let debt = spent.0.map_or(Duration::ZERO, |whole_at| whole_at.saturating_duration_since(now)) + cost;
        match debt.checked_sub(self.whole) {
            Some(missing) if !missing.is_zero() => Err(missing),
            _ => {
                spent.0 = Some(now + debt);
                Ok(())
            }
        }
    }
}

/// A budget for each key, of which those that are whole need not be there.
#[derive(Debug)]
pub(super) struct Rates<K> {
    rate: Rate,
    spent: Mutex<Table<K>>,
}

#[derive(Debug)]
struct Table<K> {
    by_key: HashMap<K, Spent>,
    /// With so many keys, those that are whole are forgotten: the table is never twice as large as it must be, and
    /// looking through it costs each key a constant.
    sweep_at: usize,
}

impl<K: Eq + Hash + Clone> Rates<K> {
    pub(super) fn new(rate: Rate) -> Self {
        Self { rate, spent: Mutex::new(Table { by_key: HashMap::new(), sweep_at: LEAST_SWEEP }) }
    }

    /// Takes `amount` of the budget of `key`.
    ///
    /// # Errors
    /// The time until there is so much. Nothing is taken then.
    pub(super) fn take(&self, key: &K, amount: u32, now: Instant) -> Result<(), Duration> {
        let mut table = self.table();
        let mut spent = table.by_key.get(key).copied().unwrap_or_default();
        self.rate.take(&mut spent, amount, now)?;
        table.by_key.insert(key.clone(), spent);
        if table.by_key.len() >= table.sweep_at {
            table.sweep(now);
        }
        Ok(())
    }

    /// How many budgets are not whole.
    pub(super) fn len(&self, now: Instant) -> usize {
        let mut table = self.table();
        table.sweep(now);
        table.by_key.len()
    }

    fn table(&self) -> MutexGuard<'_, Table<K>> {
        // Nothing that happens under the lock can panic half-way, so a poisoned one still guards a whole table.
        self.spent.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Eq + Hash> Table<K> {
    fn sweep(&mut self, now: Instant) {
        self.by_key.retain(|_, spent| spent.0.is_some_and(|whole_at| whole_at > now));
        self.sweep_at = (2 * self.by_key.len()).max(LEAST_SWEEP);
        self.by_key.shrink_to(self.sweep_at);
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// I15
        #[test]
        fn within_any_time_no_more_is_taken_than_its_refill_and_one_budget(
            per_second in 1_usize..2_000,
            burst in 1_usize..500,
            arrivals in vec((0_u64..50_000, 1_u32..20), 1..200),
        ) {
            let (rate, start) = (Rate::new(per_second, burst), Instant::now());
            let (mut spent, mut now) = (Spent::default(), start);
            let mut taken: Vec<(Duration, u64)> = Vec::new();
            for (pause, amount) in arrivals {
                now += Duration::from_micros(pause);
                if rate.take(&mut spent, amount, now).is_ok() {
                    taken.push((now - start, u64::from(amount).min(burst as u64)));
                }
            }
            for (first, (from, _)) in taken.iter().enumerate() {
                let mut sum = 0;
                for (until, amount) in &taken[first..] {
                    sum += u128::from(*amount);
                    let time = until.saturating_sub(*from);
                    let refill = time.as_nanos() * per_second as u128 / u128::from(NANOSECONDS);
                    prop_assert!(sum <= refill + burst as u128, "{sum} within {time:?}");
                }
            }
        }

        /// I15
        #[test]
        fn who_keeps_to_the_rate_is_never_refused(
            per_second in 1_usize..2_000,
            burst in 1_usize..500,
            bursts in vec((1_usize..500, 0_u64..100_000), 1..50),
        ) {
            let rate = Rate::new(per_second, burst);
            let (mut spent, mut now) = (Spent::default(), Instant::now());
            for (count, idle) in bursts {
                let count = count.min(burst);
                for _ in 0..count {
                    prop_assert_eq!(rate.take(&mut spent, 1, now), Ok(()));
                }
                now += rate.each * u32::try_from(count).unwrap() + Duration::from_micros(idle);
            }
        }

        /// I15: the time that is told is the time after which it works, and not before.
        #[test]
        fn the_time_to_wait_is_exact(amounts in vec(1_u32..600, 1..50)) {
            let rate = Rate::new(100, 500);
            let (mut spent, mut now) = (Spent::default(), Instant::now());
            for amount in amounts {
                if let Err(wait) = rate.take(&mut spent, amount, now) {
                    let too_soon = now + wait - Duration::from_nanos(1);
                    prop_assert!(rate.take(&mut spent, amount, too_soon).is_err());
                    now += wait;
                    prop_assert_eq!(rate.take(&mut spent, amount, now), Ok(()));
                }
            }
        }
    }

    /// R3
    #[test]
    fn a_table_holds_only_those_whose_budget_is_not_whole() {
        let (rates, mut now) = (Rates::new(Rate::new(1, 1)), Instant::now());
        for key in 0..100_000_u32 {
            now += Duration::from_millis(10);
            rates.take(&key, 1, now).unwrap();
            let table = rates.table();
            assert!(
                table.by_key.len() <= 2 * 101 && table.by_key.capacity() < 1024,
                "{}",
                table.by_key.len()
            );
        }
        assert_eq!(rates.len(now + Duration::from_secs(2)), 0);
    }
}
