//! `collab-bench`: load for a collabd server, and a report of what came of it.

mod args;
mod contest;
mod drawing;
mod record;

use std::fs;
use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Parser;
use collabd_loadgen::goals::{Records, goals, wins, write_goals, write_wins};
use collabd_loadgen::markdown::Row;
use collabd_loadgen::server::{Peer, Server};
use collabd_loadgen::wire::Target;
use collabd_loadgen::{
    Failure, Point, churn, documents, fanout, hot, idle, mixed, opening, slow, soak, storm, unloading,
};

use crate::args::{
    Arguments, DocumentsArguments, JudgeArguments, MemberArguments, OpenArguments, Scenario, StormArguments,
    UnloadArguments,
};
use crate::contest::{Account, hold, write_persistence};
use crate::drawing::draw;
use crate::record::append;

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    match Arguments::parse().scenario {
        Scenario::Fanout(arguments) => {
            let play =
                async |target: &Target| fanout::run(&arguments.plan(target)).await.map_err(Failure::from);
            meet(&arguments.on, play, fanout::rows).await
        }
        Scenario::Hot(arguments) => {
            let play = async |target: &Target| hot::run(&arguments.plan(), target).await;
            meet(&arguments.on, play, hot::rows).await
        }
        Scenario::Churn(arguments) => {
            let play = async |target: &Target| churn::run(&arguments.plan(), target).await;
            meet(&arguments.on, play, churn::rows).await
        }
        Scenario::Idle(arguments) => {
            let play = async |target: &Target| idle::run(&arguments.plan(), target).await;
            meet(&arguments.on, play, idle::rows).await
        }
        Scenario::Slow(arguments) => {
            let play = async |target: &Target| slow::run(&arguments.plan(), target).await;
            meet(&arguments.on, play, slow::rows).await
        }
        Scenario::Soak(arguments) => {
            let play = async |target: &Target| soak::run(&arguments.plan(), target).await;
            meet(&arguments.on, play, soak::rows).await
        }
        Scenario::Mixed(arguments) => {
            let play = async |target: &Target| mixed::run(&arguments.plan(), target).await;
            meet(&arguments.on, play, mixed::rows).await
        }
        Scenario::Storm(arguments) => play_storm(&arguments).await,
        Scenario::Judge(arguments) => judge(&arguments),
        Scenario::Documents(arguments) => play_documents(&arguments).await,
        Scenario::Open(arguments) => play_open(&arguments).await,
        Scenario::Unload(arguments) => play_unload(&arguments).await,
    }
}

/// Says which goals are met, and where others are ahead.
fn judge(arguments: &JudgeArguments) -> anyhow::Result<ExitCode> {
    let path = &arguments.results;
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let records = Records::read(&text).with_context(|| format!("in {}", path.display()))?;
    let mut out = io::stdout().lock();
    writeln!(out, "## Goals\n")?;
    write_goals(&mut out, &goals(&records))?;
    writeln!(out, "\n## Where others are ahead\n")?;
    write_wins(&mut out, &wins(&records))?;
    Ok(ExitCode::SUCCESS)
}

/// Plays a scenario about cursors against the server that is named, or else those that are started.
async fn meet<R: Account>(
    arguments: &MemberArguments,
    play: impl AsyncFn(&Target) -> Result<R, Failure>,
    rows: impl Fn(&[Vec<R>]) -> Vec<Row>,
) -> anyhow::Result<ExitCode> {
    let Some(target) = arguments.target()? else {
        let run = async |server: &mut Server| Ok(play(&server.members(arguments.encoding())).await?);
        return hold(&arguments.servers, &Peer::CURSORS, run, rows).await;
    };
    let report = play(&target).await?;
    report.write_table(&mut io::stdout().lock())?;
    if let Some(path) = &arguments.servers.json {
        append(path, &report)?;
    }
    if let Some(directory) = &arguments.servers.plot {
        draw(directory, &[(target.address.to_string(), report.timeline())])?;
    }
    Ok(if report.is_clean() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn play_storm(arguments: &StormArguments) -> anyhow::Result<ExitCode> {
    let plan = arguments.plan();
    let run = async |server: &mut Server| Ok(storm::run(&plan, server).await?);
    hold(&arguments.servers, &[Peer::Collabd], run, storm::rows).await
}

async fn play_documents(arguments: &DocumentsArguments) -> anyhow::Result<ExitCode> {
    let plan = arguments.plan();
    let Some(target) = arguments.target() else {
        let run = async |server: &mut Server| Ok(documents::run(&plan, &server.target()?).await?);
        let status = hold(&arguments.servers, &Peer::DOCUMENTS, run, documents::comparison::rows).await?;
        write_persistence(&arguments.servers.servers(&Peer::DOCUMENTS))?;
        return Ok(status);
    };
    let report = documents::run(&plan, &target).await?;
    report.write_table(&mut io::stdout().lock())?;
    if let Some(path) = &arguments.servers.json {
        append(path, &report)?;
    }
    Ok(if report.is_clean() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn play_open(arguments: &OpenArguments) -> anyhow::Result<ExitCode> {
    let plan = arguments.plan();
    let run = async |server: &mut Server| Ok(opening::run(&plan, server).await?);
    hold(&arguments.servers, &Peer::DOCUMENTS, run, opening::rows).await
}

async fn play_unload(arguments: &UnloadArguments) -> anyhow::Result<ExitCode> {
    let plan = arguments.plan();
    let run = async |server: &mut Server| Ok(unloading::run(&plan, server).await?);
    hold(&arguments.servers, &Peer::DOCUMENTS, run, unloading::rows).await
}

macro_rules! account {
    ($($report:ty: $timeline:expr),* $(,)?) => {$(
        impl Account for $report {
            fn is_clean(&self) -> bool {
                self.is_clean()
            }

            fn write_table(&self, mut out: &mut dyn Write) -> io::Result<()> {
                self.write_table(&mut out)
            }

            fn timeline(&self) -> &[Point] {
                let timeline: fn(&Self) -> &[Point] = $timeline;
                timeline(self)
            }
        }
    )*};
}
account!(
    churn::Report: |report| &report.timeline,
    documents::Report: |_| &[],
    fanout::Report: |report| &report.timeline,
    hot::Report: |report| report.levels.last().map_or(&[], |level| &level.run.timeline),
    idle::Report: |_| &[],
    mixed::Report: |report| &report.moving.timeline,
    opening::Report: |_| &[],
    slow::Report: |report| &report.stopped.timeline,
    soak::Report: |report| &report.timeline,
    storm::Report: |_| &[],
    unloading::Report: |_| &[],
);
