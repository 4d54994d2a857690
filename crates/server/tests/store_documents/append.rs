//! Records go in, together and each for itself, and come back.

use std::time::Duration;

use collabd_documents::store::{AppendError, DocumentStore as _, Record, StoreError, Stored};
use tokio::time::Instant;

use crate::database::{Database, canvas, on_both_databases};
use crate::pieces::{append, compact, key, load, record, records, told, update};

on_both_databases! {
    a_document_that_is_unknown_holds_nothing,
    records_of_many_documents_go_in_together_and_come_back_in_order,
    a_record_holds_its_updates_whatever_they_are,
    what_was_acknowledged_is_there_after_an_abrupt_end,
    each_record_of_a_group_is_answered_for_itself,
    a_record_that_the_database_refuses_costs_the_others_nothing,
    a_place_is_taken_once,
    a_place_that_a_snapshot_covers_is_taken,
    a_record_beyond_one_that_is_missing_is_refused,
    a_record_whose_acknowledgement_was_lost_can_be_appended_again,
    records_of_one_document_in_one_group_are_taken_in_their_order,
    two_records_that_claim_one_place_are_not_both_taken,
    a_database_that_takes_nothing_is_asked_once,
}

async fn a_document_that_is_unknown_holds_nothing(database: Database) {
    let store = database.open().await;
    assert_eq!(load(&store, "unknown").await, Stored::default());
    assert_eq!(load(&store, "canvas").await, Stored::default());
    assert!(store.append(&[]).await.is_empty());
}

async fn records_of_many_documents_go_in_together_and_come_back_in_order(database: Database) {
    let store = database.open().await;
    for sequence in 1..=12 {
        let group: Vec<Record> =
            ["canvas", "3d", "timeline"].map(|document| record(document, sequence)).into();
        assert_eq!(told(&store.append(&group).await), ["ok"; 3]);
    }
    for document in ["canvas", "3d", "timeline"] {
        assert_eq!(load(&store, document).await, records(document, 1, 12));
    }
    assert_eq!(load(&store, "spreadsheet").await, Stored::default());
}

async fn a_record_holds_its_updates_whatever_they_are(database: Database) {
    let store = database.open().await;
    let updates = vec![vec![0; 2].into(), vec![].into(), vec![0xFF; 300_000].into(), vec![0x80].into()];
    let record = Record { updates: updates.clone(), ..record("canvas", 1) };
    assert_eq!(told(&store.append(&[record]).await), ["ok"]);
    let stored = load(&store, "canvas").await;
    assert_eq!((stored.updates, stored.records, stored.last), (updates, 1, 1));
}

async fn what_was_acknowledged_is_there_after_an_abrupt_end(database: Database) {
    let store = database.open().await;
    append(&store, "notes", 1, 5).await;
    compact(&store, "notes", 3).await;
    // Dropped, not closed: nothing may depend on an orderly end.
    drop(store);

    let store = database.open().await;
    let stored = load(&store, "notes").await;
    assert_eq!(stored.snapshot.unwrap().through, 3);
    assert_eq!((stored.updates, stored.last), (vec![update("notes", 4), update("notes", 5)], 5));
    append(&store, "notes", 6, 6).await;
}

async fn each_record_of_a_group_is_answered_for_itself(mut database: Database) {
    database.config.max_documents_per_project = 6;
    let store = database.open().await;
    append(&store, "canvas", 1, 2).await;
    let mut elsewhere = record("canvas", 1);
    elsewhere.key.project = crate::database::project_id(77);
    let mut other = record("canvas", 2);
    other.updates.push("another".into());
    let group = [
        record("canvas", 3),
        record("unknown", 2),
        elsewhere,
        record("sixth", 1),
        record("seventh", 1),
        other,
        record("timeline", 1),
    ];
    let answers = store.append(&group).await;
    let mut words = told(&answers);
    // Which of two new documents gets the last room is open.
    words[3..5].sort_unstable();
    assert_eq!(words, ["ok", "gone", "gone", "ok", "too many", "conflict", "ok"]);

    assert_eq!(load(&store, "canvas").await, records("canvas", 1, 3));
    assert_eq!(load(&store, "timeline").await, records("timeline", 1, 1));
    assert_eq!(load(&store, "unknown").await, Stored::default());
}

async fn a_record_that_the_database_refuses_costs_the_others_nothing(database: Database) {
    let store = database.open().await;
    database
        .execute_either(
            "CREATE TRIGGER refuse BEFORE INSERT ON document_log WHEN NEW.document_id = 'spreadsheet'
             BEGIN SELECT RAISE(ABORT, 'not this one'); END",
            "ALTER TABLE document_log ADD CHECK (document_id <> 'spreadsheet')",
        )
        .await;
    let group = ["new", "spreadsheet", "canvas"].map(|document| record(document, 1));
    let answers = store.append(&group).await;
    assert_eq!(told(&answers), ["ok", "store", "ok"]);
    let Err(AppendError::Store(StoreError::Unavailable(error))) = &answers[1] else { panic!("{answers:?}") };
    assert!(error.to_string().starts_with("the database is unavailable: "), "{error}");
    assert_eq!(load(&store, "new").await, records("new", 1, 1));
    assert_eq!(load(&store, "canvas").await, records("canvas", 1, 1));
    assert_eq!(load(&store, "spreadsheet").await, Stored::default());
}

async fn a_place_is_taken_once(database: Database) {
    let store = database.open().await;
    append(&store, "canvas", 1, 3).await;
    for sequence in [0, 1, 3, u64::MAX] {
        let other = Record { updates: vec!["of another writer".into()], ..record("canvas", sequence) };
        assert_eq!(told(&store.append(&[other]).await), ["conflict"], "{sequence}");
    }
    assert_eq!(load(&store, "canvas").await, records("canvas", 1, 3));
}

async fn a_place_that_a_snapshot_covers_is_taken(database: Database) {
    let store = database.open().await;
    append(&store, "canvas", 1, 3).await;
    compact(&store, "canvas", 3).await;
    for sequence in 1..=3 {
        assert_eq!(told(&store.append(&[record("canvas", sequence)]).await), ["conflict"], "{sequence}");
    }
    append(&store, "canvas", 4, 4).await;
}

async fn a_record_beyond_one_that_is_missing_is_refused(database: Database) {
    let store = database.open().await;
    append(&store, "canvas", 1, 2).await;
    assert_eq!(told(&store.append(&[record("canvas", 4)]).await), ["conflict"]);
    // A document of the same id that was made anew lacks what the record builds on.
    store.delete_document(key("canvas").project, &key("canvas").document).await.unwrap();
    assert_eq!(told(&store.append(&[record("canvas", 3)]).await), ["gone"]);
    store.create_document(key("canvas").project, canvas("canvas")).await.unwrap();
    append(&store, "canvas", 1, 1).await;
    assert_eq!(told(&store.append(&[record("canvas", 3)]).await), ["conflict"]);
    assert_eq!(load(&store, "canvas").await, records("canvas", 1, 1));
}

async fn a_record_whose_acknowledgement_was_lost_can_be_appended_again(database: Database) {
    let store = database.open().await;
    append(&store, "new", 1, 1).await;
    append(&store, "canvas", 1, 2).await;
    let group = [record("new", 1), record("canvas", 2), record("3d", 1)];
    assert_eq!(told(&store.append(&group).await), ["ok"; 3]);
    assert_eq!(load(&store, "canvas").await, records("canvas", 1, 2));
}

async fn records_of_one_document_in_one_group_are_taken_in_their_order(database: Database) {
    let store = database.open().await;
    let group: Vec<Record> = (1..=20).map(|sequence| record("new", sequence)).collect();
    assert_eq!(told(&store.append(&group).await), ["ok"; 20]);
    assert_eq!(load(&store, "new").await, records("new", 1, 20));
}

async fn two_records_that_claim_one_place_are_not_both_taken(database: Database) {
    let store = database.open().await;
    let other = Record { updates: vec!["other".into()], ..record("canvas", 1) };
    let answers = store.append(&[record("canvas", 1), other]).await;
    let taken = answers.iter().position(Result::is_ok).unwrap();
    assert_eq!(told(&answers[1 - taken..][..1]), ["conflict"]);
    let expected = [update("canvas", 1), "other".into()];
    assert_eq!(load(&store, "canvas").await.updates, [expected[taken].clone()]);
}

async fn a_database_that_takes_nothing_is_asked_once(database: Database) {
    let store = database.open().await;
    let lock = database.lock().await;
    let begin = Instant::now();
    let group = ["canvas", "3d", "new"].map(|document| record(document, 1));
    assert_eq!(told(&store.append(&group).await), ["store"; 3]);
    assert!(begin.elapsed() < Duration::from_secs(7), "{:?}", begin.elapsed());
    lock.close().await;
    assert_eq!(told(&store.append(&group).await), ["ok"; 3]);
}
