//! What breaks down again and again is left alone for a minute.

use collabd_loadgen::Client;
use collabd_protocol::ServerMessage;

use super::{ask_for, faulty};
use crate::support::{DocumentClient, TestServer, canvas_at, cursor_in, member_in};

/// The code and the time to come back that a join of this project is answered with.
async fn refusal(server: &TestServer, project: i32) -> (u16, Option<u64>) {
    let mut client = Client::connect(&server.v2(project)).await.expect("connects");
    client.join_as("ann", "Ann").await.expect("sends its join");
    let notice = client.wait_for(|message| match message {
        ServerMessage::Disconnect { code, retry_after_ms, .. } => Some((code, retry_after_ms)),
        _ => None,
    });
    notice.await.expect("a notice")
}

/// O3
#[tokio::test]
async fn a_project_that_panics_five_times_within_a_minute_is_closed_and_says_for_how_long() {
    let server = faulty();
    let (mut witness, _) = member_in(&server.v2(8), "witness", "plan").await;
    for _ in 0..5 {
        let (mut member, _) = member_in(&server.v2(7), "ann", "plan").await;
        ask_for(&server, "project:7").await;
        member.send(&cursor_in("plan", canvas_at(1.0))).await.expect("sends");
        assert_eq!(member.wait_for_close().await.expect("a close").code, Some(4004));
    }
    let (code, retry_after_ms) = refusal(&server, 7).await;
    assert_eq!(code, 1013);
    let retry_after_ms = retry_after_ms.expect("a time to come back");
    assert!((30_000..=60_000).contains(&retry_after_ms), "{retry_after_ms}");
    let (other, _) = member_in(&server.v2(6), "bob", "plan").await;
    witness.messages_until_pong().await.expect("others notice nothing");
    assert!(server.log().contains("closed for a minute"), "{}", server.log());
    other.close().await.expect("closes");
    witness.close().await.expect("closes");
}

/// O3
#[tokio::test]
async fn a_document_that_panics_five_times_within_a_minute_is_closed_and_no_other() {
    let server = faulty();
    for _ in 0..5 {
        let mut client = DocumentClient::synced(&server, "1/notes").await;
        ask_for(&server, "document:1/notes").await;
        client.type_text("x").await;
        assert_eq!(client.end().await, Some(4004));
    }
    assert_eq!(DocumentClient::connect(&server, "1/notes").await.end().await, Some(1013));
    assert!(server.log().contains("document panicked again and again"), "{}", server.log());
    DocumentClient::synced(&server, "1/plan").await.leave().await;
}
