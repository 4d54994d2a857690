//! Where a cursor is, in each of the five kinds of document.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::text::Label;

/// The kind of a document, which decides the shape of positions in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case", try_from = "String")]
pub enum DocumentType {
    /// A plane with nodes.
    Canvas,
    /// Rows and columns.
    Spreadsheet,
    /// A scene in space.
    #[serde(rename = "3d")]
    ThreeD,
    /// Tracks over time.
    Timeline,
    /// Lines of text.
    CodeEditor,
}

/// A text that names no document type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be one of canvas, spreadsheet, 3d, timeline, code_editor")]
pub struct DocumentTypeError;

impl DocumentType {
    /// Every kind, in the protocol's order.
    pub const ALL: [Self; 5] =
        [Self::Canvas, Self::Spreadsheet, Self::ThreeD, Self::Timeline, Self::CodeEditor];

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Canvas => "canvas",
            Self::Spreadsheet => "spreadsheet",
            Self::ThreeD => "3d",
            Self::Timeline => "timeline",
            Self::CodeEditor => "code_editor",
        }
    }
}

impl fmt::Display for DocumentType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for DocumentType {
    type Err = DocumentTypeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(DocumentTypeError)
    }
}

// Derived enums would take `{"canvas": null}` for `"canvas"`, too; the protocol does not.
impl TryFrom<String> for DocumentType {
    type Error = DocumentTypeError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

/// A cursor's place, tagged on the wire by `type`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum CursorPosition {
    /// In a canvas.
    Canvas(CanvasPosition),
    /// In a spreadsheet.
    Spreadsheet(SpreadsheetPosition),
    /// In a 3d scene.
    #[serde(rename = "3d")]
    ThreeD(ThreeDPosition),
    /// On a timeline.
    Timeline(TimelinePosition),
    /// In a code editor.
    CodeEditor(CodeEditorPosition),
}

/// A point on a plane, in the document's own units.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct CanvasPosition {
    /// Finite.
    pub x: f64,
    /// Finite.
    pub y: f64,
    /// The viewer's zoom factor: finite, above 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zoom: Option<f64>,
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct SpreadsheetPosition {
    /// Counted from 0.
    pub row: u32,
    /// Counted from 0.
    pub column: u32,
    /// The sheet's name or id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<Label>,
}

/// A point in space, with the pointer's orientation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct ThreeDPosition {
    /// Finite.
    pub x: f64,
    /// Finite.
    pub y: f64,
    /// Finite.
    pub z: f64,
    /// Angles about the axes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rotation: Option<Rotation>,
    /// Finite, above 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale: Option<f64>,
    /// Which view of the scene.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub viewport: Option<Label>,
}

/// Angles about three axes. Clients may send `[x, y, z]` or `{x, y, z}`; it is always sent as the object.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(from = "RotationForm")]
pub struct Rotation {
    /// About the x axis, finite.
    pub x: f64,
    /// About the y axis, finite.
    pub y: f64,
    /// About the z axis, finite.
    pub z: f64,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "a rotation must be [x, y, z] or {x, y, z} of numbers")]
enum RotationForm {
    Array([f64; 3]),
    Object { x: f64, y: f64, z: f64 },
}

impl From<RotationForm> for Rotation {
    fn from(form: RotationForm) -> Self {
        match form {
            RotationForm::Array([x, y, z]) | RotationForm::Object { x, y, z } => Self { x, y, z },
        }
    }
}

/// A moment on a track.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct TimelinePosition {
    /// The document's own time unit, counted from 0.
    pub timestamp: u64,
    /// Counted from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub track: Option<u32>,
}

/// A place in a text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct CodeEditorPosition {
    /// Counted from 0.
    pub line: u32,
    /// Counted from 0.
    pub column: u32,
    /// The file's path or id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<Label>,
}

/// A number of a position outside its range.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error("{field}: must be {range}, is {value}")]
pub struct PositionError {
    /// Which number, as a path inside the position.
    pub field: &'static str,
    /// What it may be.
    pub range: &'static str,
    /// What it was.
    pub value: f64,
}

impl CursorPosition {
    /// The kind of document this position belongs in.
    pub const fn document_type(&self) -> DocumentType {
        match self {
            Self::Canvas(_) => DocumentType::Canvas,
            Self::Spreadsheet(_) => DocumentType::Spreadsheet,
            Self::ThreeD(_) => DocumentType::ThreeD,
            Self::Timeline(_) => DocumentType::Timeline,
            Self::CodeEditor(_) => DocumentType::CodeEditor,
        }
    }

    /// Checks the numbers that their types do not bound already.
    ///
    /// # Errors
    /// [`PositionError`] names the first number out of its range.
    pub fn validate(&self) -> Result<(), PositionError> {
        match self {
            Self::Canvas(at) => {
                finite("x", at.x)?;
                finite("y", at.y)?;
                at.zoom.map_or(Ok(()), |zoom| positive("zoom", zoom))
            }
            Self::ThreeD(at) => {
                finite("x", at.x)?;
                finite("y", at.y)?;
                finite("z", at.z)?;
                if let Some(rotation) = at.rotation {
                    finite("rotation.x", rotation.x)?;
                    finite("rotation.y", rotation.y)?;
                    finite("rotation.z", rotation.z)?;
                }
                at.scale.map_or(Ok(()), |scale| positive("scale", scale))
            }
            Self::Spreadsheet(_) | Self::Timeline(_) | Self::CodeEditor(_) => Ok(()),
        }
    }
}

fn finite(field: &'static str, value: f64) -> Result<(), PositionError> {
    if value.is_finite() { Ok(()) } else { Err(PositionError { field, range: "finite", value }) }
}

fn positive(field: &'static str, value: f64) -> Result<(), PositionError> {
    if value.is_finite() && value > 0.0 {
        Ok(())
    } else {
        Err(PositionError { field, range: "finite and above 0", value })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rotation_comes_as_array_or_object_and_goes_as_object() {
        let array: Rotation = serde_json::from_str("[1, 2.5, -3]").unwrap();
        let object: Rotation = serde_json::from_str(r#"{"x":1,"y":2.5,"z":-3}"#).unwrap();
        assert_eq!(array, object);
        assert_eq!(serde_json::to_string(&array).unwrap(), r#"{"x":1.0,"y":2.5,"z":-3.0}"#);
    }

    #[test]
    fn a_number_that_is_not_finite_is_named() {
        let at = CursorPosition::Canvas(CanvasPosition { x: 0.0, y: f64::NAN, zoom: None });
        assert_eq!(at.validate().unwrap_err().field, "y");
        let at = CursorPosition::Canvas(CanvasPosition { x: f64::INFINITY, y: 0.0, zoom: None });
        assert_eq!(at.validate().unwrap_err().field, "x");
        let at = CursorPosition::Canvas(CanvasPosition { x: 0.0, y: 0.0, zoom: Some(0.0) });
        assert_eq!(at.validate().unwrap_err().to_string(), "zoom: must be finite and above 0, is 0");
    }

    #[test]
    fn every_document_type_is_its_name() {
        for kind in DocumentType::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
            assert_eq!(serde_json::to_string(&kind).unwrap(), format!("\"{kind}\""));
        }
        assert_eq!("slides".parse::<DocumentType>(), Err(DocumentTypeError));
    }
}
