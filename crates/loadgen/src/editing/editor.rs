//! Somebody who types.

use bytes::Bytes;
use rand::rngs::SmallRng;
use rand::{RngExt as _, SeedableRng as _};
use yrs::block::ClientID;
use yrs::{Doc, OffsetKind, Options, ReadTxn as _, Text as _, TextRef, Transact as _};

/// The name under which every document here has its text.
const TEXT: &str = "text";

/// One key in this many is a backspace ...
const BACKSPACE: u32 = 10;
/// ... and before one in this many, the cursor is put somewhere else.
const JUMP: u32 = 12;

/// A Yjs document with a cursor in its one text.
pub(crate) struct Editor {
    doc: Doc,
    text: TextRef,
    client: u64,
    cursor: u32,
    random: SmallRng,
}

/// What one key did.
#[derive(Debug)]
pub(crate) struct Keystroke {
    /// As the others are to be told of it.
    pub(crate) update: Bytes,
    /// The clock of the character; `None` when one was taken away.
    pub(crate) clock: Option<u32>,
}

impl Editor {
    /// An empty document of `client`, whose keys follow from its number.
    pub(crate) fn new(client: u64) -> Self {
        // Yjs counts in UTF-16.
        let options =
            Options { offset_kind: OffsetKind::Utf16, ..Options::with_client_id(ClientID::new(client)) };
        let doc = Doc::with_options(options);
        let text = doc.get_or_insert_text(TEXT);
        Self { doc, text, client, cursor: 0, random: SmallRng::seed_from_u64(client) }
    }

    pub(crate) fn doc(&self) -> &Doc {
        &self.doc
    }

    pub(crate) fn text(&self) -> &TextRef {
        &self.text
    }

    pub(crate) fn client(&self) -> u64 {
        self.client
    }

    /// How many changes it has made itself.
    pub(crate) fn clock(&self) -> u32 {
        self.clock_of(self.client)
    }

    /// How many changes of `client` it has.
    pub(crate) fn clock_of(&self, client: u64) -> u32 {
        self.doc.transact().state_vector().get(&ClientID::new(client))
    }

    /// Presses the next key: mostly a letter behind the last one, sometimes a backspace, now and then elsewhere.
    pub(crate) fn press(&mut self) -> Keystroke {
        let clock = self.clock();
        let mut transaction = self.doc.transact_mut();
        let length = self.text.len(&transaction);
        if self.random.random_ratio(1, JUMP) {
            self.cursor = self.random.random_range(0..=length);
        }
        self.cursor = self.cursor.min(length);
        let takes_away = self.cursor > 0 && self.random.random_ratio(1, BACKSPACE);
        if takes_away {
            self.cursor -= 1;
            self.text.remove_range(&mut transaction, self.cursor, 1);
        } else {
            let letter = char::from(self.random.random_range(b'a'..=b'z'));
            self.text.insert(&mut transaction, self.cursor, letter.encode_utf8(&mut [0; 4]));
            self.cursor += 1;
        }
        let update = transaction.encode_update_v1().into();
        Keystroke { update, clock: (!takes_away).then_some(clock) }
    }

    /// Puts `length` letters in at once.
    pub(crate) fn paste(&mut self, length: usize) -> Bytes {
        let letters: String =
            (0..length).map(|_| char::from(self.random.random_range(b'a'..=b'z'))).collect();
        let mut transaction = self.doc.transact_mut();
        self.text.insert(&mut transaction, 0, &letters);
        transaction.encode_update_v1().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editing::{State, take_in};

    #[test]
    fn a_copy_that_takes_in_every_keystroke_is_equal() {
        let (mut writer, copy) = (Editor::new(7), Editor::new(8));
        let mut backspaces = 0;
        for _ in 0..300 {
            let before = writer.clock();
            let Keystroke { update, clock } = writer.press();
            match clock {
                Some(clock) => assert_eq!((clock, writer.clock()), (before, before + 1)),
                None => backspaces += 1,
            }
            assert_ne!(State::of(&writer), State::of(&copy));
            take_in(copy.doc(), &update).unwrap();
            assert_eq!(State::of(&writer), State::of(&copy));
        }
        assert!((1..100).contains(&backspaces));
        assert_eq!(State::of(&copy).clock(7), writer.clock());
    }

    #[test]
    fn what_is_pasted_is_one_update() {
        let mut writer = Editor::new(7);
        let update = writer.paste(5_000);
        assert!((5_000..5_100).contains(&update.len()));
        assert_eq!(writer.clock(), 5_000);
    }
}
