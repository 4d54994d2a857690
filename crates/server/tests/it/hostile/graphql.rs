//! Requests to GraphQL that ask for too much, in the wrong way, or for what is nobody's business, row by row.

use serde::Deserialize;
use serde_json::{Value, json};

use super::bytes;
use super::exchange::ask;
use crate::support::{Bystanders, RawResponse, TestServer};

const REQUESTS: &str = include_str!("graphql.json");

/// What errors may be called.
const CODES: [&str; 9] = [
    "NOT_FOUND",
    "CONFLICT",
    "UNAUTHENTICATED",
    "FORBIDDEN",
    "BAD_REQUEST",
    "UNAVAILABLE",
    "OVERLOADED",
    "RATE_LIMITED",
    "INTERNAL",
];

/// What no answer may hold: the database, the code, other names of the schema.
const NOBODYS_BUSINESS: [&str; 14] = [
    "sqlx",
    "sqlite",
    "SQLITE",
    "SELECT",
    "INSERT",
    "src/",
    ".rs",
    "async_graphql",
    "tokio",
    "panicked",
    "Did you mean",
    "did you mean",
    "/tmp",
    "collabd.db",
];

#[derive(Debug, Deserialize)]
struct Table {
    rows: Vec<Row>,
}

/// One request: a query in JSON, or any body.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    what: String,
    /// Which attack it belongs to.
    case: String,
    query: Option<String>,
    #[serde(default)]
    variables: Value,
    body: Option<String>,
    /// Its method and path; `POST /graphql`, if nothing is said.
    line: Option<String>,
    /// Its content type; none at all when it is empty.
    kind: Option<String>,
    /// The status, and the code of each error; no code where there is none.
    answer: (u16, Option<String>),
}

impl Row {
    fn body(&self) -> Vec<u8> {
        match (&self.query, &self.body) {
            (Some(query), None) => {
                let query = String::from_utf8(bytes(query)).expect("a query is text");
                json!({ "query": query, "variables": self.variables }).to_string().into_bytes()
            }
            (None, Some(body)) => bytes(body),
            _ => panic!("a query or a body: {}", self.what),
        }
    }

    fn send(&self, server: &TestServer) -> RawResponse {
        let headers = match self.kind.as_deref().unwrap_or("application/json") {
            "" => String::new(),
            kind => format!("Content-Type: {kind}\r\n"),
        };
        let line = self.line.as_deref().unwrap_or("POST /graphql");
        ask(server, line, &headers, &self.body()).1
    }
}

/// The codes of an answer's errors; `Err` when one of them says too little or too much.
fn codes(body: &str) -> Result<Vec<String>, String> {
    if let Some(found) = NOBODYS_BUSINESS.iter().find(|text| body.contains(**text)) {
        return Err(format!("says {found}"));
    }
    let answer: Value = serde_json::from_str(body).unwrap_or_default();
    let errors = answer["errors"].as_array().into_iter().flatten();
    let code = |error: &Value| {
        let code = error["extensions"]["code"].as_str().filter(|code| CODES.contains(code));
        let message = error["message"].as_str().filter(|message| (1..=300).contains(&message.len()));
        message
            .and(code)
            .map(str::to_owned)
            .ok_or_else(|| format!("an error without a code or a message: {error}"))
    };
    errors.map(code).collect()
}

/// G1, G2, G3, G4, G5, G6, G8: each request gets its row's answer, nothing of the inside is in any, and nobody notices.
#[test]
fn a_request_that_asks_for_too_much_is_refused_with_a_code_and_no_more() {
    let server = TestServer::start_with(&["--development=false"]);
    let watched = Bystanders::beside(&server);
    let table: Table = serde_json::from_str(REQUESTS).expect("the table");
    assert!(table.rows.len() >= 70, "only {} rows", table.rows.len());
    let mut others = Vec::new();
    for row in &table.rows {
        let response = row.send(&server);
        let (status, code) = &row.answer;
        let is_as_said = response.status == *status
            && codes(&response.body).is_ok_and(|codes| {
                codes.iter().all(|found| Some(found) == code.as_ref()) && codes.is_empty() == code.is_none()
            });
        if !is_as_said {
            let body: String = response.body.chars().take(200).collect();
            others.push(format!(
                "{} ({}): {} {body}, not {:?}",
                row.what, row.case, response.status, row.answer
            ));
        }
    }
    assert!(others.is_empty(), "answered otherwise:\n{}", others.join("\n"));
    // Nothing was made by any of them.
    let body = json!({ "query": "{ projects { id name } }" }).to_string();
    let (_, left) = ask(&server, "POST /graphql", "Content-Type: application/json\r\n", body.as_bytes());
    assert_eq!(left.body, r#"{"data":{"projects":[{"id":1,"name":"Demo"}]}}"#);
    watched.noticed_nothing();
}
