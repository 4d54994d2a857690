//! What a WebSocket holds for as long as it is open.

use std::sync::{Mutex, OnceLock, PoisonError};

use collabd_protocol::{LimitName, UserId};

use super::address::{Block, Client};
use super::hits::Met;
use super::places::Place;
use super::purse::Purse;
use super::{Admission, Refusal};
use crate::net::Sign;

/// The places of one WebSocket, and its budget. Dropping it gives them back, whichever way the connection ends.
#[derive(Debug)]
pub(crate) struct ConnectionPermit {
    admission: Admission,
    client: Client,
    purse: Purse,
    _connection: Place<()>,
    _address: Option<Place<Block>>,
    /// Held until the join.
    unjoined: Mutex<Option<Place<()>>>,
    joined: Sign,
    /// Held from when the user is known.
    user: OnceLock<Place<UserId>>,
}

impl ConnectionPermit {
    pub(super) fn new(
        admission: Admission,
        client: Client,
        connection: Place<()>,
        unjoined: Place<()>,
        address: Option<Place<Block>>,
    ) -> Self {
        Self {
            purse: Purse::of_connection(admission.clone()),
            admission,
            client,
            _connection: connection,
            _address: address,
            unjoined: Mutex::new(Some(unjoined)),
            joined: Sign::default(),
            user: OnceLock::new(),
        }
    }

    /// Where the connection comes from.
    pub(crate) fn client(&self) -> Client {
        self.client
    }

    /// The connection has joined, and is no longer among those that have not.
    pub(crate) fn joined(&self) {
        self.joined.set();
        *self.unjoined.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Set once the connection has joined.
    pub(crate) fn join_sign(&self) -> Sign {
        self.joined.clone()
    }

    /// The connection belongs to `user`, who was verified, and counts among the user's from now on. Nobody is known in
    /// an open server, and a connection that has a user keeps it.
    ///
    /// # Errors
    /// [`Refusal`] when the user has as many as allowed.
    pub(crate) fn is_of(&self, user: &UserId) -> Result<(), Refusal> {
        let inner = &self.admission.0;
        if inner.is_open || self.user.get().is_some_and(|place| place.key() == user) {
            return Ok(());
        }
        let max = inner.limits.connections_per_user;
        let refused = || self.admission.refuse(Met::by(LimitName::ConnectionsPerUser, max, self.client));
        let place = inner.users.take(user.clone(), max).ok_or_else(refused)?;
        if self.user.set(place).is_ok() {
            self.purse.is_of(user);
        }
        Ok(())
    }

    /// What the connection may ask for.
    pub(crate) fn purse(&self) -> &Purse {
        &self.purse
    }
}
