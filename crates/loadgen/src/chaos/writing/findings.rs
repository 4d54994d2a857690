//! What was found where everybody had written.

use std::sync::Arc;

use yrs::{GetString as _, Transact as _};

use super::ledger::Ledger;
use crate::chaos::api::{Answer, Api};
use crate::chaos::daemon::Daemon;
use crate::chaos::report::Report;
use crate::editing::Visit;
use crate::failure::Failure;
use crate::tally::{Latency, Recorder};

/// The code of an id that is taken: what was asked for had been done.
const CONFLICT: &str = "CONFLICT";

/// Everything found so far.
#[derive(Debug)]
pub(crate) struct Findings {
    times: Arc<Recorder>,
    lost: Vec<String>,
    doubled: Vec<String>,
    foreign: Vec<String>,
    texts: Vec<String>,
    damage: Vec<String>,
    refused: Vec<String>,
    /// Mutations without an answer that turned out to be done, and not to be done.
    in_doubt: [usize; 2],
}

impl Findings {
    /// Nothing found yet.
    pub(crate) fn new() -> Result<Self, Failure> {
        Ok(Self {
            times: Arc::new(Recorder::new().map_err(Failure::Histogram)?),
            lost: Vec::new(),
            doubled: Vec::new(),
            foreign: Vec::new(),
            texts: Vec::new(),
            damage: Vec::new(),
            refused: Vec::new(),
            in_doubt: [0; 2],
        })
    }

    /// Where acknowledgements are measured.
    pub(super) fn times(&self) -> Arc<Recorder> {
        Arc::clone(&self.times)
    }

    /// SQLite found this.
    pub(crate) fn damage(&mut self, faults: Vec<String>) {
        self.damage.extend(faults);
    }

    /// A living server answered thus.
    pub(super) fn refused(&mut self, faults: Vec<String>) {
        self.refused.extend(faults);
    }

    /// Looks at what a kill has left, asks again for what was not answered, and looks once more.
    pub(crate) async fn settle(&mut self, daemon: &Daemon, ledger: &Ledger) -> Result<(), Failure> {
        self.compare(daemon, ledger).await?;
        let api = Api::new(daemon.members().address);
        for order in ledger.orders.iter().filter(|order| !order.is_acknowledged) {
            match api.create_document(ledger.project, &order.id).await.map_err(page)? {
                Answer::Done(_) => self.in_doubt[1] += 1,
                Answer::Refused(code) if code == CONFLICT => self.in_doubt[0] += 1,
                Answer::Refused(code) => self.refused.push(format!("{}: {code}", order.id)),
            }
        }
        Ok(())
    }

    /// Compares what is there with one round's ledger.
    pub(crate) async fn compare(&mut self, daemon: &Daemon, ledger: &Ledger) -> Result<(), Failure> {
        let api = Api::new(daemon.members().address);
        let found = api.documents(ledger.project).await.map_err(page)?;
        let faults = ledger.compare(&found);
        self.lost.extend(faults.lost);
        self.doubled.extend(faults.doubled);
        self.foreign.extend(faults.foreign);
        for typed in &ledger.texts {
            let target = daemon.documents(ledger.project);
            match Visit::look(&target, &typed.document, |_| true).await {
                Ok(editor) => {
                    let found = editor.text().get_string(&editor.doc().transact());
                    self.texts.extend(typed.fault(&found));
                }
                Err(error) => self.texts.push(format!("{} cannot be opened: {error}", typed.document)),
            }
        }
        Ok(())
    }

    /// Writes all of it into `report`.
    pub(crate) fn report(self, report: &mut Report, ledgers: &[Ledger]) -> Result<(), Failure> {
        let texts = || ledgers.iter().flat_map(|ledger| &ledger.texts);
        report.count("mutations acknowledged", ledgers.iter().map(Ledger::acknowledged).sum());
        report.count("mutations without an answer, done", self.in_doubt[0]);
        report.count("mutations without an answer, not done", self.in_doubt[1]);
        report.count("keys typed", texts().map(|typed| typed.texts.len() - 1).sum());
        report.count("keys reported saved", texts().map(|typed| typed.saved).sum());
        if let Some(latency) = Latency::of(&self.times.merged().map_err(Failure::Histogram)?) {
            report.measure("acknowledgement, median", latency.p50_ms, "ms");
            report.measure("acknowledgement, 99 %", latency.p99_ms, "ms");
        }
        report.promise("every acknowledged mutation is there", &self.lost);
        report.promise("nothing is there twice", &self.doubled);
        report.promise("nothing is there that nobody ordered", &self.foreign);
        report.promise("texts are as typed up to a saved key or later", &self.texts);
        report.promise("SQLite finds the database whole", &self.damage);
        report.promise("a living server answers every mutation", &self.refused);
        Ok(())
    }
}

fn page(source: crate::http::HttpError) -> Failure {
    Failure::Page { page: "/graphql", source }
}
