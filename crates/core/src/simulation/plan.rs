//! What happens in one run: a list of steps, made up at random and printed when the run fails.

use std::time::Duration;

use collabd_protocol::codec::Encoding;
use collabd_protocol::{ProjectId, Status};
use proptest::prelude::*;
use proptest::sample::select;

use crate::limits::{Limits, OutboxLimits};
use crate::testing::project;

/// Clients of a run; two next to each other are tabs of one user.
pub(super) const CLIENTS: usize = 6;
/// Projects of a run.
pub(super) const PROJECTS: i32 = 2;
/// Documents of a project that several may be in.
pub(super) const PLACES: [&str; 3] = ["draft", "notes", "plan"];

/// One run.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub(super) bounds: Bounds,
    /// Decides how much later than planned each packet comes, and between whose turns.
    pub(super) dither: u64,
    pub(super) steps: Vec<Step>,
    /// Does everybody leave before the server is told to stop?
    pub(super) ends_empty: bool,
}

/// The bounds of a run: small ones, so that they are reached.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    pub(super) project_inbox: usize,
    pub(super) items: usize,
    pub(super) bytes: usize,
    pub(super) cursor_batches: usize,
    /// Packets that the kernels between server and client hold.
    pub(super) kernel: usize,
}

/// One thing that happens, some milliseconds after the one before.
#[derive(Debug, Clone)]
pub(super) struct Step {
    pub(super) after: u64,
    pub(super) action: Action,
}

#[derive(Debug, Clone)]
pub(super) enum Action {
    /// A client does something.
    Client(usize, Order),
    /// Somebody begins to watch who is in a project.
    Watch(i32),
    /// Whoever watches first stops.
    LookAway,
    /// A project's actor panics.
    BreakDown(i32),
    /// A project is deleted.
    Delete(i32),
    /// The server is told to stop.
    ShutDown,
}

/// What a client does.
#[derive(Debug, Clone)]
pub(super) enum Order {
    /// Opens a socket and joins. An old one is left as it is, as by a page that is loaded again.
    Connect(Visit),
    /// Says something.
    Say(Say),
    /// Its socket is reset.
    Lose,
    /// It is cut off: nothing comes from it any more, and what is sent to it is never read.
    Vanish,
    /// It reads and answers nothing for some milliseconds.
    Stall(u64),
    /// What was wrong with it is over.
    Recover,
}

/// A join and the way to it.
#[derive(Debug, Clone)]
pub(super) struct Visit {
    pub(super) project: i32,
    pub(super) encoding: Encoding,
    pub(super) place: Option<usize>,
    /// Milliseconds on the way, each way.
    pub(super) latency: u64,
    /// After how many milliseconds it comes back when it is lost; some never do.
    pub(super) returns_after: Option<u64>,
}

/// What a client says.
#[derive(Debug, Clone, Copy)]
pub(super) enum Say {
    /// That it is there.
    Pong,
    /// That it goes on to its next own document, which everybody in the project hears of.
    Beat,
    /// Where its cursor is in a document that others may be in.
    Move(usize),
    Status(Status),
    Resync,
    Leave,
}

impl Bounds {
    pub(super) fn outbox(&self) -> OutboxLimits {
        OutboxLimits {
            items: self.items,
            bytes: self.bytes,
            cursor_batches: self.cursor_batches,
            ..OutboxLimits::default()
        }
    }

    pub(super) fn limits(&self) -> Limits {
        Limits { project_inbox: self.project_inbox, outbox: self.outbox(), ..Limits::default() }
    }
}

/// The projects of a run.
pub(super) fn projects() -> impl Iterator<Item = ProjectId> {
    (1..=PROJECTS).map(project)
}

pub(super) fn milliseconds(number: u64) -> Duration {
    Duration::from_millis(number)
}

pub(super) fn plans() -> impl Strategy<Value = Plan> {
    // Most are there from the beginning, so that there is somebody to tell of what follows.
    let arrivals = prop::array::uniform6(prop::option::weighted(0.7, visit()));
    let steps = prop::collection::vec(step(), 1..100);
    (bounds(), any::<u64>(), arrivals, steps, any::<bool>()).prop_map(
        |(bounds, dither, arrivals, steps, ends_empty)| {
            let arrivals = arrivals.into_iter().enumerate().filter_map(|(client, visit)| {
                Some(Step { after: 1, action: Action::Client(client, Order::Connect(visit?)) })
            });
            Plan { bounds, dither, steps: arrivals.chain(steps).collect(), ends_empty }
        },
    )
}

fn bounds() -> impl Strategy<Value = Bounds> {
    (
        prop_oneof![1 => 1..4_usize, 1 => 64..65_usize],
        6..40_usize,
        2000..20_000_usize,
        1..8_usize,
        1..16_usize,
    )
        .prop_map(|(project_inbox, items, bytes, cursor_batches, kernel)| Bounds {
            project_inbox,
            items,
            bytes,
            cursor_batches,
            kernel,
        })
}

fn step() -> impl Strategy<Value = Step> {
    // Mostly at once or within a tick; now and then about as long as the silence, the grace or the vacancy.
    let after = prop_oneof![5 => 0..3_u64, 4 => 3..40_u64, 1 => 900..1700_u64];
    let number = || 1..=PROJECTS;
    let action = prop_oneof![
        60 => (0..CLIENTS, order()).prop_map(|(client, order)| Action::Client(client, order)),
        2 => number().prop_map(Action::Watch),
        1 => Just(Action::LookAway),
        1 => number().prop_map(Action::BreakDown),
        1 => number().prop_map(Action::Delete),
        1 => prop::bool::weighted(0.1).prop_map(|ends| if ends { Action::ShutDown } else { Action::LookAway }),
    ];
    (after, action).prop_map(|(after, action)| Step { after, action })
}

fn order() -> impl Strategy<Value = Order> {
    let say = prop_oneof![
        4 => Just(Say::Beat),
        20 => (0..PLACES.len()).prop_map(Say::Move),
        1 => select(&[Status::Away, Status::Idle, Status::Active][..]).prop_map(Say::Status),
        1 => Just(Say::Resync),
        1 => Just(Say::Leave),
    ];
    prop_oneof![
        4 => visit().prop_map(Order::Connect),
        20 => say.prop_map(Order::Say),
        2 => Just(Order::Lose),
        1 => Just(Order::Vanish),
        2 => (1..2500_u64).prop_map(Order::Stall),
    ]
}

fn visit() -> impl Strategy<Value = Visit> {
    let returns_after = prop_oneof![0..50_u64, 1400..1600_u64, 0..3000_u64];
    // Mostly the first project, so that many meet.
    let number = prop_oneof![4 => Just(1), 1 => 1..=PROJECTS];
    let place = prop::option::of(0..PLACES.len());
    (number, select(&Encoding::ALL[..]), place, 0..30_u64, prop::option::of(returns_after)).prop_map(
        |(project, encoding, place, latency, returns_after)| Visit {
            project,
            encoding,
            place,
            latency,
            returns_after,
        },
    )
}
