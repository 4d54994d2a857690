//! What an update is about, without taking it in.

use yrs::Update;
use yrs::updates::decoder::Decode as _;

use crate::editing::EditingError;

/// Calls `each` with every client that inserted something, and the clock behind the last of it.
///
/// The usual update holds one character of one client and is read by its first few bytes. Servers may send several
/// changes as one update, which the library reads.
pub(super) fn ends(update: &[u8], mut each: impl FnMut(u64, u32)) -> Result<(), EditingError> {
    let mut rest = update;
    if let Some([1, 1]) = next(&mut rest, 2)
        && let (Some(client), Some(clock)) = (uint(&mut rest), uint(&mut rest))
        && is_one_character(rest)
        && let Ok(clock) = u32::try_from(clock)
    {
        each(client, clock + 1);
        return Ok(());
    }
    if update.first() == Some(&0) {
        // Deletions have no clock.
        return Ok(());
    }
    let update = Update::decode_v1(update).map_err(|error| EditingError::Update(error.to_string()))?;
    for (client, clocks) in update.insertions(true).iter() {
        if let Some(last) = clocks.iter().next_back() {
            each(client.get(), last.end);
        }
    }
    Ok(())
}

/// Does the struct's content end with a string of one byte, with no deletions behind it?
fn is_one_character(body: &[u8]) -> bool {
    const STRING: u8 = 4;
    let is_string = body.first().is_some_and(|info| info & 0x1f == STRING);
    is_string && matches!(body, [.., 1, letter, 0] if letter.is_ascii())
}

fn next<'a>(bytes: &mut &'a [u8], count: usize) -> Option<&'a [u8]> {
    let (taken, rest) = bytes.split_at_checked(count)?;
    *bytes = rest;
    Some(taken)
}

/// A varUint.
fn uint(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..63).step_by(7) {
        let [byte] = *next(bytes, 1)? else { return None };
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editing::{Editor, take_in};
    use yrs::{ReadTxn as _, StateVector, Transact as _};

    fn read(update: &[u8]) -> Vec<(u64, u32)> {
        let mut read = Vec::new();
        ends(update, |client, end| read.push((client, end))).unwrap();
        read.sort_unstable();
        read
    }

    #[test]
    fn each_keystroke_is_recognised_by_its_client_and_clock() {
        let mut editor = Editor::new(u64::from(u32::MAX));
        for _ in 0..500 {
            let keystroke = editor.press();
            let expected = keystroke.clock.map(|clock| (u64::from(u32::MAX), clock + 1));
            assert_eq!(read(&keystroke.update), expected.into_iter().collect::<Vec<_>>());
        }
    }

    #[test]
    fn several_changes_in_one_update_are_all_found() {
        let (mut one, mut two) = (Editor::new(10), Editor::new(20));
        for _ in 0..40 {
            take_in(one.doc(), &two.press().update).unwrap();
            one.press();
        }
        let all = one.doc().transact().encode_diff_v1(&StateVector::default());
        assert_eq!(read(&all), [(10, one.clock()), (20, two.clock())]);
        assert_eq!(read(&two.paste(300)), [(20, two.clock())]);
    }

    #[test]
    fn what_is_no_update_is_an_error() {
        ends(&[9, 9, 9], |_, _| {}).unwrap_err();
    }
}
