//! A client with a document that has all that the server has.

use std::time::Duration;

use collabd_documents::wire;
use collabd_documents::wire::peer::ServerMessage;
use collabd_protocol::DocumentId;
use tokio::time::{sleep, timeout};
use yrs::updates::decoder::Decode as _;
use yrs::updates::encoder::Encode as _;
use yrs::{Doc, ReadTxn as _, StateVector, Transact as _, Update};

use super::framing::Heard;
use super::{EditingError, Editor, Socket, State, Target};

/// The close code of a server that is too busy (RFC 6455's registry).
const TRY_AGAIN_LATER: u16 = 1013;
/// Before it is tried again.
const PAUSE: Duration = Duration::from_millis(100);
/// The client id of those who only look; they change nothing.
const VISITOR: u64 = 1;
/// How long connecting and synchronizing may take.
const PATIENCE: Duration = Duration::from_mins(1);

/// An open connection and its document.
pub(crate) struct Visit {
    pub(crate) socket: Socket,
    pub(crate) editor: Editor,
}

impl Visit {
    /// Connects to `document` and exchanges with the server what each lacks. Comes back to a server that says that it
    /// is too busy.
    pub(crate) async fn open(
        target: &Target,
        document: &DocumentId,
        editor: Editor,
    ) -> Result<Self, EditingError> {
        let opening = async {
            loop {
                match Self::exchange(target, document, &editor).await {
                    Ok(socket) => return Ok(Self { socket, editor }),
                    Err(EditingError::Closed { code: Some(TRY_AGAIN_LATER), .. }) => sleep(PAUSE).await,
                    Err(error) => return Err(error),
                }
            }
        };
        let timed_out = EditingError::TimedOut { what: "synchronization", waited: PATIENCE };
        timeout(PATIENCE, opening).await.unwrap_or(Err(timed_out))
    }

    async fn exchange(
        target: &Target,
        document: &DocumentId,
        editor: &Editor,
    ) -> Result<Socket, EditingError> {
        let mut socket = Socket::open(target, document).await?;
        let clocks = editor.doc().transact().state_vector().encode_v1();
        socket.sender.send(wire::sync_step1(&clocks)).await?;
        while !hear(&mut socket, editor).await? {}
        Ok(socket)
    }

    /// Opens `document` with a new client and gives what is in it.
    ///
    /// A server may answer before it has read its disk and send the content when it has, so `is_all` decides.
    pub(crate) async fn look(
        target: &Target,
        document: &DocumentId,
        is_all: impl Fn(&Editor) -> bool,
    ) -> Result<Editor, EditingError> {
        let looking = async {
            let mut visit = Self::open(target, document, Editor::new(VISITOR)).await?;
            while !is_all(&visit.editor) {
                hear(&mut visit.socket, &visit.editor).await?;
            }
            // Only the content was wanted; how the connection ends is of no interest.
            let _ = visit.socket.sender.close().await;
            Ok(visit.editor)
        };
        let timed_out = EditingError::TimedOut { what: "content", waited: PATIENCE };
        timeout(PATIENCE, looking).await.unwrap_or(Err(timed_out))
    }

    /// Opens `document` with a new client and gives what the server answers with.
    pub(crate) async fn state(target: &Target, document: &DocumentId) -> Result<State, EditingError> {
        Ok(State::of(&Self::look(target, document, |_| true).await?))
    }
}

/// Takes in one frame and answers it. Was it the server's answer to what this client lacks?
pub(crate) async fn hear(socket: &mut Socket, editor: &Editor) -> Result<bool, EditingError> {
    match socket.receiver.next().await? {
        Heard::Message(ServerMessage::SyncStep1(clocks)) => {
            let answer = all_that_is_missing(editor.doc(), &clocks)?;
            socket.sender.send(wire::sync_step2(&answer)).await?;
        }
        Heard::Message(ServerMessage::SyncStep2(update)) => {
            take_in(editor.doc(), &update)?;
            return Ok(true);
        }
        Heard::Message(ServerMessage::Update(update)) => take_in(editor.doc(), &update)?,
        Heard::Message(_) | Heard::Welcome | Heard::Nothing => {}
    }
    Ok(false)
}

/// Applies an update.
pub(crate) fn take_in(doc: &Doc, update: &[u8]) -> Result<(), EditingError> {
    let update = Update::decode_v1(update).map_err(|error| EditingError::Update(error.to_string()))?;
    doc.transact_mut().apply_update(update).map_err(|error| EditingError::Update(error.to_string()))
}

/// What somebody with `clocks` lacks.
pub(crate) fn all_that_is_missing(doc: &Doc, clocks: &[u8]) -> Result<Vec<u8>, EditingError> {
    let clocks = StateVector::decode_v1(clocks).map_err(|error| EditingError::Update(error.to_string()))?;
    Ok(doc.transact().encode_diff_v1(&clocks))
}
