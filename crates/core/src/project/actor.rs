//! The loop around one room. The rules are the room's; here is only what waits, and on what.

use std::sync::Arc;
use std::time::Duration;

use collabd_protocol::codec::{Dialect, Encoding};
use collabd_protocol::ids::Incarnation;
use collabd_protocol::presence::Presence;
use collabd_protocol::{CloseCode, DepartureReason, ProjectId, SessionId};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::Instant;
use tracing::debug;

use super::command::{Command, Departure, End};
use super::drain::Drain;
use super::handle::{JoinError, JoinRequest, ProjectHandle};
use super::observer::Observer;
use super::report::{ProjectReport, Published};
use super::session::Session;
use crate::clock::{Now, until};
use crate::fanout::Fanout;
use crate::faults;
use crate::limits::Limits;
use crate::metrics::Metrics;
use crate::recorder::{Close, FlightRecorder, ProjectEvent, ServerEvent, Who};
use crate::room::{self, Delivery, Event, Room};

/// How often observers are told of changes at most: they are pages and dashboards, not cursors.
const OBSERVER_PACE: Duration = Duration::from_millis(50);

/// What a project actor is made from.
#[derive(Debug)]
pub(crate) struct Spec {
    pub(crate) project: ProjectId,
    pub(crate) incarnation: Incarnation,
    pub(crate) limits: Limits,
    pub(crate) metrics: Metrics,
    pub(crate) recorder: FlightRecorder,
}

/// One run of one project.
#[derive(Debug)]
pub(crate) struct ProjectActor {
    inbox: mpsc::Receiver<Command>,
    departures: mpsc::Receiver<Departure>,
    /// Kept to reserve slots from; so the queue never closes under the actor.
    departures_tx: mpsc::Sender<Departure>,
    end: watch::Receiver<Option<End>>,
    handle: ProjectHandle,
    limits: Limits,
    metrics: Metrics,
    recorder: FlightRecorder,
    room: Room,
    fanout: Fanout,
    next_session: u64,
    /// Commands of sessions so far.
    messages: u64,
    observers: usize,
    presence: watch::Sender<Arc<Vec<Presence>>>,
    /// When observers are due to hear of changes.
    publish_at: Option<Instant>,
    /// Since when nobody is here.
    vacant_since: Option<Instant>,
    drain: Option<Drain>,
    is_ending: bool,
}

impl ProjectActor {
    pub(crate) fn new(spec: Spec) -> (Self, ProjectHandle) {
        let Spec { project, incarnation, limits, metrics, recorder } = spec;
        let (inbox_tx, inbox) = mpsc::channel(limits.project_inbox);
        let (departures_tx, departures) = mpsc::channel(limits.members_per_project);
        let (end_tx, end) = watch::channel(None);
        let handle = ProjectHandle {
            project,
            incarnation,
            patience: limits.patience,
            inbox: inbox_tx,
            end: end_tx,
            published: Arc::new(Published::default()),
        };
        let actor = Self {
            inbox,
            departures,
            departures_tx,
            end,
            handle: handle.clone(),
            room: Room::new(limits.room),
            fanout: Fanout::new(project, metrics.clone()),
            limits,
            metrics,
            recorder,
            next_session: 1,
            messages: 0,
            observers: 0,
            presence: watch::Sender::new(Arc::default()),
            publish_at: None,
            vacant_since: Some(Instant::now()),
            drain: None,
            is_ending: false,
        };
        (actor, handle)
    }

    /// Runs until nobody is left, or until the end is ordered and every member has gone.
    pub(crate) async fn run(mut self) {
        loop {
            let deadline = self.next_deadline();
            tokio::select! {
                biased;
                Ok(()) = self.end.changed(), if !self.is_ending => self.begin_end(),
                departure = self.departures.recv() => match departure {
                    Some(departure) => self.depart(departure),
                    None => break,
                },
                () = until(deadline) => self.tick(),
                command = self.inbox.recv(), if !self.inbox.is_closed() => match command {
                    Some(command) => self.handle(command),
                    None => break,
                },
            }
            self.publish();
            self.handle.published.progress.rest();
            if self.is_over() {
                break;
            }
        }
        self.finish();
    }

    /// Says what this turn is about. A turn ends with the loop's round.
    fn begin(&self, doing: &'static str) {
        self.handle.published.progress.begin(doing);
        faults::strike_one("project", &self.handle.project);
    }

    fn handle(&mut self, command: Command) {
        self.begin(command.name());
        match command {
            // Whoever went away meanwhile, or heard `overloaded`, never was here.
            Command::Join { reply, .. } if reply.is_closed() => {}
            Command::Join { request, reply } => {
                let joined = self.join(*request);
                // A joiner that went away meanwhile gets its session back here, and dropping it is the leave.
                drop(reply.send(joined));
            }
            Command::Room(command) => {
                self.messages += 1;
                if matches!(*command, room::Command::Move { .. }) {
                    self.metrics.cursor_moved();
                }
                self.apply(*command);
            }
            Command::Observe { reply } => self.observe(reply),
            #[cfg(test)]
            // Without a word from the hook: a simulation asks for thousands.
            Command::Panic => std::panic::resume_unwind(Box::new("asked to by a test")),
        }
    }

    fn join(&mut self, request: JoinRequest) -> Result<Session, JoinError> {
        if self.is_ending {
            return Err(JoinError::Closed);
        }
        let slot = self
            .departures_tx
            .clone()
            .try_reserve_owned()
            .map_err(|_| JoinError::Full { limit: self.limits.members_per_project })?;
        let JoinRequest { profile, encoding, outbox, document } = request;
        let id = SessionId { incarnation: self.handle.incarnation(), number: self.next_session };
        self.next_session += 1;
        let session = Session::new(id, profile.user_id.clone(), self.handle.clone(), slot);
        self.fanout.subscribe(id, outbox, encoding);
        let entered = document.as_ref().map(|(id, _)| id.clone());
        self.record(ProjectEvent::Joined { who: Who::of(id, &profile), document: entered });
        self.apply(room::Command::Join(room::Join {
            session: id,
            profile,
            dialect: encoding.map_or(Dialect::V2, Encoding::dialect),
            document,
        }));
        Ok(session)
    }

    fn observe(&mut self, reply: oneshot::Sender<Option<Observer>>) {
        if self.is_ending {
            return;
        }
        let slot = self.departures_tx.clone().try_reserve_owned();
        let observer = slot.ok().map(|slot| {
            self.observers += 1;
            self.presence.send_replace(Arc::new(self.room.presence()));
            Observer::new(self.presence.subscribe(), slot)
        });
        // An asker that went away meanwhile gets its observer back here, and dropping it is the departure.
        drop(reply.send(observer));
    }

    fn depart(&mut self, departure: Departure) {
        self.begin("departure");
        match departure {
            Departure::Session { session, reason, close } => {
                if self.fanout.unsubscribe(session) {
                    self.departed(session, reason, close);
                }
                self.apply(room::Command::Depart { session, reason });
            }
            Departure::Observer => self.observers -= 1,
        }
    }

    /// Runs one command, and the departures that its deliveries cause: each takes a member away, so it ends.
    fn apply(&mut self, command: room::Command) {
        let now = Now::read();
        let mut deliveries = self.room.apply(command, now);
        while !deliveries.is_empty() {
            // Before anybody is told: whoever hears of a change finds it in the reports, too.
            self.publish();
            if self.is_ending {
                deliveries.retain(is_told_at_the_end);
            }
            self.note_presence_change(&deliveries, now.instant);
            let overflowed = self.fanout.deliver(&self.room, deliveries);
            deliveries = Vec::new();
            for session in overflowed {
                let reason = DepartureReason::SlowConsumer;
                self.departed(session, reason, Some(Close::Server(CloseCode::SlowConsumer)));
                debug!(project = %self.handle.project, %session, "outbox full, session evicted");
                deliveries.extend(self.room.apply(room::Command::Depart { session, reason }, now));
            }
        }
        self.metrics.cursors_conflated(self.room.take_conflated());
    }

    /// Counts and writes down the end of a session that the room still knows.
    fn departed(&self, session: SessionId, reason: DepartureReason, close: Option<Close>) {
        self.metrics.departed(reason);
        let Some(profile) = self.room.profile_of(session) else { return };
        let who = Who::of(session, profile);
        if reason == DepartureReason::SlowConsumer {
            let user = who.user.clone();
            self.recorder.server(ServerEvent::Evicted { project: self.handle.project, user });
        }
        self.record(ProjectEvent::Departed { who, reason, close });
    }

    fn record(&self, event: ProjectEvent) {
        self.recorder.project(self.handle.project, event);
    }

    fn note_presence_change(&mut self, deliveries: &[Delivery], now: Instant) {
        let has_changed = |delivery: &Delivery| {
            matches!(delivery.event, Event::UserJoined(_) | Event::UserUpdated(_) | Event::UserLeft { .. })
        };
        if self.observers > 0 && self.publish_at.is_none() && deliveries.iter().any(has_changed) {
            self.publish_at = Some(now + OBSERVER_PACE);
        }
    }

    fn tick(&mut self) {
        self.begin("tick");
        let now = Instant::now();
        if self.publish_at.is_some_and(|at| at <= now) {
            self.publish_at = None;
            self.presence.send_replace(Arc::new(self.room.presence()));
        }
        for (session, goodbye) in self.drain.as_mut().map(|drain| drain.take_due(now)).unwrap_or_default() {
            self.fanout.close(session, goodbye);
        }
        if self.room.next_deadline().is_some_and(|at| at <= now) {
            self.apply(room::Command::Tick);
        }
    }

    fn next_deadline(&self) -> Option<Instant> {
        let vacancy = self.vacant_since.map(|since| since + self.limits.vacancy);
        let drain = self.drain.as_ref().and_then(Drain::next_due);
        [self.room.next_deadline(), self.publish_at, vacancy, drain].into_iter().flatten().min()
    }

    fn begin_end(&mut self) {
        self.begin("end");
        let Some(end) = *self.end.borrow_and_update() else {
            return;
        };
        self.is_ending = true;
        match end {
            End::Now(goodbye) => {
                // Whoever opens the project from now on gets a fresh actor and need not wait for this one's members.
                self.refuse_commands();
                self.fanout.sessions().for_each(|session| self.fanout.close(session, goodbye));
            }
            End::Drain(over) => {
                self.drain = Some(Drain::new(self.fanout.sessions().collect(), over, Instant::now()));
            }
        }
    }

    /// Updates what others read about this project without asking it.
    fn publish(&mut self) {
        let connections = self.fanout.len();
        self.handle.published.store(&ProjectReport {
            project: self.handle.project,
            users: self.room.user_count(),
            connections,
            leases: self.room.session_count().saturating_sub(connections),
            documents: self.room.document_count(),
            observers: self.observers,
            inbox: 0,
            messages: self.messages,
            deliveries: self.fanout.delivered(),
        });
        let is_vacant = self.room.is_empty() && self.observers == 0;
        self.vacant_since = is_vacant.then(|| self.vacant_since.unwrap_or_else(Instant::now));
    }

    fn is_over(&self) -> bool {
        if self.is_ending {
            return self.fanout.len() == 0;
        }
        self.vacant_since.is_some_and(|since| since.elapsed() >= self.limits.vacancy)
    }

    /// Joins that came too late hear `Closed` and open the project again.
    fn refuse_commands(&mut self) {
        self.inbox.close();
        while let Ok(command) = self.inbox.try_recv() {
            if let Command::Join { reply, .. } = command {
                drop(reply.send(Err(JoinError::Closed)));
            }
        }
    }

    /// The one way out.
    fn finish(mut self) {
        self.refuse_commands();
        debug!(project = %self.handle.project, "project ended");
    }
}

/// A project on its way out tells nobody who has gone already: they will all meet again elsewhere.
fn is_told_at_the_end(delivery: &Delivery) -> bool {
    matches!(delivery.event, Event::Snapshot { .. } | Event::Cursors(_) | Event::Refused(_))
}
