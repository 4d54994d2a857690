//! `docs/security.md` against the tests: every attack of a closed list has a row, and every test that a row names is there
//! and says in its own words which attack it is about.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The attacks, by their letter and highest number.
const ATTACKS: [(char, u32); 7] = [('W', 14), ('P', 8), ('L', 7), ('R', 5), ('A', 13), ('G', 8), ('O', 8)];
/// A number that no attack has.
const UNUSED: &str = "P6";
/// Letters that rules of the protocol have, too: there, a test says "Attack P1".
const SHARED: [char; 1] = ['P'];
/// What the outcome of a row without tests begins with.
const WITHOUT_TESTS: &str = "does not apply";

/// What a row says comes of the attack, and the tests that it names.
type Row = (String, Vec<String>);

#[test]
fn every_attack_has_a_row_and_every_row_an_attack() {
    let expected: BTreeSet<_> = ATTACKS
        .iter()
        .flat_map(|(letter, last)| (1..=*last).map(move |number| format!("{letter}{number}")))
        .filter(|id| id != UNUSED)
        .collect();
    assert_eq!(rows().into_keys().collect::<BTreeSet<_>>(), expected);
}

#[test]
fn an_attack_has_tests_or_a_reason_for_having_none() {
    for (id, (outcome, tests)) in rows() {
        let has_reason = outcome.starts_with(WITHOUT_TESTS);
        assert_eq!(tests.is_empty(), has_reason, "{id}: {outcome}");
    }
}

#[test]
fn every_test_of_an_attack_exists_and_names_it() {
    let mut comments: BTreeMap<String, Vec<String>> = BTreeMap::new();
    collect(&root().join("crates"), &mut comments);
    let mut wrong = Vec::new();
    for (id, (_, tests)) in rows() {
        for test in tests {
            match comments.get(&test) {
                None => wrong.push(format!("{id}: there is no test {test}")),
                Some(said) if !said.iter().any(|comment| names(comment, &id)) => {
                    wrong.push(format!("{id}: {test} does not say so"));
                }
                Some(_) => {}
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// The rows of the section about attacks, by id.
fn rows() -> BTreeMap<String, Row> {
    let document = std::fs::read_to_string(root().join("docs/security.md")).unwrap();
    let (_, section) = document.split_once("\n## Attacks\n").unwrap();
    let section = section.split("\n## ").next().unwrap();
    let mut rows = BTreeMap::new();
    for line in section.lines().filter(|line| line.starts_with("| ")) {
        let cells: Vec<_> = line.trim_matches('|').split(" |").map(str::trim).collect();
        let [id, _, outcome, tests] = cells[..] else { panic!("not four cells: {line}") };
        if id == "id" {
            continue;
        }
        let tests = tests.split('`').skip(1).step_by(2).map(str::to_owned).collect();
        assert!(rows.insert(id.to_owned(), (outcome.to_owned(), tests)).is_none(), "{id} is there twice");
    }
    rows
}

/// What the comments above the functions of all Rust files in a folder say, by the functions' names.
fn collect(folder: &Path, comments: &mut BTreeMap<String, Vec<String>>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && path.file_name().is_some_and(|name| name != "target") {
            collect(&path, comments);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let mut comment = String::new();
            for line in std::fs::read_to_string(&path).unwrap().lines().map(str::trim) {
                if let Some(said) = line.strip_prefix("///") {
                    comment.push_str(said);
                } else if let Some((_, rest)) = line.split_once("fn ") {
                    let name = rest.split(['(', '<']).next().unwrap().to_owned();
                    comments.entry(name).or_default().push(std::mem::take(&mut comment));
                } else if !line.starts_with("#[") {
                    comment.clear();
                }
            }
        }
    }
}

/// Does a comment name this attack?
fn names(comment: &str, id: &str) -> bool {
    let named = if id.starts_with(SHARED) {
        // The ids that follow the word, with commas between.
        let (_, after) = comment.split_once("Attack ").unwrap_or_default();
        after.split([':', '.']).next().unwrap_or_default()
    } else {
        comment
    };
    named.split(|character: char| !character.is_ascii_alphanumeric()).any(|word| word == id)
}
