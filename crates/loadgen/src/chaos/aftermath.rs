//! What must be true once a fault is over.

use tokio::task::JoinSet;

use super::api::Api;
use super::daemon::{Daemon, DaemonError};
use super::report::Report;
use crate::failure::Failure;
use crate::state::State;
use crate::wire::{Place, Target};

/// Somebody who is in no scenario's way.
const FIRST: Place = Place { project: 1, member: u32::MAX };

/// Asked at once, so that every connection to the database is opened that ever is.
const QUESTIONS: usize = 64;

/// What the server had when nobody was there.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Calm {
    state: Option<State>,
}

impl Calm {
    /// Looks at a server that nobody is on. What it opens for its first visitor and for its first questions, and keeps, is
    /// opened before.
    pub(crate) async fn of(target: &Target) -> Result<Self, Failure> {
        let link = target
            .open(FIRST)
            .await
            .map_err(|source| Failure::Entry { who: "the first".to_owned(), source })?;
        // It has come and may go: how it is answered is of no interest.
        let _ = link.speaker.close().await;
        drop(link);
        let mut questions = JoinSet::new();
        for _ in 0..QUESTIONS {
            let api = Api::new(target.address);
            questions.spawn(async move { api.documents(FIRST.project).await });
        }
        for answer in questions.join_all().await {
            answer.map_err(|source| Failure::Page { page: "/graphql", source })?;
        }
        Ok(Self { state: State::at_rest(target).await? })
    }

    /// Waits until the server has nothing more than that, and writes into `report` whether it came to it.
    pub(crate) async fn again(&self, target: &Target, report: &mut Report) -> Result<(), Failure> {
        let Some(before) = self.state else { return Ok(()) };
        let after = before.again(target).await?;
        let left = after.filter(|after| !after.is_within(&before));
        let broken = left.map(|after| format!("before: {before}; after: {after}"));
        report.promise("sessions, tasks, places, descriptors as before", broken.as_slice());
        Ok(())
    }
}

/// Writes into `report` whether the server has panicked or logged an error.
pub(crate) fn log_is_clean(daemon: &Daemon, report: &mut Report) -> Result<(), DaemonError> {
    let log = daemon.log()?;
    let is_bad = |line: &&str| line.contains(" ERROR ") || line.contains("panicked");
    let broken: Vec<String> = log.lines().filter(is_bad).map(str::to_owned).collect();
    report.promise("no panic and no error in the log", &broken);
    Ok(())
}
