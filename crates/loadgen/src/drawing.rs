//! Pictures of how servers did over time.

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use collabd_loadgen::Point;
use collabd_loadgen::plot::Plot;

/// Draws latency and memory of these servers into `directory`.
pub(crate) fn draw(directory: &Path, timelines: &[(String, &[Point])]) -> anyhow::Result<()> {
    fs::create_dir_all(directory).with_context(|| format!("cannot make {}", directory.display()))?;
    let plot = |title: &str, unit, value: fn(&Point) -> Option<f64>| Plot {
        title: title.to_owned(),
        unit,
        lines: timelines.iter().map(|(name, points)| (name.clone(), line(points, value))).collect(),
    };
    let latency = plot("Latency of 99 %", "ms", |point| point.latency_p99_ms);
    #[expect(clippy::cast_precision_loss, reason = "memory is far below 2^52 bytes")]
    let memory =
        plot("Resident memory", "MiB", |point| Some(point.resident_bytes? as f64 / f64::from(1 << 20)));
    for (name, plot) in [("latency.svg", latency), ("memory.svg", memory)] {
        let path = directory.join(name);
        fs::write(&path, plot.svg()).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

/// What was measured, at the times at which it was.
fn line(points: &[Point], value: fn(&Point) -> Option<f64>) -> Vec<(f64, f64)> {
    points.iter().filter_map(|point| Some((point.seconds, value(point)?))).collect()
}
