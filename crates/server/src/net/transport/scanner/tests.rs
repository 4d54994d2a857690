//! Frames made by hand, whole and in pieces.

use proptest::prelude::*;

use super::*;

const TEXT: u8 = 0x1;
const CONTINUATION: u8 = 0x0;
const PONG: u8 = 0xA;

/// A masked frame. The length takes as many bytes as the RFC wants, or more than needed.
fn frame(first: u8, length: usize, has_long_form: bool) -> Vec<u8> {
    let mut bytes = vec![first];
    match (u8::try_from(length), u16::try_from(length)) {
        (Ok(short), _) if short < IN_TWO && !has_long_form => bytes.push(MASKED | short),
        (_, Ok(medium)) if !has_long_form => {
            bytes.push(MASKED | IN_TWO);
            bytes.extend(medium.to_be_bytes());
        }
        _ => {
            bytes.push(MASKED | IN_EIGHT);
            bytes.extend((length as u64).to_be_bytes());
        }
    }
    bytes.extend([0xAA; 4]);
    // Payloads look like headers of unfinished frames.
    bytes.extend(vec![TEXT; length]);
    bytes
}

fn scanned(bytes: &[u8]) -> FrameScanner {
    let mut scanner = FrameScanner::default();
    scanner.scan(bytes);
    scanner
}

fn unfinished(bytes: &[u8]) -> Option<(u64, u64)> {
    scanned(bytes).unfinished().map(|unfinished| (unfinished.number, unfinished.announced))
}

/// W5
#[test]
fn a_message_is_unfinished_from_its_first_byte_to_its_last() {
    let text = frame(FINAL | TEXT, 300, false);
    assert_eq!(unfinished(&[]), None);
    for end in 1..8 {
        assert_eq!(unfinished(&text[..end]), Some((0, 0)), "{end} bytes of the header");
    }
    for end in 8..text.len() {
        assert_eq!(unfinished(&text[..end]), Some((0, 300)), "{end} bytes");
    }
    assert_eq!(unfinished(&text), None);
    assert_eq!(unfinished(&[&text[..], &text[..1]].concat()), Some((1, 0)), "the next one");
}

/// W4, W5
#[test]
fn a_message_in_fragments_is_one_message_whatever_comes_between() {
    let (begun, empty) = (frame(TEXT, 5, false), frame(CONTINUATION, 0, false));
    let between = [frame(FINAL | PING, 3, false), frame(FINAL | PONG, 0, false)].concat();
    let amid = [&begun[..], &empty, &between, &empty].concat();
    assert_eq!(unfinished(&amid), Some((0, 5 + 3)));
    let end = frame(FINAL | CONTINUATION, 7, false);
    assert_eq!(unfinished(&[&amid[..], &end].concat()), None);
}

/// W4, W6
#[test]
fn a_frame_costs_something_even_if_it_is_empty() {
    let mut scanner = FrameScanner::default();
    let empties = [frame(CONTINUATION, 0, false), frame(FINAL | PING, 0, false)].concat();
    assert_eq!(scanner.scan(&empties), Seen { pings: 1, surcharge: 2 * (64 - 6), longest: 0 });
    assert_eq!(scanner.scan(&frame(FINAL | TEXT, 58, false)).surcharge, 0);
}

#[test]
fn a_close_frame_is_seen_when_it_is_whole() {
    let close = frame(FINAL | CLOSE, 2, false);
    assert!(!scanned(&close[..close.len() - 1]).has_closed());
    assert!(scanned(&close).has_closed());
}

/// W3
#[test]
fn the_longest_claim_is_followed_without_an_overflow() {
    let mut claim = vec![TEXT, MASKED | IN_EIGHT];
    claim.extend([0xFF; 8]);
    claim.extend([0; 4]);
    let claims = [&claim[..], &[0; 1000]].concat();
    assert_eq!(unfinished(&claims), Some((0, u64::MAX)));
}

fn any_frame() -> impl Strategy<Value = Vec<u8>> {
    (any::<u8>(), 0_usize..300, any::<bool>())
        .prop_map(|(first, length, has_long_form)| frame(first, length, has_long_form))
}

proptest! {
    /// However the bytes are cut, frames or not, the same is seen.
    #[test]
    fn any_split_of_the_bytes_gives_the_same(
        frames in prop::collection::vec(any_frame(), 0..20),
        noise in prop::collection::vec(any::<u8>(), 0..40),
        cuts in prop::collection::vec(1_usize..50, 1..200),
    ) {
        let bytes = [frames.concat(), noise].concat();
        let mut whole = FrameScanner::default();
        let seen = whole.scan(&bytes);
        let (mut pieces, mut sum, mut rest) = (FrameScanner::default(), Seen::default(), &bytes[..]);
        for cut in cuts.iter().cycle() {
            let (piece, after) = rest.split_at((*cut).min(rest.len()));
            let part = pieces.scan(piece);
            sum.pings += part.pings;
            sum.surcharge += part.surcharge;
            sum.longest = sum.longest.max(part.longest);
            rest = after;
            if rest.is_empty() {
                break;
            }
        }
        prop_assert_eq!(sum, seen);
        prop_assert_eq!(pieces.unfinished(), whole.unfinished());
        prop_assert_eq!(pieces.has_closed(), whole.has_closed());
    }

    /// Whole frames of which the last is final leave nothing unfinished.
    #[test]
    fn whole_messages_leave_nothing_unfinished(lengths in prop::collection::vec(0_usize..300, 0..20)) {
        let mut bytes: Vec<u8> = lengths.iter().flat_map(|length| frame(CONTINUATION, *length, false)).collect();
        bytes.extend(frame(FINAL | CONTINUATION, 0, true));
        prop_assert_eq!(scanned(&bytes).unfinished(), None);
    }
}
