//! `docs/protocol.md` against the code and the fixtures: whatever it lists must exist, and the other way round.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use collabd_protocol::codes::Retry;
use collabd_protocol::{
    CloseCode, DepartureReason, DocumentId, DocumentType, ErrorCode, Label, UserId, UserName,
};
use serde_json::Value;
use support::fixtures;

/// Every rule; tests and comments cite these ids.
const RULES: [&str; 22] = [
    "J1", "J2", "J3", "J4", "P1", "P2", "P3", "P4", "C1", "C2", "C3", "H1", "H2", "B1", "B2", "B3", "B4",
    "B5", "X1", "X2", "X3", "D1",
];

fn document() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/protocol.md");
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The text under `heading` up to the next heading of its level or a higher one.
fn section<'a>(text: &'a str, heading: &str) -> &'a str {
    let start = format!("\n{heading}\n");
    let begin = text.find(&start).unwrap_or_else(|| panic!("no heading {heading:?}")) + start.len();
    let level = heading.chars().take_while(|c| *c == '#').count();
    let is_end =
        |line: &str| line.starts_with('#') && line.chars().take_while(|c| *c == '#').count() <= level;
    let rest = &text[begin..];
    let length = rest.split_inclusive('\n').take_while(|line| !is_end(line)).map(str::len).sum();
    &rest[..length]
}

/// The rows of the first table in `text` whose first column is headed `head`, without their code quotes.
fn table(text: &str, head: &str) -> Vec<Vec<String>> {
    let cells = |line: &str| -> Vec<String> {
        let inner = line.trim().trim_matches('|');
        inner.split('|').map(|cell| cell.trim().replace('`', "")).collect()
    };
    let lines = text.lines().skip_while(|line| !line.starts_with('|') || cells(line)[0] != head);
    lines.skip(2).take_while(|line| line.starts_with('|')).map(cells).collect()
}

fn yes_or_no(is_so: bool) -> String {
    if is_so { "yes" } else { "no" }.to_owned()
}

/// The first columns of every row, to be compared with what the code says.
fn columns(rows: Vec<Vec<String>>, count: usize) -> Vec<Vec<String>> {
    rows.into_iter().map(|row| row.into_iter().take(count).collect()).collect()
}

/// X1
#[test]
fn the_close_codes_are_those_of_the_document() {
    let advice = |code: &CloseCode| match code.retry() {
        Retry::Never => "nothing",
        Retry::BackOff => "back off",
        Retry::FewTries => "few tries",
        Retry::Stop => "stop",
    };
    let expected: Vec<_> = CloseCode::ALL
        .iter()
        .map(|code| vec![code.number().to_string(), code.name().to_owned(), advice(code).to_owned()])
        .collect();
    let document = document();
    assert_eq!(columns(table(section(&document, "## Close codes"), "code"), 3), expected);
}

/// X2
#[test]
fn the_error_codes_are_those_of_the_document() {
    let expected: Vec<_> = ErrorCode::ALL
        .iter()
        .map(|code| {
            vec![code.name().to_owned(), yes_or_no(code.is_temporary()), yes_or_no(code.is_malformed())]
        })
        .collect();
    let document = document();
    assert_eq!(columns(table(section(&document, "## Error codes"), "code"), 3), expected);
}

/// P3
#[test]
fn the_departure_reasons_are_those_of_the_document() {
    let expected: Vec<_> = DepartureReason::ALL
        .iter()
        .map(|reason| vec![reason.name().to_owned(), yes_or_no(reason.keeps_grace())])
        .collect();
    let document = document();
    assert_eq!(columns(table(section(&document, "## Departure reasons"), "reason"), 2), expected);
}

#[test]
fn the_limits_of_texts_are_those_of_the_document() {
    let limits = [
        ("user id", UserId::MAX_BYTES),
        ("document id", DocumentId::MAX_BYTES),
        ("user name", UserName::MAX_BYTES),
        ("label", Label::MAX_BYTES),
    ];
    let document = document();
    let rows = table(section(&document, "## Values"), "name");
    let rows: Vec<_> = rows.iter().map(|row| (row[0].as_str(), row[2].clone())).collect();
    assert_eq!(rows, limits.map(|(name, bytes)| (name, format!("1 to {bytes}"))));
}

#[test]
fn every_rule_is_written_once() {
    let document = document();
    let rules = section(&document, "## Rules");
    let written: Vec<_> =
        rules.lines().filter_map(|line| Some(line.strip_prefix("- **")?.split_once("**")?.0)).collect();
    assert_eq!(written, RULES);
}

#[test]
fn every_example_is_a_fixture() {
    let document = document();
    let mut examples = 0;
    for part in document.split("Example, `").skip(1) {
        let (name, rest) = part.split_once(".json`:\n\n```json\n").expect("a name, then a block");
        let (json, _) = rest.split_once("\n```\n").expect("an end of the block");
        let (folder, file) = name.split_once('/').expect("folder/file");
        let shown: Value = serde_json::from_str(json).unwrap_or_else(|error| panic!("{name}: {error}"));
        let fixture: Value = serde_json::from_str(&fixtures(folder)[file]).unwrap();
        assert_eq!(shown, fixture, "{name}");
        examples += 1;
    }
    assert_eq!(examples, document.matches("\n```json\n").count(), "a block without a name");
}

#[test]
fn every_link_leads_to_a_heading() {
    let document = document();
    let slug =
        |heading: &str| heading.trim_matches(['#', ' ']).replace('`', "").replace(' ', "-").to_lowercase();
    let headings: BTreeSet<_> = document.lines().filter(|line| line.starts_with('#')).map(slug).collect();
    for link in document.split("](#").skip(1) {
        let (anchor, _) = link.split_once(')').expect("a closing bracket");
        assert!(headings.contains(anchor), "#{anchor}");
    }
}

/// The keys of every object that `objects` yields.
fn keys<'a>(objects: impl Iterator<Item = &'a Value>) -> BTreeSet<String> {
    objects.filter_map(Value::as_object).flat_map(|object| object.keys().cloned()).collect()
}

/// The fields in the first table under `heading`; a cell may name several.
fn fields(text: &str, heading: &str) -> BTreeSet<String> {
    let section = section(text, heading);
    let head = if section.contains("| field of `data` |") { "field of data" } else { "field" };
    let names = table(section, head).into_iter().map(|row| row[0].clone());
    names.flat_map(|cell| cell.split(", ").map(str::to_owned).collect::<Vec<_>>()).collect()
}

/// The fixtures of `folder` by `type`, without those that hold fields unknown on purpose.
fn by_type(folder: &str) -> BTreeMap<String, Vec<Value>> {
    let mut by_type: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for (name, text) in fixtures(folder) {
        let value: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        if !name.contains("unknown_fields") {
            let kind = value["type"].as_str().unwrap_or_default().to_owned();
            by_type.entry(kind).or_default().push(value);
        }
    }
    by_type
}

/// The first level below `heading`: one subsection for each message.
fn subsections(text: &str, heading: &str) -> BTreeSet<String> {
    let headings = section(text, heading).lines().filter_map(|line| line.strip_prefix("### "));
    headings.map(|heading| heading.replace('`', "")).collect()
}

#[test]
fn every_message_is_described_with_all_its_fields() {
    let document = document();
    for (folder, heading) in [("client", "## Client messages"), ("server", "## Server messages")] {
        let messages = by_type(folder);
        assert_eq!(subsections(&document, heading), messages.keys().cloned().collect(), "{heading}");
        for (kind, values) in messages.iter().filter(|(kind, _)| !matches!(kind.as_str(), "ping" | "pong")) {
            let subsection = format!("### `{kind}`");
            let chapter = section(&document, heading);
            let expected = if section(chapter, &subsection).contains("| field of `data` |") {
                keys(values.iter().map(|value| &value["data"]))
            } else {
                keys(values.iter()).into_iter().filter(|key| key != "type").collect()
            };
            assert_eq!(fields(chapter, &subsection), expected, "{heading}: {kind}");
        }
    }
}

#[test]
fn every_position_is_described_with_all_its_fields() {
    let document = document();
    let chapter = section(&document, "## Positions");
    let moves = by_type("client").remove("cursor_update").unwrap_or_default();
    for kind in DocumentType::ALL {
        let positions = moves.iter().map(|value| &value["data"]["position"]);
        let mut expected = keys(positions.filter(|position| position["type"] == kind.as_str()));
        expected.remove("type");
        assert_eq!(fields(chapter, &format!("### `{kind}`")), expected, "{kind}");
    }
}

#[test]
fn every_shared_shape_is_described_with_all_its_fields() {
    let document = document();
    let chapter = section(&document, "## Shared shapes");
    let messages = by_type("server");
    let users: Vec<&Value> = messages["user_updated"]
        .iter()
        .map(|message| &message["user"])
        .chain(messages["bulk_presence"].iter().flat_map(|message| message["data"].as_array().unwrap()))
        .collect();
    let documents = users.iter().flat_map(|user| user["documents"].as_object().unwrap().values());
    let lists = messages["document_activity"].iter().map(|message| &message["data"]["activeUsers"]);
    assert_eq!(fields(chapter, "### Presence"), keys(users.iter().copied()));
    assert_eq!(fields(chapter, "### DocumentPresence"), keys(documents));
    let limits =
        [&messages["error"], &messages["disconnect"]].into_iter().flatten().map(|message| &message["limit"]);
    assert_eq!(fields(chapter, "### LimitHit"), keys(limits.filter(|limit| !limit.is_null())));
    assert_eq!(fields(chapter, "### ActiveUser"), keys(lists.flat_map(|list| list.as_array().unwrap())));
}

#[test]
fn the_v1_table_lists_every_v1_message() {
    let document = document();
    let rows = table(section(&document, "## The v1 dialect"), "type");
    let listed: BTreeSet<_> = rows.into_iter().map(|row| row[0].clone()).collect();
    assert_eq!(listed, by_type("v1").into_keys().collect());
}
