//! Durations as people write them: a number with a unit.

use std::time::Duration;

use jiff::SignedDuration;

/// Why a text is no duration.
#[derive(Debug, thiserror::Error)]
pub(super) enum DurationError {
    /// No number, no unit, or an unknown one.
    #[error("expected a number with a unit, such as 1500ms or 30s")]
    Syntax(#[source] jiff::Error),
    /// Time that runs backwards.
    #[error("a duration cannot be negative")]
    Negative,
}

/// Reads `1500ms`, `30s`, `1m 30s` or ISO 8601 (`PT30S`).
pub(super) fn parse(text: &str) -> Result<Duration, DurationError> {
    let signed: SignedDuration = text.parse().map_err(DurationError::Syntax)?;
    if signed.is_negative() {
        return Err(DurationError::Negative);
    }
    Ok(signed.unsigned_abs())
}

/// Writes `duration` in the largest unit that needs no fraction, up to seconds: `30s`, `1500ms`.
pub(super) fn format(duration: Duration) -> String {
    if duration.subsec_nanos() == 0 {
        return format!("{}s", duration.as_secs());
    }
    match duration.subsec_nanos() {
        nanos if nanos % 1_000_000 == 0 => format!("{}ms", duration.as_millis()),
        nanos if nanos % 1_000 == 0 => format!("{}us", duration.as_micros()),
        _ => format!("{}ns", duration.as_nanos()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_needs_a_unit_and_no_sign() {
        assert_eq!(parse("1500ms").unwrap(), Duration::from_millis(1500));
        assert_eq!(parse("30s").unwrap(), Duration::from_secs(30));
        assert_eq!(parse("1m 30s").unwrap(), Duration::from_secs(90));
        assert_eq!(parse("0s").unwrap(), Duration::ZERO);
        assert!(matches!(parse("-30s"), Err(DurationError::Negative)));
        for bad in ["", "30", "30 parsecs", "s", "1e3s", "99999999999999999999s"] {
            assert!(matches!(parse(bad), Err(DurationError::Syntax(_))), "{bad:?}");
        }
    }

    #[test]
    fn what_is_written_reads_back() {
        for text in ["0s", "30s", "90s", "1500ms", "16ms", "250us", "1ns"] {
            assert_eq!(format(parse(text).unwrap()), text);
        }
    }
}
