//! Faults of the store, of clients and of our own stay where they are.

use std::time::Duration;

use bytes::Bytes;
use collabd_protocol::{CloseCode, LimitHit, LimitName};

use crate::DocumentError;
use crate::limits::Limits;
use crate::testing::{CANVAS, Client, Stage, key, pass};

/// Longer than commits are apart.
const MOMENT: Duration = Duration::from_millis(50);

#[tokio::test(start_paused = true)]
async fn a_document_that_cannot_be_read_is_refused_and_can_be_opened_later() {
    let stage = Stage::new();
    stage.store.set_unreadable(true);
    let refused = Client::try_join(&stage, "ada", |_| {}).await.err();
    assert_eq!(refused, Some(DocumentError::Unavailable));
    stage.store.set_unreadable(false);
    let ada = stage.editor("ada").await;
    drop(ada);
    stage.end().await;
}

#[tokio::test(start_paused = true)]
async fn broken_bytes_close_their_sender_alone() {
    let stage = Stage::new();
    let (mut ada, mut eve) = (stage.editor("ada").await, stage.editor("eve").await);
    eve.send(Bytes::from_static(&[255, 255, 255, 255, 15])).await;
    ada.type_text("hello").await;
    pass(MOMENT).await;
    assert_eq!(eve.drain().goodbye.map(|goodbye| goodbye.code), Some(CloseCode::BadRequest));
    assert_eq!(ada.drain().goodbye, None);
    drop((ada, eve));
    stage.end().await;
}

#[tokio::test(start_paused = true)]
async fn a_panic_takes_down_its_document_alone_and_nothing_stored_is_lost() {
    let stage = Stage::new();
    let mut ada = stage.editor("ada").await;
    ada.type_text("hello").await;
    pass(MOMENT).await;
    let other = stage.documents.open(&key("other"), CANVAS).await.unwrap();
    let plan = stage.documents.open(&key("plan"), CANVAS).await.unwrap();
    plan.panic().await;
    pass(MOMENT).await;
    assert_eq!(ada.drain().goodbye.map(|goodbye| goodbye.code), Some(CloseCode::ProjectRestarted));
    assert!(other.export().await.is_ok());
    let mut ben = stage.editor("ben").await;
    ben.sync().await;
    ben.hear();
    assert_eq!(ben.text(), "hello");
    drop((ada, ben));
    stage.end().await;
}

#[tokio::test(start_paused = true)]
async fn a_run_after_a_panic_finds_the_record_that_was_on_its_way() {
    let stage = Stage::new();
    let mut ada = stage.editor("ada").await;
    let gate = stage.store.hold_up().await;
    ada.type_text("hello").await;
    pass(MOMENT).await;
    let plan = stage.documents.open(&key("plan"), CANVAS).await.unwrap();
    plan.panic().await;
    pass(MOMENT).await;
    let opening = Client::join(&stage, "ben", |_| {});
    let freeing = async {
        pass(MOMENT).await;
        drop(gate);
    };
    let (mut ben, ()) = tokio::join!(opening, freeing);
    ben.sync().await;
    ben.hear();
    assert_eq!(ben.text(), "hello");
    ben.type_text("!").await;
    pass(MOMENT).await;
    assert_eq!(ben.drain().goodbye, None, "its place in the log is free");
    drop((ada, ben));
    stage.end().await;
}

#[tokio::test(start_paused = true)]
async fn only_so_many_documents_are_open_at_once() {
    let stage = Stage::with(Limits { open_documents: 1, ..Limits::default() });
    let ada = stage.editor("ada").await;
    let refused = stage.documents.open(&key("other"), CANVAS).await.err();
    assert_eq!(refused, Some(DocumentError::Full(LimitHit::full(LimitName::MaxOpenDocuments, 1))));
    drop(ada);
    pass(Limits::default().idle + MOMENT).await;
    stage.documents.open(&key("other"), CANVAS).await.unwrap();
    stage.end().await;
}

#[tokio::test(start_paused = true)]
async fn a_subscription_whose_caller_went_away_is_undone() {
    let stage = Stage::new();
    let plan = stage.documents.open(&key("plan"), CANVAS).await.unwrap();
    plan.export().await.unwrap();
    let (outbox, _reader) = collabd_core::outbox::outbox(collabd_core::limits::OutboxLimits::default());
    let request = crate::testing::request("ada", outbox);
    {
        let mut joining = std::pin::pin!(plan.subscribe(request));
        // Polled once: the command is on its way, nobody waits for the answer.
        assert!(futures_util::poll!(&mut joining).is_pending());
    }
    plan.export().await.unwrap();
    assert_eq!(stage.metrics.subscriptions(), 0);
    stage.end().await;
}
