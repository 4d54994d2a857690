//! Fixtures that Yjs wrote, shared by the tests of content.

use bytes::Bytes;
use collabd_documents::content::Content;
use collabd_documents::limits::ContentLimits;
use serde_json::Value;

/// A document of Yjs.
pub(crate) struct Fixture {
    pub(crate) name: String,
    pub(crate) updates: Vec<Bytes>,
    pub(crate) state: Bytes,
    pub(crate) merged: Bytes,
    pub(crate) json: Value,
}

pub(crate) fn unhex(text: &str) -> Bytes {
    let digits: Vec<u8> = text.bytes().map(|digit| (digit as char).to_digit(16).unwrap() as u8).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

pub(crate) fn fixtures() -> Vec<Fixture> {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures");
    let mut found = Vec::new();
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        if path.extension().is_none_or(|extension| extension != "json") || name == "messages" {
            continue;
        }
        let value: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        let bytes = |field: &str| unhex(value[field].as_str().unwrap());
        let updates = value["updates"].as_array().unwrap();
        found.push(Fixture {
            updates: updates.iter().map(|update| unhex(update.as_str().unwrap())).collect(),
            state: bytes("state"),
            merged: bytes("merged"),
            json: value["json"].clone(),
            name,
        });
    }
    assert!(found.len() >= 12, "the fixtures are there");
    found
}

pub(crate) fn apply_all(updates: &[Bytes]) -> Content {
    let mut content = Content::new(ContentLimits::default());
    for update in updates {
        content.apply(update).unwrap();
    }
    content
}
