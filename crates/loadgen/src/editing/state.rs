//! What two copies of a document must have in common.

use yrs::{GetString as _, ReadTxn as _, Snapshot, Transact as _};

use super::Editor;

/// A document at one moment. Two copies that have seen the same changes are equal, however they came by them.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct State {
    /// Which changes it has, deletions included.
    changes: Snapshot,
    text: String,
}

impl State {
    pub(crate) fn of(editor: &Editor) -> Self {
        let text = editor.text();
        let transaction = editor.doc().transact();
        Self { changes: transaction.snapshot(), text: text.get_string(&transaction) }
    }

    /// How many changes of `client` are in it.
    pub(crate) fn clock(&self, client: u64) -> u32 {
        self.changes.state_map.get(&yrs::block::ClientID::new(client))
    }
}
