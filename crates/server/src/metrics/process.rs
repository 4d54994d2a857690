//! What can be said of the process itself, read when somebody asks.

use std::fmt;
use std::fs;

use jiff::Timestamp;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Unit;
use tokio::time::Instant;

/// The process, from here on.
#[derive(Debug)]
pub(super) struct Process {
    started_at: Timestamp,
    start: Instant,
}

impl Process {
    pub(super) fn new() -> Self {
        Self { started_at: Timestamp::now(), start: Instant::now() }
    }
}

impl Collector for Process {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let mut gauge = |name, help, unit: Unit, value: f64| {
            let gauge = ConstGauge::new(value);
            gauge.encode(encoder.encode_descriptor(name, help, Some(&unit), gauge.metric_type())?)
        };
        let started_at = self.started_at.as_duration().as_secs_f64();
        gauge("start_time", "When the server began, since 1970", Unit::Seconds, started_at)?;
        let uptime = self.start.elapsed().as_secs_f64();
        gauge("uptime", "How long the server has run", Unit::Seconds, uptime)?;
        match resident_bytes() {
            Some(bytes) => gauge("memory", "Memory that the process occupies", Unit::Bytes, bytes),
            None => Ok(()),
        }
    }
}

/// Memory that the process occupies, where the kernel says so: Linux does, in units of 1024 bytes.
fn resident_bytes() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u32 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(f64::from(kibibytes) * 1024.0)
}
