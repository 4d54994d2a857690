//! What happens to a connection on its way.

use std::time::Duration;

use rand::RngExt as _;
use rand::rngs::SmallRng;

/// Bytes that a visitor sends from its first to its last: an upgrade, a join, a move and a close.
const FROM_CLIENT: usize = 440;
/// Bytes that it is sent up to a list of some dozen people; most cuts are to come before the end of it.
const FROM_SERVER: usize = 1500;

/// What happens to a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// Nothing.
    Whole,
    /// Whatever comes is kept for this long.
    Delayed(Duration),
    /// At most so many bytes are handed on at once.
    Sliced(usize),
    /// The same, and a pause between.
    Slow(usize),
    /// After so many bytes from one side, both are reset.
    Reset(Side, usize),
    /// After so many bytes from the client, the server is told that no more will come.
    HalfClosed(usize),
    /// After so many bytes from the client nothing comes through any more, and nobody is told.
    Swallowed(usize),
}

/// From where bytes are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// Towards the server.
    Client,
    /// Towards the client.
    Server,
}

impl Fate {
    /// Any of them: six of ten are reset, one of ten each is ended on one side, and left alone.
    pub(super) fn draw(random: &mut SmallRng) -> Self {
        match random.random_range(0..20) {
            0..6 => Self::Reset(Side::Client, random.random_range(0..FROM_CLIENT)),
            6..12 => Self::Reset(Side::Server, random.random_range(0..FROM_SERVER)),
            12..14 => Self::HalfClosed(random.random_range(0..FROM_CLIENT)),
            14 => Self::Swallowed(random.random_range(0..FROM_CLIENT)),
            15 => Self::Delayed(Duration::from_millis(random.random_range(1..50))),
            16 => Self::Sliced(random.random_range(1..8)),
            17 => Self::Slow(random.random_range(128..512)),
            _ => Self::Whole,
        }
    }

    /// What it is called in reports.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Whole => "  left alone",
            Self::Delayed(_) => "  delayed",
            Self::Sliced(_) => "  sliced",
            Self::Slow(_) => "  throttled",
            Self::Reset(..) => "  reset at a random byte",
            Self::HalfClosed(_) => "  half-closed at a random byte",
            Self::Swallowed(_) => "  swallowed without a word",
        }
    }

    /// Does everything come through in the end?
    pub(super) fn is_harmless(self) -> bool {
        matches!(self, Self::Whole | Self::Delayed(_) | Self::Sliced(_) | Self::Slow(_))
    }
}
