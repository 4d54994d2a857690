//! A crew at work.

use collabd_protocol::DocumentId;
use tokio::task::JoinSet;

use super::findings::Findings;
use super::ledger::{Ledger, Typed};
use super::typist::Typist;
use super::writer::{Writer, Written};
use crate::chaos::api::Api;
use crate::chaos::daemon::Daemon;
use crate::failure::Failure;

/// How many write.
#[derive(Debug, Clone, Copy)]
pub struct Crew {
    /// Those who make documents.
    pub writers: u32,
    /// Those who type into one each.
    pub typists: u32,
}

/// Those who write in one round.
#[derive(Debug)]
pub(crate) struct Life {
    project: u32,
    writers: JoinSet<Written>,
    typists: JoinSet<Typed>,
}

impl Life {
    /// Everybody begins to write, in a project that is new.
    pub(crate) async fn begin(
        crew: Crew,
        daemon: &Daemon,
        findings: &Findings,
        round: u32,
    ) -> Result<Self, Failure> {
        let page = |source| Failure::Page { page: "/graphql", source };
        let api = Api::new(daemon.members().address);
        let project = api.create_project(&format!("round {round}")).await.map_err(page)?;
        let project = project.ok_or_else(|| Failure::Unplayable("a server without projects".to_owned()))?;
        let mut typists = JoinSet::new();
        for number in 0..crew.typists {
            let document = DocumentId::new(format!("typed-{round}-{number}"))
                .map_err(|error| Failure::Unplayable(error.to_string()))?;
            // Ids of browsers are of this size.
            let client = 3_000_000_000 + u64::from(round * crew.typists + number);
            typists.spawn(Typist::open(daemon.documents(project), document, client).await?.run());
        }
        let mut writers = JoinSet::new();
        for number in 0..crew.writers {
            let name = format!("op-{round}-{number}");
            let (place, times) = (daemon.place(), findings.times());
            writers.spawn(Writer { name, number, project, place, times }.run());
        }
        Ok(Self { project, writers, typists })
    }

    /// Everybody's account, once the server is gone.
    pub(crate) async fn end(self, findings: &mut Findings) -> Result<Ledger, Failure> {
        let mut ledger =
            Ledger { project: self.project, orders: Vec::new(), texts: self.typists.join_all().await };
        for written in self.writers.join_all().await {
            findings.refused(written.faults);
            ledger.orders.extend(written.orders);
        }
        Ok(ledger)
    }
}
