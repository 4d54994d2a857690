//! Texts that are nowhere but in the other project, and who has heard them.

use std::collections::{BTreeMap, BTreeSet};

use super::callers::Caller;

/// The canary of a place.
pub(super) fn canary(place: &str) -> String {
    format!("canary-4f1d.{place}.")
}

/// What was looked through, and what was found.
pub(super) struct Scan {
    /// Texts by their places.
    texts: BTreeMap<String, String>,
    /// The places whose texts the member of the project has heard, by the way that they came.
    heard: BTreeMap<&'static str, BTreeSet<String>>,
    leaks: BTreeSet<String>,
    /// Pairs of a caller and something sent.
    pairs: usize,
    frames: usize,
    bytes: usize,
}

/// The ways on which a member hears of the project.
const WAYS: [&str; 9] = [
    "collaboration v1",
    "collaboration v2",
    "collaboration v2 batch",
    "collaboration v2 documents",
    "document socket",
    "document in a shared socket",
    "whole document",
    "graphql",
    "listening",
];

impl Scan {
    pub(super) fn for_texts(texts: &BTreeMap<String, String>) -> Self {
        let texts = texts.clone();
        Self { texts, heard: BTreeMap::new(), leaks: BTreeSet::new(), pairs: 0, frames: 0, bytes: 0 }
    }

    /// Looks through what came back to `caller` for something sent.
    pub(super) fn look(&mut self, caller: &Caller, way: &'static str, sent: &str, back: &[u8]) {
        self.bytes += back.len();
        let text = String::from_utf8_lossy(back);
        for (place, canary) in &self.texts {
            if !text.contains(canary) {
                continue;
            }
            if caller.is_member {
                self.heard.entry(way).or_default().insert(place.clone());
            } else {
                let sent = &sent[..sent.floor_char_boundary(200)];
                self.leaks.insert(format!("{} hears of {place} by {way}: {sent}", caller.name));
            }
        }
    }

    /// Counts pairs of a caller and something sent, and the frames or answers that came back.
    pub(super) fn count(&mut self, pairs: usize, frames: usize) {
        self.pairs += pairs;
        self.frames += frames;
    }

    /// Asserts that nobody but the member heard anything, and that the member heard everything in every way.
    #[expect(clippy::print_stderr, reason = "how much was looked through is worth knowing")]
    pub(super) fn found_nothing_but_with_members(&self, texts: &BTreeMap<String, String>) {
        assert!(self.leaks.is_empty(), "{:#?}", self.leaks);
        for way in WAYS {
            assert!(self.heard.contains_key(way), "no member hears anything by {way}: {:#?}", self.heard);
        }
        let heard: BTreeSet<_> = self.heard.values().flatten().collect();
        let unheard: Vec<_> = texts.keys().filter(|place| !heard.contains(place)).collect();
        assert!(unheard.is_empty(), "nobody could have heard of {unheard:?}: {:#?}", self.heard);
        let Self { pairs, frames, bytes, .. } = self;
        assert!(*pairs > 1000, "only {pairs} pairs of a caller and something sent");
        eprintln!("{pairs} pairs of a caller and something sent, {frames} frames and answers, {bytes} bytes");
    }
}
