//! SIGTERM (D1).

use std::time::Duration;

use collabd_loadgen::{Client, Endpoint};
use collabd_protocol::{ClientMessage, CursorPosition, Label, ServerMessage};

use crate::support::{FULL_SPEED, TestServer, canvas_at, cursor_in, member_in};

const EXIT: Duration = Duration::from_secs(5);

/// What a client is told at the end: the notice, then the close code.
async fn farewell(client: &mut Client) -> (u16, Option<u64>, Option<u16>) {
    let notice = client.wait_for(|message| match message {
        ServerMessage::Disconnect { code, retry_after_ms, .. } => Some((code, retry_after_ms)),
        _ => None,
    });
    let (code, retry_after_ms) = notice.await.expect("a notice");
    (code, retry_after_ms, client.wait_for_close().await.expect("a close").code)
}

/// A move that takes as many bytes as one may.
fn large_move(document: &str, position: CursorPosition) -> ClientMessage {
    let mut message = cursor_in(document, position);
    if let ClientMessage::CursorUpdate(update) = &mut message {
        update.selected_node_id = Some(Label::new("n".repeat(Label::MAX_BYTES)).expect("a label"));
    }
    message
}

/// D1, O1, O2
#[tokio::test]
async fn sigterm_tells_every_member_and_ends_in_time_though_some_do_not_read() {
    let mut server = TestServer::start_with(&FULL_SPEED);
    let endpoint = server.batch(1);
    let mut members = Vec::new();
    for number in 0..20 {
        members.push(member_in(&endpoint, &format!("user-{number}"), "plan").await.0);
    }
    let mut deaf = Vec::new();
    for number in 0..5 {
        let endpoint = endpoint.clone().with_receive_buffer(2048);
        deaf.push(member_in(&endpoint, &format!("deaf-{number}"), "plan").await.0);
    }
    // Enough for the deaf ones' windows to be full.
    for step in 0..400 {
        let at = canvas_at(f64::from(step));
        members[0].send(&large_move("plan", at.clone())).await.expect("sends");
        let seen = members[1].wait_for(|message| match message {
            ServerMessage::CursorUpdate { data } if data.position == at => Some(()),
            _ => None,
        });
        seen.await.expect("the move");
    }
    server.signal("TERM");
    let mut returns = Vec::new();
    for member in &mut members {
        let (notice, retry_after_ms, close) = farewell(member).await;
        assert_eq!((notice, close), (1001, Some(1001)));
        returns.push(retry_after_ms.expect("a time to return"));
    }
    let status = server.wait_for_exit(EXIT);
    assert!(status.success(), "exit {status}\n{}", server.log());
    assert!(server.log().contains("stopped"), "not all ended in order:\n{}", server.log());
    assert!(!server.log().contains("tasks left"), "{}", server.log());
    returns.sort_unstable();
    returns.dedup();
    assert!(returns.len() > 10, "everybody is sent back at the same time: {returns:?}");
    drop(deaf);
}

/// D1
#[tokio::test]
async fn sockets_that_never_joined_are_told_and_new_ones_refused() {
    let mut server = TestServer::start_with(&["--drain", "2s"]);
    let mut idle = Client::connect(&server.v2(1)).await.expect("connects");
    let (mut member, _) = member_in(&server.v2(1), "ann", "plan").await;
    server.signal("TERM");
    assert_eq!(farewell(&mut idle).await.0, 1001);
    // By the kernel, by a reset of what waited in the closing listener, or by 503: whichever comes first.
    assert!(Client::connect(&server.v2(1)).await.is_err());
    assert_eq!(farewell(&mut member).await.2, Some(1001));
    assert!(server.wait_for_exit(EXIT).success());
}

/// D1, O2
#[tokio::test]
async fn a_second_signal_ends_the_process_at_once() {
    let mut server = TestServer::start_with(&["--drain", "1m"]);
    let (_first, _) = member_in(&server.v2(1), "ann", "plan").await;
    let (mut last, _) = member_in(&server.v2(1), "bob", "plan").await;
    server.signal("TERM");
    // The first member's goodbye, or the refused connection, shows that the drain has begun.
    let endpoint: Endpoint = server.v2(1);
    while Client::connect(&endpoint).await.is_ok() {}
    server.signal("TERM");
    let status = server.wait_for_exit(Duration::from_secs(1));
    assert!(!status.success(), "an end in haste is no success");
    assert_eq!(last.wait_for_close().await.expect("the end").code, None);
}
