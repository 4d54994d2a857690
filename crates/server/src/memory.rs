//! How much memory the process has, and takes.

use std::fs;
use std::path::Path;

/// Above this share of the limit, nobody is let in any more ...
const SCARCE: f64 = 0.8;
/// ... and above this one, the largest outboxes are given up.
const SHORT: f64 = 0.9;

/// The bound on what the process may take, if there is one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Memory {
    limit: Option<u64>,
}

/// How much of it is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pressure {
    Low,
    Scarce,
    Short,
}

impl Memory {
    /// The bound of the settings, or that of the control group which the process is in.
    pub(crate) fn new(setting: Option<usize>) -> Self {
        let setting = setting.and_then(|bytes| u64::try_from(bytes).ok());
        Self { limit: setting.or_else(limit_of_control_group) }
    }

    /// Looks once.
    pub(crate) fn pressure(&self) -> Pressure {
        match (self.limit, resident_bytes()) {
            (Some(limit), Some(taken)) => pressure(taken, limit),
            _ => Pressure::Low,
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a share, of numbers far below 2^53")]
fn pressure(taken: u64, limit: u64) -> Pressure {
    let share = taken as f64 / limit.max(1) as f64;
    if share > SHORT {
        Pressure::Short
    } else if share > SCARCE {
        Pressure::Scarce
    } else {
        Pressure::Low
    }
}

/// What the process has in memory, as proc(5) tells it; `None` where there is no `/proc`.
fn resident_bytes() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(line.split_whitespace().next()?.parse::<u64>().ok()? * 1024)
}

/// The bound of version 2 of control groups: that of a container, whose root is the group, or of a unit.
fn limit_of_control_group() -> Option<u64> {
    let group = fs::read_to_string("/proc/self/cgroup").ok()?;
    let path = group.lines().find_map(|line| line.strip_prefix("0::/"))?;
    let root = Path::new("/sys/fs/cgroup");
    let limits = [root.join(path), root.to_owned()];
    // The word `max` is no number, and no limit.
    limits.iter().find_map(|group| fs::read_to_string(group.join("memory.max")).ok()?.trim().parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// R2
    #[test]
    fn four_fifths_are_scarce_and_nine_tenths_are_short() {
        for (taken, expected) in
            [(800, Pressure::Low), (801, Pressure::Scarce), (900, Pressure::Scarce), (901, Pressure::Short)]
        {
            assert_eq!(pressure(taken, 1_000), expected, "{taken}");
        }
    }

    #[test]
    fn the_own_memory_is_known() {
        assert!(resident_bytes().is_some_and(|bytes| bytes > 1024 * 1024));
        assert_eq!(Memory { limit: Some(1) }.pressure(), Pressure::Short);
        assert_eq!(Memory { limit: None }.pressure(), Pressure::Low);
    }
}
