//! Opens many documents and leaves them.

use std::num::NonZeroU32;
use std::time::Duration;

use collabd_documents::wire;
use collabd_protocol::DocumentId;
use tokio::task::{JoinError, JoinSet};
use tokio::time::{sleep, timeout};

use super::report::Report;
use crate::editing::{EditingError, Editor, Target, Visit, eventually};
use crate::http::HttpClient;
use crate::opening::number;
use crate::process::{ProcessError, ProcessSample};
use crate::server::{Peer, Server, ServerError};

/// Documents that are opened at once.
const OPENINGS_AT_ONCE: u32 = 64;
/// How long everybody stays: longer than servers wait before they write to disk.
const STAY: Duration = Duration::from_secs(3);
/// How long collabd may take to unload everything.
const PATIENCE: Duration = Duration::from_mins(1);
/// How long a close may take.
const CLOSE_PATIENCE: Duration = Duration::from_secs(2);

/// One run of the scenario.
#[derive(Debug, Clone)]
pub struct Plan {
    /// How many documents.
    pub documents: NonZeroU32,
    /// Letters in each.
    pub letters: usize,
    /// How long the server has to unload, at least.
    pub unload: Duration,
}

/// Why a run could not begin or end.
#[derive(Debug, thiserror::Error)]
pub enum UnloadingError {
    /// The server has no documents.
    #[error(transparent)]
    Server(#[from] ServerError),
    /// A client failed.
    #[error(transparent)]
    Editing(#[from] EditingError),
    /// A process could not be looked at.
    #[error(transparent)]
    Process(#[from] ProcessError),
    /// A document's name that is none.
    #[error("document name: {0}")]
    Name(#[from] collabd_protocol::text::TextError),
    /// A client's task panicked.
    #[error("a client failed: {0}")]
    Client(#[from] JoinError),
}

/// Plays `plan` with `server`.
///
/// # Errors
/// [`UnloadingError`] when a document could not be opened, or collabd does not unload all of them.
pub async fn run(plan: &Plan, server: &Server) -> Result<Report, UnloadingError> {
    let target = server.target()?;
    let look = || Ok::<_, UnloadingError>(target.pid.map(ProcessSample::read).transpose()?);
    // What is loaded and compiled with the first document is no document's memory.
    leave(vec![visit(target.clone(), DocumentId::new("first")?, plan.letters).await?]).await;
    sleep(STAY).await;
    let before = look()?;
    let mut visits = Vec::new();
    for start in (0..plan.documents.get()).step_by(OPENINGS_AT_ONCE as usize) {
        let mut openings = JoinSet::new();
        for index in start..plan.documents.get().min(start + OPENINGS_AT_ONCE) {
            let document = DocumentId::new(format!("idle-{index}"))?;
            openings.spawn(visit(target.clone(), document, plan.letters));
        }
        while let Some(visit) = openings.join_next().await {
            visits.push(visit??);
        }
    }
    sleep(STAY).await;
    let with = look()?;
    leave(visits).await;
    sleep(plan.unload).await;
    let open = if server.peer() == Peer::Collabd { Some(unloaded(&target).await?) } else { None };
    Ok(Report::new(plan, before, with, look()?, open))
}

async fn visit(target: Target, document: DocumentId, letters: usize) -> Result<Visit, EditingError> {
    let mut visit = Visit::open(&target, &document, Editor::new(rand::random::<u32>().into())).await?;
    let update = visit.editor.paste(letters);
    visit.socket.sender.send(wire::update(&update)).await?;
    Ok(visit)
}

async fn leave(visits: Vec<Visit>) {
    for mut visit in visits {
        let closing = async {
            // One that is closed already has left, too.
            let _ = visit.socket.sender.close().await;
            while visit.socket.receiver.next().await.is_ok() {}
        };
        let _ = timeout(CLOSE_PATIENCE, closing).await;
    }
}

/// Waits until no document is open. Gives how many are, which is 0.
async fn unloaded(target: &Target) -> Result<u64, EditingError> {
    let http = HttpClient::new(target.address);
    let look = async || {
        let page = http.get("/metrics").await.ok()?.text();
        number(&page, "collabd_documents_open ").filter(|open| *open == 0)
    };
    eventually("unloading of all documents", PATIENCE, look).await
}
