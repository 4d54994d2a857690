//! Values and bounds of settings, as error messages show them.

use std::fmt;
use std::time::Duration;

use super::{ConfigError, duration};

/// The value of a setting that can be too small or too large.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Quantity {
    /// A number of things or bytes.
    Count(u64),
    /// A span of time.
    Time(Duration),
}

impl From<usize> for Quantity {
    fn from(count: usize) -> Self {
        // No machine has a usize wider than 64 bits; a wider one would saturate, and still be out of range.
        Self::Count(u64::try_from(count).unwrap_or(u64::MAX))
    }
}

impl From<Duration> for Quantity {
    fn from(time: Duration) -> Self {
        Self::Time(time)
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(count) => count.fmt(f),
            Self::Time(time) => f.write_str(&duration::format(*time)),
        }
    }
}

/// What a value must respect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Bound {
    /// The least value that makes sense.
    #[error("at least {0}")]
    AtLeast(Quantity),
    /// The greatest value the server takes.
    #[error("at most {0}")]
    AtMost(Quantity),
    /// Another setting, which this one must reach.
    #[error("at least {0} ({1})")]
    AtLeastSetting(&'static str, Quantity),
    /// Another setting, which this one must exceed.
    #[error("longer than {0} ({1})")]
    LongerThanSetting(&'static str, Quantity),
}

/// Checks that `value` of `setting` lies within both bounds, themselves included.
pub(super) fn check_range<T: Copy + Into<Quantity>>(
    setting: &'static str,
    value: T,
    least: T,
    greatest: T,
) -> Result<(), ConfigError> {
    let (value, least, greatest) = (value.into(), least.into(), greatest.into());
    let bound = if value < least {
        Bound::AtLeast(least)
    } else if value > greatest {
        Bound::AtMost(greatest)
    } else {
        return Ok(());
    };
    Err(ConfigError::OutOfRange { setting, value, bound })
}
