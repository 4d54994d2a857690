//! Who may come in, and how much everybody may ask for: places, rates and costs, each counted for the server, an
//! address or a user, and each refusal with the name of its limit.
//!
//! ```text
//! upgrade --> Admission::admit --> ConnectionPermit: a place on the server, of its address, of its user and among
//!                                  those that have not joined; each is given back when the permit is dropped
//! join, document, GraphQL -------> Purse: a budget of one user over all connections, or of one connection
//! ```
//!
//! The tables hold those who are here, or who were within the last seconds, and nobody else.

mod address;
mod counts;
mod forwarded;
mod hits;
mod permit;
mod places;
mod purse;
mod rate;
mod refusal;

use std::sync::Arc;

use collabd_protocol::{LimitName, UserId};
use tokio::time::Instant;

use crate::config::LimitConfig;
pub(crate) use address::Client;
pub(crate) use counts::AdmissionCounts;
pub(crate) use hits::{LimitHits, Met, UNJOINED_MESSAGE};
pub(crate) use permit::ConnectionPermit;
pub(crate) use purse::{Purse, cost};
pub(crate) use refusal::Refusal;

use address::Block;
use places::Places;
use rate::{Rate, Rates};

/// The least number of sockets that may be opened at once after a pause, whatever the rate.
const LEAST_BURST: usize = 10;

/// Lets WebSockets in. Clones count together.
#[derive(Debug, Clone)]
pub(crate) struct Admission(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    limits: LimitConfig,
    /// Is everybody believed? Then nobody is known, and neither users nor addresses are counted.
    is_open: bool,
    connections: Places<()>,
    unjoined: Places<()>,
    addresses: Places<Block>,
    users: Places<UserId>,
    openings: Rates<()>,
    openings_by_address: Rates<Block>,
    costs: Rates<UserId>,
    cost: Rate,
    hits: LimitHits,
}

impl Admission {
    /// `limits` are those that hold, which may be less than what was set.
    pub(crate) fn new(limits: LimitConfig, is_open: bool, hits: LimitHits) -> Self {
        let per_second = limits.connections_per_second;
        let per_address = limits.connections_per_second_per_address;
        let cost = Rate::new(limits.cost_per_second, limits.cost_burst);
        Self(Arc::new(Inner {
            is_open,
            connections: Places::default(),
            unjoined: Places::default(),
            addresses: Places::default(),
            users: Places::default(),
            // A tenth of a second's worth: a crowd that comes back is spread, and an ordinary minute is not delayed.
            openings: Rates::new(Rate::new(per_second, (per_second / 10).max(LEAST_BURST))),
            // A second's worth: a browser opens all its tabs at once.
            openings_by_address: Rates::new(Rate::new(per_address, per_address.max(LEAST_BURST))),
            costs: Rates::new(cost),
            cost,
            hits,
            limits,
        }))
    }

    /// A place for one more WebSocket of `client`, who is `user` if that is known.
    ///
    /// # Errors
    /// [`Refusal`]; every place that was taken on the way is free again.
    pub(crate) fn admit(&self, client: Client, user: Option<&UserId>) -> Result<ConnectionPermit, Refusal> {
        let Inner { limits, connections, unjoined, .. } = &*self.0;
        let refuse = |name, max| self.refuse(Met::by(name, max, client));
        let place = connections
            .take((), limits.max_connections)
            .ok_or_else(|| refuse(LimitName::MaxConnections, limits.max_connections))?;
        let unjoined = unjoined
            .take((), limits.max_unjoined)
            .ok_or_else(|| refuse(LimitName::MaxUnjoined, limits.max_unjoined))?;
        let counted = (!self.0.is_open && client.is_counted()).then(|| client.block());
        let address = match counted {
            Some(block) => {
                Some(self.0.addresses.take(block, limits.connections_per_address).ok_or_else(|| {
                    refuse(LimitName::ConnectionsPerAddress, limits.connections_per_address)
                })?)
            }
            None => None,
        };
        let permit = ConnectionPermit::new(self.clone(), client, place, unjoined, address);
        if let Some(user) = user {
            permit.is_of(user)?;
        }
        // Last, since what is taken of a rate is not given back; the address first, so that one address that is
        // refused takes nothing of what all share.
        if let Some(block) = counted {
            self.open(client, block)?;
        }
        Ok(permit)
    }

    fn open(&self, client: Client, block: Block) -> Result<(), Refusal> {
        let Inner { limits, openings, openings_by_address, .. } = &*self.0;
        let now = Instant::now();
        openings_by_address.take(&block, 1, now).map_err(|wait| {
            let max = limits.connections_per_second_per_address;
            self.refuse(Met::by(LimitName::ConnectionsPerSecondPerAddress, max, client)).at_least(wait)
        })?;
        openings.take(&(), 1, now).map_err(|wait| {
            let max = limits.connections_per_second;
            self.refuse(Met::by(LimitName::ConnectionsPerSecond, max, client)).at_least(wait)
        })
    }

    /// The budget of a user who has no connection.
    pub(crate) fn purse_of(&self, user: UserId) -> Purse {
        Purse::of_user(self.clone(), user)
    }

    /// Counts and tells of the limits that clients meet.
    pub(crate) fn hits(&self) -> &LimitHits {
        &self.0.hits
    }

    /// Most WebSockets.
    pub(crate) fn connection_limit(&self) -> usize {
        self.0.limits.max_connections
    }

    /// WebSockets open now.
    pub(crate) fn connections(&self) -> usize {
        self.0.connections.taken(&())
    }

    /// How much of everything is in use.
    pub(crate) fn counts(&self) -> AdmissionCounts {
        let now = Instant::now();
        AdmissionCounts {
            unjoined: self.0.unjoined.taken(&()),
            addresses: self.0.addresses.len(),
            users: self.0.users.len(),
            openings: self.0.openings_by_address.len(now),
            purses: self.0.costs.len(now),
        }
    }

    fn refuse(&self, met: Met) -> Refusal {
        self.0.hits.count(met);
        Refusal::new(met.hit)
    }
}

#[cfg(test)]
mod tests;
