//! Versions that compactions make, and how many of them are kept.

use std::time::Duration;

use collabd_server::store::{Limit, Store};

use crate::database::{Database, on_both_databases};
use crate::pieces::{append, compact, key, load, version};

on_both_databases! {
    a_compaction_makes_a_version_when_the_newest_is_old_enough,
    a_state_that_has_a_version_gets_no_other_one,
    versions_above_the_bound_are_thinned_out_from_the_oldest_on,
    a_named_version_is_kept_and_does_not_count,
    versions_above_a_lower_bound_go_step_by_step,
    a_version_without_a_name_that_a_person_makes_counts,
}

/// Ids and last records of all versions, the newest first.
async fn versions(store: &Store) -> Vec<(i32, u64)> {
    let versions = store.versions(&key("canvas"), None, Limit::MAX).await.unwrap();
    versions.iter().map(|version| (version.id.get(), version.through)).collect()
}

/// Appends and compacts the records `first` to `last`, one by one.
async fn compact_each(store: &Store, first: u64, last: u64) {
    for sequence in first..=last {
        append(store, "canvas", sequence, sequence).await;
        compact(store, "canvas", sequence).await;
    }
}

async fn a_compaction_makes_a_version_when_the_newest_is_old_enough(database: Database) {
    let store = database.open().await;
    compact_each(&store, 1, 3).await;
    assert_eq!(versions(&store).await, [(1, 1)]);

    database.execute("UPDATE document_versions SET created_at = created_at - 590000").await;
    compact_each(&store, 4, 4).await;
    assert_eq!(versions(&store).await, [(1, 1)]);

    database.execute("UPDATE document_versions SET created_at = created_at - 11000").await;
    compact_each(&store, 5, 6).await;
    assert_eq!(versions(&store).await, [(2, 5), (1, 1)]);
    let newest = &store.versions(&key("canvas"), None, Limit::MAX).await.unwrap()[0];
    assert_eq!((newest.name.as_deref(), newest.bytes), (None, 10));
}

async fn a_state_that_has_a_version_gets_no_other_one(mut database: Database) {
    database.config.version_interval = Duration::ZERO;
    let store = database.open().await;
    append(&store, "canvas", 1, 2).await;
    version(&store, "canvas", Some("by hand"), 2).await;
    database.execute("UPDATE document_versions SET created_at = 0").await;
    compact(&store, "canvas", 2).await;
    compact(&store, "canvas", 2).await;
    assert_eq!(versions(&store).await, [(1, 2)]);
}

async fn open(database: &mut Database, kept: usize) -> Store {
    database.config.version_interval = Duration::ZERO;
    database.config.versions_kept = kept;
    database.open().await
}

/// Makes all versions old enough for the next one: two may be made within one millisecond.
async fn age(database: &Database) {
    database.execute("UPDATE document_versions SET created_at = created_at - 1000").await;
}

async fn versions_above_the_bound_are_thinned_out_from_the_oldest_on(mut database: Database) {
    let store = open(&mut database, 3).await;
    for sequence in 1..=5 {
        compact_each(&store, sequence, sequence).await;
        age(&database).await;
    }
    assert_eq!(versions(&store).await, [(5, 5), (4, 4), (3, 3)]);
    assert_eq!(load(&store, "canvas").await.last, 5);
}

async fn a_named_version_is_kept_and_does_not_count(mut database: Database) {
    let store = open(&mut database, 2).await;
    for sequence in 1..=6 {
        compact_each(&store, sequence, sequence).await;
        let newest = store.versions(&key("canvas"), None, Limit::MAX).await.unwrap()[0].clone();
        if [1, 4].contains(&sequence) {
            store.name_version(&key("canvas"), newest.id, Some("kept")).await.unwrap();
        }
        age(&database).await;
    }
    assert_eq!(versions(&store).await, [(6, 6), (5, 5), (4, 4), (1, 1)]);
}

async fn versions_above_a_lower_bound_go_step_by_step(mut database: Database) {
    let store = open(&mut database, 40).await;
    append(&store, "canvas", 1, 1).await;
    for _ in 0..40 {
        version(&store, "canvas", None, 0).await;
    }
    age(&database).await;
    store.close().await;

    let store = open(&mut database, 5).await;
    compact_each(&store, 2, 2).await;
    let left = versions(&store).await;
    assert!(left.len() > 5 && left.len() < 41, "{left:?}");
    for _ in 0..10 {
        version(&store, "canvas", None, 0).await;
    }
    let ids: Vec<i32> = versions(&store).await.into_iter().map(|(id, _)| id).collect();
    assert_eq!(ids, [51, 50, 49, 48, 47]);
}

async fn a_version_without_a_name_that_a_person_makes_counts(mut database: Database) {
    let store = open(&mut database, 1).await;
    append(&store, "canvas", 1, 1).await;
    version(&store, "canvas", None, 1).await;
    let last = version(&store, "canvas", None, 1).await;
    assert_eq!(versions(&store).await, [(last.id.get(), 1)]);
}
