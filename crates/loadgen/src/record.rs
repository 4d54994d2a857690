//! Reports in a file, one line of JSON each.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;

use anyhow::Context as _;
use serde::Serialize;

/// Appends `report` to the file at `path`.
pub(crate) fn append(path: &Path, report: &impl Serialize) -> anyhow::Result<()> {
    let mut line = serde_json::to_vec(report)?;
    line.push(b'\n');
    let write = || OpenOptions::new().create(true).append(true).open(path)?.write_all(&line);
    write().with_context(|| format!("cannot write {}", path.display()))
}
