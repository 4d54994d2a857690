//! Snapshots that are not what was written: the newest version that is whole takes their place.

use collabd_documents::store::Stored;
use collabd_server::store::Store;

use crate::database::{Database, on_both_databases};
use crate::pieces::{append, compact, load, snapshot, updates, version};

on_both_databases! {
    a_damaged_snapshot_gives_way_to_the_newest_version,
    a_damaged_version_gives_way_to_an_older_one,
    without_a_version_the_records_are_what_is_left,
    a_damaged_place_of_a_snapshot_hides_no_record,
    a_snapshot_that_is_damaged_twice_is_set_aside_twice,
}

const CUT: &str = "UPDATE document_snapshots SET state = substr(state, 1, 4)";

/// A snapshot of four records, and two more behind it; versions of the first, second and third.
async fn compacted(database: &mut Database) -> Store {
    database.config.version_interval = std::time::Duration::from_hours(1);
    let store = database.open().await;
    append(&store, "canvas", 1, 6).await;
    for through in 1..=3 {
        version(&store, "canvas", None, through).await;
    }
    compact(&store, "canvas", 4).await;
    let expected = Stored {
        snapshot: Some(snapshot(4)),
        updates: updates("canvas", &[5, 6]),
        records: 2,
        last: 6,
        damaged: 0,
    };
    assert_eq!(load(&store, "canvas").await, expected);
    store
}

/// The snapshot is the state of record `through`, if any, and stays that; the log goes on.
async fn assert_fell_back(database: &Database, store: &Store, through: Option<u64>) {
    let expected = Stored {
        snapshot: through.map(snapshot),
        updates: updates("canvas", &[5, 6]),
        records: 2,
        last: 6,
        damaged: 1,
    };
    assert_eq!(load(store, "canvas").await, expected);
    assert_eq!(load(store, "canvas").await, Stored { damaged: 0, ..expected });
    let set_aside = "SELECT count(*) FROM document_damage WHERE kind = 'snapshot' AND sequence = 4";
    assert_eq!(database.number(set_aside).await, 1);
    append(store, "canvas", 7, 7).await;
    compact(store, "canvas", 7).await;
    let stored = load(store, "canvas").await;
    assert_eq!(stored, Stored { snapshot: Some(snapshot(7)), last: 7, ..Stored::default() });
}

async fn a_damaged_snapshot_gives_way_to_the_newest_version(mut database: Database) {
    let store = compacted(&mut database).await;
    database.execute(CUT).await;
    assert_fell_back(&database, &store, Some(3)).await;
}

async fn a_damaged_version_gives_way_to_an_older_one(mut database: Database) {
    let store = compacted(&mut database).await;
    database.execute(CUT).await;
    database.execute("UPDATE document_versions SET state = substr(state, 2) WHERE id = 3").await;
    database.execute("UPDATE document_versions SET through = 1 WHERE id = 2").await;
    assert_fell_back(&database, &store, Some(1)).await;
}

async fn without_a_version_the_records_are_what_is_left(mut database: Database) {
    let store = compacted(&mut database).await;
    database.execute("DELETE FROM document_versions").await;
    database.execute("UPDATE document_snapshots SET checksum = 0").await;
    assert_fell_back(&database, &store, None).await;
}

async fn a_damaged_place_of_a_snapshot_hides_no_record(mut database: Database) {
    let store = compacted(&mut database).await;
    database.execute("UPDATE document_snapshots SET through = 1000").await;
    // Nothing can be set aside, so this is what is read beside the damage.
    let lock = database.lock().await;
    let stored = load(&store, "canvas").await;
    assert_eq!((stored.snapshot, stored.updates), (None, updates("canvas", &[5, 6])));
    lock.close().await;

    let stored = load(&store, "canvas").await;
    assert_eq!(stored.snapshot, Some(snapshot(3)));
    assert_eq!(stored.updates, updates("canvas", &[5, 6]));
    assert_eq!((stored.damaged, stored.last), (1, 1000));
    append(&store, "canvas", 1001, 1001).await;
}

async fn a_snapshot_that_is_damaged_twice_is_set_aside_twice(mut database: Database) {
    let store = compacted(&mut database).await;
    for times in 1..=2 {
        compact(&store, "canvas", 6).await;
        database.execute(CUT).await;
        // The time is a part of the key, to the millisecond.
        database.execute("UPDATE document_damage SET found_at = found_at - 10").await;
        assert_eq!(load(&store, "canvas").await.damaged, 1);
        assert_eq!(database.number("SELECT count(*) FROM document_damage").await, times);
    }
    append(&store, "canvas", 7, 7).await;
}
