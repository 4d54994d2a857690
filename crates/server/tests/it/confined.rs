//! A server that may do nothing but what a server needs: no privileges, and one directory to write to.

use std::path::Path;
use std::process::Command;

use serde_json::json;

use crate::support::TestServer;

/// Becomes the server in a system that is read-only but for the data directory, without any capability and without a
/// way to gain one.
const CONFINE: &str = r#"
mount --bind "$1" "$1"
mount -o remount,bind,ro /
! touch "$1/../file" 2>/dev/null || exit 1
shift
exec setpriv --bounding-set=-all --inh-caps=-all --no-new-privs "$@"
"#;

/// The systemd unit and the image rest on it.
#[tokio::test]
async fn a_server_without_privileges_writes_to_its_data_directory_and_nowhere_else() {
    let server = TestServer::start_by(confined, &[]);
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.pid())).unwrap();
    for rights in ["CapPrm", "CapEff", "CapBnd"] {
        assert!(status.contains(&format!("{rights}:\t0000000000000000")), "{status}");
    }
    let query = json!({ "query": "mutation { createProject(name: \"Plan\") { name } }" });
    let made = server.http().post_json("/graphql", &query).await.unwrap().text();
    assert_eq!(made, r#"{"data":{"createProject":{"name":"Plan"}}}"#);
}

fn confined(binary: &Path, data: &Path) -> Command {
    std::fs::create_dir(data).expect("the data directory");
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-root-user", "--mount", "sh", "-euc", CONFINE, "sh"]).arg(data).arg(binary);
    command
}
