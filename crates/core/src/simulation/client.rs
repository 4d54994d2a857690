//! A client: does what the plan says, believes what it is told, and comes back when it is lost.

use std::sync::Arc;
use std::time::Duration;

use collabd_protocol::CloseCode;
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::chance::Chance;
use super::connection::{Arrivals, Connection, Departures, Packet};
use super::plan::{Order, PLACES, Say, Visit, milliseconds};
use super::view::{View, shared_document};
use super::world::World;
use crate::clock::until;
use crate::testing::{document, project};

/// How often a client says that it is there, well within the silence.
const PONG: Duration = Duration::from_millis(900);
/// What a client may have said that has not arrived. Nothing a plan has comes near.
const UNDER_WAY: usize = 4096;
/// How often a client comes back at most between two of its plan's visits, so that every run comes to rest.
const RETURNS: usize = 3;

/// A client of a run.
#[derive(Debug)]
pub(super) struct Client {
    slot: usize,
    world: Arc<World>,
    orders: mpsc::Receiver<Order>,
    link: Option<Link>,
    /// Sockets that nobody reads any more and that were never closed.
    abandoned: Vec<Link>,
    visit: Option<Visit>,
    returns_left: usize,
    returns_at: Option<Instant>,
    stalled_until: Option<Instant>,
}

/// The client's end of a socket.
#[derive(Debug)]
struct Link {
    number: u64,
    latency: Duration,
    chance: Chance,
    up: Departures<Say>,
    last_arrival: Instant,
    down: Arrivals<Packet>,
    arriving: Option<(Instant, Packet)>,
    pong_at: Instant,
}

impl Link {
    /// The next packet, when it arrives; `None` when the socket was closed without a word. Cancel-safe.
    async fn receive(&mut self) -> Option<Packet> {
        if self.arriving.is_none() {
            self.arriving = Some(self.down.recv().await?);
        }
        until(self.arriving.as_ref().map(|(at, _)| *at)).await;
        self.arriving.take().map(|(_, packet)| packet)
    }

    /// Packets overtake none that were sent before.
    fn say(&mut self, say: Say) {
        let delay = self.latency + milliseconds(self.chance.up_to(5));
        self.last_arrival = self.last_arrival.max(Instant::now() + delay);
        // The server may have closed its end.
        let _ = self.up.try_send((self.last_arrival, say));
    }
}

impl Client {
    pub(super) fn new(slot: usize, world: Arc<World>, orders: mpsc::Receiver<Order>) -> Self {
        Self {
            slot,
            world,
            orders,
            link: None,
            abandoned: Vec::new(),
            visit: None,
            returns_left: 0,
            returns_at: None,
            stalled_until: None,
        }
    }

    /// Until the plan has no more orders; what is open then is reset.
    pub(super) async fn run(mut self) {
        loop {
            let is_awake = self.stalled_until.is_none();
            let pong_at = self.link.as_ref().map(|link| link.pong_at);
            tokio::select! {
                biased;
                order = self.orders.recv() => match order {
                    Some(order) => self.obey(order),
                    None => break,
                },
                () = until(self.stalled_until), if !is_awake => self.stalled_until = None,
                () = until(self.returns_at), if self.returns_at.is_some() => self.come_back(),
                packet = received(&mut self.link), if is_awake => self.hear(packet),
                () = until(pong_at), if is_awake => self.say(Say::Pong),
            }
        }
        self.hang_up();
    }

    fn obey(&mut self, order: Order) {
        match order {
            Order::Connect(visit) => {
                self.abandon();
                self.visit = Some(visit);
                self.returns_left = RETURNS;
                self.connect();
            }
            Order::Say(say) => {
                if matches!(say, Say::Leave) {
                    self.visit = None;
                }
                self.say(say);
            }
            Order::Lose => {
                self.hang_up();
                self.plan_return();
            }
            Order::Vanish => self.abandon(),
            Order::Stall(time) => self.stalled_until = Some(Instant::now() + milliseconds(time)),
            Order::Recover => self.stalled_until = None,
        }
    }

    fn say(&mut self, say: Say) {
        if let Some(link) = &mut self.link {
            link.pong_at = Instant::now() + PONG;
            link.say(say);
        }
    }

    fn connect(&mut self) {
        let Some(visit) = &self.visit else { return };
        let (number, project) = (self.world.next_connection(), project(visit.project));
        let latency = milliseconds(visit.latency);
        let chance = self.world.chance(number);
        let (up, said) = mpsc::channel(UNDER_WAY);
        let (packets, down) = mpsc::channel(self.world.bounds().kernel);
        let connection = Connection {
            number,
            user: format!("user{}", self.slot / 2),
            project,
            encoding: visit.encoding,
            place: visit.place.map(|place| document(&shared_document(project, PLACES[place]))),
            latency,
            chance: chance.clone(),
            down: packets,
        };
        *self.world.view(self.slot) = Some(View::new(number, project, visit.encoding));
        self.world.start(connection.serve(Arc::clone(&self.world), said));
        let now = Instant::now();
        self.returns_at = None;
        self.stalled_until = None;
        self.link = Some(Link {
            number,
            latency,
            chance,
            up,
            last_arrival: now,
            down,
            arriving: None,
            pong_at: now + PONG,
        });
    }

    fn come_back(&mut self) {
        self.returns_at = None;
        self.connect();
    }

    fn plan_return(&mut self) {
        let returns_after = self.visit.as_ref().and_then(|visit| visit.returns_after);
        if let (Some(after), 1..) = (returns_after, self.returns_left) {
            self.returns_left -= 1;
            self.returns_at = Some(Instant::now() + milliseconds(after));
        }
    }

    /// `None`: the socket was closed without a word.
    fn hear(&mut self, packet: Option<Packet>) {
        let Some(link) = &self.link else { return };
        match packet {
            Some(Packet::Frame(frame, put)) => {
                self.world.note(link.number, frame.payload());
                if let Some(view) = &mut *self.world.view(self.slot) {
                    view.hear(&frame, put);
                }
                self.world.check_lefts(self.slot);
            }
            Some(Packet::Close(code)) => {
                self.world.note(link.number, code.name().as_bytes());
                self.hang_up();
                // From 4500 on, and after a goodbye of its own, a client stays away (X1).
                if code != CloseCode::Normal && code.number() < 4500 {
                    self.plan_return();
                }
            }
            None => {
                self.world.note(link.number, b"reset");
                self.hang_up();
                self.plan_return();
            }
        }
    }

    /// Resets the socket.
    fn hang_up(&mut self) {
        self.link = None;
        *self.world.view(self.slot) = None;
    }

    /// Leaves the socket open and never looks at it again.
    fn abandon(&mut self) {
        self.abandoned.extend(self.link.take());
        *self.world.view(self.slot) = None;
    }
}

/// The next packet of a link, if there is one. Cancel-safe.
async fn received(link: &mut Option<Link>) -> Option<Packet> {
    match link {
        Some(link) => link.receive().await,
        None => std::future::pending().await,
    }
}
