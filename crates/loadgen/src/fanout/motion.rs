//! Where members are: who is called what, and the positions they move through.

use collabd_protocol::client::CursorUpdate;
use collabd_protocol::position::{
    CanvasPosition, CodeEditorPosition, Rotation, SpreadsheetPosition, ThreeDPosition, TimelinePosition,
};
use collabd_protocol::text::TextError;
use collabd_protocol::{CursorPosition, DocumentId, DocumentType, UserId};

/// The step of the last position. No moving member gets there, and it is exact in 32-bit floating point as well.
const LAST_STEP: u32 = 10_000_000;

/// The document that everybody opens.
const DOCUMENT: &str = "fanout";

/// A member's place: which project, and which of its members.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// Index of the project, from 0.
    pub(super) project: u32,
    /// Index among the project's members, from 0.
    pub(super) member: u32,
}

impl Place {
    /// The user that this member is.
    pub(super) fn user(self) -> String {
        format!("load-{}-{}", self.project, self.member)
    }

    /// The member of the own project that `user` is, if it is one of this scenario.
    pub(super) fn neighbour(self, user: &UserId) -> Option<u32> {
        let (project, member) = user.as_str().strip_prefix("load-")?.split_once('-')?;
        if project.parse() == Ok(self.project) { member.parse().ok() } else { None }
    }

    /// The kind of the project's document: over the projects all five in turn. Positions of another kind would be
    /// refused, since a document has one kind while somebody is in it.
    pub(super) fn kind(self) -> DocumentType {
        DocumentType::ALL[self.project as usize % DocumentType::ALL.len()]
    }
}

/// The document that everybody opens.
pub(super) fn document() -> Result<DocumentId, TextError> {
    DocumentId::new(DOCUMENT)
}

/// The moves of one member, in order.
#[derive(Debug)]
pub(super) struct Motion {
    document: DocumentId,
    kind: DocumentType,
    step: u32,
}

impl Motion {
    pub(super) fn new(document: DocumentId, kind: DocumentType) -> Self {
        Self { document, kind, step: 0 }
    }

    /// The next move, sent at `sent_at` on the scenario's clock.
    pub(super) fn next(&mut self, sent_at: i64) -> CursorUpdate {
        let position = position(self.kind, self.step);
        self.step = (self.step + 1) % LAST_STEP;
        self.update(position, sent_at)
    }

    /// The last move.
    pub(super) fn last(&self, sent_at: i64) -> CursorUpdate {
        self.update(position(self.kind, LAST_STEP), sent_at)
    }

    fn update(&self, position: CursorPosition, sent_at: i64) -> CursorUpdate {
        CursorUpdate {
            document_id: self.document.clone(),
            document_type: Some(self.kind),
            position,
            selected_node_id: None,
            timestamp: Some(sent_at),
        }
    }
}

/// Is this the position that a member sends last?
pub(super) fn is_last(at: &CursorPosition) -> bool {
    *at == position(at.document_type(), LAST_STEP)
}

fn position(kind: DocumentType, step: u32) -> CursorPosition {
    let coordinate = f64::from(step);
    match kind {
        DocumentType::Canvas => {
            CursorPosition::Canvas(CanvasPosition { x: coordinate, y: coordinate, zoom: Some(1.0) })
        }
        DocumentType::Spreadsheet => {
            CursorPosition::Spreadsheet(SpreadsheetPosition { row: step, column: step % 26, sheet: None })
        }
        DocumentType::ThreeD => CursorPosition::ThreeD(ThreeDPosition {
            x: coordinate,
            y: coordinate,
            z: 1.0,
            rotation: Some(Rotation { x: 0.0, y: 0.5, z: 0.0 }),
            scale: None,
            viewport: None,
        }),
        DocumentType::Timeline => {
            CursorPosition::Timeline(TimelinePosition { timestamp: step.into(), track: Some(step % 8) })
        }
        DocumentType::CodeEditor => {
            CursorPosition::CodeEditor(CodeEditorPosition { line: step, column: step % 80, file: None })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_position_of_each_kind_is_the_last() {
        for kind in DocumentType::ALL {
            let mut motion = Motion::new(document().unwrap(), kind);
            assert!(is_last(&motion.last(0).position), "{kind}");
            assert!(!is_last(&motion.next(0).position), "{kind}");
            motion.step = LAST_STEP - 1;
            assert!(!is_last(&motion.next(0).position), "{kind}");
            assert!(!is_last(&motion.next(0).position), "{kind}");
            motion.last(0).position.validate().unwrap();
        }
    }

    #[test]
    fn a_neighbour_is_known_by_the_user_it_is() {
        let place = Place { project: 3, member: 14 };
        let user = |text: &str| UserId::new(text).unwrap();
        assert_eq!(place.neighbour(&user(&place.user())), Some(14));
        assert_eq!(place.neighbour(&user("load-4-14")), None);
        assert_eq!(place.neighbour(&user("alice")), None);
    }
}
