//! `docs/operations.md` against the binary: its tables of settings and metrics are complete, and say what is true.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Command, Output};
use std::time::Duration;

use collabd_loadgen::http::HttpClient;
use collabd_loadgen::{Client, Endpoint};
use collabd_protocol::{Encoding, LimitName};
use collabd_server::config::Config;
use collabd_server::{App, Listeners, bind};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

/// Rows by their first cell; each is its other cells by the column's name.
type Table = BTreeMap<String, BTreeMap<String, String>>;

/// How long an event may take until it is counted.
const PATIENCE: Duration = Duration::from_secs(10);

/// Below and above whatever a setting takes, in both of its units.
const TOO_LITTLE: [&str; 2] = ["0", "0s"];
const TOO_MUCH: [&str; 2] = ["9999999999999", "99999h"];

#[test]
fn the_tables_of_settings_are_what_help_says() {
    let output = collabd(&["--help"]);
    assert!(output.status.success());
    let help = settings_of(&String::from_utf8(output.stdout).unwrap());
    let mut documented = documented("flag");
    for row in documented.values_mut() {
        row.retain(|column, _| ["environment", "default"].contains(&column.as_str()));
    }
    assert_same(&documented, &help);
}

#[test]
fn every_documented_key_is_a_key_of_the_file() {
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("settings.toml");
    for (flag, row) in documented("flag") {
        let key = flag.trim_start_matches('-').replace('-', "_");
        assert_eq!(row["environment"], format!("COLLABD_{}", key.to_uppercase()));
        // The file cannot name another file.
        let expected = if key == "config" { "none" } else { &key };
        assert_eq!(row["file key"], expected, "{flag}");
        // No setting takes a list, so a known key is refused for its value, and an unknown one for itself.
        std::fs::write(&file, format!("{key} = []")).unwrap();
        let said = String::from_utf8(collabd(&["--config", file.to_str().unwrap()]).stderr).unwrap();
        assert_eq!(said.contains(&format!("{key} is array")), key != "config", "{said}");
    }
}

#[test]
fn a_value_out_of_a_documented_range_is_refused_with_its_bound() {
    let mut ranges = 0;
    for (flag, row) in documented("flag") {
        let Some((least, rest)) = row["range"].split_once(" to ") else { continue };
        ranges += 1;
        let greatest = rest.split(',').next().unwrap();
        assert_refused(&flag, TOO_MUCH, greatest);
        if least != "0s" {
            assert_refused(&flag, TOO_LITTLE, least);
        }
    }
    assert_eq!(ranges, 39, "settings with a range");
}

#[test]
fn every_constant_is_where_the_document_says() {
    for (what, row) in documented("what") {
        let (package, module) = row["where"].split_once('/').unwrap();
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(package).join("src").join(module);
        let is_there = path.with_extension("rs").is_file() || path.join("mod.rs").is_file();
        assert!(is_there, "{what}: there is no {}", row["where"]);
    }
}

#[test]
fn the_named_limits_are_those_of_the_protocol_with_the_defaults_of_their_settings() {
    let (limits, settings) = (documented("limit"), documented("flag"));
    let mut expected = BTreeMap::new();
    for limit in LimitName::ALL {
        expected.insert(limit.name().to_owned(), limit.scope().name().to_owned());
    }
    let scopes: BTreeMap<_, _> =
        limits.iter().map(|(name, row)| (name.clone(), row["scope"].clone())).collect();
    assert_eq!(scopes, expected);
    for (name, row) in limits {
        if let Some(setting) = settings.get(&format!("--{}", name.replace('_', "-"))) {
            assert_eq!(row["default"], setting["default"], "{name}");
        }
    }
}

#[tokio::test]
async fn the_table_of_metrics_is_what_the_server_exposes() {
    let mut documented = documented("metric");
    for row in documented.values_mut() {
        row.remove("meaning");
    }
    let exposed = exposed_after_every_kind_of_event(documented.len()).await;
    assert_same(&documented, &exposed);
}

/// Names the rows that differ, rather than printing two whole tables.
fn assert_same(documented: &Table, real: &Table) {
    let names: BTreeSet<_> = documented.keys().chain(real.keys()).collect();
    let differing: Vec<_> = names
        .into_iter()
        .map(|name| (name, documented.get(name), real.get(name)))
        .filter(|(_, documented, real)| documented != real)
        .map(|(name, documented, real)| format!("{name}: the document has {documented:?}, collabd {real:?}"))
        .collect();
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}

fn collabd(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_collabd"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("COLLABD_") {
            command.env_remove(name);
        }
    }
    command.args(arguments).output().unwrap()
}

/// The setting takes values of one unit; the one it cannot read says nothing about its range.
fn assert_refused(flag: &str, values: [&str; 2], bound: &str) {
    let said: Vec<_> = values
        .map(|value| {
            let output = collabd(&[flag, value]);
            assert_eq!(output.status.code(), Some(1), "{flag} {value}");
            String::from_utf8(output.stderr).unwrap()
        })
        .into();
    let names_bound = |line: &String| line.split_whitespace().any(|word| word == bound);
    assert!(said.iter().any(names_bound), "no {bound} for {flag} in {said:?}");
}

/// The rows of all tables of the document whose first column is `first`.
fn documented(first: &str) -> Table {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/operations.md");
    let text = std::fs::read_to_string(path).unwrap();
    let mut table = Table::new();
    let mut columns: Vec<String> = Vec::new();
    for line in text.lines() {
        let Some(cells) = cells(line) else {
            columns.clear();
            continue;
        };
        if columns.is_empty() {
            columns = cells;
        } else if columns[0] == first && !cells[0].starts_with("---") {
            let row = columns.iter().cloned().zip(cells.iter().cloned()).skip(1).collect();
            assert!(table.insert(cells[0].clone(), row).is_none(), "{} is there twice", cells[0]);
        }
    }
    assert!(!table.is_empty(), "no table of {first}");
    table
}

/// The cells of a table's line, without the marks of code.
fn cells(line: &str) -> Option<Vec<String>> {
    let inside = line.strip_prefix('|')?.strip_suffix('|')?;
    Some(inside.split('|').map(|cell| cell.trim().replace('`', "")).collect())
}

/// What `--help` says of each setting.
fn settings_of(help: &str) -> Table {
    let mut blocks: Vec<String> = Vec::new();
    for line in help.lines().map(str::trim) {
        if line.starts_with('-') && !line.starts_with("- ") {
            blocks.push(line.to_owned());
        } else if let Some(block) = blocks.last_mut() {
            block.extend([" ", line]);
        }
    }
    // Help and version are no settings, so they have no variable.
    blocks.iter().filter(|block| block.contains("[env: ")).map(|block| setting_of(block)).collect()
}

fn setting_of(block: &str) -> (String, BTreeMap<String, String>) {
    let flag = block.split([' ', '=', '[']).next().unwrap().to_owned();
    let value = |name: &str| {
        let (_, rest) = block.split_once(&format!("[{name}: "))?;
        Some(rest.split(']').next().unwrap().to_owned())
    };
    let default = value("default").unwrap_or_else(|| "none".to_owned());
    let row = [("environment", value("env").unwrap()), ("default", default)];
    (flag, row.map(|(column, cell)| (column.to_owned(), cell)).into())
}

/// Starts a server, has at least one event of each kind happen, and reads the metrics until there are `count`.
async fn exposed_after_every_kind_of_event(count: usize) -> Table {
    let directory = TempDir::new().unwrap();
    let mut config = Config::default();
    config.store.data_dir = directory.path().to_owned();
    config.limits.max_connections = 1;
    let app = App::start(config).await.unwrap();
    let public = bind(([127, 0, 0, 1], 0).into()).unwrap();
    let address = public.local_addr().unwrap();
    let shutdown = CancellationToken::new();
    let serving = app.serve(Listeners { public, admin: None }, shutdown.clone());
    let asking = async {
        let http = HttpClient::new(address);
        // Not an upgrade: refused.
        http.get("/ws/collaboration/v2?project_id=1").await.unwrap();
        let endpoint = Endpoint::new(address, 1, Encoding::Json);
        let mut client = Client::connect(&endpoint).await.unwrap();
        // One too many.
        assert!(Client::connect(&endpoint).await.is_err());
        client.send_text("not JSON").await.unwrap();
        client.join_as("ann", "Ann").await.unwrap();
        client.close().await.unwrap();
        let exposed = read_until(&http, count).await;
        shutdown.cancel();
        exposed
    };
    let (served, exposed) = tokio::join!(serving, asking);
    served.unwrap();
    exposed
}

async fn read_until(http: &HttpClient, count: usize) -> Table {
    let reading = async {
        loop {
            let exposed = metrics_of(&http.get("/metrics").await.unwrap().text());
            if exposed.len() >= count {
                return exposed;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    match tokio::time::timeout(PATIENCE, reading).await {
        Ok(exposed) => exposed,
        // The comparison says which are missing.
        Err(_) => metrics_of(&http.get("/metrics").await.unwrap().text()),
    }
}

/// The metrics of an exposition by the names of their samples.
fn metrics_of(exposition: &str) -> Table {
    let mut types = BTreeMap::new();
    let mut metrics = Table::new();
    for line in exposition.lines() {
        if let Some(described) = line.strip_prefix("# TYPE ") {
            let (name, kind) = described.split_once(' ').unwrap();
            types.insert(name.to_owned(), kind.to_owned());
        } else if !line.starts_with('#') {
            let (name, labels) = sample(line);
            let (name, labels) = match histogram_of(name, &types) {
                // Its bounds are no label of anybody's.
                Some(histogram) => (histogram, String::new()),
                None => (name, labels),
            };
            let kind = types.get(name.strip_suffix("_total").unwrap_or(name));
            let kind = kind.unwrap_or_else(|| panic!("no type of {name}")).clone();
            metrics
                .insert(name.to_owned(), [("type".to_owned(), kind), ("labels".to_owned(), labels)].into());
        }
    }
    metrics
}

/// The histogram that a sample belongs to.
fn histogram_of<'a>(name: &'a str, types: &BTreeMap<String, String>) -> Option<&'a str> {
    let base = ["_sum", "_count", "_bucket"].into_iter().find_map(|part| name.strip_suffix(part))?;
    (types.get(base)? == "histogram").then_some(base)
}

/// The name of a sample and the names of its labels.
fn sample(line: &str) -> (&str, String) {
    let Some((name, rest)) = line.split_once('{') else {
        return (line.split(' ').next().unwrap(), String::new());
    };
    let labels = rest.split('}').next().unwrap().split(',').map(|label| label.split('=').next().unwrap());
    (name, labels.collect::<Vec<_>>().join(", "))
}
