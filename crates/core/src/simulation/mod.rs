//! The live path under a virtual clock: the real coordinator, project actors, rooms, fan-out and outboxes, and clients
//! that come, move, stall, vanish and come back over packets that take their time.
//!
//! A [`Plan`](plan::Plan) says what happens. One that fails is printed and made as short as it gets, and its seed is kept
//! in `proptest-regressions`. All runs on one thread in paused time and nothing asks the real clock, so the same plan
//! has the same course, packet by packet. The order of turns differs from plan to plan: before it goes on, every task,
//! actors included, lets others go first as often as chance says (`turns`).
//!
//! What is checked, and where:
//!
//! - everybody knows who is there and where, at rest: `rest::check`;
//! - joins and leaves take turns, and every session ends once: `view`, `stays`, `rest::check_nothing_left`;
//! - the late end of an old session takes nothing from a new one: the same, since clients return in any order;
//! - no outbox holds more than it may: `World::check_bounds`;
//! - a join that is given up anywhere is as if never begun: `Connection::serve` drops it, `rest` sees what is left;
//! - what somebody does is heard in its order and without a gap: `View::check_beat`, `View::follow`;
//! - tasks, sessions and projects return to what they were: `rest`, `Server::assert_idle`;
//! - deadlines fire when they are due: `check_lefts`, `World::check_patience`, `Run::end_empty`, `Run::end`;
//! - nobody is turned away who is within the limits: `Ledger::quarantined`, `Connection::join`;
//! - nothing of a project reaches another: `View::check_place`.

mod chance;
mod client;
mod connection;
mod ledger;
mod plan;
mod rest;
mod run;
mod stays;
mod trace;
mod turns;
mod view;
mod world;

use std::sync::atomic::{AtomicU64, Ordering};

use proptest::prelude::*;

use plan::plans;
use run::run;
pub(crate) use turns::in_turn;

/// Plans of one run of the test, unless `COLLABD_SIMULATE` says another number.
const PLANS: u32 = 2000;

fn number_of_plans() -> u32 {
    std::env::var("COLLABD_SIMULATE").map_or(PLANS, |number| number.parse().unwrap())
}

/// P1 to P4, C1 to C3, J3, B1, B2, D1
#[test]
fn whatever_happens_everybody_knows_who_is_there_and_nothing_is_left() {
    let (steps, events) = (AtomicU64::new(0), AtomicU64::new(0));
    let config = ProptestConfig {
        source_file: Some(file!()),
        test_name: Some("whatever_happens_everybody_knows_who_is_there_and_nothing_is_left"),
        ..ProptestConfig::with_cases(number_of_plans())
    };
    proptest!(config, |(plan in plans())| {
        steps.fetch_add(plan.steps.len() as u64, Ordering::Relaxed);
        events.fetch_add(run(&plan).1, Ordering::Relaxed);
    });
    println!("{} plans, {steps:?} steps, {events:?} packets heard", number_of_plans());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(50))]

    #[test]
    fn the_same_plan_has_the_same_course(plan in plans()) {
        prop_assert_eq!(run(&plan), run(&plan));
    }
}
