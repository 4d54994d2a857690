//! Measuring several servers in turns.

use std::fs::File;
use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::Context as _;
use collabd_loadgen::Point;
use collabd_loadgen::markdown::{self, Row};
use collabd_loadgen::server::{Peer, Server};
use serde::Serialize;

use crate::args::ServerArguments;
use crate::drawing::draw;
use crate::record::append;

/// What a scenario reports.
pub(crate) trait Account: Serialize {
    /// Was everything as it must be?
    fn is_clean(&self) -> bool;

    /// Writes it for people.
    fn write_table(&self, out: &mut dyn Write) -> io::Result<()>;

    /// How the server did over time; empty where that is not looked at.
    fn timeline(&self) -> &[Point];
}

/// A report with the server that it is about.
#[derive(Serialize)]
struct Line<'a, R> {
    /// Its short name.
    peer: String,
    /// What it calls itself.
    name: &'a str,
    #[serde(flatten)]
    report: &'a R,
}

/// Lets every server play, as often as it is to, and writes a table when there is something to compare.
pub(crate) async fn hold<R: Account>(
    arguments: &ServerArguments,
    all: &[Peer],
    play: impl AsyncFn(&mut Server) -> anyhow::Result<R>,
    rows: impl Fn(&[Vec<R>]) -> Vec<Row>,
) -> anyhow::Result<ExitCode> {
    let (peers, programs) = (arguments.servers(all), arguments.programs());
    let mut names = vec![String::new(); peers.len()];
    let mut reports: Vec<Vec<R>> = peers.iter().map(|_| Vec::new()).collect();
    for _ in 0..arguments.runs() {
        for (index, peer) in peers.iter().enumerate() {
            // A new process with new data for each run: none profits from what another has warmed up.
            let mut server = Server::start(*peer, &programs).await?;
            let report = play(&mut server).await.with_context(|| format!("with {peer}"))?;
            server.name().clone_into(&mut names[index]);
            server.end().await?;
            let mut out = io::stdout().lock();
            write!(out, "{}, ", names[index])?;
            report.write_table(&mut out)?;
            if let Some(path) = &arguments.json {
                append(path, &Line { peer: peer.to_string(), name: &names[index], report: &report })?;
            }
            reports[index].push(report);
        }
    }
    if let Some(directory) = &arguments.plot {
        // One run of each is enough to see.
        let first = names.iter().zip(&reports);
        let timelines: Vec<_> =
            first.filter_map(|(name, runs)| Some((name.clone(), runs.first()?.timeline()))).collect();
        draw(directory, &timelines)?;
    }
    let is_clean = reports.iter().flatten().all(Account::is_clean);
    if reports.iter().flatten().count() > 1 {
        write_comparison(&mut io::stdout().lock(), &names, &rows(&reports), arguments.runs())?;
    }
    if let Some(path) = &arguments.table {
        let mut file = File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
        write_comparison(&mut file, &names, &rows(&reports), arguments.runs())?;
    }
    Ok(if is_clean { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Says of each server what it has on the disk, which a comparison of documents needs.
pub(crate) fn write_persistence(peers: &[Peer]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "\nWhat is on the disk:\n")?;
    for (peer, persistence) in peers.iter().filter_map(|peer| Some((peer, peer.persistence()?))) {
        writeln!(out, "- {peer}: {persistence}.")?;
    }
    Ok(())
}

fn write_comparison(out: &mut impl Write, names: &[String], rows: &[Row], runs: u32) -> io::Result<()> {
    writeln!(out, "\nMedians of {runs} runs in turns; in brackets, the ratio to {}.\n", names[0])?;
    markdown::write(out, names, rows)
}
