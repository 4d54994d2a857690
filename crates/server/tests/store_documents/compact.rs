//! Snapshots take the place of records, whatever goes on meanwhile.

use std::time::Duration;

use collabd_documents::store::{DocumentStore as _, Sequence, Snapshot, StoreError, Stored};
use collabd_server::store::Store;

use crate::database::{Database, on_both_databases};
use crate::pieces::{append, compact, key, load, records, snapshot, updates};

on_both_databases! {
    a_snapshot_takes_the_place_of_the_records_that_are_in_it,
    a_snapshot_gives_way_to_one_of_the_same_place_but_not_to_an_older_one,
    a_snapshot_of_an_unknown_document_is_refused,
    a_snapshot_that_reads_back_as_something_else_leaves_the_log,
    a_large_snapshot_comes_back,
    a_long_log_is_removed_to_its_end,
    a_record_that_a_snapshot_covers_is_not_read,
    every_load_sees_all_that_was_appended_before_it_while_compactions_run,
}

async fn a_snapshot_takes_the_place_of_the_records_that_are_in_it(database: Database) {
    let store = database.open().await;
    append(&store, "canvas", 1, 5).await;
    append(&store, "3d", 1, 5).await;
    compact(&store, "canvas", 3).await;
    let expected = Stored {
        snapshot: Some(snapshot(3)),
        updates: updates("canvas", &[4, 5]),
        records: 2,
        last: 5,
        damaged: 0,
    };
    assert_eq!(load(&store, "canvas").await, expected);
    assert_eq!(load(&store, "3d").await, records("3d", 1, 5));

    compact(&store, "canvas", 5).await;
    let expected = Stored { snapshot: Some(snapshot(5)), last: 5, ..Stored::default() };
    assert_eq!(load(&store, "canvas").await, expected);
    assert_eq!(database.number("SELECT count(*) FROM document_log WHERE document_id = 'canvas'").await, 0);
    append(&store, "canvas", 6, 6).await;
}

async fn a_snapshot_gives_way_to_one_of_the_same_place_but_not_to_an_older_one(database: Database) {
    let store = database.open().await;
    append(&store, "canvas", 1, 5).await;
    compact(&store, "canvas", 4).await;
    compact(&store, "canvas", 2).await;
    assert_eq!(load(&store, "canvas").await.snapshot, Some(snapshot(4)));

    let smaller = Snapshot { through: 4, state: "the same, smaller".into() };
    store.compact(&key("canvas"), &smaller).await.unwrap();
    let stored = load(&store, "canvas").await;
    assert_eq!((stored.snapshot, stored.updates), (Some(smaller), updates("canvas", &[5])));
}

async fn a_snapshot_of_an_unknown_document_is_refused(database: Database) {
    let store = database.open().await;
    let error = store.compact(&key("unknown"), &snapshot(3)).await.unwrap_err();
    assert!(error.to_string().ends_with("there is no document \"unknown\" in project 1"), "{error}");
    assert_eq!(load(&store, "unknown").await, Stored::default());
}

async fn a_snapshot_that_reads_back_as_something_else_leaves_the_log(database: Database) {
    let store = database.open().await;
    append(&store, "canvas", 1, 3).await;
    database
        .execute_either(
            "CREATE TRIGGER cut AFTER INSERT ON document_snapshots
             BEGIN UPDATE document_snapshots SET state = substr(state, 2); END",
            "CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS
                 'BEGIN NEW.state = substr(NEW.state, 2); RETURN NEW; END';
             CREATE TRIGGER cut BEFORE INSERT ON document_snapshots FOR EACH ROW EXECUTE FUNCTION cut()",
        )
        .await;
    let error = store.compact(&key("canvas"), &snapshot(3)).await.unwrap_err();
    assert!(matches!(&error, StoreError::Damaged(what) if what.contains("reads back")), "{error}");
    assert_eq!(load(&store, "canvas").await, records("canvas", 1, 3));
}

async fn a_large_snapshot_comes_back(database: Database) {
    let store = database.open().await;
    append(&store, "canvas", 1, 1).await;
    let state: Vec<u8> =
        (0..32 * 1024 * 1024_u32).map(|byte| byte.wrapping_mul(2_654_435_761).to_le_bytes()[3]).collect();
    let large = Snapshot { through: 1, state: state.into() };
    store.compact(&key("canvas"), &large).await.unwrap();
    assert!(load(&store, "canvas").await.snapshot == Some(large));
}

/// Records 1 to 2,500, made past the store. Their checksums are wrong, which nobody sees who does not read them.
async fn insert_a_long_log(database: &Database) {
    database
        .execute_either(
            "WITH RECURSIVE places (place) AS (SELECT 1 UNION ALL SELECT place + 1 FROM places WHERE place < 2500)
             INSERT INTO document_log SELECT 1, 'canvas', place, 0, 0, x'00' FROM places",
            "INSERT INTO document_log SELECT 1, 'canvas', place, 0, 0, '\\x00' FROM generate_series(1, 2500) AS place",
        )
        .await;
}

async fn a_long_log_is_removed_to_its_end(database: Database) {
    let store = database.open().await;
    insert_a_long_log(&database).await;
    append(&store, "canvas", 2501, 2502).await;
    compact(&store, "canvas", 2500).await;
    assert_eq!(database.number("SELECT count(*) FROM document_log").await, 2);
    assert_eq!(load(&store, "canvas").await.updates, updates("canvas", &[2501, 2502]));
}

async fn a_record_that_a_snapshot_covers_is_not_read(database: Database) {
    let store = database.open().await;
    append(&store, "canvas", 1, 3).await;
    compact(&store, "canvas", 3).await;
    // As if the process had ended before it was removed.
    database
        .execute_either(
            "INSERT INTO document_log VALUES (1, 'canvas', 2, 0, 0, x'00')",
            "INSERT INTO document_log VALUES (1, 'canvas', 2, 0, 0, '\\x00')",
        )
        .await;
    let expected = Stored { snapshot: Some(snapshot(3)), last: 3, ..Stored::default() };
    assert_eq!(load(&store, "canvas").await, expected);
}

const APPENDED: Sequence = 300;

/// Every load, at any moment, holds a snapshot and exactly the records behind it, and all that had been acknowledged.
async fn every_load_sees_all_that_was_appended_before_it_while_compactions_run(mut database: Database) {
    database.config.version_interval = Duration::ZERO;
    let store = database.open().await;
    append(&store, "canvas", 1, 1).await;
    let (acknowledged, seen) = tokio::sync::watch::channel(1);
    let appending = async {
        for sequence in 2..=APPENDED {
            append(&store, "canvas", sequence, sequence).await;
            acknowledged.send(sequence).unwrap();
        }
        drop(acknowledged);
    };
    let loading = async {
        let mut loads = 0;
        let seen = seen.clone();
        while seen.has_changed().is_ok() {
            let acknowledged = *seen.borrow();
            check(&store, acknowledged).await;
            loads += 1;
        }
        loads
    };
    let compacting = async {
        let mut compactions = 0;
        let mut seen = seen.clone();
        while seen.changed().await.is_ok() {
            let through = *seen.borrow_and_update();
            compact(&store, "canvas", through).await;
            compactions += 1;
        }
        compactions
    };
    let ((), loads, compactions) = tokio::join!(appending, loading, compacting);
    assert!(loads > 5 && compactions > 5, "{loads} loads, {compactions} compactions");
    check(&store, APPENDED).await;
}

async fn check(store: &Store, acknowledged: Sequence) {
    let stored = load(store, "canvas").await;
    assert_eq!(stored.damaged, 0);
    assert!(stored.last >= acknowledged, "{} of {acknowledged}", stored.last);
    let through = stored.snapshot.as_ref().map_or(0, |snapshot| snapshot.through);
    assert_eq!(stored.snapshot, (through > 0).then(|| snapshot(through)));
    let behind: Vec<Sequence> = (through + 1..=stored.last).collect();
    assert_eq!(stored.updates, updates("canvas", &behind));
}
