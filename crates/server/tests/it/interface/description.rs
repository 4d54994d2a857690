//! `docs/openapi.json`, and whether an answer is what it says.

use std::path::Path;

use serde_json::{Map, Value};

use crate::support::RawResponse;

/// Methods that a path may have.
pub(super) const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// The document.
pub(super) struct Description(Value);

impl Description {
    pub(super) fn read() -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
        let text = std::fs::read_to_string(path).expect("the document");
        Self(serde_json::from_str(&text).expect("JSON"))
    }

    /// Each path with what is said of it.
    pub(super) fn paths(&self) -> impl Iterator<Item = (&str, &Value)> {
        let paths = self.0["paths"].as_object().expect("paths");
        paths.iter().map(|(path, item)| (path.as_str(), item))
    }

    /// Every path with a method and a status that it may be answered with.
    pub(super) fn answers(&self) -> impl Iterator<Item = (&'static str, &str, u16)> {
        self.paths().flat_map(|(path, item)| {
            METHODS.into_iter().flat_map(move |method| {
                let responses = item[method]["responses"].as_object();
                let statuses = responses.into_iter().flat_map(Map::keys);
                statuses.map(move |status| (method, path, status.parse().expect("a status")))
            })
        })
    }

    /// Is the answer one that the document promises?
    pub(super) fn check(&self, method: &str, path: &str, answer: &RawResponse) {
        let about = format!("{method} {path}: {answer:?}");
        let promised = &self.0["paths"][path][method]["responses"][answer.status.to_string()];
        assert!(promised.is_object(), "not described: {about}");
        let Some(content) = promised["content"].as_object() else { return };
        let kind = answer.header("content-type").unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default();
        let Some(form) = content.get(kind) else { panic!("{kind} is not described: {about}") };
        if kind == "application/json" {
            let body = serde_json::from_str(&answer.body).expect("JSON");
            self.check_value(&form["schema"], &body, &about);
        }
    }

    /// The part of JSON Schema that the document uses.
    fn check_value(&self, schema: &Value, value: &Value, about: &str) {
        if let Some(reference) = schema["$ref"].as_str() {
            let target = self.0.pointer(reference.trim_start_matches('#'));
            return self.check_value(target.expect("what is referred to"), value, about);
        }
        let is_of = |name: &Value| match name.as_str() {
            Some("object") => value.is_object(),
            Some("array") => value.is_array(),
            Some("string") => value.is_string(),
            Some("integer") => value.is_i64() || value.is_u64(),
            Some("boolean") => value.is_boolean(),
            Some("null") => value.is_null(),
            other => panic!("{other:?} is no type"),
        };
        let fits = match &schema["type"] {
            Value::Null => true,
            Value::Array(types) => types.iter().any(is_of),
            one => is_of(one),
        };
        assert!(fits, "{value} is no {}: {about}", schema["type"]);
        if let Some(allowed) = schema["enum"].as_array() {
            assert!(allowed.contains(value), "{value} is not one of {allowed:?}: {about}");
        }
        for item in value.as_array().into_iter().flatten() {
            self.check_value(&schema["items"], item, about);
        }
        for name in schema["required"].as_array().into_iter().flatten() {
            assert!(value.get(name.as_str().expect("a name")).is_some(), "no {name}: {about}");
        }
        for (name, member) in value.as_object().into_iter().flatten() {
            let described = &schema["properties"][name];
            let is_closed = schema["additionalProperties"] == false;
            assert!(!is_closed || !described.is_null(), "{name} is not described: {about}");
            self.check_value(described, member, about);
        }
    }
}
