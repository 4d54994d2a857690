//! One fault, and what people notice of it.

use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};

use crate::chaos::api::{Answer, Api};
use crate::chaos::daemon::Daemon;
use crate::failure::Failure;
use crate::storm::Member;
use crate::wire::{Place, Target};

/// The project that a new database has.
const PROJECT: u32 = 1;
/// Between two mutations.
const PAUSE: Duration = Duration::from_millis(100);
/// How long somebody may take to join and move: presence has no part in the store.
const PRESENCE: Duration = Duration::from_secs(2);
/// How long writing may take to go on by itself.
const RECOVERY: Duration = Duration::from_secs(5);
/// How long it is tried at all.
const PATIENCE: Duration = Duration::from_mins(1);

/// What was noticed.
#[derive(Debug, Default)]
pub(super) struct Trial {
    name: &'static str,
    pub(super) acknowledged: Vec<String>,
    pub(super) refused: usize,
    /// From the end of the fault until something was stored again.
    pub(super) recovery: Duration,
    pub(super) faults: Vec<String>,
}

impl Trial {
    pub(super) fn new(name: &'static str) -> Self {
        Self { name, ..Self::default() }
    }

    /// Writes, reads and joins for as long as the fault lasts.
    pub(super) async fn endure(&mut self, daemon: &Daemon, lasts: Duration) -> Result<(), Failure> {
        let target = daemon.members();
        let end = Instant::now() + lasts;
        let mut visitors = 0;
        while Instant::now() < end {
            let (written, present) = tokio::join!(self.write(&target), meet(target, visitors));
            written?;
            visitors += 1;
            if !present {
                self.faults.push(format!("{}: nobody could join for {PRESENCE:?}", self.name));
            }
            if let Err(error) = Api::new(target.address).documents(PROJECT).await {
                self.faults.push(format!("{}: reading failed: {error}", self.name));
            }
            sleep(PAUSE).await;
        }
        Ok(())
    }

    /// Writes until something is stored. The fault is over.
    pub(super) async fn recover(&mut self, daemon: &Daemon) -> Result<(), Failure> {
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            if self.write(&daemon.members()).await? {
                self.recovery = begun.elapsed();
                if self.recovery > RECOVERY {
                    self.faults
                        .push(format!("{}: writing went on only after {:?}", self.name, self.recovery));
                }
                return Ok(());
            }
            sleep(PAUSE).await;
        }
        self.faults.push(format!("{}: writing did not go on", self.name));
        Ok(())
    }

    /// What was acknowledged and is not there.
    pub(super) async fn lost(&self, daemon: &Daemon) -> Result<Vec<String>, Failure> {
        let found = Api::new(daemon.members().address).documents(PROJECT).await;
        let found = found.map_err(|source| Failure::Page { page: "/graphql", source })?;
        let there = |id: &&String| found.iter().filter(|name| name == id).count() == 1;
        Ok(self.acknowledged.iter().filter(|id| !there(id)).cloned().collect())
    }

    /// Makes one document. Was it acknowledged?
    async fn write(&mut self, target: &Target) -> Result<bool, Failure> {
        let id = format!("{}-{}-{}", self.name, self.acknowledged.len(), self.refused);
        match Api::new(target.address).create_document(PROJECT, &id).await {
            Ok(Answer::Done(_)) => {
                self.acknowledged.push(id);
                return Ok(true);
            }
            Ok(Answer::Refused(code)) if code == "UNAVAILABLE" => {}
            other => self.faults.push(format!("{}: {other:?}", self.name)),
        }
        self.refused += 1;
        Ok(false)
    }
}

/// Does somebody get in and away again in time?
async fn meet(target: Target, number: u32) -> bool {
    let meeting = async {
        let entry = Member::enter(target, Place { project: PROJECT, member: number }, 1).await.ok()?;
        entry.member.leave().await;
        Some(())
    };
    timeout(PRESENCE, meeting).await.is_ok_and(|met| met.is_some())
}
