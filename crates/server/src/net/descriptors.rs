//! File descriptors: every connection takes one, and so does much else.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Descriptors that clients leave for the listeners, the database, keys that are fetched and operators.
const RESERVE: usize = 256;

/// Asks for as many descriptors as the process may have: the soft limit is for programs that cannot count.
pub fn raise_descriptor_limit() {
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    // When it is refused, the soft limit counts, as it does everywhere below.
    let _ = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
}

/// How many connections there are descriptors for, out of `wanted`.
pub fn connection_limit(wanted: usize) -> usize {
    descriptors().map_or(wanted, |descriptors| wanted.min(descriptors - reserve(descriptors)))
}

/// How many this process may have, if there is a limit.
pub(super) fn descriptors() -> Option<usize> {
    getrlimit(Resource::Nofile).current.and_then(|soft| usize::try_from(soft).ok())
}

/// How many of them clients leave to others: of few only a quarter.
pub(super) fn reserve(descriptors: usize) -> usize {
    RESERVE.min(descriptors / 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// R1
    #[test]
    fn some_descriptors_are_kept_for_others_than_clients() {
        for (descriptors, connections) in [(65_536, 65_280), (1024, 768), (256, 192), (3, 3), (0, 0)] {
            assert_eq!(descriptors - reserve(descriptors), connections);
        }
    }
}
