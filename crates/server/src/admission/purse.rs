//! Budgets for what costs more than a message: joins, documents, GraphQL (L5).

use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use collabd_protocol::{LimitName, UserId};
use tokio::time::{Instant, sleep};

use super::hits::Met;
use super::rate::Spent;
use super::{Admission, Refusal};

/// What things cost, in units of one plain field of GraphQL.
pub(crate) mod cost {
    /// A join: everybody in the project is told of it, and all of them are in its snapshot.
    pub(crate) const JOIN: u32 = 250;
    /// A second join, which is answered with the snapshot and told nobody.
    pub(crate) const SNAPSHOT: u32 = 100;
    /// Opening a document: a look into the store, and loading it if nobody has it open.
    pub(crate) const DOCUMENT: u32 = 25;
    /// A document's state for a client, which may be all of it.
    pub(crate) const STATE: u32 = 25;
    /// A whole document in or out over HTTP.
    pub(crate) const WHOLE: u32 = 500;
}

/// The budget of one user over all connections; of one connection as long as nobody is known. Clones share it.
#[derive(Debug, Clone)]
pub(crate) struct Purse(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    admission: Admission,
    user: OnceLock<UserId>,
    own: Mutex<Spent>,
}

impl Purse {
    pub(super) fn of_connection(admission: Admission) -> Self {
        Self(Arc::new(Inner { admission, user: OnceLock::new(), own: Mutex::default() }))
    }

    pub(super) fn of_user(admission: Admission, user: UserId) -> Self {
        Self(Arc::new(Inner { admission, user: user.into(), own: Mutex::default() }))
    }

    /// From now on `user` pays.
    pub(super) fn is_of(&self, user: &UserId) {
        self.0.user.get_or_init(|| user.clone());
    }

    /// Pays `cost`.
    ///
    /// # Errors
    /// [`Refusal`] when there is not so much in the budget now; nothing is taken then.
    pub(crate) fn pay(&self, cost: u32) -> Result<(), Refusal> {
        self.take(cost).map_err(|wait| {
            let inner = &self.0.admission.0;
            let met = Met::new(LimitName::CostPerSecond, inner.limits.cost_per_second);
            inner.hits.count(met);
            Refusal::exact(met.hit, wait)
        })
    }

    /// Pays `cost`, and waits until there is so much: whoever reads no further meanwhile holds the client back.
    pub(crate) async fn pay_in_time(&self, cost: u32) {
        let mut refused = self.pay(cost).map_err(|refusal| refusal.retry_after);
        while let Err(wait) = refused {
            sleep(wait).await;
            refused = self.take(cost);
        }
    }

    fn take(&self, cost: u32) -> Result<(), Duration> {
        let (inner, now) = (&self.0.admission.0, Instant::now());
        if let Some(user) = self.0.user.get() {
            return inner.costs.take(user, cost, now);
        }
        let mut spent = self.0.own.lock().unwrap_or_else(PoisonError::into_inner);
        inner.cost.take(&mut spent, cost, now)
    }
}
