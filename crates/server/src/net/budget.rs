//! How many connections each listener may have, so that clients leave descriptors to everything else.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::descriptors::{descriptors, reserve};

/// Of the descriptors that clients leave to others, an eighth is for connections that hear why no WebSocket is taken from
/// them ...
const REFUSED_SHARE: usize = 8;
/// ... and another for operators.
const OPERATORS_SHARE: usize = 8;
/// Fewer operators than that could not look at the server while another one does.
const LEAST_OPERATORS: usize = 4;
/// Where there is no limit, none is needed.
const UNLIMITED: usize = 1 << 20;

/// The places of one listener.
#[derive(Debug, Clone)]
pub(crate) struct Budget {
    places: Arc<Semaphore>,
}

/// A place, held by the connection for as long as its descriptor is open.
#[derive(Debug)]
pub(crate) struct Place {
    _place: OwnedSemaphorePermit,
}

/// The budgets of a server's listeners.
#[derive(Debug)]
pub(crate) struct Budgets {
    pub(crate) public: Budget,
    pub(crate) admin: Budget,
}

impl Budgets {
    /// Of the descriptors that this process may have.
    pub(crate) fn of_this_process() -> Self {
        let (public, admin) = shares(descriptors().unwrap_or(UNLIMITED).min(UNLIMITED));
        Self { public: Budget::of(public), admin: Budget::of(admin) }
    }
}

/// Places for the public and for the admin listener.
fn shares(descriptors: usize) -> (usize, usize) {
    let reserve = reserve(descriptors);
    let public = descriptors - reserve + reserve / REFUSED_SHARE;
    (public.max(1), (reserve / OPERATORS_SHARE).max(LEAST_OPERATORS))
}

impl Budget {
    fn of(places: usize) -> Self {
        Self { places: Arc::new(Semaphore::new(places)) }
    }

    /// Waits for a place. Cancel-safe.
    pub(super) async fn place(&self) -> Place {
        match Arc::clone(&self.places).acquire_owned().await {
            Ok(place) => Place { _place: place },
            // Not reached: nobody closes it.
            Err(_) => std::future::pending().await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// R1
    #[test]
    fn clients_never_get_the_last_descriptors() {
        for (descriptors, public, admin) in
            [(65_536, 65_312, 32), (1_024, 800, 32), (256, 200, 8), (64, 50, 4), (0, 1, 4)]
        {
            assert_eq!(shares(descriptors), (public, admin), "{descriptors}");
        }
    }
}
