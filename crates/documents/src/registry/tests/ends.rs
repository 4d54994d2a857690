//! The ends of documents, and what their clients are told.

use std::time::Duration;

use collabd_core::Goodbye;
use collabd_core::limits::OutboxLimits;
use collabd_protocol::CloseCode;

use crate::Form;
use crate::limits::Limits;
use crate::testing::{Client, Mood, Stage, key, pass};
use crate::wire::peer::ServerMessage;

/// Longer than commits are apart.
const MOMENT: Duration = Duration::from_millis(50);

fn goodbye(client: &mut Client) -> Option<CloseCode> {
    client.drain().goodbye.map(|goodbye: Goodbye| goodbye.code)
}

#[tokio::test(start_paused = true)]
async fn a_deleted_document_closes_its_clients_and_a_new_one_begins_empty() {
    let stage = Stage::new();
    let mut ada = stage.editor("ada").await;
    let mut cy = Client::join(&stage, "cy", |request| request.form = Form::Addressed).await;
    ada.type_text("hello").await;
    pass(MOMENT).await;
    cy.hear();
    stage.documents.close(&key("plan"), CloseCode::ProjectDeleted.into());
    pass(MOMENT).await;
    assert_eq!(goodbye(&mut ada), Some(CloseCode::ProjectDeleted));
    let told = cy.hear();
    assert_eq!(told, [ServerMessage::Closed(4504, "project_deleted".to_owned())], "its socket stays");
    drop((ada, cy));
    stage.end().await;
}

#[tokio::test(start_paused = true)]
async fn a_document_that_the_store_has_lost_closes_its_clients() {
    let stage = Stage::new();
    let mut ada = stage.editor("ada").await;
    stage.store.set_mood(Mood::Gone);
    ada.type_text("hello").await;
    pass(MOMENT).await;
    assert_eq!(goodbye(&mut ada), Some(CloseCode::ProjectDeleted));
    drop(ada);
    stage.end().await;
}

/// B2
#[tokio::test(start_paused = true)]
async fn a_client_that_does_not_read_is_closed_alone() {
    let stage = Stage::new();
    let (mut ada, mut ben) = (stage.editor("ada").await, stage.editor("ben").await);
    let bounds = OutboxLimits { items: 8, ..OutboxLimits::default() };
    let mut slow = Client::bounded(&stage, "slow", bounds, |_| {}).await.unwrap();
    for _ in 0..20 {
        ada.type_text("x").await;
        pass(MOMENT).await;
        ben.hear();
    }
    assert_eq!(goodbye(&mut slow), Some(CloseCode::SlowConsumer));
    assert_eq!(ben.text(), "x".repeat(20));
    drop((ada, ben, slow));
    stage.end().await;
}

#[tokio::test(start_paused = true)]
async fn editing_ends_while_the_store_takes_nothing_and_too_much_waits() {
    let stage = Stage::with(Limits { unsaved_bytes: 1_000, ..Limits::default() });
    let (mut ada, mut ben) = (stage.editor("ada").await, stage.editor("ben").await);
    stage.store.set_mood(Mood::Away);
    ada.type_text(&"x".repeat(900)).await;
    pass(MOMENT).await;
    ada.type_text(&"y".repeat(900)).await;
    pass(MOMENT).await;
    assert_eq!(goodbye(&mut ada), Some(CloseCode::TryAgainLater));
    ben.hear();
    assert_eq!(ben.text(), "x".repeat(900), "whoever only reads stays");
    stage.store.set_mood(Mood::Well);
    pass(Duration::from_secs(6)).await;
    drop((ada, ben));
    stage.end().await;
}

#[tokio::test(start_paused = true)]
async fn a_client_that_lacks_what_it_builds_on_is_not_asked_for_ever() {
    let stage = Stage::new();
    let mut ada = stage.editor("ada").await;
    ada.type_quietly("lost");
    let update = ada.type_quietly("b");
    ada.subscription.update(update, true).await.unwrap();
    pass(MOMENT).await;
    assert_eq!(goodbye(&mut ada), Some(CloseCode::ResyncRequired));
    drop(ada);
    stage.end().await;
}

#[tokio::test(start_paused = true)]
async fn a_new_run_begins_when_everything_of_the_last_one_is_stored() {
    let stage = Stage::new();
    let mut ada = stage.editor("ada").await;
    let gate = stage.store.hold_up().await;
    ada.type_text("hello").await;
    pass(MOMENT).await;
    let bad = bytes::Bytes::from_static(&[1, 1, 1, 1, 1, 1, 1, 1]);
    ada.send(bad).await;
    drop(ada);
    pass(MOMENT).await;
    drop(gate);
    pass(Limits::default().idle + MOMENT).await;
    let mut ben = stage.editor("ben").await;
    ben.sync().await;
    ben.hear();
    assert_eq!(ben.text(), "hello");
    drop(ben);
    stage.end().await;
}
