//! Where a cursor is, as values in a fixed order: the fields of its position, what is selected there, the timestamp. Nil
//! stands for what is absent; nils at the end are left out.

use rmp::encode;

use super::number::write_number;
use super::reader::{Malformed, Reader, Token};
use super::written;
use crate::codes::ErrorCode;
use crate::position::{
    CanvasPosition, CodeEditorPosition, CursorPosition, DocumentType, PositionError, Rotation,
    SpreadsheetPosition, ThreeDPosition, TimelinePosition,
};
use crate::text::Label;

/// A cursor without its session and its document.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Place {
    pub(super) position: CursorPosition,
    pub(super) selected_node_id: Option<Label>,
    pub(super) timestamp: Option<i64>,
}

/// A value that is not as it must be, or bytes that are no value.
#[derive(Debug, thiserror::Error)]
pub(super) enum PlaceError {
    #[error(transparent)]
    Malformed(#[from] Malformed),
    #[error("data.position.{0}")]
    Position(#[from] PositionError),
    #[error("{field}: {problem}")]
    Field { field: &'static str, problem: String },
}

impl PlaceError {
    pub(super) fn code(&self) -> ErrorCode {
        match self {
            Self::Position(_) => ErrorCode::InvalidPosition,
            Self::Field { field, .. } if field.starts_with("data.position") => ErrorCode::InvalidPosition,
            _ => ErrorCode::BadRequest,
        }
    }
}

/// One value of a place, on its way out.
enum Value<'a> {
    Nil,
    Number(f64),
    Signed(i64),
    Unsigned(u64),
    Label(&'a Label),
    Rotation(Rotation),
}

impl<'a> Value<'a> {
    fn number(number: Option<f64>) -> Self {
        number.map_or(Self::Nil, Self::Number)
    }

    fn label(label: Option<&'a Label>) -> Self {
        label.map_or(Self::Nil, Self::Label)
    }

    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Nil => written(encode::write_nil(out)),
            Self::Number(number) => write_number(out, *number),
            Self::Signed(number) => drop(written(encode::write_sint(out, *number))),
            Self::Unsigned(number) => drop(written(encode::write_uint(out, *number))),
            Self::Label(label) => written(encode::write_str(out, label.as_str())),
            Self::Rotation(Rotation { x, y, z }) => {
                written(encode::write_map_len(out, 3));
                for (axis, angle) in [("x", x), ("y", y), ("z", z)] {
                    written(encode::write_str(out, axis));
                    write_number(out, *angle);
                }
            }
        }
    }
}

/// Writes an array of what `write_head` writes, `head` values, and the place.
pub(super) fn write_with(
    out: &mut Vec<u8>,
    head: usize,
    write_head: impl FnOnce(&mut Vec<u8>),
    position: &CursorPosition,
    selected_node_id: Option<&Label>,
    timestamp: Option<i64>,
) {
    let whole = |number: u32| Value::Unsigned(number.into());
    let mut values = match position {
        CursorPosition::Canvas(at) => vec![Value::Number(at.x), Value::Number(at.y), Value::number(at.zoom)],
        CursorPosition::Spreadsheet(at) => {
            vec![whole(at.row), whole(at.column), Value::label(at.sheet.as_ref())]
        }
        CursorPosition::ThreeD(at) => vec![
            Value::Number(at.x),
            Value::Number(at.y),
            Value::Number(at.z),
            at.rotation.map_or(Value::Nil, Value::Rotation),
            Value::number(at.scale),
            Value::label(at.viewport.as_ref()),
        ],
        CursorPosition::Timeline(at) => {
            vec![Value::Unsigned(at.timestamp), at.track.map_or(Value::Nil, whole)]
        }
        CursorPosition::CodeEditor(at) => {
            vec![whole(at.line), whole(at.column), Value::label(at.file.as_ref())]
        }
    };
    values.extend([Value::label(selected_node_id), timestamp.map_or(Value::Nil, Value::Signed)]);
    while values.last().is_some_and(|value| matches!(value, Value::Nil)) {
        values.pop();
    }
    // A dozen at most.
    written(encode::write_array_len(out, u32::try_from(head + values.len()).unwrap_or(u32::MAX)));
    write_head(out);
    for value in &values {
        value.write(out);
    }
}

/// The values of an array that are still to be read; beyond its end they are nil.
pub(super) struct Values<'r, 'a> {
    pub(super) reader: &'r mut Reader<'a>,
    pub(super) left: u32,
}

impl<'a> Values<'_, 'a> {
    /// Reads the place of a document of this type to the array's end, past what it does not know.
    pub(super) fn place(mut self, document_type: DocumentType) -> Result<Place, PlaceError> {
        let position = self.position(document_type)?;
        let selected_node_id = self.label("data.selectedNodeId")?;
        let timestamp = self.take("data.timestamp", Token::signed, "must be an integer of 64 bits")?;
        while self.left > 0 {
            self.left -= 1;
            self.reader.json()?;
        }
        position.validate()?;
        Ok(Place { position, selected_node_id, timestamp })
    }

    fn position(&mut self, document_type: DocumentType) -> Result<CursorPosition, PlaceError> {
        Ok(match document_type {
            DocumentType::Canvas => CursorPosition::Canvas(CanvasPosition {
                x: self.number("data.position.x")?,
                y: self.number("data.position.y")?,
                zoom: self.take("data.position.zoom", Token::number, NUMBER)?,
            }),
            DocumentType::Spreadsheet => CursorPosition::Spreadsheet(SpreadsheetPosition {
                row: self.index("data.position.row")?,
                column: self.index("data.position.column")?,
                sheet: self.label("data.position.sheet")?,
            }),
            DocumentType::ThreeD => CursorPosition::ThreeD(ThreeDPosition {
                x: self.number("data.position.x")?,
                y: self.number("data.position.y")?,
                z: self.number("data.position.z")?,
                rotation: self.rotation()?,
                scale: self.take("data.position.scale", Token::number, NUMBER)?,
                viewport: self.label("data.position.viewport")?,
            }),
            DocumentType::Timeline => {
                let field = "data.position.timestamp";
                CursorPosition::Timeline(TimelinePosition {
                    timestamp: required(field, self.take(field, Token::unsigned, WHOLE)?)?,
                    track: self.whole("data.position.track")?,
                })
            }
            DocumentType::CodeEditor => CursorPosition::CodeEditor(CodeEditorPosition {
                line: self.index("data.position.line")?,
                column: self.index("data.position.column")?,
                file: self.label("data.position.file")?,
            }),
        })
    }

    fn rotation(&mut self) -> Result<Option<Rotation>, PlaceError> {
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        // As in JSON, in both of its forms.
        serde_json::from_str(&self.reader.json()?).map_err(|_| PlaceError::Field {
            field: "data.position.rotation",
            problem: "must be [x, y, z] or {x, y, z} of numbers".to_owned(),
        })
    }

    fn number(&mut self, field: &'static str) -> Result<f64, PlaceError> {
        required(field, self.take(field, Token::number, NUMBER)?)
    }

    fn index(&mut self, field: &'static str) -> Result<u32, PlaceError> {
        required(field, self.whole(field)?)
    }

    fn whole(&mut self, field: &'static str) -> Result<Option<u32>, PlaceError> {
        let fits = |token: Token<'a>| u32::try_from(token.unsigned()?).ok();
        self.take(field, fits, "must be an integer from 0 to 4294967295")
    }

    fn label(&mut self, field: &'static str) -> Result<Option<Label>, PlaceError> {
        let text = |token: Token<'a>| if let Token::Text(text) = token { Some(text) } else { None };
        let text = self.take(field, text, "must be a text")?;
        let problem = |error: crate::text::TextError| PlaceError::Field { field, problem: error.to_string() };
        text.map(Label::new).transpose().map_err(problem)
    }

    /// The next value as `pick` understands it; `None` for nil.
    fn take<T>(
        &mut self,
        field: &'static str,
        pick: impl FnOnce(Token<'a>) -> Option<T>,
        must: &'static str,
    ) -> Result<Option<T>, PlaceError> {
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        match self.reader.token()? {
            Token::Nil => Ok(None),
            token => match pick(token) {
                Some(value) => Ok(Some(value)),
                None => Err(PlaceError::Field { field, problem: must.to_owned() }),
            },
        }
    }
}

const NUMBER: &str = "must be a number";
const WHOLE: &str = "must be an integer from 0 to 18446744073709551615";

fn required<T>(field: &'static str, value: Option<T>) -> Result<T, PlaceError> {
    value.ok_or_else(|| PlaceError::Field { field, problem: "missing".to_owned() })
}
