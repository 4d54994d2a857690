//! Many members at once, and what must be true of every one of them.

use std::num::NonZeroU32;
use std::time::Duration;

use collabd_loadgen::fanout::{self, Audience, Plan};
use collabd_loadgen::wire::{Target, Wire};
use collabd_protocol::Encoding;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::support::{Bystanders, TestServer, member_in, upgrade_request, v2_path};

/// The deadline of a head, and room for a busy machine.
const CUT: Duration = Duration::from_secs(20);

/// C2, L3: whatever was skipped on the way, everybody sees everybody's last position; another project notices nothing.
#[tokio::test]
async fn more_than_a_hundred_members_move_at_once_and_see_every_last_position() {
    let server = TestServer::start();
    let watched = Bystanders::beside(&server);
    let count = |number| NonZeroU32::new(number).expect("not zero");
    let plan = Plan {
        target: Target {
            address: server.address(),
            pid: Some(server.pid()),
            wire: Wire::Collabd(Encoding::JsonBatch),
        },
        first_project: 1,
        projects: count(1),
        members: count(120),
        rate: count(5),
        warm_up: Duration::from_millis(500),
        duration: Duration::from_secs(2),
        sample: None,
        audience: Audience::default(),
    };
    let report = fanout::run(&plan).await.expect("a report");
    let mut table = Vec::new();
    report.write_table(&mut table).expect("a table");
    assert!(report.is_clean(), "{}", String::from_utf8_lossy(&table));
    watched.noticed_nothing();
}

/// W14: two thousand heads, a byte each between one real client and the next.
#[tokio::test]
async fn two_thousand_heads_that_come_byte_by_byte_keep_nobody_out() {
    let server = TestServer::start();
    let mut slow = Vec::new();
    for _ in 0..2_000 {
        slow.push(TcpStream::connect(server.address()).await.expect("connects"));
    }
    let head = upgrade_request(&v2_path(1), "");
    for (number, byte) in head.bytes().take(50).enumerate() {
        for stream in &mut slow {
            // Whoever was cut off meanwhile cannot send.
            let _ = stream.write_all(&[byte]).await;
        }
        let (client, _) = member_in(&server.v2(1), &format!("user-{number}"), "plan").await;
        client.close().await.expect("closes");
    }
    for mut stream in slow {
        let mut rest = Vec::new();
        let cut = timeout(CUT, stream.read_to_end(&mut rest)).await.expect("every slow head is cut");
        assert!(cut.is_err() || !rest.starts_with(b"HTTP/1.1 101"), "{}", String::from_utf8_lossy(&rest));
    }
}
