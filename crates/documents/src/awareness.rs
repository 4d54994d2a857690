//! Who announces what in one document: selections, names, whatever editors share that is not content. Relayed, owned,
//! bounded, and forgotten when its owner goes; nothing is kept about those who have gone.

use std::time::Duration;

use bytes::Bytes;
use collabd_protocol::UserId;
use indexmap::IndexMap;
use tokio::time::Instant;

use crate::limits::AwarenessLimits;
use crate::wire::AwarenessEntry;

/// One subscription of a document, as its actor numbers them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct SubscriptionId(pub(crate) u64);

/// Who announces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Announcer {
    pub(crate) subscription: SubscriptionId,
    pub(crate) user: UserId,
    /// Nobody vouches for the user: another guest may be the same person after a reconnect.
    pub(crate) is_guest: bool,
}

/// What becomes of an announced entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Everybody is to hear it.
    Relay,
    /// Everybody is to hear it, and the announcer is to be nudged: others may remember an older life of this client
    /// with this clock or a later one, and would ignore it.
    RelayAndNudge,
    /// It is what the announcer was asked for: the same state with a newer clock, for those who came meanwhile.
    Renewed,
    /// It says nothing new, or is not the announcer's to say. Clients echo what they hear, so this is no fault.
    Ignore,
    /// It would break a bound.
    Refuse,
}

#[derive(Debug)]
struct Announced {
    owner: Announcer,
    clock: u64,
    state: Bytes,
    /// Since when the owner's connection is lost.
    lost: Option<Instant>,
    /// Was its owner asked for a newer clock?
    is_renewing: bool,
    /// When everybody last heard of it for certain. Not with the first announcement: those who remember an older life of
    /// the client ignore it until it is announced with a newer clock.
    told_all: Option<Instant>,
}

/// Clients drop whom they have not heard of for 30 s, and whoever is asked to announce itself counts its own 15 s anew. So
/// an answer that comes this long after everybody heard is for everybody.
const TELL_ALL_AFTER: Duration = Duration::from_secs(10);

/// The announced states of one document.
#[derive(Debug)]
pub(crate) struct Awareness {
    limits: AwarenessLimits,
    clients: IndexMap<u64, Announced>,
    bytes: usize,
}

impl Awareness {
    pub(crate) fn new(limits: AwarenessLimits) -> Self {
        Self { limits, clients: IndexMap::new(), bytes: 0 }
    }

    /// Takes one entry of an announcement.
    pub(crate) fn announce(
        &mut self,
        announcer: &Announcer,
        entry: &AwarenessEntry,
        now: Instant,
    ) -> Verdict {
        let Some(known) = self.clients.get(&entry.client) else {
            return match &entry.state {
                Some(state) => self.begin(announcer, entry, state),
                None => Verdict::Ignore,
            };
        };
        if known.owner.subscription != announcer.subscription {
            return match &entry.state {
                Some(state) if may_take_over(known, announcer, entry) => {
                    self.forget(entry.client);
                    self.begin(announcer, entry, state)
                }
                _ => Verdict::Ignore,
            };
        }
        let Some(state) = &entry.state else {
            self.forget(entry.client);
            return Verdict::Relay;
        };
        if entry.clock <= known.clock {
            return Verdict::Ignore;
        }
        self.replace(entry, state, now)
    }

    fn begin(&mut self, announcer: &Announcer, entry: &AwarenessEntry, state: &Bytes) -> Verdict {
        let is_own = |announced: &&Announced| announced.owner.subscription == announcer.subscription;
        if self.clients.values().filter(is_own).count() >= self.limits.ids_per_client || !self.fits(0, state)
        {
            return Verdict::Refuse;
        }
        self.bytes += state.len();
        let one = Announced {
            owner: announcer.clone(),
            clock: entry.clock,
            state: state.clone(),
            lost: None,
            is_renewing: false,
            told_all: None,
        };
        self.clients.insert(entry.client, one);
        Verdict::RelayAndNudge
    }

    fn replace(&mut self, entry: &AwarenessEntry, state: &Bytes, now: Instant) -> Verdict {
        let before = self.clients.get(&entry.client).map_or(0, |known| known.state.len());
        if !self.fits(before, state) {
            return Verdict::Refuse;
        }
        let Some(known) = self.clients.get_mut(&entry.client) else {
            return Verdict::Ignore;
        };
        let says_nothing_new = std::mem::take(&mut known.is_renewing) && known.state == *state;
        self.bytes = self.bytes - before + state.len();
        known.clock = entry.clock;
        known.state = state.clone();
        let has_told_all = known.told_all.is_some_and(|at| now.duration_since(at) < TELL_ALL_AFTER);
        if says_nothing_new && has_told_all {
            return Verdict::Renewed;
        }
        known.told_all = Some(now);
        Verdict::Relay
    }

    fn fits(&self, given_back: usize, state: &Bytes) -> bool {
        state.len() <= self.limits.state_bytes
            && self.bytes - given_back + state.len() <= self.limits.document_bytes
    }

    fn forget(&mut self, client: u64) -> Option<Announced> {
        let forgotten = self.clients.swap_remove(&client)?;
        self.bytes -= forgotten.state.len();
        Some(forgotten)
    }

    /// The announcer's connection is lost: its states are kept for the grace period (P3).
    pub(crate) fn lose(&mut self, subscription: SubscriptionId, now: Instant) {
        for announced in self.clients.values_mut().filter(|one| one.owner.subscription == subscription) {
            announced.lost = Some(now);
        }
    }

    /// The announcer left. Returns what the others are to hear: an empty state for each of its clients.
    pub(crate) fn leave(&mut self, subscription: SubscriptionId) -> Vec<AwarenessEntry> {
        self.clear(|announced| announced.owner.subscription == subscription)
    }

    /// Clears those whose grace is over, and returns what the others are to hear.
    pub(crate) fn expire(&mut self, now: Instant) -> Vec<AwarenessEntry> {
        let grace = self.limits.grace;
        self.clear(|announced| announced.lost.is_some_and(|since| since + grace <= now))
    }

    fn clear(&mut self, is_over: impl Fn(&Announced) -> bool) -> Vec<AwarenessEntry> {
        let over: Vec<u64> =
            self.clients.iter().filter(|(_, one)| is_over(one)).map(|(client, _)| *client).collect();
        over.into_iter()
            .filter_map(|client| {
                let clock = self.forget(client)?.clock;
                Some(AwarenessEntry { client, clock, state: None })
            })
            .collect()
    }

    /// What to send to the owners for them to announce their clients with newer clocks: an empty state with the clock that
    /// is known, to which y-protocols answers so.
    pub(crate) fn renew(&mut self) -> Vec<(SubscriptionId, AwarenessEntry)> {
        let here = self.clients.iter_mut().filter(|(_, announced)| announced.lost.is_none());
        here.map(|(client, announced)| {
            announced.is_renewing = true;
            let entry = AwarenessEntry { client: *client, clock: announced.clock, state: None };
            (announced.owner.subscription, entry)
        })
        .collect()
    }

    /// When the next grace is over.
    pub(crate) fn next_deadline(&self) -> Option<Instant> {
        let lost = self.clients.values().filter_map(|announced| announced.lost).min();
        lost.map(|since| since + self.limits.grace)
    }

    /// Everything that is announced now.
    pub(crate) fn entries(&self) -> Vec<AwarenessEntry> {
        let entry = |(client, announced): (&u64, &Announced)| AwarenessEntry {
            client: *client,
            clock: announced.clock,
            state: Some(announced.state.clone()),
        };
        self.clients.iter().map(entry).collect()
    }

    /// Is nothing announced?
    pub(crate) fn is_empty(&self) -> bool {
        self.clients.is_empty()
    }
}

/// A client that comes back over a new connection takes its id with it: if the same user vouches for it, or, among
/// guests, if the old connection is lost or what it says is newer than anything it was heard to say. An echo is
/// never newer.
fn may_take_over(known: &Announced, announcer: &Announcer, entry: &AwarenessEntry) -> bool {
    if known.owner.is_guest && announcer.is_guest {
        return known.lost.is_some() || entry.clock > known.clock;
    }
    known.owner.user == announcer.user && (known.lost.is_some() || entry.clock >= known.clock)
}
