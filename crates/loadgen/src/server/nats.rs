//! NATS with its WebSocket listener.

use std::fs;
use std::io;
use std::path::Path;
use std::process;

use tokio::process::Command;

/// Its own port is any free one; nobody uses it.
pub(super) fn command(data: &Path, port: u16) -> io::Result<Command> {
    let file = data.join("nats.conf");
    fs::write(
        &file,
        format!("listen: \"127.0.0.1:-1\"\nwebsocket {{ listen: \"127.0.0.1:{port}\", no_tls: true }}\n"),
    )?;
    let mut command = Command::new("nats-server");
    command.arg("--config").arg(file).arg("--log").arg(data.join("nats.log"));
    Ok(command)
}

/// `nats-server: v2.9.10`.
pub(super) fn name() -> String {
    let said = process::Command::new("nats-server")
        .arg("-v")
        .output()
        .map(|output| output.stdout)
        .unwrap_or_default();
    let said = String::from_utf8_lossy(&said).into_owned();
    format!("NATS {}", said.rsplit('v').next().unwrap_or_default().trim())
}
