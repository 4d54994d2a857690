//! What is reported as saved is in the store, and everything gets there.

use std::time::Duration;

use futures_util::StreamExt as _;

use crate::limits::Limits;
use crate::testing::{Client, MemoryStore, Mood, Stage, key, pass};
use crate::wire::peer::ServerMessage;

/// How many of its messages a client was told to be saved, if it was told anything.
fn saved(client: &mut Client) -> Option<u64> {
    let told = client.hear();
    told.iter().rev().find_map(|message| match message {
        ServerMessage::Saved(count, _) => Some(*count),
        _ => None,
    })
}

/// Longer than commits are apart.
const MOMENT: Duration = Duration::from_millis(50);

#[tokio::test(start_paused = true)]
async fn an_update_is_told_at_once_and_reported_saved_when_it_is_stored() {
    let stage = Stage::new();
    let (mut ada, mut ben) = (stage.editor("ada").await, stage.editor("ben").await);
    let gate = stage.store.hold_up().await;
    ada.type_text("hello").await;
    pass(MOMENT).await;
    ben.hear();
    assert_eq!(ben.text(), "hello", "the others do not wait for the disk");
    assert_eq!(saved(&mut ada), None, "it is not on disk");
    drop(gate);
    pass(MOMENT).await;
    assert_eq!(saved(&mut ada), Some(1));
    assert_eq!(saved(&mut ben), None, "it sent nothing");
    drop((ada, ben));
    stage.end().await;
}

#[tokio::test(start_paused = true)]
async fn what_comes_during_a_commit_is_not_covered_by_it() {
    let stage = Stage::new();
    let mut ada = stage.editor("ada").await;
    let gate = stage.store.hold_up().await;
    ada.type_text("a").await;
    pass(MOMENT).await;
    ada.type_text("b").await;
    ada.delete_first().await;
    pass(MOMENT).await;
    let before = stage.store.groups().len();
    drop(gate);
    pass(MOMENT).await;
    let reports: Vec<_> = ada
        .hear()
        .into_iter()
        .filter_map(|message| if let ServerMessage::Saved(count, _) = message { Some(count) } else { None })
        .collect();
    assert_eq!(reports, [1, 3], "the first commit held the first update alone");
    assert_eq!(stage.store.groups().len() - before, 2, "updates that wait share a record");
    drop(ada);
    stage.end().await;
}

#[tokio::test(start_paused = true)]
async fn a_message_that_says_nothing_new_is_saved_at_once() {
    let stage = Stage::new();
    let mut ada = stage.editor("ada").await;
    ada.type_text("hello").await;
    pass(MOMENT).await;
    assert_eq!(saved(&mut ada), Some(1));
    ada.send_all().await;
    pass(MOMENT).await;
    assert_eq!(saved(&mut ada), Some(2));
    drop(ada);
    stage.end().await;
}

#[tokio::test(start_paused = true)]
async fn nothing_after_an_update_that_could_not_be_applied_counts_as_saved_until_all_is_there() {
    let stage = Stage::new();
    let mut ada = stage.editor("ada").await;
    ada.type_text("a").await;
    ada.type_quietly("lost");
    ada.type_text("b").await;
    ada.type_text("c").await;
    pass(MOMENT).await;
    assert_eq!(saved(&mut ada), Some(1));
    ada.send_all().await;
    pass(MOMENT).await;
    assert_eq!(saved(&mut ada), Some(4));
    drop(ada);
    stage.end().await;
}

#[tokio::test(start_paused = true)]
async fn a_store_that_is_away_is_tried_again_until_it_takes_everything() {
    let stage = Stage::new();
    let mut ada = stage.editor("ada").await;
    stage.store.set_mood(Mood::Away);
    ada.type_text("hello").await;
    pass(Duration::from_secs(20)).await;
    assert_eq!(saved(&mut ada), None);
    assert!(stage.metrics.unsaved_bytes() > 0);
    let tries = stage.store.groups().len();
    assert!((5..12).contains(&tries), "{tries} tries in 20 s: pauses double up to 5 s");
    stage.store.set_mood(Mood::Well);
    pass(Duration::from_secs(6)).await;
    assert_eq!(saved(&mut ada), Some(1));
    assert_eq!(stage.store.stored(&key("plan")).records, 1);
    drop(ada);
    stage.end().await;
}

#[tokio::test(start_paused = true)]
async fn the_end_of_the_server_waits_until_everything_is_stored() {
    let stage = Stage::new();
    let mut ada = stage.editor("ada").await;
    stage.store.set_mood(Mood::Away);
    ada.type_text("hello").await;
    pass(MOMENT).await;
    drop(ada);
    let documents = stage.documents.clone();
    let mut ending = std::pin::pin!(documents.shut_down());
    let early = tokio::time::timeout(Duration::from_secs(1), &mut ending).await;
    assert!(early.is_err(), "ended although something is not stored");
    stage.store.set_mood(Mood::Well);
    ending.await;
    assert_eq!(stage.store.stored(&key("plan")).records, 1);
    stage.end().await;
}

#[tokio::test(start_paused = true)]
async fn a_document_that_nobody_is_in_is_unloaded_and_comes_back_whole() {
    let stage = Stage::new();
    let mut ada = stage.editor("ada").await;
    ada.type_text("hello").await;
    drop(ada);
    pass(Limits::default().idle.saturating_sub(MOMENT)).await;
    assert_eq!(stage.metrics.open(), 1);
    pass(2 * MOMENT).await;
    assert_eq!(stage.metrics.open(), 0);
    let mut ben = stage.editor("ben").await;
    ben.sync().await;
    ben.hear();
    assert_eq!(ben.text(), "hello");
    drop(ben);
    stage.end().await;
}

#[tokio::test(start_paused = true)]
async fn a_long_log_becomes_a_snapshot_while_editing_goes_on() {
    let stage = Stage::with(Limits { compact_after: 20, ..Limits::default() });
    let mut ada = stage.editor("ada").await;
    for _ in 0..30 {
        ada.type_text("x").await;
        pass(MOMENT).await;
    }
    ada.sync().await;
    // The snapshot is made on a thread of its own, which virtual time does not wait for.
    while stage.store.stored(&key("plan")).snapshot.is_none() {
        tokio::task::spawn_blocking(|| {}).await.unwrap();
        pass(MOMENT).await;
    }
    let store = std::sync::Arc::clone(&stage.store);
    drop(ada);
    stage.end().await;
    let again = Stage::on(Limits::default(), store);
    let mut ben = again.editor("ben").await;
    ben.sync().await;
    ben.hear();
    assert_eq!(ben.text(), "x".repeat(30));
    drop(ben);
    again.end().await;
}

#[tokio::test(start_paused = true)]
async fn an_import_of_what_is_on_its_way_to_the_store_is_answered_with_it() {
    let stage = Stage::new();
    let document = stage.documents.open(&key("plan"), crate::testing::CANVAS).await.unwrap();
    let update = yrs_update("hello");
    let gate = stage.store.hold_up().await;
    let freeing = async {
        pass(MOMENT).await;
        drop(gate);
    };
    let (first, again, ()) =
        tokio::join!(document.import(update.clone()), document.import(update.clone()), freeing);
    assert_eq!((first, again), (Ok(()), Ok(())));
    assert_eq!(stage.store.groups(), [1]);
    stage.end().await;
}

#[tokio::test(start_paused = true)]
async fn updates_that_come_one_by_one_share_commits() {
    let stage = Stage::new();
    let mut ada = stage.editor("ada").await;
    for _ in 0..100 {
        ada.type_text("x").await;
        pass(Duration::from_millis(1)).await;
    }
    pass(MOMENT).await;
    assert_eq!(saved(&mut ada), Some(100));
    let commits = stage.store.groups().len();
    assert!((4..=7).contains(&commits), "{commits} commits in 100 ms");
    drop(ada);
    stage.end().await;
}

#[tokio::test(start_paused = true)]
async fn documents_that_wait_for_the_disk_share_a_commit() {
    let store = std::sync::Arc::new(MemoryStore::default());
    let stage = Stage::on(Limits::default(), store);
    let gate = stage.store.hold_up().await;
    let mut imports = futures_util::stream::FuturesUnordered::new();
    for number in 0..10 {
        let document = key(&format!("doc-{number}"));
        let document = stage.documents.open(&document, crate::testing::CANVAS).await.unwrap();
        imports.push(async move { document.import(yrs_update("hello")).await });
        // The first one is on its way to the store before the others come.
        assert!(tokio::time::timeout(MOMENT, imports.next()).await.is_err());
    }
    drop(gate);
    while let Some(imported) = imports.next().await {
        imported.unwrap();
    }
    assert_eq!(stage.store.groups(), [1, 9]);
    stage.end().await;
}

fn yrs_update(text: &str) -> bytes::Bytes {
    use yrs::{Text as _, Transact as _};
    let doc = yrs::Doc::new();
    let field = doc.get_or_insert_text("text");
    let mut txn = doc.transact_mut();
    field.push(&mut txn, text);
    txn.encode_update_v1().into()
}
