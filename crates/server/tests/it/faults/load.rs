//! A machine that is busy with something else.

use std::process::{Command, Stdio};
use std::time::Duration;

use collabd_loadgen::Client;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};

use crate::support::{ChildGuard, TestServer, member_in};

/// A process that only burns its share of the processor.
fn burner() -> ChildGuard {
    let mut command = Command::new("sh");
    command.args(["-c", "while :; do :; done"]).stdin(Stdio::null());
    ChildGuard(command.spawn().expect("sh starts"))
}

/// Reads whatever comes, and so answers pings.
async fn live_for(mut client: Client, time: Duration) -> Client {
    let until = Instant::now() + time;
    while let Ok(event) = timeout_at(until, client.next_event()).await {
        let event = event.expect("the connection lives");
        assert!(!matches!(event, collabd_loadgen::Event::Closed { .. }), "closed: {event:?}");
    }
    client
}

/// L7: a timer of ours that is late is no silence of theirs.
#[tokio::test]
async fn nobody_is_given_up_because_the_machine_is_busy() {
    let server = TestServer::start_with(&["--heartbeat-interval", "500ms", "--silence-timeout", "3s"]);
    let mut members = JoinSet::new();
    for number in 0..10 {
        let (member, _) = member_in(&server.v2(1), &format!("user-{number}"), "plan").await;
        members.spawn(live_for(member, Duration::from_secs(8)));
    }
    let burners: Vec<_> = (0..8).map(|_| burner()).collect();
    while let Some(member) = members.join_next().await {
        let mut member = member.expect("a member that stayed");
        member.messages_until_pong().await.expect("still served");
        member.close().await.expect("closes");
    }
    drop(burners);
}
