//! Stops and continues processes.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use collabd_protocol::DepartureReason;
use rustix::process::{Pid, Signal, kill_process};
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::holder::{BACK, HELD};
use crate::chaos::aftermath::{Calm, log_is_clean};
use crate::chaos::crowd::Crowd;
use crate::chaos::daemon::{Daemon, DaemonError};
use crate::chaos::report::Report;
use crate::chaos::vitals::Vitals;
use crate::failure::Failure;
use crate::oracle::{Expected, Truth, Verdict};
use crate::storm::{Member, settle};
use crate::wire::Place;

/// The project of the clients that are stopped, and of who watches them.
pub(super) const PROJECT: u32 = 1;
/// The first of those who are stopped.
pub(super) const FIRST_HELD: u32 = 1_000_000;
/// Who watches.
const WITNESS: Place = Place { project: PROJECT, member: 900_000 };
/// How long the clients' process may take for a step.
const PATIENCE: Duration = Duration::from_mins(1);
/// Of those who are there when the server stands still, one of so many may be gone afterwards.
const MAY_GO: usize = 100;

/// What to play.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Those who are in when the server stands still.
    pub crowd: Crowd,
    /// Clients that stand still.
    pub held: u32,
    /// How long each stands still: longer than `silence`.
    pub pause: Duration,
    /// Silence after which the server gives a client up.
    pub silence: Duration,
    /// This package's program, which has the clients that stand still.
    pub holder: PathBuf,
    /// Nothing here is left to chance; it is only reported.
    pub seed: u64,
    /// How long the health page may take.
    pub health: Duration,
}

/// Plays `plan` with the server `program`.
///
/// # Errors
/// [`Failure`] when a process does not start, or somebody does not get in.
pub async fn run(plan: &Plan, program: &Path) -> Result<Report, Failure> {
    let silence = format!("{}ms", plan.silence.as_millis());
    let heartbeat = format!("{}ms", plan.silence.as_millis() / 4);
    let options = ["--heartbeat-interval", &heartbeat, "--silence-timeout", &silence];
    let daemon = Daemon::start(program, &options).await?;
    let target = daemon.members();
    let calm = Calm::of(&target).await?;
    let vitals = Vitals::watch(daemon.place(), plan.health);
    let mut report = Report::new("freeze", plan.seed);
    report.measure("stands still for", plan.pause.as_secs_f64(), "s");
    report.measure("silence that is too long", plan.silence.as_secs_f64(), "s");
    freeze_server(plan, &daemon, &mut report).await?;
    freeze_clients(plan, &daemon, &mut report).await?;
    calm.again(&target, &mut report).await?;
    vitals.report(&mut report);
    log_is_clean(&daemon, &mut report)?;
    Ok(report)
}

/// H2
async fn freeze_server(plan: &Plan, daemon: &Daemon, report: &mut Report) -> Result<(), Failure> {
    let members = plan.crowd.enter(&daemon.members(), 1).await?;
    let (members, _) = settle(members, 1).await?;
    let before = members.len();
    let over = watch::Sender::new(false);
    let mut attending = JoinSet::new();
    for member in members {
        attending.spawn(member.attend(over.subscribe()));
    }
    daemon.signal(Signal::STOP)?;
    sleep(plan.pause).await;
    daemon.signal(Signal::CONT)?;
    // Whoever is blamed for the pause is sent away by now.
    sleep(plan.silence + Duration::from_secs(2)).await;
    over.send_replace(true);
    let mut still = Vec::new();
    while let Some(member) = attending.join_next().await {
        still.extend(member?.step(2).await);
    }
    let (still, verdict) = settle(still, 2).await?;
    let gone = before - still.len();
    report.count("clients of a server that stood still", before);
    report.count("of them gone afterwards", gone);
    let blamed = (gone > before / MAY_GO).then(|| format!("{gone} of {before} are gone"));
    report.promise("a frozen server blames nobody", blamed.as_slice());
    report.promise("then everybody knows where everybody is", &verdict.named());
    for member in still {
        member.leave().await;
    }
    Ok(())
}

/// H1
async fn freeze_clients(plan: &Plan, daemon: &Daemon, report: &mut Report) -> Result<(), Failure> {
    let target = daemon.members();
    let entry = Member::enter(target, WITNESS, 1).await;
    let mut witness = entry.map_err(|source| Failure::Entry { who: "a witness".to_owned(), source })?.member;
    let mut holder = Holder::start(plan, target.address)?;
    let mut verdict = Verdict::default();
    holder.expect_line().await?;
    for (signal, expected) in [
        (None, Expected::Present(Some(HELD))),
        (Some(Signal::STOP), Expected::Gone(&[DepartureReason::HeartbeatTimeout])),
        (Some(Signal::CONT), Expected::Present(Some(BACK))),
    ] {
        if let Some(signal) = signal {
            holder.signal(signal)?;
        }
        if signal == Some(Signal::STOP) {
            let over = watch::Sender::new(false);
            let attending = witness.attend(over.subscribe());
            let (_, attended) = tokio::join!(
                async {
                    sleep(plan.pause).await;
                    over.send_replace(true)
                },
                attending
            );
            witness = attended;
        }
        if signal == Some(Signal::CONT) {
            let codes = holder.expect_line().await?;
            report.promise("all of them hear why, or that it is over", &unexpected(&codes));
            holder.expect_line().await?;
        }
        let mut truth = Truth::default();
        for number in 0..plan.held {
            truth.set(FIRST_HELD + number, expected);
        }
        let (settled, faults) = witness.settle(Arc::new(truth)).await;
        verdict += faults;
        let Some(settled) = settled else {
            report.promise("who watches is not lost", &["the witness".to_owned()]);
            return Ok(());
        };
        witness = settled;
    }
    report.count("clients that stood still", plan.held as usize);
    report.promise("who stands still is shown to be gone, and back", &verdict.named());
    witness.leave().await;
    holder.end().await?;
    Ok(())
}

/// What is not an end that a client may hear: 4001, or none at all where that did not come through.
fn unexpected(codes: &str) -> Vec<String> {
    codes
        .split(", ")
        .filter(|one| !one.ends_with("4001") && !one.ends_with("no code"))
        .map(str::to_owned)
        .collect()
}

/// The clients' process.
struct Holder {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Holder {
    fn start(plan: &Plan, address: std::net::SocketAddr) -> Result<Self, DaemonError> {
        let start = |source| DaemonError::Start { program: plan.holder.clone(), source };
        let mut child = Command::new(&plan.holder)
            .args(["hold", &address.to_string(), &plan.held.to_string()])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(start)?;
        let output = child.stdout.take().ok_or(DaemonError::Ended)?;
        Ok(Self { child, lines: BufReader::new(output).lines() })
    }

    /// The next line that it prints.
    async fn expect_line(&mut self) -> Result<String, DaemonError> {
        let line = timeout(PATIENCE, self.lines.next_line()).await;
        line.ok().and_then(Result::ok).flatten().ok_or(DaemonError::Ended)
    }

    fn signal(&self, signal: Signal) -> Result<(), DaemonError> {
        let pid = self.child.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?));
        kill_process(pid.ok_or(DaemonError::Ended)?, signal).map_err(|_| DaemonError::Ended)
    }

    async fn end(mut self) -> Result<(), DaemonError> {
        self.child.kill().await.map_err(DaemonError::Files)
    }
}
