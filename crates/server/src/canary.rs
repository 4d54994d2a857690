//! The canary: a real session in a project that nobody can see, through the same coordinator and the same kind of
//! actor as everybody's. If it hears its companion's cursor, the machine works.

use std::time::Duration;

use collabd_core::faults;
use collabd_core::limits::OutboxLimits;
use collabd_core::outbox::{Entry, outbox};
use collabd_core::{CoordinatorHandle, JoinError, JoinRequest, OutboxReader, Profile, ProjectError, Session};
use collabd_protocol::client::CursorUpdate;
use collabd_protocol::codec::peer;
use collabd_protocol::position::CanvasPosition;
use collabd_protocol::text::TextError;
use collabd_protocol::{
    AvatarColor, CursorPosition, DepartureReason, DocumentId, DocumentType, Encoding, ProjectId,
    ServerMessage, UserId, UserName,
};
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

/// A machine that takes longer than this for two sessions and one cursor is not able to serve people.
const DEADLINE: Duration = Duration::from_secs(1);

/// Why the canary did not come back.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CanaryError {
    /// It took longer than the deadline.
    #[error("a probe session got no answer within {} ms", DEADLINE.as_millis())]
    Late,
    /// The server sent it away.
    #[error("a probe session was ended")]
    Ended,
    /// It could not join.
    #[error("a probe session could not join: {0}")]
    Join(#[from] JoinError),
    /// It could not act.
    #[error("a probe session was refused: {0}")]
    Project(#[from] ProjectError),
    /// Its own names are wrong.
    #[error("a probe session has no valid name: {0}")]
    Name(#[from] TextError),
}

/// Probes the collaboration core, one probe at a time.
#[derive(Debug)]
pub(crate) struct Canary {
    coordinator: CoordinatorHandle,
    limits: OutboxLimits,
    /// When the last probe that came back had begun.
    last_success: Mutex<Option<Instant>>,
}

impl Canary {
    pub(crate) fn new(coordinator: CoordinatorHandle, limits: OutboxLimits) -> Self {
        Self { coordinator, limits, last_success: Mutex::default() }
    }

    /// Probes, or takes the answer of a probe that began while this one waited for its turn: many who ask at once
    /// cost two probes, not one each, and nobody's deadline runs while others probe.
    pub(crate) async fn sing(&self) -> Result<(), CanaryError> {
        let asked = Instant::now();
        let mut last_success = self.last_success.lock().await;
        if last_success.is_some_and(|began| began >= asked) {
            return Ok(());
        }
        let began = Instant::now();
        timeout(DEADLINE, self.probe()).await.unwrap_or(Err(CanaryError::Late))?;
        *last_success = Some(began);
        Ok(())
    }

    /// Opens the reserved project, joins it twice, moves one cursor and waits for the other to see it.
    async fn probe(&self) -> Result<(), CanaryError> {
        faults::delay("canary").await;
        let document = DocumentId::new("canary")?;
        let (listener, mut ears) = self.join("listener", &document).await?;
        let (singer, _) = self.join("singer", &document).await?;
        singer.switch_document(document.clone(), DocumentType::Canvas).await?;
        singer.move_cursor(note(document))?;
        hear_cursor_of(&singer, &mut ears).await?;
        singer.leave(DepartureReason::Left, None);
        listener.leave(DepartureReason::Left, None);
        Ok(())
    }

    async fn join(&self, name: &str, document: &DocumentId) -> Result<(Session, OutboxReader), CanaryError> {
        let (outbox, reader) = outbox(self.limits);
        let user_id = UserId::new(name)?;
        let request = JoinRequest {
            profile: Profile {
                avatar_color: AvatarColor::for_user(&user_id),
                user_id,
                user_name: UserName::new(name)?,
                is_agent: true,
            },
            encoding: Some(Encoding::Json),
            outbox,
            document: Some((document.clone(), Some(DocumentType::Canvas))),
        };
        Ok((self.coordinator.join(ProjectId::CANARY, request).await?, reader))
    }
}

fn note(document_id: DocumentId) -> CursorUpdate {
    CursorUpdate {
        document_id,
        document_type: None,
        position: CursorPosition::Canvas(CanvasPosition { x: 0.0, y: 0.0, zoom: None }),
        selected_node_id: None,
        timestamp: None,
    }
}

/// Waits for the singer's cursor, or for the end of the session that listens: once that is told, it is told whenever
/// somebody looks, and nothing else ever comes.
async fn hear_cursor_of(singer: &Session, ears: &mut OutboxReader) -> Result<(), CanaryError> {
    loop {
        let drained = ears.next().await;
        let heard = drained.entries.into_iter().flat_map(Entry::frames);
        let is_singer = |message| matches!(message, ServerMessage::CursorUpdate { data } if data.session_id == singer.id());
        if heard.filter_map(|frame| peer::decode(frame.payload()).ok()).flatten().any(is_singer) {
            return Ok(());
        }
        if drained.goodbye.is_some() {
            return Err(CanaryError::Ended);
        }
    }
}

#[cfg(test)]
mod tests {
    use collabd_core::{CollaborationCoordinator, FlightRecorder, Limits, Metrics, Tasks};
    use collabd_protocol::CloseCode;

    use super::*;

    #[tokio::test]
    async fn a_listener_that_is_sent_away_fails_the_probe_and_does_not_listen_for_ever() {
        let (metrics, recorder) = (Metrics::default(), FlightRecorder::default());
        let coordinator =
            CollaborationCoordinator::spawn(Limits::default(), metrics, recorder, &Tasks::new());
        let canary = Canary::new(coordinator, OutboxLimits::default());
        let document = DocumentId::new("canary").unwrap();
        let (_listener, mut ears) = canary.join("listener", &document).await.unwrap();
        let (singer, _) = canary.join("singer", &document).await.unwrap();
        canary.coordinator.close_project(ProjectId::CANARY, CloseCode::GoingAway.into());
        let heard = hear_cursor_of(&singer, &mut ears).await;
        assert!(matches!(heard, Err(CanaryError::Ended)), "{heard:?}");
    }
}
