//! What a server takes and how fast it is, over time.

use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use tokio::time::{Instant, MissedTickBehavior, interval};

use crate::process::ProcessSample;
use crate::progress::Progress;
use crate::tally::Tally;

/// Between two points.
const STEP: Duration = Duration::from_millis(500);

/// One moment.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Point {
    /// Seconds since the beginning.
    pub seconds: f64,
    /// Resident memory of the server.
    pub resident_bytes: Option<u64>,
    /// Cores that it kept busy since the last point.
    pub cores: Option<f64>,
    /// Latency of 99 % of what was received since the last point.
    pub latency_p99_ms: Option<f64>,
    /// Received since the last point, by those who look at it.
    pub received: u64,
}

/// Looks at the server and the tally again and again.
#[derive(Debug)]
pub(crate) struct Timeline {
    pid: Option<u32>,
    tally: Arc<Tally>,
    began: Instant,
    points: Vec<Point>,
    progress: Progress,
    cpu: Option<Duration>,
    received: u64,
}

impl Timeline {
    /// The timeline of the scenario called `label`.
    pub(crate) fn new(label: &str, pid: Option<u32>, tally: Arc<Tally>) -> Self {
        Self {
            pid,
            tally,
            began: Instant::now(),
            points: Vec::new(),
            progress: Progress::new(label),
            cpu: None,
            received: 0,
        }
    }

    /// Takes points until it is dropped.
    pub(crate) async fn run(&mut self) {
        let mut ticks = interval(STEP);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
        loop {
            ticks.tick().await;
            self.look();
        }
    }

    /// Takes points while `work` goes on, and gives what came of that.
    pub(crate) async fn beside<T>(&mut self, work: impl Future<Output = T>) -> T {
        tokio::select! {
            done = work => done,
            () = self.run() => unreachable!("a timeline has no end of its own"),
        }
    }

    /// All points.
    pub(crate) fn into_points(self) -> Vec<Point> {
        self.points
    }

    fn look(&mut self) {
        let sample = self.pid.and_then(|pid| ProcessSample::read(pid).ok());
        let seconds = self.began.elapsed().as_secs_f64();
        let received = self.tally.received();
        let point = Point {
            seconds,
            resident_bytes: sample.map(|sample| sample.resident_bytes),
            cores: sample.zip(self.cpu).zip(self.points.last()).map(|((sample, before), last)| {
                sample.cpu.saturating_sub(before).as_secs_f64() / (seconds - last.seconds).max(1e-3)
            }),
            latency_p99_ms: self.tally.look().ok().flatten().map(|latency| latency.p99_ms),
            received: received - self.received,
        };
        (self.cpu, self.received) = (sample.map(|sample| sample.cpu), received);
        self.progress.tell(|| point.to_string());
        self.points.push(point);
    }
}

impl std::fmt::Display for Point {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} received in {STEP:?}", self.received)?;
        if let Some(latency) = self.latency_p99_ms {
            write!(f, ", p99 {latency:.1} ms")?;
        }
        if let Some(bytes) = self.resident_bytes {
            write!(f, ", server {:.1} MiB", crate::units::mebibytes(bytes))?;
        }
        if let Some(cores) = self.cores {
            write!(f, ", {cores:.2} cores")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_point_tells_what_was_received_since_the_one_before() {
        let tally = Arc::new(Tally::new().unwrap());
        let mut timeline = Timeline::new("test", Some(std::process::id()), Arc::clone(&tally));
        timeline.beside(tokio::time::sleep(STEP / 2)).await;
        tally.count();
        tally.record(0, 2_000_000);
        timeline.look();
        timeline.look();
        let points = timeline.into_points();
        assert_eq!(points.iter().map(|point| point.received).collect::<Vec<_>>(), [0, 1, 0]);
        assert!(points[1].latency_p99_ms.is_some() && points[2].latency_p99_ms.is_none());
        assert!(points.iter().all(|point| point.resident_bytes.is_some()));
        assert!(points[0].cores.is_none() && points[1].cores.is_some());
    }
}
