//! From a client's text frame to a checked message, or to an error that names field, problem and limit.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::client::{ClientMessage, CursorUpdate, LeaveSession};
use crate::codes::ErrorCode;
use crate::ids::DocumentId;
use crate::position::{CursorPosition, DocumentType};
use crate::text::Label;

/// Longest error text sent back, in bytes: it may quote the client's own value.
const MAX_MESSAGE: usize = 240;

/// Why a frame is no message (X2). The display goes to the client as it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct DecodeError {
    /// `bad_request` or `invalid_position`.
    pub code: ErrorCode,
    /// The field as a path, then what is wrong with it.
    pub message: String,
}

impl DecodeError {
    pub(super) fn new(code: ErrorCode, mut message: String) -> Self {
        // A path may hold the client's own keys, whose control characters would corrupt logs and terminals.
        message.retain(|character| !character.is_control());
        if message.len() > MAX_MESSAGE {
            message.truncate(message.floor_char_boundary(MAX_MESSAGE));
            message.push_str("...");
        }
        Self { code, message }
    }

    pub(super) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::BadRequest, message.into())
    }
}

/// Decodes one text frame. Unknown fields are ignored, everything else is checked.
///
/// # Errors
/// [`DecodeError`] when it is no JSON object, names no known type, lacks a field or has one out of its range.
pub fn decode(text: &str) -> Result<ClientMessage, DecodeError> {
    let envelope: Envelope<'_> = Section::root(text).read()?;
    let data = || match envelope.data {
        Some(raw) => Ok(Section { text: raw.get(), path: "data", code: ErrorCode::BadRequest }),
        None => Err(DecodeError::bad_request("data: missing")),
    };
    match &*envelope.kind {
        "join_session" => data()?.read().map(ClientMessage::JoinSession),
        "switch_document" => data()?.read().map(ClientMessage::SwitchDocument),
        "cursor_update" => cursor_update(&data()?).map(ClientMessage::CursorUpdate),
        "set_status" => data()?.read().map(ClientMessage::SetStatus),
        "leave_session" if envelope.data.is_none() => {
            Ok(ClientMessage::LeaveSession(LeaveSession::default()))
        }
        "leave_session" => data()?.read().map(ClientMessage::LeaveSession),
        "authenticate" => data()?.read().map(ClientMessage::Authenticate),
        "ping" => Ok(ClientMessage::Ping),
        unknown => Err(DecodeError::bad_request(format!(
            "type: must be one of join_session, switch_document, cursor_update, set_status, leave_session, \
             authenticate, ping; is {unknown:?}"
        ))),
    }
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
    #[serde(borrow, default)]
    data: Option<&'a RawValue>,
}

/// A cursor update whose position is still text, so that errors inside it keep their path.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawCursorUpdate<'a> {
    document_id: DocumentId,
    document_type: Option<DocumentType>,
    #[serde(borrow)]
    position: &'a RawValue,
    selected_node_id: Option<Label>,
    timestamp: Option<i64>,
}

#[derive(Deserialize)]
struct PositionTag {
    #[serde(rename = "type")]
    kind: DocumentType,
}

fn cursor_update(data: &Section<'_>) -> Result<CursorUpdate, DecodeError> {
    let raw: RawCursorUpdate<'_> = data.read()?;
    let section =
        Section { text: raw.position.get(), path: "data.position", code: ErrorCode::InvalidPosition };
    let position = position(&section)?;
    if let Some(document_type) = raw.document_type
        && document_type != position.document_type()
    {
        return Err(section.problem(&format!(
            "type: is {} in a document of type {document_type}",
            position.document_type()
        )));
    }
    Ok(CursorUpdate {
        document_id: raw.document_id,
        document_type: raw.document_type,
        position,
        selected_node_id: raw.selected_node_id,
        timestamp: raw.timestamp,
    })
}

fn position(section: &Section<'_>) -> Result<CursorPosition, DecodeError> {
    let tag: PositionTag = section.read()?;
    let position = match tag.kind {
        DocumentType::Canvas => CursorPosition::Canvas(section.read()?),
        DocumentType::Spreadsheet => CursorPosition::Spreadsheet(section.read()?),
        DocumentType::ThreeD => CursorPosition::ThreeD(section.read()?),
        DocumentType::Timeline => CursorPosition::Timeline(section.read()?),
        DocumentType::CodeEditor => CursorPosition::CodeEditor(section.read()?),
    };
    position.validate().map_err(|e| section.problem(&e.to_string()))?;
    Ok(position)
}

/// A JSON object inside the message: where it is and which code its errors carry.
struct Section<'a> {
    text: &'a str,
    path: &'a str,
    code: ErrorCode,
}

impl<'a> Section<'a> {
    fn root(text: &'a str) -> Self {
        Self { text, path: "", code: ErrorCode::BadRequest }
    }

    fn read<T: Deserialize<'a>>(&self) -> Result<T, DecodeError> {
        // Derived structs would take an array of their fields, too; the protocol does not.
        if !self.text.trim_start().starts_with('{') {
            return Err(match self.path {
                "" => DecodeError::bad_request("must be a JSON object"),
                path => DecodeError::new(self.code, format!("{path}: must be an object")),
            });
        }
        let mut deserializer = serde_json::Deserializer::from_str(self.text);
        let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
            let problem = without_place(&error.inner().to_string());
            match error.path().to_string().as_str() {
                "." | "?" => self.problem(&problem),
                field => self.problem(&format!("{field}: {problem}")),
            }
        })?;
        deserializer.end().map_err(|error| self.problem(&without_place(&error.to_string())))?;
        Ok(value)
    }

    /// An error of this section; `problem` starts with the field inside it, if one is to blame.
    fn problem(&self, problem: &str) -> DecodeError {
        let names_field = problem.split_once(": ").is_some_and(|(field, _)| {
            field.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'[' | b']'))
        });
        let message = match (self.path, names_field) {
            ("", _) => problem.to_owned(),
            (path, true) => format!("{path}.{problem}"),
            (path, false) => format!("{path}: {problem}"),
        };
        DecodeError::new(self.code, message)
    }
}

/// Drops serde's " at line 1 column 9", which counts from the section's start and would mislead.
fn without_place(problem: &str) -> String {
    problem.rsplit_once(" at line ").map_or(problem, |(start, _)| start).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> (ErrorCode, String) {
        let error = decode(text).unwrap_err();
        (error.code, error.message)
    }

    fn cursor(position: &str) -> String {
        format!(r#"{{"type":"cursor_update","data":{{"documentId":"d","position":{position}}}}}"#)
    }

    /// X2
    #[test]
    fn a_refusal_names_the_field_inside_the_position() {
        let cases = [
            (r#"{"type":"canvas","x":1}"#, "data.position: missing field `y`"),
            (
                r#"{"type":"canvas","x":"1","y":2}"#,
                "data.position.x: invalid type: string \"1\", expected f64",
            ),
            (r#"{"type":"canvas","x":1e999,"y":2}"#, "data.position.x: number out of range"),
            (
                r#"{"type":"spreadsheet","row":-1,"column":0}"#,
                "data.position.row: invalid value: integer `-1`, expected u32",
            ),
            (
                r#"{"type":"3d","x":0,"y":0,"z":0,"scale":0}"#,
                "data.position.scale: must be finite and above 0, is 0",
            ),
            (
                r#"{"type":"cave"}"#,
                "data.position.type: must be one of canvas, spreadsheet, 3d, timeline, code_editor",
            ),
            ("[1,2]", "data.position: must be an object"),
        ];
        for (position, message) in cases {
            assert_eq!(refusal(&cursor(position)), (ErrorCode::InvalidPosition, message.to_owned()));
        }
    }

    #[test]
    fn nesting_and_trailing_text_are_refused_without_a_stack() {
        let deep = format!(r#"{{"type":"ping","data":{}"#, "[".repeat(30_000));
        assert_eq!(refusal(&deep).0, ErrorCode::BadRequest);
        assert_eq!(
            refusal(r#"{"type":"ping"} x"#),
            (ErrorCode::BadRequest, "trailing characters".to_owned())
        );
    }

    #[test]
    fn a_long_value_is_not_echoed_whole() {
        let (_, message) = refusal(&format!(r#"{{"type":"{}"}}"#, "é".repeat(10_000)));
        assert!(message.len() <= MAX_MESSAGE + 3, "{} bytes", message.len());
    }
}
