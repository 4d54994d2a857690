//! Somebody who types into a document of its own until the server is gone.

use std::time::Duration;

use collabd_documents::wire;
use collabd_documents::wire::peer::ServerMessage;
use collabd_protocol::DocumentId;
use tokio::time::{MissedTickBehavior, interval};
use yrs::{GetString as _, Transact as _};

use super::ledger::Typed;
use crate::editing::{EditingError, Editor, Heard, Socket, Target, all_that_is_missing};

/// Between two keys: quick enough that many share a commit, and slow enough that some do not.
const BETWEEN_KEYS: Duration = Duration::from_millis(3);

/// One who types.
pub(super) struct Typist {
    socket: Socket,
    editor: Editor,
    typed: Typed,
    /// For each sync message sent, how many keys had been pressed by then.
    sent: Vec<usize>,
}

impl Typist {
    /// Opens the document.
    pub(super) async fn open(
        target: Target,
        document: DocumentId,
        client: u64,
    ) -> Result<Self, EditingError> {
        let socket = Socket::open_reporting(&target, &document).await?;
        let typed = Typed { document, texts: vec![String::new()], saved: 0 };
        Ok(Self { socket, editor: Editor::new(client), typed, sent: Vec::new() })
    }

    /// Types until the connection ends.
    pub(super) async fn run(mut self) -> Typed {
        // How it ends is what the scenario is about, and no news.
        let _ = self.go_on().await;
        self.typed
    }

    async fn go_on(&mut self) -> Result<(), EditingError> {
        let mut keys = interval(BETWEEN_KEYS);
        keys.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                heard = self.socket.receiver.next() => {
                    if let Heard::Message(message) = heard? {
                        self.hear(message).await?;
                    }
                }
                _ = keys.tick() => {
                    let update = self.editor.press().update;
                    let text = self.editor.text().get_string(&self.editor.doc().transact());
                    self.typed.texts.push(text);
                    self.send(wire::update(&update)).await?;
                }
            }
        }
    }

    async fn hear(&mut self, message: ServerMessage) -> Result<(), EditingError> {
        match message {
            ServerMessage::SyncStep1(clocks) => {
                let answer = all_that_is_missing(self.editor.doc(), &clocks)?;
                self.send(wire::sync_step2(&answer)).await
            }
            ServerMessage::Saved(count, _) => {
                let last = usize::try_from(count).unwrap_or(usize::MAX).checked_sub(1);
                let keys = last.and_then(|last| self.sent.get(last)).copied();
                self.typed.saved = self.typed.saved.max(keys.unwrap_or(0));
                Ok(())
            }
            _ => Ok(()),
        }
    }

    async fn send(&mut self, message: bytes::Bytes) -> Result<(), EditingError> {
        self.sent.push(self.typed.texts.len() - 1);
        self.socket.sender.send(message).await
    }
}
