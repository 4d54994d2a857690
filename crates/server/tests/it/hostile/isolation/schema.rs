//! Every field of GraphQL, found by asking the schema, in every place where it can be asked for.

use serde_json::{Value, json};

use super::callers::Caller;
use super::canaries::Scan;
use super::{DOCUMENT, OURS, THEIRS};
use crate::hostile::exchange::{ask, hear, upgrade};
use crate::support::{Issuer, TestServer};

const WAY: &str = "graphql";

const ABOUT: &str = "{ __schema { types { name kind enumValues { name } fields { name
    args { name defaultValue type { ...T } } type { ...T } } } } }
    fragment T on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }";

/// Objects inside each other; there is no deeper path.
const DEPTH: usize = 6;

/// What the schema says of itself.
struct Schema {
    types: Vec<Value>,
}

/// Asks for every field of the other project, and for every field that can be read of the own one.
pub(super) fn ask_for_every_field(server: &TestServer, caller: &Caller, scan: &mut Scan) {
    let schema = Schema::of(server);
    let mut asked = 0;
    for project in [THEIRS, OURS] {
        for root in ["Query", "Mutation", "Subscription"] {
            // What others may change of their own project is their business.
            if root == "Mutation" && project == OURS {
                continue;
            }
            for query in schema.queries(root, project) {
                asked += 1;
                if root == "Subscription" {
                    subscribe(server, caller, &query, scan);
                } else {
                    post(server, caller, &query, scan);
                }
            }
        }
    }
    assert!(asked > 60, "only {asked} queries");
}

fn post(server: &TestServer, caller: &Caller, query: &str, scan: &mut Scan) {
    let headers = format!("{}Content-Type: application/json\r\n", caller.header());
    let body = json!({ "query": query }).to_string();
    let (client, response) = ask(server, "POST /graphql", &headers, body.as_bytes());
    // A query that does not fit the schema would show nothing to anybody.
    assert!(!response.body.contains("BAD_REQUEST"), "{query}: {}", response.body);
    scan.count(1, 1);
    scan.look(caller, WAY, query, client.heard());
}

fn subscribe(server: &TestServer, caller: &Caller, query: &str, scan: &mut Scan) {
    let offer = "Sec-WebSocket-Protocol: graphql-transport-ws\r\n";
    let (mut client, response) = upgrade(server, "/graphql/ws", offer);
    assert_eq!(response.status, 101);
    let init = json!({"type": "connection_init", "payload": {"token": caller.token}});
    client.send_text(&init.to_string());
    let subscribe = json!({"id": "1", "type": "subscribe", "payload": {"query": query}});
    client.send_text(&subscribe.to_string());
    scan.count(1, hear(&mut client).0);
    scan.look(caller, WAY, query, client.heard());
}

impl Schema {
    fn of(server: &TestServer) -> Self {
        let token = Issuer::secret().token("reader", OURS, "viewer");
        let headers = format!("Authorization: Bearer {token}\r\nContent-Type: application/json\r\n");
        let body = json!({ "query": ABOUT }).to_string();
        let (_, response) = ask(server, "POST /graphql", &headers, body.as_bytes());
        let mut answer: Value = serde_json::from_str(&response.body).expect("JSON");
        let types = answer["data"]["__schema"]["types"].take();
        Self { types: types.as_array().unwrap_or_else(|| panic!("{answer}")).clone() }
    }

    fn find(&self, name: &str) -> Option<&Value> {
        self.types.iter().find(|one| one["name"] == name)
    }

    fn fields(&self, of: &str) -> &[Value] {
        self.find(of).and_then(|found| found["fields"].as_array()).map_or(&[], Vec::as_slice)
    }

    /// A query for each place at which there is an object, with all fields of it that are none themselves.
    fn queries(&self, root: &str, project: i32) -> Vec<String> {
        let mut queries = Vec::new();
        for field in self.fields(root) {
            let call = self.call(field, project);
            let mut selections = Vec::new();
            self.selections(named(&field["type"]), &mut Vec::new(), &mut selections);
            let operation = root.to_lowercase();
            queries.extend(
                selections.into_iter().map(|selection| format!("{operation} {{ {call} {selection} }}")),
            );
        }
        queries
    }

    /// What can be selected of this type, down to each object inside it once.
    fn selections(&self, of: &str, path: &mut Vec<String>, all: &mut Vec<String>) {
        let wrapped = |inner: &str, path: &[String]| {
            path.iter().rev().fold(inner.to_owned(), |inner, field| format!("{{ {field} {inner} }}"))
        };
        let fields = self.fields(of);
        if fields.is_empty() {
            all.push(wrapped("", path));
            return;
        }
        let is_object = |field: &&Value| !self.fields(named(&field["type"])).is_empty();
        let plain: Vec<_> =
            fields.iter().filter(|field| !is_object(field)).map(|field| self.call(field, OURS)).collect();
        all.push(wrapped(&format!("{{ __typename {} }}", plain.join(" ")), path));
        if path.len() == DEPTH {
            return;
        }
        for field in fields.iter().filter(is_object) {
            path.push(self.call(field, OURS));
            self.selections(named(&field["type"]), path, all);
            path.pop();
        }
    }

    /// A field with what it must be given. Lists are short, so that they cost little.
    fn call(&self, field: &Value, project: i32) -> String {
        let name = field["name"].as_str().expect("a name");
        let is_of_project = name.to_lowercase().ends_with("project");
        let args = field["args"].as_array().into_iter().flatten();
        let given: Vec<_> = args
            .filter_map(|argument| {
                let given = argument["name"].as_str().expect("a name");
                let is_needed = argument["type"]["kind"] == "NON_NULL" && argument["defaultValue"].is_null();
                let value = match given {
                    "first" => "1".to_owned(),
                    _ if !is_needed => return None,
                    "projectId" => project.to_string(),
                    "id" if is_of_project => project.to_string(),
                    _ => self.value(named(&argument["type"])),
                };
                Some(format!("{given}: {value}"))
            })
            .collect();
        if given.is_empty() { name.to_owned() } else { format!("{name}({})", given.join(", ")) }
    }

    fn value(&self, of: &str) -> String {
        match of {
            "Int" | "Float" => "1".to_owned(),
            "Boolean" => "true".to_owned(),
            "ID" => format!("{DOCUMENT:?}"),
            "String" => "\"x\"".to_owned(),
            other => {
                let values = self.find(other).map(|found| found["enumValues"][0]["name"].clone());
                let value = values.unwrap_or_else(|| panic!("no value of {other}"));
                value.as_str().unwrap_or_else(|| panic!("no value of {other}")).to_owned()
            }
        }
    }
}

/// The name of a type without its lists and exclamation marks.
fn named(of: &Value) -> &str {
    let mut of = of;
    while !of["ofType"].is_null() {
        of = &of["ofType"];
    }
    of["name"].as_str().expect("a name")
}
