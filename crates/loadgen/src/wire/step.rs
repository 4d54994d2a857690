//! Where members are: a position is a step on a way that every receiver knows.

use collabd_protocol::position::{
    CanvasPosition, CodeEditorPosition, Rotation, SpreadsheetPosition, ThreeDPosition, TimelinePosition,
};
use collabd_protocol::{CursorPosition, DocumentType};

/// The step of the last position. No moving member gets there, and it is exact in 32-bit floating point as well.
pub(crate) const LAST_STEP: u32 = 10_000_000;

/// The position at `step` in a document of this kind.
pub(crate) fn position(kind: DocumentType, step: u32) -> CursorPosition {
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

/// The step at which this position is; `None` for one that is on no member's way.
pub(crate) fn step(at: &CursorPosition) -> Option<u32> {
    let step = match at {
        CursorPosition::Canvas(at) => whole(at.x)?,
        CursorPosition::ThreeD(at) => whole(at.x)?,
        CursorPosition::Spreadsheet(at) => at.row,
        CursorPosition::Timeline(at) => u32::try_from(at.timestamp).ok()?,
        CursorPosition::CodeEditor(at) => at.line,
    };
    (position(at.document_type(), step) == *at).then_some(step)
}

/// A coordinate as a step.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "compared with what it came from"
)]
pub(super) fn whole(coordinate: f64) -> Option<u32> {
    let step = coordinate as u32;
    (f64::from(step).total_cmp(&coordinate).is_eq()).then_some(step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_says_its_step_in_every_kind_of_document() {
        for kind in DocumentType::ALL {
            for at in [0, 1, 77, LAST_STEP] {
                position(kind, at).validate().unwrap();
                assert_eq!(step(&position(kind, at)), Some(at), "{kind}");
            }
        }
    }

    #[test]
    fn a_position_that_was_changed_on_its_way_has_none() {
        let astray = CanvasPosition { x: 5.0, y: 6.0, zoom: Some(1.0) };
        assert_eq!(step(&CursorPosition::Canvas(astray)), None);
        assert_eq!((whole(0.5), whole(-1.0), whole(f64::NAN)), (None, None, None));
    }
}
