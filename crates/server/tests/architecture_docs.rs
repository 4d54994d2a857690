//! `ARCHITECTURE.md`, `docs/security.md` and `docs/reliability.md` against the code: the code map is whole, and the tests
//! and files that they name exist.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::path::{Path, PathBuf};

/// A name with so many words is a test's sentence; anything shorter may be a module or a method.
const WORDS: usize = 4;

#[test]
fn every_test_that_keeps_an_invariant_exists() {
    has_its_tests("ARCHITECTURE.md", 30);
}

/// A1 to A14
#[test]
fn every_test_that_keeps_a_promise_exists() {
    has_its_tests("docs/security.md", 25);
}

#[test]
fn every_test_that_shows_a_fault_survived_exists() {
    has_its_tests("docs/reliability.md", 60);
}

/// The document names more than `least` tests, all of which there are.
fn has_its_tests(document: &str, least: usize) {
    let code = code();
    let document = std::fs::read_to_string(root().join(document)).unwrap();
    let names: Vec<_> = quoted(&document).filter(|name| is_sentence(name)).collect();
    assert!(names.len() > least, "only {} tests are named", names.len());
    let missing: Vec<_> = names.into_iter().filter(|name| !code.contains(&format!("fn {name}("))).collect();
    assert!(missing.is_empty(), "there are no such tests: {missing:?}");
}

#[test]
fn the_code_map_has_every_module_of_every_crate() {
    let document = document();
    for package in ["protocol", "core", "documents", "server", "loadgen"] {
        let (_, section) = document.split_once(&format!("### `crates/{package}`")).unwrap();
        let section = section.split("\n#").next().unwrap();
        for entry in std::fs::read_dir(root().join("crates").join(package).join("src")).unwrap() {
            let path = entry.unwrap().path();
            let module = path.file_stem().unwrap().to_str().unwrap();
            let is_there = quoted(section).any(|name| name == module);
            assert!(is_there || module == "lib", "{package} has a module {module}, and the code map has not");
        }
    }
}

#[test]
fn every_link_leads_to_a_file() {
    let document = document();
    let links = document.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let missing: Vec<_> =
        links.filter(|link| !root().join(link.split('#').next().unwrap()).exists()).collect();
    assert!(missing.is_empty(), "there are no such files: {missing:?}");
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn document() -> String {
    std::fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap()
}

/// What stands between single backticks.
fn quoted(document: &str) -> impl Iterator<Item = &str> {
    document.split('`').skip(1).step_by(2)
}

fn is_sentence(name: &str) -> bool {
    name.split('_').count() >= WORDS
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// All Rust code of the workspace, tests included.
fn code() -> String {
    let mut text = String::new();
    let mut folders = vec![root().join("crates")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                text.push_str(&std::fs::read_to_string(path).unwrap());
            }
        }
    }
    text
}
