//! Asking for faults, on the admin listener of a build for tests: `POST /faults/reader?times=2` has the reading half of
//! a connection panic twice, `POST /faults/project:7?stall_ms=3000` has project 7 keep its thread for three seconds in
//! its next turn, `POST /faults/runtime?stall_ms=3000` has every thread of the runtime do so at once.

use std::time::Duration;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::routing::post;
use collabd_core::faults::{Fault, arm};
use serde::Deserialize;
use tokio::runtime::Handle;

use crate::app::App;

#[derive(Debug, Deserialize)]
struct Wanted {
    /// Without it, the code panics.
    stall_ms: Option<u64>,
    times: Option<usize>,
}

/// The way to ask for a fault.
pub(crate) fn routes() -> Router<App> {
    Router::new().route("/faults/{*site}", post(ask))
}

async fn ask(State(app): State<App>, Path(site): Path<String>, Query(wanted): Query<Wanted>) -> StatusCode {
    let time = wanted.stall_ms.map(Duration::from_millis);
    match (site.as_str(), time) {
        ("runtime", Some(time)) => stall_every_thread(&app, time),
        _ => arm(site, time.map_or(Fault::Panic, Fault::Stall), wanted.times.unwrap_or(1)),
    }
    StatusCode::NO_CONTENT
}

fn stall_every_thread(app: &App, time: Duration) {
    for _ in 0..Handle::current().metrics().num_workers() {
        app.tasks().spawn(async move { std::thread::sleep(time) });
    }
}
