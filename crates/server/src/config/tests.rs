//! The sources together: precedence, refusals, help.

use std::ffi::OsString;
use std::io::Write as _;
use std::process::Command as Process;
use std::time::Duration;

use tempfile::NamedTempFile;

use super::{Config, ConfigError, LogFormat};

/// Loads `flags` behind a program name.
fn load(flags: &[&str]) -> Result<Config, ConfigError> {
    Config::load(["collabd"].iter().chain(flags).map(OsString::from))
}

/// A configuration file with this text.
fn file(text: &str) -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file
}

/// Loads a file with this text, then `flags`.
fn load_file(text: &str, flags: &[&str]) -> Result<Config, ConfigError> {
    let file = file(text);
    let path = file.path().to_str().unwrap();
    load(&[&["--config", path], flags].concat())
}

/// The one line that a refused file gives, without the path of the file.
fn refusal_of_file(text: &str) -> String {
    let file = file(text);
    let path = file.path().to_str().unwrap();
    let message = load(&["--config", path]).unwrap_err().to_string();
    assert_eq!(message.lines().count(), 1, "{message}");
    message.replace(path, "FILE")
}

#[test]
fn an_empty_command_line_gives_the_defaults() {
    assert_eq!(load(&[]).unwrap(), Config::default());
}

#[test]
fn the_file_beats_the_defaults_and_flags_beat_the_file() {
    let text = "
        max_connections = 100
        message_burst = 7
        grace = '2s'
        allow_unauthenticated = true
        log_format = 'json'
    ";
    let config = load_file(text, &["--message-burst", "8", "--allow-unauthenticated=false"]).unwrap();
    assert_eq!(config.limits.max_connections, 100);
    assert_eq!(config.limits.message_burst.get(), 8);
    assert_eq!(config.timing.grace, Duration::from_secs(2));
    assert!(!config.listen.allow_unauthenticated);
    assert_eq!(config.log.format, LogFormat::Json);
    assert_eq!(config.limits.outbox_items, Config::default().limits.outbox_items);
}

/// The environment of a process cannot be changed safely while it runs, so the test runs itself again with
/// another one.
#[test]
fn the_environment_beats_the_file_and_flags_beat_the_environment() {
    const NAME: &str = "config::tests::the_environment_beats_the_file_and_flags_beat_the_environment";
    const MARK: &str = "RUN_AGAIN_WITH_SETTINGS";
    if std::env::var_os(MARK).is_none() {
        let output = Process::new(std::env::current_exe().unwrap())
            .args(["--exact", NAME])
            .env(MARK, "1")
            .env("COLLABD_MAX_CONNECTIONS", "200")
            .env("COLLABD_SILENCE_TIMEOUT", "2m")
            .env("COLLABD_DEVELOPMENT", "off")
            .output()
            .unwrap();
        let report = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && report.contains("1 passed"), "{report}");
        return;
    }
    let text = "max_connections = 100\noutbox_items = 100\nsilence_timeout = '100s'";
    let config = load_file(text, &["--silence-timeout", "3m"]).unwrap();
    assert_eq!(config.limits.outbox_items, 100);
    assert_eq!(config.limits.max_connections, 200);
    assert_eq!(config.timing.silence_timeout, Duration::from_mins(3));
    assert!(!config.listen.is_development());
}

#[test]
fn a_file_with_an_unknown_setting_is_refused() {
    for unknown in
        ["max_conections = 5", "config = 'other.toml'", "help = true", "[limits]\nmax_connections = 5"]
    {
        let message = refusal_of_file(unknown);
        assert!(message.starts_with("config (FILE): there is no setting \""), "{message}");
    }
}

#[test]
fn a_file_that_is_no_toml_is_refused_with_its_line() {
    let message = refusal_of_file("grace = '2s'\n\nmax_connections = = 5\n");
    assert!(message.starts_with("config (FILE), line 3: "), "{message}");
    let message = refusal_of_file("grace = '2s'\ngrace = '3s'\n");
    assert!(message.starts_with("config (FILE), line 2: "), "{message}");
}

#[test]
fn a_file_gives_each_setting_one_value() {
    assert_eq!(
        refusal_of_file("max_connections = [1, 2]"),
        "config (FILE): max_connections is array, but must be a string, a number or a boolean"
    );
}

#[test]
fn a_missing_file_is_refused() {
    let message = load(&["--config", "/nonexistent/collabd.toml"]).unwrap_err().to_string();
    assert!(message.starts_with("config (/nonexistent/collabd.toml) cannot be read: "), "{message}");
}

#[test]
fn an_unreadable_value_is_told_alike_for_file_and_flag() {
    for (setting, value, message) in [
        ("max_connections", "many", "max_connections (many): invalid digit found in string"),
        ("max_connections", "-1", "max_connections (-1): invalid digit found in string"),
        ("message_burst", "0", "message_burst (0): must be a whole number from 1 to 4294967295"),
        ("grace", "1500", "grace (1500): expected a number with a unit, such as 1500ms or 30s"),
        ("drain", "-3s", "drain (-3s): a duration cannot be negative"),
        ("listen", "localhost", "listen (localhost): invalid socket address syntax"),
        ("log_format", "xml", "log_format (xml): must be one of text, json"),
    ] {
        assert_eq!(refusal_of_file(&format!("{setting} = '{value}'")), message);
        let flag = format!("--{}={value}", setting.replace('_', "-"));
        assert_eq!(load(&[&flag]).unwrap_err().to_string(), message);
    }
}

#[test]
fn a_flag_without_a_value_is_a_matter_of_usage() {
    for flag in ["--grace", "--log-format", "--max-connections"] {
        let Err(ConfigError::Usage(error)) = load(&[flag]) else { panic!("{flag} needs a value") };
        assert!(error.to_string().contains("a value is required"), "{error}");
    }
    assert_eq!(
        refusal_of_file("grace = ''"),
        "grace (): expected a number with a unit, such as 1500ms or 30s"
    );
}

#[test]
fn settings_are_checked_together_after_all_sources_are_read() {
    let message = "silence_timeout (10s) must be longer than heartbeat_interval (30s)";
    assert_eq!(refusal_of_file("silence_timeout = '10s'"), message);
    let config = load_file("silence_timeout = '10s'", &["--heartbeat-interval", "3s"]).unwrap();
    assert_eq!(config.timing.silence_timeout, Duration::from_secs(10));
}

#[test]
fn every_section_is_checked() {
    for (flag, message) in [
        ("--listen=0.0.0.0:3000", "listen (0.0.0.0:3000) is reachable from other machines"),
        ("--database-url=mysql://u:secret@h/x", "database_url (not shown) must begin with postgres://"),
        ("--outbox-items=0", "outbox_items (0) must be at least 1"),
        ("--cursor-tick=0s", "cursor_tick (0s) must be at least 1ms"),
        ("--log=info,=,", "log (info,=,) is no usable filter: "),
    ] {
        let error = load(&[flag]).unwrap_err().to_string();
        assert!(error.starts_with(message) && error.lines().count() == 1, "{error}");
    }
}

#[test]
fn a_password_stays_out_of_dumps_help_and_errors() {
    let text = "database_url = 'postgres://u:hunter2@h/x'";
    let config = load_file(text, &[]).unwrap();
    assert!(!format!("{config:?}").contains("hunter2"));
    for flag in ["--help", "-h", "--no-such-flag", "--grace=x"] {
        let error = load_file(text, &[flag]).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{flag}");
    }
}

#[test]
fn help_names_every_setting_with_its_default_and_variable() {
    let Err(ConfigError::Usage(help)) = load(&["--help"]) else { panic!("help must print itself") };
    assert_eq!(help.exit_code(), 0);
    let help = help.to_string();
    for part in
        ["Listening:", "Storage:", "Limits:", "Timing:", "Logging:", "[default: 1500ms]", "COLLABD_GRACE"]
    {
        assert!(help.contains(part), "{part} is missing in\n{help}");
    }
    let Err(ConfigError::Usage(version)) = load(&["--version"]) else { panic!("version must print itself") };
    assert_eq!(version.to_string(), format!("collabd {}\n", env!("CARGO_PKG_VERSION")));
}
