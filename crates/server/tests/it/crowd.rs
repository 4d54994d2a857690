//! Many members at once, and what must be true of every one of them.

use std::num::NonZeroU32;
use std::time::Duration;

use collabd_loadgen::fanout::{self, Plan};
use collabd_protocol::Encoding;

use crate::support::{Bystanders, TestServer};

/// C2, L3: whatever was skipped on the way, everybody sees everybody's last position; another project notices nothing.
#[tokio::test]
async fn more_than_a_hundred_members_move_at_once_and_see_every_last_position() {
    let server = TestServer::start();
    let watched = Bystanders::beside(&server);
    let count = |number| NonZeroU32::new(number).expect("not zero");
    let plan = Plan {
        address: server.address(),
        allow_remote: false,
        first_project: 1,
        projects: count(1),
        members: count(120),
        rate: count(5),
        warm_up: Duration::from_millis(500),
        duration: Duration::from_secs(2),
        encoding: Encoding::JsonBatch,
        pid: Some(server.pid()),
    };
    let report = fanout::run(&plan).await.expect("a report");
    let mut table = Vec::new();
    report.write_table(&mut table).expect("a table");
    assert!(report.is_clean(), "{}", String::from_utf8_lossy(&table));
    watched.noticed_nothing();
}
