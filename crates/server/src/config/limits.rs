//! Bounds on what clients may take.

use std::num::NonZeroU32;

use clap::Args;

use super::quantity::check_range;
use super::{Bound, ConfigError};

/// The smallest useful message limit: a join with the longest names fits.
const LEAST_MESSAGE_BYTES: usize = 4 * 1024;
/// A frame header alone may reserve this much for every connection, so it stays small.
const GREATEST_MESSAGE_BYTES: usize = 16 * 1024 * 1024;
/// Above any count of sockets or members one machine holds, and far below what overflows.
const GREATEST_COUNT: usize = 1_000_000;
/// Less than an honest client's cursors take.
pub(super) const LEAST_BYTE_RATE: usize = 1024;
/// More than one connection brings.
pub(super) const GREATEST_BYTE_RATE: usize = 1024 * 1024 * 1024;
/// One outbox of this size is already a mistake.
const GREATEST_OUTBOX_BYTES: usize = 1024 * 1024 * 1024;
/// As many as a server could tell apart in a second.
const GREATEST_RATE: usize = 1_000_000;
/// The dearest query must be affordable.
const LEAST_COST_BURST: usize = 500;
/// A million of the dearest queries.
const GREATEST_COST: usize = 1_000_000_000;
/// Each document a session is in costs its neighbours a cursor.
const GREATEST_DOCUMENTS: usize = 1024;

/// Less than an empty server takes.
const LEAST_MEMORY: usize = 16 * 1024 * 1024;
/// More than a machine has that runs one of these.
const GREATEST_MEMORY: usize = 1 << 40;

/// How much the server takes from and keeps for its clients.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(next_help_heading = "Limits")]
pub struct LimitConfig {
    /// Sockets open at once; more are refused with 503.
    #[arg(long, value_name = "NUMBER", default_value_t = Self::default().max_connections)]
    pub max_connections: usize,

    /// Sockets open at once that have not joined yet; more are refused with 503.
    #[arg(long, value_name = "NUMBER", default_value_t = Self::default().max_unjoined)]
    pub max_unjoined: usize,

    /// Sockets of one address; more are refused with 429. Not in an open server, and not for this machine.
    #[arg(long, value_name = "NUMBER", default_value_t = Self::default().connections_per_address)]
    pub connections_per_address: usize,

    /// Sockets of one user; more are refused with 429 or closed with 4506. Not in an open server.
    #[arg(long, value_name = "NUMBER", default_value_t = Self::default().connections_per_user)]
    pub connections_per_user: usize,

    /// Sockets opened each second, in the long run; more are refused with 503. Not in an open server, and not for
    /// this machine.
    #[arg(long, value_name = "NUMBER", default_value_t = Self::default().connections_per_second)]
    pub connections_per_second: usize,

    /// Sockets that one address opens each second, in the long run; more are refused with 429. Not in an open
    /// server, and not for this machine.
    #[arg(long, value_name = "NUMBER", default_value_t = Self::default().connections_per_second_per_address)]
    pub connections_per_second_per_address: usize,

    /// Cost of what a user may ask for each second, in the long run: a join is 250, a field of GraphQL 1.
    #[arg(long, value_name = "NUMBER", default_value_t = Self::default().cost_per_second)]
    pub cost_per_second: usize,

    /// Cost of what a user may ask for at once after a pause.
    #[arg(long, value_name = "NUMBER", default_value_t = Self::default().cost_burst)]
    pub cost_burst: usize,

    /// Messages a client may send each second, in the long run; cursors over the limit conflate.
    #[arg(long, value_name = "NUMBER", default_value_t = Self::default().messages_per_second)]
    #[arg(value_parser = at_least_one)]
    pub messages_per_second: NonZeroU32,

    /// Messages a client may send at once after a pause.
    #[arg(long, value_name = "NUMBER", default_value_t = Self::default().message_burst)]
    #[arg(value_parser = at_least_one)]
    pub message_burst: NonZeroU32,

    /// Bytes of the largest message a client may send; a larger one closes its socket with 1009.
    #[arg(long, value_name = "BYTES", default_value_t = Self::default().max_message_bytes)]
    pub max_message_bytes: usize,

    /// Bytes a client may send each second, in the long run; the server reads no faster, and closes with 4003 who
    /// sends faster without a pause.
    #[arg(long, value_name = "BYTES", default_value_t = Self::default().bytes_per_second)]
    pub bytes_per_second: usize,

    /// Bytes a client may send at once after a pause; at least `max_message_bytes`.
    #[arg(long, value_name = "BYTES", default_value_t = Self::default().byte_burst)]
    pub byte_burst: usize,

    /// Events that may wait for one slow client; one more closes it with 4000.
    #[arg(long, value_name = "NUMBER", default_value_t = Self::default().outbox_items)]
    pub outbox_items: usize,

    /// Bytes that may wait for one slow client; more close it with 4000.
    #[arg(long, value_name = "BYTES", default_value_t = Self::default().outbox_bytes)]
    pub outbox_bytes: usize,

    /// Sessions in one project; a further join is refused.
    #[arg(long, value_name = "NUMBER", default_value_t = Self::default().project_members)]
    pub project_members: usize,

    /// Documents one session may be in; entering one more leaves the oldest.
    #[arg(long, value_name = "NUMBER", default_value_t = Self::default().documents_per_session)]
    pub documents_per_session: usize,

    /// Memory that the process may take; above 80 % nobody is let in, above 90 % the largest outboxes are closed
    /// [default: the limit of its control group].
    #[arg(long, value_name = "BYTES")]
    pub memory_limit: Option<usize>,
}

impl Default for LimitConfig {
    fn default() -> Self {
        const MESSAGES_PER_SECOND: NonZeroU32 = NonZeroU32::new(20).unwrap();
        const MESSAGE_BURST: NonZeroU32 = NonZeroU32::new(40).unwrap();
        Self {
            max_connections: 50_000,
            max_unjoined: 1_000,
            connections_per_address: 100,
            connections_per_user: 20,
            connections_per_second: 500,
            connections_per_second_per_address: 20,
            cost_per_second: 2_000,
            cost_burst: 20_000,
            messages_per_second: MESSAGES_PER_SECOND,
            message_burst: MESSAGE_BURST,
            max_message_bytes: 64 * 1024,
            bytes_per_second: 128 * 1024,
            byte_burst: 512 * 1024,
            outbox_items: 1024,
            outbox_bytes: 256 * 1024,
            project_members: 10_000,
            documents_per_session: 8,
            memory_limit: None,
        }
    }
}

impl LimitConfig {
    pub(super) fn validate(&self) -> Result<(), ConfigError> {
        if let Some(limit) = self.memory_limit {
            check_range("memory_limit", limit, LEAST_MEMORY, GREATEST_MEMORY)?;
        }
        check_range("max_connections", self.max_connections, 1, GREATEST_COUNT)?;
        check_range("max_unjoined", self.max_unjoined, 1, GREATEST_COUNT)?;
        check_range("connections_per_address", self.connections_per_address, 1, GREATEST_COUNT)?;
        check_range("connections_per_user", self.connections_per_user, 1, GREATEST_COUNT)?;
        check_range("connections_per_second", self.connections_per_second, 1, GREATEST_RATE)?;
        check_range(
            "connections_per_second_per_address",
            self.connections_per_second_per_address,
            1,
            GREATEST_RATE,
        )?;
        check_range("cost_per_second", self.cost_per_second, 1, GREATEST_COST)?;
        check_range("cost_burst", self.cost_burst, LEAST_COST_BURST, GREATEST_COST)?;
        check_range(
            "max_message_bytes",
            self.max_message_bytes,
            LEAST_MESSAGE_BYTES,
            GREATEST_MESSAGE_BYTES,
        )?;
        check_range("bytes_per_second", self.bytes_per_second, LEAST_BYTE_RATE, GREATEST_BYTE_RATE)?;
        check_range("byte_burst", self.byte_burst, LEAST_MESSAGE_BYTES, GREATEST_BYTE_RATE)?;
        check_range("outbox_items", self.outbox_items, 1, GREATEST_COUNT)?;
        check_range("outbox_bytes", self.outbox_bytes, 1, GREATEST_OUTBOX_BYTES)?;
        check_range("project_members", self.project_members, 1, GREATEST_COUNT)?;
        check_range("documents_per_session", self.documents_per_session, 1, GREATEST_DOCUMENTS)?;
        // Otherwise one legal message could be taken for a flood.
        if self.byte_burst < self.max_message_bytes {
            return Err(ConfigError::OutOfRange {
                setting: "byte_burst",
                value: self.byte_burst.into(),
                bound: Bound::AtLeastSetting("max_message_bytes", self.max_message_bytes.into()),
            });
        }
        // Otherwise one legal message could evict everybody who receives it.
        if self.outbox_bytes < self.max_message_bytes {
            return Err(ConfigError::OutOfRange {
                setting: "outbox_bytes",
                value: self.outbox_bytes.into(),
                bound: Bound::AtLeastSetting("max_message_bytes", self.max_message_bytes.into()),
            });
        }
        Ok(())
    }
}

/// Why a text is no rate.
#[derive(Debug, thiserror::Error)]
#[error("must be a whole number from 1 to {}", u32::MAX)]
pub(super) struct RateError(#[source] std::num::ParseIntError);

pub(super) fn at_least_one(text: &str) -> Result<NonZeroU32, RateError> {
    text.parse().map_err(RateError)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_valid() {
        LimitConfig::default().validate().unwrap();
    }

    #[test]
    fn a_limit_of_nothing_is_refused() {
        type Change = fn(&mut LimitConfig);
        let zeroes: [(Change, &str); 5] = [
            (|limits| limits.max_connections = 0, "max_connections (0) must be at least 1"),
            (|limits| limits.max_message_bytes = 0, "max_message_bytes (0) must be at least 4096"),
            (|limits| limits.outbox_items = 0, "outbox_items (0) must be at least 1"),
            (|limits| limits.project_members = 0, "project_members (0) must be at least 1"),
            (|limits| limits.documents_per_session = 0, "documents_per_session (0) must be at least 1"),
        ];
        for (zero, message) in zeroes {
            let mut limits = LimitConfig::default();
            zero(&mut limits);
            assert_eq!(limits.validate().unwrap_err().to_string(), message);
        }
    }

    #[test]
    fn a_limit_beyond_reason_is_refused() {
        let limits = LimitConfig { max_connections: usize::MAX, ..LimitConfig::default() };
        let message = limits.validate().unwrap_err().to_string();
        assert_eq!(message, format!("max_connections ({}) must be at most 1000000", usize::MAX));
    }

    #[test]
    fn a_message_is_no_flood() {
        let limits = LimitConfig { byte_burst: 65_535, ..LimitConfig::default() };
        assert_eq!(
            limits.validate().unwrap_err().to_string(),
            "byte_burst (65535) must be at least max_message_bytes (65536)"
        );
    }

    #[test]
    fn an_outbox_holds_at_least_one_message() {
        let limits = LimitConfig { outbox_bytes: 65_535, ..LimitConfig::default() };
        assert_eq!(
            limits.validate().unwrap_err().to_string(),
            "outbox_bytes (65535) must be at least max_message_bytes (65536)"
        );
    }
}
