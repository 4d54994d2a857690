//! One run of a plan: its steps, the rest after them, and the end of the server.

use std::sync::Arc;
use std::time::Duration;

use collabd_protocol::CloseCode;
use tokio::runtime::Builder;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, timeout};

use super::client::Client;
use super::connection::SILENCE;
use super::plan::{Action, CLIENTS, Order, Plan, Say, milliseconds};
use super::rest;
use super::turns::Shuffled;
use super::world::{GRAIN, World};
use crate::limits::Limits;
use crate::project::Observer;
use crate::testing::project;

/// The time over which a server that stops closes its connections.
const DRAIN: Duration = Duration::from_millis(200);
/// More than any client needs to hear of something and answer it.
const ROUND_TRIP: Duration = Duration::from_millis(100);
/// Longer than any run takes, of time that passes at once.
const FOREVER: Duration = Duration::from_mins(10);
/// Later than any return of a client, several times over.
const RETURNS: Duration = Duration::from_secs(3 * 3 + 1);
/// Runs a plan to its end, and returns its trace: a number that tells it from others, and how many events it had.
pub(super) fn run(plan: &Plan) -> (u64, u64) {
    let _shuffled = Shuffled::by(plan.dither);
    let runtime = Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let world = Arc::new(World::new(plan));
        // Time is no matter here: what is not over by then never will be.
        timeout(FOREVER, Run::begin(&world).follow(plan)).await.expect("a run comes to its end");
        world.sum()
    })
}

/// What gives the orders.
struct Run<'a> {
    world: &'a Arc<World>,
    orders: Vec<mpsc::Sender<Order>>,
    observers: Vec<(i32, Observer)>,
}

impl<'a> Run<'a> {
    fn begin(world: &'a Arc<World>) -> Self {
        let orders = (0..CLIENTS).map(|slot| {
            let (orders, obeyed) = mpsc::channel(1024);
            world.start(Client::new(slot, Arc::clone(world), obeyed).run());
            orders
        });
        Self { world, orders: orders.collect(), observers: Vec::new() }
    }

    async fn follow(mut self, plan: &Plan) {
        for step in &plan.steps {
            sleep(milliseconds(step.after)).await;
            self.act(&step.action).await;
        }
        self.come_to_rest().await;
        self.world.hand_on_panics();
        rest::check(self.world, &mut self.observers);
        if plan.ends_empty {
            self.end_empty().await;
        }
        self.end().await;
    }

    async fn act(&mut self, action: &Action) {
        let coordinator = self.world.coordinator();
        match action {
            Action::Client(slot, order) => self.order(*slot, order.clone()),
            // Refused or not, nothing may follow from it.
            Action::Watch(number) => {
                if let Ok(observer) = coordinator.observe(project(*number)).await {
                    self.observers.push((*number, observer));
                }
            }
            Action::LookAway => drop((!self.observers.is_empty()).then(|| self.observers.remove(0))),
            Action::BreakDown(number) => {
                let running = coordinator.running(project(*number));
                if running.is_some_and(|handle| handle.break_down()) {
                    self.world.ledger().broke_down(project(*number));
                }
            }
            Action::Delete(number) => {
                coordinator.close_project(project(*number), CloseCode::ProjectDeleted.into());
            }
            Action::ShutDown => {
                let coordinator = coordinator.clone();
                self.world.start(async move { coordinator.shut_down(DRAIN).await });
            }
        }
    }

    fn order(&self, slot: usize, order: Order) {
        self.orders[slot].try_send(order).unwrap();
    }

    /// Whatever was wrong is over, and time enough passes for everything to follow from what was.
    async fn come_to_rest(&self) {
        for slot in 0..CLIENTS {
            self.order(slot, Order::Recover);
        }
        let Limits { room, vacancy, .. } = self.world.limits();
        sleep(RETURNS + SILENCE + room.grace + vacancy + ROUND_TRIP).await;
    }

    /// I10, I14: everybody leaves, and after the vacancy nothing is left.
    async fn end_empty(&mut self) {
        for slot in 0..CLIENTS {
            self.order(slot, Order::Say(Say::Leave));
        }
        self.observers.clear();
        sleep(ROUND_TRIP + self.world.limits().vacancy + GRAIN).await;
        // Of a server that was told to stop meanwhile, not even the coordinator is left.
        if self.world.server.tasks.count() > 0 {
            self.world.server.assert_idle();
        }
    }

    /// D1, I10: the server stops in time, and nothing is left of it.
    async fn end(self) {
        let Self { world, orders, observers } = self;
        drop(observers);
        let began = Instant::now();
        world.coordinator().shut_down(DRAIN).await;
        let took = began.elapsed();
        assert!(took <= DRAIN + ROUND_TRIP, "the server took {took:?} to stop");
        drop(orders);
        world.tasks.finished().await;
        world.server.tasks.finished().await;
        world.hand_on_panics();
        rest::check_nothing_left(world);
    }
}
