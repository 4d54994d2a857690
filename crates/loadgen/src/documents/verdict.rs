//! Has everybody the same document, with everything in it?

use super::ledger::Ledger;
use super::outcome::Outcome;
use crate::editing::State;

/// What differs at the end. All of it is 0, or the server has lost something.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Verdict {
    /// Clients that were compared with one that opened the document afresh.
    pub(super) compared: u64,
    /// How many of them have another document.
    pub(super) different: u64,
    /// Changes that somebody made and the fresh client does not have.
    pub(super) missing: u64,
}

impl Verdict {
    /// Compares all clients with those who opened each document afresh.
    pub(super) fn of(outcomes: &[Outcome], fresh: &[State]) -> Self {
        let mut verdict = Self::default();
        for outcome in outcomes {
            let fresh = &fresh[outcome.place.document as usize];
            let arrived = fresh.clock(Ledger::client(outcome.place.client));
            verdict.missing += u64::from(outcome.clock.saturating_sub(arrived));
            if let Some(state) = &outcome.state {
                verdict.compared += 1;
                verdict.different += u64::from(state != fresh);
            }
        }
        verdict
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::outcome::{End, Place};
    use crate::editing::{Editor, take_in};

    fn outcome(editor: &Editor, client: u32, applies: bool) -> Outcome {
        let place = Place { document: 0, client };
        let state = applies.then(|| State::of(editor));
        Outcome { place, sent: 0, clock: editor.clock(), state, end: End::Closed }
    }

    #[test]
    fn a_change_that_one_client_lacks_is_seen() {
        let mut one = Editor::new(Ledger::client(0));
        let two = Editor::new(Ledger::client(1));
        let first = one.paste(3);
        take_in(two.doc(), &first).unwrap();
        let both = |one: &Editor, two: &Editor| [outcome(one, 0, true), outcome(two, 1, true)];
        let good = Verdict::of(&both(&one, &two), &[State::of(&two)]);
        assert_eq!(good, Verdict { compared: 2, different: 0, missing: 0 });
        one.paste(2);
        let lost = Verdict::of(&both(&one, &two), &[State::of(&two)]);
        assert_eq!(lost, Verdict { compared: 2, different: 1, missing: 2 });
        let counting = Verdict::of(&[outcome(&one, 0, false)], &[State::of(&two)]);
        assert_eq!(counting, Verdict { compared: 0, different: 0, missing: 2 });
    }

    #[test]
    fn a_deletion_that_one_client_lacks_is_seen() {
        let mut one = Editor::new(Ledger::client(0));
        let two = Editor::new(Ledger::client(1));
        loop {
            let keystroke = one.press();
            if keystroke.clock.is_none() {
                break;
            }
            take_in(two.doc(), &keystroke.update).unwrap();
        }
        let verdict = Verdict::of(&[outcome(&one, 0, true)], &[State::of(&two)]);
        assert_eq!(verdict, Verdict { compared: 1, different: 1, missing: 0 });
    }
}
