//! `collab-bench`: load for a collabd server, and a report of what came of it.

mod args;
mod contest;
mod record;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;
use collabd_loadgen::server::Server;
use collabd_loadgen::{documents, fanout, opening, unloading};

use crate::args::{Arguments, DocumentsArguments, FanoutArguments, OpenArguments, Scenario, UnloadArguments};
use crate::contest::{Account, hold};
use crate::record::append;

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    match Arguments::parse().scenario {
        Scenario::Fanout(arguments) => play_fanout(&arguments).await,
        Scenario::Documents(arguments) => play_documents(&arguments).await,
        Scenario::Open(arguments) => play_open(&arguments).await,
        Scenario::Unload(arguments) => play_unload(&arguments).await,
    }
}

async fn play_fanout(arguments: &FanoutArguments) -> anyhow::Result<ExitCode> {
    let report = fanout::run(&arguments.plan()).await?;
    report.write_table(&mut io::stdout().lock())?;
    if let Some(path) = &arguments.json {
        append(path, &report)?;
    }
    Ok(if report.is_clean() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn play_documents(arguments: &DocumentsArguments) -> anyhow::Result<ExitCode> {
    let plan = arguments.plan();
    let Some(target) = arguments.target() else {
        let run = async |server: &mut Server| Ok(documents::run(&plan, &server.target()).await?);
        return hold(&arguments.servers, run, documents::comparison::rows).await;
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
    hold(&arguments.servers, run, opening::rows).await
}

async fn play_unload(arguments: &UnloadArguments) -> anyhow::Result<ExitCode> {
    let plan = arguments.plan();
    let run = async |server: &mut Server| Ok(unloading::run(&plan, server).await?);
    hold(&arguments.servers, run, unloading::rows).await
}

macro_rules! account {
    ($($report:ty),*) => {$(
        impl Account for $report {
            fn is_clean(&self) -> bool {
                self.is_clean()
            }

            fn write_table(&self, mut out: &mut dyn Write) -> io::Result<()> {
                self.write_table(&mut out)
            }
        }
    )*};
}
account!(documents::Report, opening::Report, unloading::Report);
