//! Tickets: what somebody shows once, within seconds, where a token cannot be sent or must not be seen.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use collabd_protocol::{LimitHit, LimitName, ProjectId, UserId};
use jiff::Timestamp;
use tokio::time::Instant;

use super::code::{self, Fingerprint};
use super::{AuthError, Proven};

/// How long a ticket waits: time for a page to open a connection.
const LIFETIME: Duration = Duration::from_secs(30);

/// Tickets waiting at a time, about 5 MB of them.
const MAX_WAITING: usize = 10_000;

/// Those of one user who was verified: every tab of a busy person opens a few sockets, and each wants one.
const MAX_PER_USER: usize = 100;

/// What a ticket begins with, so that it is told from a token. No token does: those begin with an object in base64.
const PREFIX: &str = "ticket-";

/// A ticket that was just made.
#[derive(Debug)]
pub(crate) struct Ticket {
    /// What its holder shows.
    pub(crate) text: String,
    /// Until when.
    pub(crate) expires_at: Timestamp,
}

/// Too many tickets wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many tickets wait to be used")]
pub(crate) struct TicketsFull(pub(crate) LimitHit);

/// The tickets that were given out and not yet shown.
#[derive(Debug, Default)]
pub(crate) struct Tickets {
    waiting: Mutex<Waiting>,
}

#[derive(Debug, Default)]
struct Waiting {
    by_fingerprint: HashMap<Fingerprint, Entry>,
    /// By number, which is the order in which they expire.
    in_order: BTreeMap<u64, Fingerprint>,
    /// How many each verified user has.
    by_user: HashMap<UserId, usize>,
    last: u64,
}

#[derive(Debug)]
struct Entry {
    number: u64,
    expires_at: Instant,
    project: ProjectId,
    holder: Proven,
}

impl Tickets {
    /// Could `text` be a ticket, rather than a token?
    pub(crate) fn is_ticket(text: &str) -> bool {
        text.starts_with(PREFIX)
    }

    /// A ticket with which its holder is `holder` in `project`, once, if an owner of it does not decide otherwise.
    ///
    /// # Errors
    /// [`TicketsFull`] when too many wait that have not expired.
    pub(crate) fn issue(&self, holder: Proven, project: ProjectId) -> Result<Ticket, TicketsFull> {
        let text = code::random(PREFIX);
        let now = Instant::now();
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.forget_expired(now);
        if waiting.by_fingerprint.len() >= MAX_WAITING {
            return Err(TicketsFull(LimitHit::full(LimitName::Tickets, MAX_WAITING)));
        }
        if holder.is_verified() && waiting.of_user(&holder) >= MAX_PER_USER {
            return Err(TicketsFull(LimitHit::full(LimitName::TicketsPerUser, MAX_PER_USER)));
        }
        waiting
            .add(code::fingerprint(&text), Entry { number: 0, expires_at: now + LIFETIME, project, holder });
        Ok(Ticket { text, expires_at: Timestamp::now() + LIFETIME })
    }

    /// Who the holder of the ticket `text` is in `project`, as far as the ticket says. Whatever the answer, the ticket is
    /// gone.
    ///
    /// # Errors
    /// [`AuthError::Unauthenticated`] for a ticket that was used, has expired or never was,
    /// [`AuthError::Forbidden`] for one of another project.
    pub(crate) fn redeem(&self, text: &str, project: ProjectId) -> Result<Proven, AuthError> {
        let taken = {
            let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            waiting.take(&code::fingerprint(text))
        };
        let entry = taken.filter(|entry| entry.expires_at > Instant::now());
        let entry = entry.ok_or(AuthError::Unauthenticated)?;
        if entry.project == project { Ok(entry.holder) } else { Err(AuthError::Forbidden) }
    }
}

impl Waiting {
    fn of_user(&self, holder: &Proven) -> usize {
        self.by_user.get(&holder.profile.user_id).copied().unwrap_or_default()
    }

    fn add(&mut self, fingerprint: Fingerprint, entry: Entry) {
        self.last += 1;
        if entry.holder.is_verified() {
            *self.by_user.entry(entry.holder.profile.user_id.clone()).or_default() += 1;
        }
        self.in_order.insert(self.last, fingerprint);
        self.by_fingerprint.insert(fingerprint, Entry { number: self.last, ..entry });
    }

    fn take(&mut self, fingerprint: &Fingerprint) -> Option<Entry> {
        let entry = self.by_fingerprint.remove(fingerprint)?;
        self.in_order.remove(&entry.number);
        if entry.holder.is_verified() {
            let user = &entry.holder.profile.user_id;
            match self.by_user.get_mut(user) {
                Some(count) if *count > 1 => *count -= 1,
                _ => drop(self.by_user.remove(user)),
            }
        }
        Some(entry)
    }

    fn forget_expired(&mut self, now: Instant) {
        while let Some((_, oldest)) = self.in_order.first_key_value() {
            let oldest = *oldest;
            if self.by_fingerprint.get(&oldest).is_some_and(|entry| entry.expires_at > now) {
                return;
            }
            self.take(&oldest);
        }
    }
}

#[cfg(test)]
mod tests;
