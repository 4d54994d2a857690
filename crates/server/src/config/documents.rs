//! Bounds on shared documents.

use std::num::NonZeroU32;
use std::time::Duration;

use clap::Args;

use super::limits::{GREATEST_BYTE_RATE, LEAST_BYTE_RATE, at_least_one};
use super::quantity::check_range;
use super::{Bound, ConfigError, duration};

/// Each open document is an actor with its content in memory.
const GREATEST_OPEN: usize = 1_000_000;
/// The smallest useful update: a pasted paragraph fits.
const LEAST_UPDATE_BYTES: usize = 4 * 1024;
/// A message of this size is held in memory several times while it is taken in.
const GREATEST_UPDATE_BYTES: usize = 64 * 1024 * 1024;
/// Whoever opens a document is sent all of it.
const GREATEST_DOCUMENT_BYTES: usize = 1024 * 1024 * 1024;
/// The longest that a document nobody is in may be kept in memory.
const GREATEST_IDLE: Duration = Duration::from_hours(24);

/// How large shared documents may be and how fast clients may edit them.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(next_help_heading = "Documents")]
pub struct DocumentConfig {
    /// Documents open at once; a further one is refused with 1013.
    #[arg(long, value_name = "NUMBER", default_value_t = Self::default().max_open_documents)]
    pub max_open_documents: usize,

    /// Bytes of the largest update that a client may send; a larger one closes its socket with 1009.
    #[arg(long, value_name = "BYTES", default_value_t = Self::default().max_update_bytes)]
    pub max_update_bytes: usize,

    /// Bytes of the largest document; an update that would make it larger closes its sender's socket with 4500.
    #[arg(long, value_name = "BYTES", default_value_t = Self::default().max_document_bytes)]
    pub max_document_bytes: usize,

    /// Document messages a client may send each second, in the long run; the server reads no faster than that.
    #[arg(long, value_name = "NUMBER", default_value_t = Self::default().document_messages_per_second)]
    #[arg(value_parser = at_least_one)]
    pub document_messages_per_second: NonZeroU32,

    /// Document messages a client may send at once after a pause.
    #[arg(long, value_name = "NUMBER", default_value_t = Self::default().document_message_burst)]
    #[arg(value_parser = at_least_one)]
    pub document_message_burst: NonZeroU32,

    /// Bytes a client may send to documents each second, in the long run; the server reads no faster than that.
    #[arg(long, value_name = "BYTES", default_value_t = Self::default().document_bytes_per_second)]
    pub document_bytes_per_second: usize,

    /// Time a document that nobody is in stays in memory.
    #[arg(long, value_name = "DURATION", value_parser = duration::parse)]
    #[arg(default_value = duration::format(Self::default().document_idle))]
    pub document_idle: Duration,
}

impl Default for DocumentConfig {
    fn default() -> Self {
        const MESSAGES_PER_SECOND: NonZeroU32 = NonZeroU32::new(100).unwrap();
        const MESSAGE_BURST: NonZeroU32 = NonZeroU32::new(500).unwrap();
        Self {
            max_open_documents: 10_000,
            max_update_bytes: 1024 * 1024,
            max_document_bytes: 32 * 1024 * 1024,
            document_messages_per_second: MESSAGES_PER_SECOND,
            document_message_burst: MESSAGE_BURST,
            document_bytes_per_second: 4 * 1024 * 1024,
            document_idle: Duration::from_secs(30),
        }
    }
}

impl DocumentConfig {
    /// What was edited while a client was away comes in one message and may be this many updates.
    const UPDATES_IN_REPLY: usize = 8;

    /// Bytes of the largest message in which a client brings all that the server lacks.
    pub(crate) fn reply_bytes(&self) -> usize {
        self.max_document_bytes.min(Self::UPDATES_IN_REPLY * self.max_update_bytes)
    }

    pub(super) fn validate(&self) -> Result<(), ConfigError> {
        check_range("max_open_documents", self.max_open_documents, 1, GREATEST_OPEN)?;
        check_range("max_update_bytes", self.max_update_bytes, LEAST_UPDATE_BYTES, GREATEST_UPDATE_BYTES)?;
        check_range(
            "max_document_bytes",
            self.max_document_bytes,
            LEAST_UPDATE_BYTES,
            GREATEST_DOCUMENT_BYTES,
        )?;
        check_range(
            "document_bytes_per_second",
            self.document_bytes_per_second,
            LEAST_BYTE_RATE,
            GREATEST_BYTE_RATE,
        )?;
        check_range("document_idle", self.document_idle, Duration::ZERO, GREATEST_IDLE)?;
        // Otherwise a legal update could never be taken.
        if self.max_document_bytes < self.max_update_bytes {
            return Err(ConfigError::OutOfRange {
                setting: "max_document_bytes",
                value: self.max_document_bytes.into(),
                bound: Bound::AtLeastSetting("max_update_bytes", self.max_update_bytes.into()),
            });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_has_room_for_one_update() {
        DocumentConfig::default().validate().unwrap();
        let documents = DocumentConfig { max_document_bytes: 1024 * 1024 - 1, ..DocumentConfig::default() };
        assert_eq!(
            documents.validate().unwrap_err().to_string(),
            "max_document_bytes (1048575) must be at least max_update_bytes (1048576)"
        );
    }

    #[test]
    fn a_document_may_be_unloaded_at_once() {
        let documents = DocumentConfig { document_idle: Duration::ZERO, ..DocumentConfig::default() };
        documents.validate().unwrap();
    }
}
