//! `collab-bench`: load for a collabd server, and a report of what came of it.

mod args;

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;
use collabd_loadgen::fanout::{self, Report};

use crate::args::{Arguments, FanoutArguments, Scenario};

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    match Arguments::parse().scenario {
        Scenario::Fanout(arguments) => play_fanout(&arguments).await,
    }
}

async fn play_fanout(arguments: &FanoutArguments) -> anyhow::Result<ExitCode> {
    let report = fanout::run(&arguments.plan()).await?;
    report.write_table(&mut io::stdout().lock())?;
    if let Some(path) = &arguments.json {
        append(path, &report).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(if report.is_clean() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn append(path: &Path, report: &Report) -> anyhow::Result<()> {
    let mut line = serde_json::to_vec(report)?;
    line.push(b'\n');
    let mut file = OpenOptions::new().create(true).append(true).open(path)?;
    Ok(file.write_all(&line)?)
}
