//! Bytes of the database's file that change while nobody looks.

use std::fs;
use std::path::Path;

use rand::RngExt as _;
use rand::rngs::SmallRng;

use crate::chaos::api::Api;
use crate::chaos::daemon::{Daemon, DaemonError};
use crate::failure::Failure;

/// Bytes that change at a time.
const BYTES: usize = 64;
/// Documents of the database that is damaged: some dozen pages.
const DOCUMENTS: usize = 200;

/// What came of all damages.
#[derive(Debug, Default)]
pub(super) struct Damages {
    pub(super) refused: usize,
    pub(super) served: usize,
    pub(super) faults: Vec<String>,
}

impl Damages {
    /// Damages a database as often as told, each time at one place, and starts the server on it.
    pub(super) async fn cause(
        &mut self,
        program: &Path,
        times: u32,
        random: &mut SmallRng,
    ) -> Result<(), Failure> {
        if times == 0 {
            return Ok(());
        }
        let mut daemon = Daemon::start(program, &[]).await?;
        let api = Api::new(daemon.members().address);
        for number in 0..DOCUMENTS {
            let answer = api.create_document(1, &format!("document-{number}")).await;
            answer.map_err(|source| Failure::Page { page: "/graphql", source })?;
        }
        // In order, so that all is in the one file.
        daemon.terminate().await?;
        let file = daemon.data().join("collabd.db");
        let whole = fs::read(&file).map_err(DaemonError::Files)?;
        for _ in 0..times {
            let mut damaged = whole.clone();
            let at = random.random_range(0..whole.len() - BYTES);
            random.fill(&mut damaged[at..at + BYTES]);
            fs::write(&file, damaged).map_err(DaemonError::Files)?;
            self.look(&mut daemon, at).await?;
            for beside in ["collabd.db-wal", "collabd.db-shm"] {
                // Where the server has left none, there is nothing to remove.
                let _ = fs::remove_file(daemon.data().join(beside));
            }
        }
        let log = daemon.log()?;
        self.faults.extend(log.lines().filter(|line| line.contains("panicked")).map(str::to_owned));
        Ok(())
    }

    /// A server that starts has to answer; one that does not has to say why.
    async fn look(&mut self, daemon: &mut Daemon, at: usize) -> Result<(), Failure> {
        let before = daemon.log()?.len();
        match daemon.launch().await {
            Ok(()) => {
                self.served += 1;
                let address = daemon.members().address;
                // What it finds may be an error; that there is an answer is what counts.
                if let Err(error) = Api::new(address).documents(1).await {
                    self.faults.push(format!("damaged at {at}: {error}"));
                }
                daemon.kill().await?;
            }
            Err(DaemonError::Silent { log }) => {
                self.refused += 1;
                if log.len() == before {
                    self.faults.push(format!("damaged at {at}: it ended without a word"));
                }
            }
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }
}
