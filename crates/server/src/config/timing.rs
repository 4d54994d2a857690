//! Deadlines and periods.

use std::time::Duration;

use clap::Args;

use super::quantity::check_range;
use super::{Bound, ConfigError, duration};

/// The shortest deadline that is one at all: timers tick in milliseconds.
const LEAST: Duration = Duration::from_millis(1);
/// Longer than any sensible wait, and short enough to be added to any point in time without overflow.
const GREATEST: Duration = Duration::from_hours(24);

/// How long the server waits for what.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(next_help_heading = "Timing")]
pub struct TimingConfig {
    /// Time from the upgrade to the first `join_session`; then the socket is closed with 4007.
    #[arg(long, value_name = "DURATION", value_parser = duration::parse)]
    #[arg(default_value = duration::format(Self::default().join_timeout))]
    pub join_timeout: Duration,

    /// Time between two pings to a client; the first one comes earlier, at a random moment.
    #[arg(long, value_name = "DURATION", value_parser = duration::parse)]
    #[arg(default_value = duration::format(Self::default().heartbeat_interval))]
    pub heartbeat_interval: Duration,

    /// Silence after which a client counts as gone (4001); longer than `heartbeat_interval`.
    #[arg(long, value_name = "DURATION", value_parser = duration::parse)]
    #[arg(default_value = duration::format(Self::default().silence_timeout))]
    pub silence_timeout: Duration,

    /// Time a lost session is kept, so that a page refresh shows no leave and join; 0s keeps none.
    #[arg(long, value_name = "DURATION", value_parser = duration::parse)]
    #[arg(default_value = duration::format(Self::default().grace))]
    pub grace: Duration,

    /// Time in which moves are gathered before they go out together.
    #[arg(long, value_name = "DURATION", value_parser = duration::parse)]
    #[arg(default_value = duration::format(Self::default().cursor_tick))]
    pub cursor_tick: Duration,

    /// Time a client may take to accept one write before its socket is closed.
    #[arg(long, value_name = "DURATION", value_parser = duration::parse)]
    #[arg(default_value = duration::format(Self::default().write_timeout))]
    pub write_timeout: Duration,

    /// Time a client may take for one message from its first byte to its last, and a second more for each 64 KiB of it;
    /// then its socket is closed with 4008.
    #[arg(long, value_name = "DURATION", value_parser = duration::parse)]
    #[arg(default_value = duration::format(Self::default().message_timeout))]
    pub message_timeout: Duration,

    /// Time a client may take to send the head of a request.
    #[arg(long, value_name = "DURATION", value_parser = duration::parse)]
    #[arg(default_value = duration::format(Self::default().header_timeout))]
    pub header_timeout: Duration,

    /// Time a client may take to answer a close before its socket is dropped.
    #[arg(long, value_name = "DURATION", value_parser = duration::parse)]
    #[arg(default_value = duration::format(Self::default().close_timeout))]
    pub close_timeout: Duration,

    /// Time after which the role of somebody who is connected is looked up again, should another process have changed it.
    #[arg(long, value_name = "DURATION", value_parser = duration::parse)]
    #[arg(default_value = duration::format(Self::default().membership_recheck))]
    pub membership_recheck: Duration,

    /// Time over which clients are sent away at shutdown, in batches; 0s sends all at once.
    #[arg(long, value_name = "DURATION", value_parser = duration::parse)]
    #[arg(default_value = duration::format(Self::default().drain))]
    pub drain: Duration,
}

impl Default for TimingConfig {
    fn default() -> Self {
        Self {
            join_timeout: Duration::from_secs(15),
            heartbeat_interval: Duration::from_secs(30),
            silence_timeout: Duration::from_secs(90),
            grace: Duration::from_millis(1500),
            // One frame of a screen at 60 Hz.
            cursor_tick: Duration::from_millis(16),
            write_timeout: Duration::from_secs(5),
            message_timeout: Duration::from_secs(10),
            header_timeout: Duration::from_secs(5),
            close_timeout: Duration::from_millis(1500),
            membership_recheck: Duration::from_mins(1),
            drain: Duration::from_secs(3),
        }
    }
}

impl TimingConfig {
    pub(super) fn validate(&self) -> Result<(), ConfigError> {
        check_range("join_timeout", self.join_timeout, LEAST, GREATEST)?;
        check_range("heartbeat_interval", self.heartbeat_interval, LEAST, GREATEST)?;
        check_range("silence_timeout", self.silence_timeout, LEAST, GREATEST)?;
        check_range("grace", self.grace, Duration::ZERO, GREATEST)?;
        check_range("cursor_tick", self.cursor_tick, LEAST, GREATEST)?;
        check_range("write_timeout", self.write_timeout, LEAST, GREATEST)?;
        check_range("message_timeout", self.message_timeout, LEAST, GREATEST)?;
        check_range("header_timeout", self.header_timeout, LEAST, GREATEST)?;
        check_range("close_timeout", self.close_timeout, LEAST, GREATEST)?;
        check_range("membership_recheck", self.membership_recheck, LEAST, GREATEST)?;
        check_range("drain", self.drain, Duration::ZERO, GREATEST)?;
        // A client that is pinged too late has no chance to break its silence.
        if self.silence_timeout <= self.heartbeat_interval {
            return Err(ConfigError::OutOfRange {
                setting: "silence_timeout",
                value: self.silence_timeout.into(),
                bound: Bound::LongerThanSetting("heartbeat_interval", self.heartbeat_interval.into()),
            });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_lasts_longer_than_a_heartbeat() {
        TimingConfig::default().validate().unwrap();
        let timing = TimingConfig { silence_timeout: Duration::from_secs(10), ..TimingConfig::default() };
        assert_eq!(
            timing.validate().unwrap_err().to_string(),
            "silence_timeout (10s) must be longer than heartbeat_interval (30s)"
        );
    }

    #[test]
    fn only_grace_and_drain_may_be_zero() {
        let none = Duration::ZERO;
        let timing = TimingConfig { grace: none, drain: none, ..TimingConfig::default() };
        timing.validate().unwrap();

        let senseless: [fn(&mut TimingConfig) -> &mut Duration; 9] = [
            |timing| &mut timing.join_timeout,
            |timing| &mut timing.heartbeat_interval,
            |timing| &mut timing.silence_timeout,
            |timing| &mut timing.cursor_tick,
            |timing| &mut timing.write_timeout,
            |timing| &mut timing.message_timeout,
            |timing| &mut timing.header_timeout,
            |timing| &mut timing.close_timeout,
            |timing| &mut timing.membership_recheck,
        ];
        for field in senseless {
            let mut timing = TimingConfig::default();
            *field(&mut timing) = none;
            let message = timing.validate().unwrap_err().to_string();
            assert!(message.ends_with(" (0s) must be at least 1ms"), "{message}");
        }
    }

    #[test]
    fn no_wait_outlasts_a_day() {
        let timing = TimingConfig { grace: Duration::MAX, ..TimingConfig::default() };
        assert!(timing.validate().unwrap_err().to_string().ends_with("must be at most 86400s"));
    }
}
