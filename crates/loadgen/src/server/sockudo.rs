//! Sockudo, which speaks Pusher's protocol, with one application and none of its limits on rates.

use std::path::Path;
use std::process;

use tokio::process::Command;

use crate::wire::{APPLICATION_KEY, APPLICATION_SECRET};

pub(super) fn command(program: &Path, port: u16) -> Command {
    let mut command = Command::new(program);
    command.envs([
        ("SOCKUDO_DEFAULT_APP_ID", "bench"),
        ("SOCKUDO_DEFAULT_APP_KEY", APPLICATION_KEY),
        ("SOCKUDO_DEFAULT_APP_SECRET", APPLICATION_SECRET),
        ("SOCKUDO_DEFAULT_APP_ENABLE_CLIENT_MESSAGES", "true"),
        ("SOCKUDO_DEFAULT_APP_MAX_CONNECTIONS", "1000000"),
        ("SOCKUDO_DEFAULT_APP_MAX_CLIENT_EVENTS_PER_SECOND", "1000000"),
        ("RATE_LIMITER_ENABLED", "false"),
        ("METRICS_ENABLED", "false"),
        ("RUST_LOG", "error"),
        ("HOST", "127.0.0.1"),
    ]);
    command.env("PORT", port.to_string());
    command
}

/// `Sockudo 5.2.0`.
pub(super) fn name(program: &Path) -> String {
    let said = process::Command::new(program)
        .arg("--version")
        .output()
        .map(|output| output.stdout)
        .unwrap_or_default();
    let said = String::from_utf8_lossy(&said).into_owned();
    format!("Sockudo {}", said.split_whitespace().last().unwrap_or_default())
}
