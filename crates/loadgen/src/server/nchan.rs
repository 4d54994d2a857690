//! nginx with its module nchan: a channel for each path.

use std::fs;
use std::io;
use std::path::Path;
use std::process;

use tokio::process::Command;

/// Where Debian has the module.
const MODULE: &str = "/usr/lib/nginx/modules/ngx_nchan_module.so";

/// One process, as the other servers are, so that what it costs is told by one number.
pub(super) fn command(data: &Path, port: u16) -> io::Result<Command> {
    let directory = data.display();
    let configuration = format!(
        "load_module {MODULE};\n\
         daemon off; master_process off; pid {directory}/nginx.pid; error_log {directory}/error.log;\n\
         worker_rlimit_nofile 20000;\n\
         events {{ worker_connections 16000; }}\n\
         http {{\n  access_log off; tcp_nodelay on;\n\
         client_body_temp_path {directory}/body; proxy_temp_path {directory}/proxy;\n\
         fastcgi_temp_path {directory}/fastcgi; uwsgi_temp_path {directory}/uwsgi; scgi_temp_path {directory}/scgi;\n\
         nchan_shared_memory_size 256M;\n\
         server {{ listen 127.0.0.1:{port}; location ~ ^/(\\w+)$ {{\n\
         nchan_pubsub websocket; nchan_channel_id $1; nchan_message_buffer_length 100;\n\
         nchan_subscriber_first_message newest; nchan_websocket_ping_interval 30s;\n\
         }} }}\n}}\n"
    );
    let file = data.join("nginx.conf");
    fs::write(&file, configuration)?;
    let mut command = Command::new("nginx");
    command.arg("-c").arg(file).arg("-e").arg(data.join("error.log"));
    Ok(command)
}

/// nginx says its version on standard error.
pub(super) fn name() -> String {
    let said =
        process::Command::new("nginx").arg("-v").output().map(|output| output.stderr).unwrap_or_default();
    let said = String::from_utf8_lossy(&said).into_owned();
    format!("nchan in nginx {}", said.rsplit('/').next().unwrap_or_default().trim())
}
