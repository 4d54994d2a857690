//! One fault after the other.

use std::fs;
use std::path::Path;
use std::time::Duration;

use rand::SeedableRng as _;
use rand::rngs::SmallRng;
use tokio::time::sleep;

use super::damage::Damages;
use super::trial::Trial;
use crate::chaos::aftermath::Calm;
use crate::chaos::daemon::{Daemon, DaemonError, Disk};
use crate::chaos::database::{self, Lock};
use crate::chaos::report::Report;
use crate::chaos::vitals::Vitals;
use crate::failure::Failure;

/// Bytes of the disk that becomes full.
const DISK: u64 = 8 << 20;
/// What fills it.
const BALLAST: &str = "ballast";
/// Bytes that are written to it at once.
const PIECE: usize = 4096;

/// What to play.
#[derive(Debug, Clone)]
pub struct Plan {
    /// How long the disk is full.
    pub full: Duration,
    /// How long somebody else holds the lock: each of these.
    pub locks: Vec<Duration>,
    /// At how many places the file is damaged, one at a time.
    pub damages: u32,
    /// Where the file is damaged follows from it.
    pub seed: u64,
    /// How long the health page may take.
    pub health: Duration,
}

/// Plays `plan` with the server `program`.
///
/// # Errors
/// [`Failure`] when the server does not start. Where no disk can be made for it, none is filled.
pub async fn run(plan: &Plan, program: &Path) -> Result<Report, Failure> {
    let mut report = Report::new("store", plan.seed);
    let mut all = Findings::default();
    let is_filled = Disk::can_be_small().await;
    report.count("disks that were full", usize::from(is_filled));
    if is_filled {
        all.look(plan, program, Disk::Small(DISK), &mut report).await?;
    }
    all.look(plan, program, Disk::Large, &mut report).await?;
    all.report(&mut report);
    let mut damages = Damages::default();
    damages.cause(program, plan.damages, &mut SmallRng::seed_from_u64(plan.seed)).await?;
    report.count("damaged files that are refused", damages.refused);
    report.count("damaged files that are served from", damages.served);
    report.promise("a damaged file is answered for, or refused with a word", &damages.faults);
    Ok(report)
}

/// What came of all trials.
#[derive(Debug, Default)]
struct Findings {
    trials: Vec<Trial>,
    lost: Vec<String>,
    damage: Vec<String>,
    panics: Vec<String>,
}

impl Findings {
    /// A server on a small disk is left without room, one on a large one without the lock.
    async fn look(
        &mut self,
        plan: &Plan,
        program: &Path,
        disk: Disk,
        report: &mut Report,
    ) -> Result<(), Failure> {
        let daemon = Daemon::start_on(disk, program, &[]).await?;
        let target = daemon.members();
        let calm = Calm::of(&target).await?;
        let vitals = Vitals::watch(daemon.place(), plan.health);
        let mut trials = Vec::new();
        match disk {
            Disk::Small(_) => trials.push(fill_disk(plan, &daemon).await?),
            Disk::Large => {
                for lasts in &plan.locks {
                    trials.push(lock(&daemon, *lasts).await?);
                }
            }
        }
        for trial in trials {
            self.lost.extend(trial.lost(&daemon).await?);
            self.trials.push(trial);
        }
        self.damage.extend(database::faults(&daemon.data()).await?);
        calm.again(&target, report).await?;
        vitals.report(report);
        let log = daemon.log()?;
        self.panics.extend(log.lines().filter(|line| line.contains("panicked")).map(str::to_owned));
        Ok(())
    }

    fn report(&self, report: &mut Report) {
        let trials = self.trials.iter();
        let faults: Vec<String> = trials.clone().flat_map(|trial| trial.faults.clone()).collect();
        report.count("stored", trials.clone().map(|trial| trial.acknowledged.len()).sum());
        report.count("refused", trials.clone().map(|trial| trial.refused).sum());
        let worst = trials.map(|trial| trial.recovery).max().unwrap_or_default();
        report.measure("until something is stored again, worst", worst.as_secs_f64(), "s");
        report.promise("what is not stored is refused, and the rest goes on", &faults);
        report.promise("every acknowledged mutation is there, once", &self.lost);
        report.promise("SQLite finds the database whole", &self.damage);
        report.promise("nothing panics", &self.panics);
    }
}

/// Somebody else's file takes all the room, and goes again.
async fn fill_disk(plan: &Plan, daemon: &Daemon) -> Result<Trial, Failure> {
    let mut trial = Trial::new("full");
    let file = daemon.data().join(BALLAST);
    fill(&file).map_err(DaemonError::Files)?;
    trial.endure(daemon, plan.full).await?;
    fs::remove_file(&file).map_err(DaemonError::Files)?;
    trial.recover(daemon).await?;
    Ok(trial)
}

/// Writes until there is no room.
fn fill(file: &Path) -> std::io::Result<()> {
    let mut ballast = fs::File::create(file)?;
    loop {
        match std::io::Write::write_all(&mut ballast, &[0; PIECE]) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::StorageFull => return Ok(()),
            Err(error) => return Err(error),
        }
    }
}

/// Somebody else writes, and takes their time.
async fn lock(daemon: &Daemon, lasts: Duration) -> Result<Trial, Failure> {
    let mut trial = Trial::new(if lasts < Duration::from_secs(5) { "locked-briefly" } else { "locked" });
    let lock = Lock::take(&daemon.data()).await?;
    let unlocking = async {
        sleep(lasts).await;
        lock.give_back().await
    };
    let (endured, unlocked) = tokio::join!(trial.endure(daemon, lasts), unlocking);
    endured?;
    unlocked?;
    trial.recover(daemon).await?;
    Ok(trial)
}
