//! Somebody who asks for a page again and again.

use std::time::Duration;

use hdrhistogram::CreationError;
use serde::Serialize;
use tokio::time::{Instant, MissedTickBehavior, interval};

use crate::http::HttpClient;
use crate::tally::{Latency, Recorder};

/// Between two questions: often enough to meet every stall that a person would notice.
const EVERY: Duration = Duration::from_millis(50);
/// A query that reads the database.
const QUERY: &str = "{ projects { id name } }";

/// How a page answered under load.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Probe {
    /// Questions asked.
    pub asked: u64,
    /// Those without an answer, or with a bad one.
    pub failed: u64,
    /// From the connection to the last byte.
    pub latency: Option<Latency>,
}

/// Asks until it is told to stop.
#[derive(Debug)]
pub(super) struct Prober {
    http: HttpClient,
    page: Page,
    times: Recorder,
    probe: Probe,
}

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Page {
    Health,
    GraphQl,
}

impl Prober {
    pub(super) fn new(http: HttpClient, page: Page) -> Result<Self, CreationError> {
        Ok(Self { http, page, times: Recorder::new()?, probe: Probe::default() })
    }

    /// Asks for ever.
    pub(super) async fn run(&mut self) {
        let mut ticks = interval(EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            let asked = Instant::now();
            self.probe.asked += 1;
            if self.ask().await {
                let taken = i64::try_from(asked.elapsed().as_nanos()).unwrap_or(i64::MAX);
                self.times.record(0, taken);
            } else {
                self.probe.failed += 1;
            }
        }
    }

    /// What came of it.
    pub(super) fn report(&self) -> Result<Probe, CreationError> {
        Ok(Probe { latency: Latency::of(&self.times.merged()?), ..self.probe })
    }

    /// Asks once. Was the answer a good one?
    pub(super) async fn ask(&self) -> bool {
        let answer = match self.page {
            Page::Health => self.http.get("/health").await,
            Page::GraphQl => self.http.post_json("/graphql", &serde_json::json!({ "query": QUERY })).await,
        };
        let is_error = |body: &[u8]| body.windows(8).any(|window| window == b"\"errors\"");
        answer.is_ok_and(|answer| answer.status.is_success() && !is_error(&answer.body))
    }
}
