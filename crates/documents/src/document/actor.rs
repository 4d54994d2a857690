//! The loop around one document's content. It waits for nobody: updates go to the others at once, to the store in
//! groups, and whoever is to hear that they are stored hears it when they are.

use bytes::Bytes;
use collabd_core::Goodbye;
use collabd_core::clock::until;
use collabd_core::faults;
use collabd_core::roster::Listed as _;
use collabd_protocol::{CloseCode, LimitHit, LimitName};
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;
use tracing::{debug, warn};

use super::command::{Command, Departure, End};
use super::handle::{DocumentError, DocumentHandle};
use super::loading::DocumentActor;
use super::log::{Commit, Log};
use super::renewal::Renewal;
use super::subscriber::Subscribers;
use super::subscription::{SubscribeRequest, Subscription};
use crate::awareness::{Awareness, SubscriptionId, Verdict};
use crate::compactor::CompactorHandle;
use crate::content::Content;
use crate::limits::Limits;
use crate::metrics::Metrics;
use crate::store::AppendError;
use crate::wire::{self, AwarenessEntry};

/// A log of fewer updates is left as it is when its document is unloaded: it loads as fast as a snapshot.
const WORTH_COMPACTING: usize = 16;

/// One run of one document.
#[derive(Debug)]
pub(super) struct Loaded {
    /// First, so that a panic tells them why it ends before anything that they ask fails.
    pub(super) subscribers: Subscribers,
    inbox: mpsc::Receiver<Command>,
    departures: mpsc::Receiver<Departure>,
    /// Kept to reserve slots from; so the queue never closes under the actor.
    departures_tx: mpsc::Sender<Departure>,
    end: watch::Receiver<Option<End>>,
    pub(super) handle: DocumentHandle,
    pub(super) limits: Limits,
    pub(super) metrics: Metrics,
    compactor: CompactorHandle,
    pub(super) content: Content,
    pub(super) log: Log,
    pub(super) awareness: Awareness,
    renewal: Renewal,
    next_subscription: u64,
    /// Since when nobody is here.
    vacant_since: Option<Instant>,
    pub(super) is_ending: bool,
}

impl Loaded {
    pub(super) fn new(actor: DocumentActor, content: Content, log: Log) -> Self {
        let DocumentActor { spec, handle, inbox, end } = actor;
        let (departures_tx, departures) = mpsc::channel(spec.limits.clients_per_document);
        Self {
            subscribers: Subscribers::new(spec.key.document, spec.metrics.clone()),
            inbox,
            departures,
            departures_tx,
            end,
            handle,
            content,
            log,
            awareness: Awareness::new(spec.limits.awareness),
            renewal: Renewal::default(),
            limits: spec.limits,
            metrics: spec.metrics,
            compactor: spec.compactor,
            next_subscription: 1,
            vacant_since: Some(Instant::now()),
            is_ending: false,
        }
    }

    pub(super) async fn run(mut self) {
        while !self.is_over() {
            let deadline = self.next_deadline();
            tokio::select! {
                biased;
                Ok(()) = self.end.changed(), if !self.is_ending => self.begin_end(),
                departure = self.departures.recv() => match departure {
                    Some(departure) => self.depart(departure),
                    None => break,
                },
                outcome = self.log.outcome() => {
                    self.begin("settle");
                    let commit = self.log.settle(outcome);
                    self.settled(commit);
                }
                () = until(deadline) => self.tick(),
                command = self.inbox.recv(), if !self.inbox.is_closed() => match command {
                    Some(command) => self.handle(command),
                    None => break,
                },
            }
            self.log.hand_in(|| self.subscribers.covered());
            let is_vacant = self.subscribers.len() == 0;
            self.vacant_since = is_vacant.then(|| self.vacant_since.unwrap_or_else(Instant::now));
            self.handle.progress.rest();
        }
        self.finish();
    }

    /// Says what this turn is about. A turn ends with the loop's round.
    fn begin(&self, doing: &'static str) {
        self.handle.progress.begin(doing);
        faults::strike_one("document", &self.handle.key());
    }

    fn handle(&mut self, command: Command) {
        self.begin(command.name());
        match command {
            // Whoever went away meanwhile, or heard that it takes too long, never was here.
            Command::Subscribe { reply, .. } if reply.is_closed() => {}
            Command::Subscribe { request, reply } => {
                let subscribed = self.subscribe(*request);
                // A caller that went away meanwhile gets its subscription back here, and dropping it ends it.
                drop(reply.send(subscribed));
            }
            Command::Sync { subscription, since, reply } => {
                self.sync(subscription, &since);
                // Whoever stopped waiting needs no answer.
                let _ = reply.send(());
            }
            Command::Update { subscription, update, is_reply } => {
                self.update(subscription, &update, is_reply);
            }
            Command::Announce { subscription, entries } => self.announce(subscription, &entries),
            Command::QueryAwareness { subscription } => {
                self.subscribers.send(subscription, wire::awareness(&self.awareness.entries()));
            }
            Command::Welcome { subscription } => self.welcome(subscription),
            Command::Export { reply } => drop(reply.send(Ok(self.export()))),
            Command::Import { update, reply } => self.import(&update, reply),
            #[cfg(test)]
            Command::Panic => panic!("asked to by a test"),
        }
    }

    fn subscribe(&mut self, request: SubscribeRequest) -> Result<Subscription, DocumentError> {
        if self.is_ending {
            return Err(DocumentError::Closed);
        }
        let slot = self.departures_tx.clone().try_reserve_owned();
        let slot = slot.map_err(|_| {
            let limit = self.limits.clients_per_document;
            DocumentError::Full(LimitHit::full(LimitName::ProjectMembers, limit))
        })?;
        let id = SubscriptionId(self.next_subscription);
        self.next_subscription += 1;
        let may_write = request.write.is_given();
        let is_over = self.subscribers.add(id, request);
        if may_write {
            // Its content is wanted: it may have been edited while it was away.
            self.ask_for_all(id);
        }
        if !self.awareness.is_empty() {
            self.subscribers.send(id, wire::awareness(&self.awareness.entries()));
            self.renewal.add(id, Instant::now());
        }
        Ok(Subscription::new(id, self.handle.clone(), slot, is_over))
    }

    fn announce(&mut self, id: SubscriptionId, entries: &[AwarenessEntry]) {
        let Some(subscriber) = self.subscribers.get_mut(id) else { return };
        let (announcer, now) = (subscriber.announcer.clone(), Instant::now());
        let mut news = Vec::new();
        for entry in entries {
            // A state is kept for as long as its client is here, a frame's buffer must not be.
            let state = entry.state.as_deref().map(Bytes::copy_from_slice);
            let entry = AwarenessEntry { state, ..*entry };
            match self.awareness.announce(&announcer, &entry, now) {
                Verdict::Relay => news.push(entry),
                Verdict::RelayAndNudge => {
                    let nudge = AwarenessEntry { state: None, ..entry };
                    news.push(entry);
                    self.subscribers.send(id, wire::awareness(&[nudge]));
                }
                Verdict::Renewed => {
                    let message = wire::awareness(std::slice::from_ref(&entry));
                    self.renewal.audience().for_each(|id| self.subscribers.send(id, message.clone()));
                }
                Verdict::Ignore => {}
                Verdict::Refuse => return self.dismiss(id, CloseCode::BadRequest),
            }
        }
        self.metrics.announced(news.len());
        self.subscribers.announce(&news);
    }

    fn settled(&mut self, commit: Commit) {
        match commit {
            Commit::Stored(mut settled) => {
                settled.tell_importers();
                let advanced = settled.advanced.encode();
                for (id, covered) in settled.covered {
                    self.subscribers.report_saved(id, covered, &advanced);
                }
                self.report_those_who_said_nothing_new();
                if self.log.updates() >= self.limits.compact_after {
                    self.compact();
                }
            }
            Commit::Postponed => {}
            Commit::Failed(error) => self.fail(&error),
        }
    }

    fn report_those_who_said_nothing_new(&mut self) {
        if self.log.is_clean() {
            for (id, covered) in self.subscribers.covered() {
                self.subscribers.report_saved(id, covered, &[0]);
            }
        }
    }

    /// The store will never take what was sent.
    fn fail(&mut self, error: &AppendError) {
        let code = match error {
            AppendError::Gone => CloseCode::ProjectDeleted,
            AppendError::TooMany => CloseCode::Forbidden,
            // Whoever else writes here is right; a fresh run reads what it wrote.
            AppendError::Conflict | AppendError::Store(_) => CloseCode::ResyncRequired,
        };
        warn!(document = %self.handle.key(), %error, "document ends");
        self.end_now(code.into());
    }

    fn compact(&mut self) {
        self.log.begin_count();
        self.compactor.ask(&self.handle.key());
    }

    /// Works off what is in the inbox now: it came before what is about to be done.
    fn catch_up(&mut self) {
        for _ in 0..self.inbox.len() {
            if let Ok(command) = self.inbox.try_recv() {
                self.handle(command);
            }
        }
    }

    fn depart(&mut self, departure: Departure) {
        self.begin("departure");
        // The last thing that the client sent may still be in the inbox, and nobody would bring it again.
        self.catch_up();
        let Departure { subscription, keeps_grace } = departure;
        self.subscribers.remove(subscription);
        if keeps_grace {
            self.awareness.lose(subscription, Instant::now());
        } else {
            let gone = self.awareness.leave(subscription);
            self.subscribers.announce(&gone);
        }
    }

    /// Closes a subscriber that did what it may not.
    pub(super) fn dismiss(&mut self, id: SubscriptionId, code: CloseCode) {
        self.subscribers.close(id, code.into());
        let gone = self.awareness.leave(id);
        self.subscribers.announce(&gone);
    }

    fn tick(&mut self) {
        self.begin("tick");
        let now = Instant::now();
        if self.log.retry_at().is_some_and(|at| at <= now) {
            self.log.retry();
        }
        let gone = self.awareness.expire(now);
        self.subscribers.announce(&gone);
        if self.renewal.is_due(now) {
            for (owner, entry) in self.awareness.renew() {
                self.subscribers.send(owner, wire::awareness(&[entry]));
            }
        }
    }

    fn next_deadline(&self) -> Option<Instant> {
        let unload = self.vacant_since.filter(|_| self.log.is_clean()).map(|since| since + self.limits.idle);
        let awareness = [self.awareness.next_deadline(), self.renewal.due()];
        [self.log.retry_at(), unload].into_iter().chain(awareness).flatten().min()
    }

    fn begin_end(&mut self) {
        self.begin("end");
        let end = *self.end.borrow_and_update();
        match end {
            Some(End::Now(goodbye)) => self.end_now(goodbye),
            Some(End::Saved) => {
                self.catch_up();
                self.refuse_commands();
                self.is_ending = true;
            }
            None => {}
        }
    }

    fn end_now(&mut self, goodbye: Goodbye) {
        self.subscribers.close_all(goodbye);
        self.refuse_commands();
        self.is_ending = true;
        self.log.discard();
    }

    fn is_over(&self) -> bool {
        if !self.log.is_clean() {
            return false;
        }
        self.is_ending || self.vacant_since.is_some_and(|since| since.elapsed() >= self.limits.idle)
    }

    /// Whoever comes from now on opens the document again, and the next run starts when this one has ended.
    pub(super) fn refuse_commands(&mut self) {
        self.inbox.close();
        while let Ok(command) = self.inbox.try_recv() {
            refuse(command, DocumentError::Closed);
        }
    }

    /// The one way out.
    fn finish(mut self) {
        self.refuse_commands();
        if self.log.updates() >= WORTH_COMPACTING {
            self.compact();
        }
        debug!(document = %self.handle.key(), "document closed");
    }
}

pub(super) fn refuse(command: Command, error: DocumentError) {
    match command {
        Command::Subscribe { reply, .. } => drop(reply.send(Err(error))),
        Command::Export { reply } => drop(reply.send(Err(error))),
        Command::Import { reply, .. } => drop(reply.send(Err(error.into()))),
        _ => {}
    }
}
