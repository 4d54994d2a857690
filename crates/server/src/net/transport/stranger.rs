//! How large a message may be before the join (J1). The library above takes a message in as a whole before it tells of it;
//! with thousands of strangers, each of them a large one, that would be all the memory there is.

use super::intake::{IntakeFault, Sign};
use super::scanner::Unfinished;

/// Knows whether the client has joined, and what it may send until then.
#[derive(Debug)]
pub(super) struct Stranger {
    joined: Sign,
    most: usize,
}

impl Stranger {
    /// Messages of at most `most` bytes until `joined` is set.
    pub(super) fn new(joined: Sign, most: usize) -> Self {
        Self { joined, most }
    }

    /// Looks at what has begun, before more of it is read: by then whatever came before it has been answered.
    pub(super) fn check(&self, unfinished: Option<Unfinished>) -> Result<(), IntakeFault> {
        let announced = unfinished.map_or(0, |unfinished| unfinished.announced);
        let bytes = usize::try_from(announced).unwrap_or(usize::MAX);
        if bytes <= self.most || self.joined.is_set() { Ok(()) } else { Err(IntakeFault::Stranger(bytes)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begun(announced: u64) -> Unfinished {
        Unfinished { number: 0, announced }
    }

    /// J1
    #[test]
    fn what_is_too_large_for_a_stranger_is_not_read_until_it_has_joined() {
        let joined = Sign::default();
        let stranger = Stranger::new(joined.clone(), 100);
        assert_eq!(stranger.check(None), Ok(()));
        assert_eq!(stranger.check(Some(begun(100))), Ok(()));
        assert_eq!(stranger.check(Some(begun(101))), Err(IntakeFault::Stranger(101)));
        joined.set();
        assert_eq!(stranger.check(Some(begun(u64::MAX))), Ok(()));
    }
}
