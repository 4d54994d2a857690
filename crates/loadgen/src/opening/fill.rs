//! Filling a document.

use std::time::Duration;

use collabd_documents::wire;
use collabd_protocol::DocumentId;
use tokio::time::timeout;

use super::stage::{OpeningError, Plan};
use crate::editing::{EditingError, Editor, Target, Visit, hear};

/// Client ids begin here.
const FIRST_CLIENT: u64 = 3_000_000_000;
/// Keys that a writer presses before it is the next one's turn. While the others have theirs, this times their number
/// waits for each writer: far below what a server keeps for somebody who does not read.
const TURN: u32 = 128;
/// How long one turn may take to arrive.
const PATIENCE: Duration = Duration::from_mins(1);

/// Who has typed how much: Yjs client ids and their clocks.
pub(super) type Clocks = Vec<(u64, u32)>;

/// Lets the plan's writers type in turns, each as fast as it can, and waits until the server has everything.
///
/// Before its turn a writer takes in what the one before it typed: so nobody is ahead of the server, and keystrokes
/// of different people are beside each other, as in a document that people wrote together.
pub(super) async fn fill(
    plan: &Plan,
    target: &Target,
    document: &DocumentId,
) -> Result<Clocks, OpeningError> {
    let mut writers = Vec::new();
    for index in 0..plan.writers.get() {
        let editor = Editor::new(FIRST_CLIENT + u64::from(index));
        writers.push(Visit::open(target, document, editor).await?);
    }
    let (mut left, mut turn) = (plan.updates.get(), 0);
    while left > 0 {
        let (writer, next) = (turn % writers.len(), (turn + 1) % writers.len());
        let keys = left.min(TURN);
        write(&mut writers[writer], keys).await?;
        let Visit { editor, .. } = &writers[writer];
        let typed = (editor.client(), editor.clock());
        if next != writer {
            take_in_up_to(&mut writers[next], typed).await?;
        }
        left -= keys;
        turn += 1;
    }
    let clocks = writers.iter().map(|Visit { editor, .. }| (editor.client(), editor.clock())).collect();
    Visit::look(target, document, |editor| has_all(editor, &clocks)).await?;
    for mut writer in writers {
        // One that is closed already has left, too.
        let _ = writer.socket.sender.close().await;
    }
    Ok(clocks)
}

/// Does `editor` have all of `clocks`?
pub(super) fn has_all(editor: &Editor, clocks: &Clocks) -> bool {
    clocks.iter().all(|(client, clock)| editor.clock_of(*client) >= *clock)
}

async fn write(writer: &mut Visit, keys: u32) -> Result<(), EditingError> {
    for _ in 0..keys {
        let update = writer.editor.press().update;
        writer.socket.sender.feed(wire::update(&update)).await?;
    }
    writer.socket.sender.flush().await
}

async fn take_in_up_to(writer: &mut Visit, (client, clock): (u64, u32)) -> Result<(), EditingError> {
    let taking_in = async {
        while writer.editor.clock_of(client) < clock {
            hear(&mut writer.socket, &writer.editor).await?;
        }
        Ok(())
    };
    let timed_out = EditingError::TimedOut { what: "updates of another writer", waited: PATIENCE };
    timeout(PATIENCE, taking_in).await.unwrap_or(Err(timed_out))
}
