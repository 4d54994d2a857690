//! What the test files share: the fixtures, read from disk, so that a new file is a new case.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The files of `fixtures/<folder>`: name without extension, text.
pub(crate) fn fixtures(folder: &str) -> BTreeMap<String, String> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(folder);
    let entries = fs::read_dir(&directory).unwrap_or_else(|error| panic!("{}: {error}", directory.display()));
    entries
        .map(|entry| {
            let path = entry.unwrap_or_else(|error| panic!("{folder}: {error}")).path();
            let text =
                fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
            (name.unwrap_or_default(), text)
        })
        .collect()
}
