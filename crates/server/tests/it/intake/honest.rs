//! Who must not be hit by what stops those who flood.

use std::time::Duration;

use tokio::time::Instant;

use super::joined;
use crate::support::{DocumentClient, Frame, TestServer};

/// A document that was edited for long while its editor was away: held back for longer than a flood is borne, and for
/// longer than a message may take, and never closed.
#[tokio::test]
async fn a_large_document_is_held_back_and_arrives() {
    // The largest message of a document is a megabyte here, and one megabyte takes sixteen seconds.
    let flags = ["--max-update-bytes", "131072", "--document-bytes-per-second", "65536"];
    let server = TestServer::start_with(&flags);
    let mut writer = DocumentClient::synced(&server, "1/notes").await;
    let began = Instant::now();
    let paragraph = "x".repeat(120_000);
    for _ in 0..16 {
        writer.type_text(&paragraph).await;
    }
    writer.until_saved().await;
    assert!(began.elapsed() > Duration::from_secs(12), "not held back: {:?}", began.elapsed());
    let reader = DocumentClient::synced(&server, "1/notes").await;
    assert_eq!(reader.text().len(), 16 * paragraph.len());
}

/// The burst is for that: whoever comes back says at once all that it has to say.
#[test]
fn a_burst_of_large_messages_is_answered_at_once() {
    let server = TestServer::start();
    let mut client = joined(&server, "ada");
    let large = format!(r#"{{"type":"ping","data":"{}"}}"#, "x".repeat(60_000));
    let began = Instant::now();
    for _ in 0..8 {
        client.send_frame(&Frame::text(large.as_str()));
        assert_eq!(client.message()["type"], "pong");
    }
    assert!(began.elapsed() < Duration::from_secs(2), "held back: {:?}", began.elapsed());
}
