//! Fills a document, starts the server anew and opens the document.

use std::num::NonZeroU32;
use std::time::Duration;

use collabd_protocol::DocumentId;
use tokio::time::{Instant, sleep};

use super::fill::{Clocks, fill, has_all};
use super::report::Report;
use crate::editing::{EditingError, Editor, State, Target, Visit, eventually};
use crate::http::HttpClient;
use crate::process::{ProcessError, ProcessSample};
use crate::server::{Peer, Server, ServerError};

/// How long collabd may take to unload and compact.
const COMPACTION_PATIENCE: Duration = Duration::from_mins(1);
/// No compaction takes longer.
const COMPACTION: Duration = Duration::from_secs(3);
/// What servers of which nobody can tell whether they have written everything are given to do it.
const WRITING: Duration = Duration::from_secs(12);

/// One run of the scenario.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Keystrokes in the document, each sent as an update of its own.
    pub updates: NonZeroU32,
    /// Who types them.
    pub writers: NonZeroU32,
    /// How often the server is started anew and the document opened.
    pub openings: NonZeroU32,
}

/// Why a run could not begin or end.
#[derive(Debug, thiserror::Error)]
pub enum OpeningError {
    /// The server did not start or end.
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
}

/// Plays `plan` with `server`.
///
/// # Errors
/// [`OpeningError`] when the document could not be filled, or not be opened again with everything in it.
pub async fn run(plan: &Plan, server: &mut Server) -> Result<Report, OpeningError> {
    let (document, other) = (DocumentId::new("long")?, DocumentId::new("other")?);
    let began = Instant::now();
    let clocks = fill(plan, &server.target()?, &document).await?;
    let filled = began.elapsed();
    let written = State::of(&open(&server.target()?, &document, &clocks).await?);
    let compactions = written_down(server).await?;
    let mut times = Vec::new();
    let mut resident = 0;
    let mut is_same = true;
    for _ in 0..plan.openings.get() {
        server.restart().await?;
        let target = server.target()?;
        // What runs for the first time is loaded and compiled here, not in what is measured.
        Visit::state(&target, &other).await?;
        let began = Instant::now();
        let opened = open(&target, &document, &clocks).await?;
        times.push(began.elapsed());
        is_same &= State::of(&opened) == written;
        resident = target.pid.map(ProcessSample::read).transpose()?.map_or(0, |sample| sample.resident_bytes);
    }
    Ok(Report::new(plan, filled, compactions, &times, resident, is_same))
}

async fn open(target: &Target, document: &DocumentId, clocks: &Clocks) -> Result<Editor, EditingError> {
    Visit::look(target, document, |editor| has_all(editor, clocks)).await
}

/// Waits until the document is on disk in the form in which the server keeps it. Gives how often collabd compacted.
async fn written_down(server: &Server) -> Result<Option<u64>, OpeningError> {
    if server.peer() != Peer::Collabd {
        sleep(WRITING).await;
        return Ok(None);
    }
    let http = HttpClient::new(server.target()?.address);
    let mut compactions = None;
    let settled = async || {
        let page = http.get("/metrics").await.ok()?.text();
        let now = number(&page, "collabd_document_compactions_total ");
        let is_unloaded = number(&page, "collabd_documents_open ") == Some(0);
        // One that was asked for when the document was unloaded may be under way.
        let is_settled = is_unloaded && now.is_some() && compactions == now;
        compactions = now.filter(|_| is_unloaded);
        if !is_settled {
            sleep(COMPACTION).await;
        }
        now.filter(|_| is_settled)
    };
    Ok(Some(eventually("unloading and compaction", COMPACTION_PATIENCE, settled).await?))
}

/// The value of a metric without labels.
pub(crate) fn number(page: &str, name: &str) -> Option<u64> {
    page.lines().find_map(|line| line.strip_prefix(name))?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_metric_is_found_by_its_name() {
        let page = "# TYPE collabd_documents_open gauge\ncollabd_documents_open 7\n";
        assert_eq!(number(page, "collabd_documents_open "), Some(7));
        assert_eq!(number(page, "collabd_documents "), None);
    }
}
