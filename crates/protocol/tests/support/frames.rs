//! Frames that nobody wrote by hand: known ones with edits, and outlines filled with values from everywhere.

use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};

use crate::support::fixtures;

/// The fields of an object, each with values that fit, as JSON.
type Outline = &'static [(&'static str, &'static [&'static str])];

const SNIPPETS: &[&str] = &[
    "null",
    "{",
    "}",
    "[",
    "]",
    "\"",
    ",",
    ":",
    "\\",
    "\\u0000",
    "\\ud800",
    "-",
    "0",
    "1e999",
    "1e-999",
    ".5",
    "9007199254740993",
    "18446744073709551616",
    "__proto__",
    "\"type\":",
    "\u{1b}",
    "\u{9b}",
    " at line ",
    "😀",
];
const WORDS: &[&str] = &[
    "canvas",
    "spreadsheet",
    "3d",
    "timeline",
    "code_editor",
    "active",
    "idle",
    "away",
    "#fA0",
    "#6E56CF",
    "plan",
    "",
    " ",
    "\u{7}",
    "__proto__",
];
const NUMBERS: &[&str] = &["0", "1", "-0.0", "120.25", "0.30000000000000004", "1e308", "5e-324"];
const WHOLE: &[&str] = &["0", "1", "4294967295"];
const LABELS: &[&str] = &["\"a\"", "\"long/path.rs\"", "null"];
const TYPES: &[&str] = &["\"canvas\"", "\"3d\"", "null"];
const POSITIONS: &[Outline] = &[
    &[("type", &["\"canvas\""]), ("x", NUMBERS), ("y", NUMBERS), ("zoom", &["0.5", "null"])],
    &[("type", &["\"spreadsheet\""]), ("row", WHOLE), ("column", WHOLE), ("sheet", LABELS)],
    &[
        ("type", &["\"3d\""]),
        ("x", NUMBERS),
        ("y", NUMBERS),
        ("z", NUMBERS),
        ("rotation", &["[0, 1, 2]", "{\"x\": 1, \"y\": 2, \"z\": 3}", "[]", "null"]),
        ("scale", &["1.5", "null"]),
        ("viewport", LABELS),
    ],
    &[("type", &["\"timeline\""]), ("timestamp", WHOLE), ("track", WHOLE)],
    &[("type", &["\"code_editor\""]), ("line", WHOLE), ("column", WHOLE), ("file", LABELS)],
];

/// Frames to start from: all that are accepted and all that are refused.
pub(crate) fn known_frames() -> Vec<String> {
    let refused = fixtures("refusals").into_values().map(|text| {
        let refusal: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}"));
        refusal["frame"].as_str().unwrap_or_default().to_owned()
    });
    fixtures("client").into_values().chain(refused).collect()
}

/// One change to a frame; positions are counted in characters.
#[derive(Debug, Clone)]
pub(crate) enum Edit {
    Insert(Index, String),
    Remove(Index, usize),
    Repeat(Index, usize),
    Truncate(Index),
}

impl Edit {
    pub(crate) fn apply(&self, text: &str) -> String {
        let characters: Vec<char> = text.chars().collect();
        let split = |at: &Index| characters.split_at(at.index(characters.len() + 1));
        match self {
            Self::Insert(at, snippet) => {
                let (start, end) = split(at);
                start.iter().copied().chain(snippet.chars()).chain(end.iter().copied()).collect()
            }
            Self::Remove(at, count) => {
                let (start, end) = split(at);
                start.iter().chain(end.iter().skip(*count)).collect()
            }
            Self::Repeat(at, count) => {
                let (start, end) = split(at);
                start.iter().chain(end.iter().take(*count)).chain(end).collect()
            }
            Self::Truncate(at) => split(at).0.iter().collect(),
        }
    }
}

pub(crate) fn edit() -> impl Strategy<Value = Edit> {
    let snippet = prop_oneof![select(SNIPPETS).prop_map(str::to_owned), ".{1,4}"];
    prop_oneof![
        (any::<Index>(), snippet).prop_map(|(at, snippet)| Edit::Insert(at, snippet)),
        (any::<Index>(), 1..12usize).prop_map(|(at, count)| Edit::Remove(at, count)),
        (any::<Index>(), 1..40usize).prop_map(|(at, count)| Edit::Repeat(at, count)),
        any::<Index>().prop_map(Edit::Truncate),
    ]
}

/// A value that may or may not be what some field wants.
fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        8 => select(WORDS).prop_map(Value::from),
        2 => ".{0,8}".prop_map(Value::from),
        1 => (0..600usize).prop_map(|length| "x".repeat(length).into()),
        4 => any::<f64>().prop_map(Value::from),
        2 => any::<i64>().prop_map(Value::from),
        2 => (0..10u64).prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(Value::Null),
    ]
}

/// An object with some of the outline's fields, most with a value that fits.
fn object(outline: Outline) -> impl Strategy<Value = Value> {
    let field = |&(key, fitting): &(&'static str, &'static [&'static str])| {
        let fitting = select(fitting)
            .prop_map(|text| serde_json::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}")));
        let value = prop_oneof![1 => Just(None), 30 => fitting.prop_map(Some), 2 => leaf().prop_map(Some)];
        value.prop_map(move |value: Option<Value>| value.map(|value| (key.to_owned(), value)))
    };
    let fields: Vec<_> = outline.iter().map(field).collect();
    fields.prop_map(|fields| Value::Object(fields.into_iter().flatten().collect()))
}

/// Frames of the right outline with values from everywhere.
pub(crate) fn outlined_frame() -> impl Strategy<Value = String> {
    let position = select(POSITIONS).prop_flat_map(object);
    let cursor = object(&[
        ("documentId", &["\"plan\""]),
        ("documentType", TYPES),
        ("selectedNodeId", LABELS),
        ("timestamp", &["1748779200125", "null"]),
    ]);
    let moved = (cursor, position).prop_map(|(mut data, position)| {
        data["position"] = position;
        json!({"type": "cursor_update", "data": data})
    });
    let joined = object(&[
        ("userId", &["\"ada\""]),
        ("userName", &["\"Ada\""]),
        ("avatarColor", &["\"#fA0\"", "null"]),
        ("isAgent", &["true", "false", "null"]),
        ("documentId", LABELS),
        ("documentType", TYPES),
        ("token", LABELS),
    ])
    .prop_map(|data| json!({"type": "join_session", "data": data}));
    let kinds = select(&["switch_document", "set_status", "leave_session", "authenticate", "ping"][..]);
    let other = object(&[
        ("documentId", &["\"plan\""]),
        ("documentType", &["\"timeline\""]),
        ("status", &["\"idle\""]),
        ("token", &["\"t\""]),
    ]);
    let other = (kinds, other).prop_map(|(kind, data)| json!({"type": kind, "data": data}));
    prop_oneof![2 => moved, 1 => joined, 1 => other].prop_map(|frame| frame.to_string())
}
