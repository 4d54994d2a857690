//! Records that are not what was written: noticed, set aside, and in nobody's way.

use collabd_documents::store::{Sequence, Stored};
use collabd_server::store::Store;

use crate::database::{Database, on_both_databases};
use crate::pieces::{append, compact, load, records, snapshot, updates};

on_both_databases! {
    a_byte_that_changed_is_noticed,
    a_payload_that_was_cut_is_noticed,
    payloads_that_were_swapped_are_noticed,
    a_record_of_another_document_is_noticed,
    a_record_at_another_place_is_noticed,
    a_checksum_that_changed_is_noticed,
    the_place_of_a_torn_tail_is_not_used_again,
    damage_does_not_hinder_a_compaction,
    a_log_of_nothing_but_damage_can_go_on,
    damage_is_counted_once_there_is_room_to_set_it_aside,
}

/// A document of six records.
async fn six(database: &Database) -> Store {
    let store = database.open().await;
    append(&store, "canvas", 1, 6).await;
    store
}

/// Only the records at `readable` are left of six, and the others are set aside for good.
async fn assert_left(database: &Database, store: &Store, readable: &[Sequence]) {
    let found = load(store, "canvas").await;
    let damaged = 6 - readable.len();
    let expected = Stored {
        updates: updates("canvas", readable),
        records: readable.len(),
        last: 6,
        damaged,
        ..Stored::default()
    };
    assert_eq!(found, expected);
    assert_eq!(load(store, "canvas").await, Stored { damaged: 0, ..expected.clone() });
    let set_aside = database.number("SELECT count(*) FROM document_damage WHERE kind = 'record'").await;
    assert_eq!(set_aside, i64::try_from(damaged).unwrap());
    let in_the_log = database.number("SELECT count(*) FROM document_log WHERE document_id = 'canvas'").await;
    assert_eq!(in_the_log, i64::try_from(readable.len()).unwrap());

    append(store, "canvas", 7, 7).await;
    let readable = [readable, &[7]].concat();
    assert_eq!(load(store, "canvas").await.updates, updates("canvas", &readable));
}

async fn a_byte_that_changed_is_noticed(database: Database) {
    let store = six(&database).await;
    // The digit in "update 3 of canvas", behind the byte of its length.
    database
        .execute_either(
            "UPDATE document_log SET payload = CAST(replace(CAST(payload AS TEXT), '3', '4') AS BLOB) WHERE sequence = 3",
            "UPDATE document_log SET payload = set_byte(payload, 8, 52) WHERE sequence = 3",
        )
        .await;
    assert_left(&database, &store, &[1, 2, 4, 5, 6]).await;
}

async fn a_payload_that_was_cut_is_noticed(database: Database) {
    let store = six(&database).await;
    database.execute("UPDATE document_log SET payload = substr(payload, 1, 5) WHERE sequence = 2").await;
    database.execute("UPDATE document_log SET payload = substr(payload, 1, 0) WHERE sequence = 4").await;
    assert_left(&database, &store, &[1, 3, 5, 6]).await;
}

async fn payloads_that_were_swapped_are_noticed(database: Database) {
    let store = six(&database).await;
    // With their checksums: each row is whole, but not where it belongs.
    database
        .execute(
            "UPDATE document_log SET sequence = 9 WHERE sequence = 2;
             UPDATE document_log SET sequence = 2 WHERE sequence = 5;
             UPDATE document_log SET sequence = 5 WHERE sequence = 9",
        )
        .await;
    assert_left(&database, &store, &[1, 3, 4, 6]).await;
}

async fn a_record_of_another_document_is_noticed(database: Database) {
    let store = six(&database).await;
    // Its id is as long, so that nothing but the id itself differs.
    append(&store, "sketch", 1, 6).await;
    database
        .execute(
            "UPDATE document_log SET (payload, checksum) =
                (SELECT o.payload, o.checksum FROM document_log o WHERE o.document_id = 'sketch' AND o.sequence = 3)
             WHERE document_id = 'canvas' AND sequence = 3",
        )
        .await;
    assert_left(&database, &store, &[1, 2, 4, 5, 6]).await;
    assert_eq!(load(&store, "sketch").await, records("sketch", 1, 6));
}

async fn a_record_at_another_place_is_noticed(database: Database) {
    let store = six(&database).await;
    database.execute("UPDATE document_log SET sequence = 9 WHERE sequence = 4").await;
    let stored = load(&store, "canvas").await;
    assert_eq!(stored.updates, updates("canvas", &[1, 2, 3, 5, 6]));
    assert_eq!((stored.damaged, stored.last), (1, 9));
    append(&store, "canvas", 10, 10).await;
}

async fn a_checksum_that_changed_is_noticed(database: Database) {
    let store = six(&database).await;
    database.execute("UPDATE document_log SET checksum = checksum - 1 WHERE sequence IN (1, 6)").await;
    assert_left(&database, &store, &[2, 3, 4, 5]).await;
}

async fn the_place_of_a_torn_tail_is_not_used_again(database: Database) {
    let store = six(&database).await;
    database.execute("UPDATE document_log SET payload = substr(payload, 1, 3) WHERE sequence >= 5").await;
    assert_left(&database, &store, &[1, 2, 3, 4]).await;
}

async fn damage_does_not_hinder_a_compaction(database: Database) {
    let store = six(&database).await;
    database.execute("UPDATE document_log SET checksum = 0 WHERE sequence IN (3, 6)").await;
    assert_eq!(load(&store, "canvas").await.damaged, 2);
    compact(&store, "canvas", 6).await;
    let expected = Stored { snapshot: Some(snapshot(6)), last: 6, ..Stored::default() };
    assert_eq!(load(&store, "canvas").await, expected);
    append(&store, "canvas", 7, 7).await;
    assert_eq!(database.number("SELECT count(*) FROM document_damage").await, 2);
}

async fn a_log_of_nothing_but_damage_can_go_on(database: Database) {
    let store = database.open().await;
    append(&store, "canvas", 1, 250).await;
    database.execute("UPDATE document_log SET checksum = 0").await;
    let stored = load(&store, "canvas").await;
    assert_eq!(stored, Stored { last: 250, damaged: 250, ..Stored::default() });
    append(&store, "canvas", 251, 251).await;
    assert_eq!(load(&store, "canvas").await, records("canvas", 251, 251));
    assert_eq!(database.number("SELECT count(*) FROM document_damage").await, 250);
}

async fn damage_is_counted_once_there_is_room_to_set_it_aside(database: Database) {
    let store = six(&database).await;
    database.execute("UPDATE document_log SET checksum = 0 WHERE sequence = 2").await;
    let lock = database.lock().await;
    let stored = load(&store, "canvas").await;
    assert_eq!((stored.updates, stored.damaged), (updates("canvas", &[1, 3, 4, 5, 6]), 1));
    lock.close().await;
    assert_left(&database, &store, &[1, 3, 4, 5, 6]).await;
}
