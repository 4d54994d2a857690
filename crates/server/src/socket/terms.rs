//! What the client of a socket may send, by what the socket is for.

use std::time::Duration;

use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

use super::frames;
use crate::admission::UNJOINED_MESSAGE;
use crate::app::App;
use crate::config::Config;
use crate::net::{ByteBudget, ByteRate, Intake};

/// The slowest client that is waited for, in bytes a second: half a megabit, as a bad mobile connection has.
const SLOWEST: usize = 64 * 1024;

/// As long as the message flood's credit lasts (B3).
const FLOOD_PATIENCE: Duration = Duration::from_secs(10);

/// What the client of one socket may send.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terms {
    /// In one message.
    pub(super) frames: WebSocketConfig,
    /// In the course of time.
    pub(super) intake: Intake,
}

impl Terms {
    /// Messages of at most `largest` bytes.
    pub(crate) fn of_texts(app: &App, largest: usize) -> Self {
        Self::new(app.config(), largest, texts(app.config()), None)
    }

    /// Messages of a document, of at most `largest` bytes.
    pub(crate) fn of_document(app: &App, largest: usize) -> Self {
        Self::new(app.config(), largest, documents(app.config(), largest), None)
    }

    /// Texts and, once the socket carries a document, messages of documents, both of at most `largest` bytes.
    pub(crate) fn of_texts_and_documents(app: &App, largest: usize) -> Self {
        let config = app.config();
        Self::new(config, largest, texts(config), Some(documents(config, largest)))
    }

    fn new(config: &Config, largest: usize, budget: ByteBudget, with_document: Option<ByteBudget>) -> Self {
        let intake = Intake {
            budget,
            with_document,
            largest_message: largest,
            stranger_message: UNJOINED_MESSAGE,
            message_timeout: config.timing.message_timeout,
            // Nor does anybody have to be faster than the server reads.
            least_per_second: SLOWEST
                .min(budget.rate.per_second)
                .min(with_document.map_or(SLOWEST, |budget| budget.rate.per_second)),
        };
        Self { frames: frames::config(largest), intake }
    }
}

fn texts(config: &Config) -> ByteBudget {
    let rate = ByteRate { per_second: config.limits.bytes_per_second, burst: config.limits.byte_burst };
    ByteBudget { rate, patience: Some(FLOOD_PATIENCE) }
}

/// What was edited while a client was away may be as large as a message may be, and several times that in several
/// documents. So whoever sends it is held back, and never cut off for it.
fn documents(config: &Config, largest: usize) -> ByteBudget {
    let rate = ByteRate { per_second: config.documents.document_bytes_per_second, burst: largest };
    ByteBudget { rate, patience: None }
}
