//! The configuration file: flat TOML whose keys are the names of the settings.
//!
//! Its values become the defaults of the command line, so that the file knows exactly the settings that flags
//! know, reads them with the same parsers, and yields to flags and environment without a merge of its own.

use std::path::Path;

use clap::Command;
use toml::{Table, Value};

use super::ConfigError;

/// One line of the file.
#[derive(Debug)]
pub(super) struct Setting {
    name: String,
    value: String,
}

impl Setting {
    /// Makes the file's value the default of its setting.
    pub(super) fn apply(command: Command, setting: Self) -> Command {
        command.mut_arg(setting.name, |arg| arg.default_value(setting.value))
    }
}

/// Reads the file at `path`: every key must be a setting of `command`.
pub(super) fn settings(path: &Path, command: &Command) -> Result<Vec<Setting>, ConfigError> {
    let text = std::fs::read_to_string(path)
        .map_err(|source| ConfigError::File { path: path.to_owned(), source })?;
    let table: Table = toml::from_str(&text).map_err(|source| ConfigError::Syntax {
        path: path.to_owned(),
        line: line_at(&text, source.span().map_or(0, |span| span.start)),
        source: Box::new(source),
    })?;
    table.into_iter().map(|(key, value)| setting(path, command, key, value)).collect()
}

fn setting(path: &Path, command: &Command, name: String, value: Value) -> Result<Setting, ConfigError> {
    // A file that names another file would make the order of sources a riddle.
    let known = name != "config" && command.get_arguments().any(|arg| arg.get_id() == name.as_str());
    if !known {
        return Err(ConfigError::UnknownSetting { path: path.to_owned(), key: name });
    }
    let value = match value {
        Value::String(text) => text,
        Value::Integer(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Boolean(truth) => truth.to_string(),
        other => {
            let found = other.type_str();
            return Err(ConfigError::NotScalar { path: path.to_owned(), setting: name, found });
        }
    };
    Ok(Setting { name, value })
}

/// The line, counted from 1, that holds the byte at `offset`.
fn line_at(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}
