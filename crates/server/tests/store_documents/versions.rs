//! Versions that people make, look at and name.

use collabd_server::store::{Entity, Limit, NewVersion, StoreError, VersionId};
use jiff::Timestamp;

use crate::database::{Database, canvas, on_both_databases};
use crate::pieces::{append, key, snapshot, version};

on_both_databases! {
    a_version_is_made_and_looked_at,
    versions_are_listed_page_by_page_from_the_newest,
    a_version_is_named_and_loses_its_name,
    a_refused_name_makes_and_changes_nothing,
    what_does_not_exist_is_not_found,
    a_damaged_version_is_told_and_listed,
    versions_made_at_the_same_time_get_numbers_of_their_own,
    versions_of_documents_do_not_mix,
}

async fn a_version_is_made_and_looked_at(database: Database) {
    let store = database.open().await;
    append(&store, "canvas", 1, 3).await;
    let before = Timestamp::now().as_millisecond();
    let made = version(&store, "canvas", Some(" Draft "), 3).await;
    assert_eq!((made.id, made.name.as_deref()), (VersionId::new(1), Some("Draft")));
    assert_eq!((made.key.clone(), made.through, made.bytes), (key("canvas"), 3, 10));
    assert!((before..=Timestamp::now().as_millisecond()).contains(&made.created_at.as_millisecond()));

    let looked_at = store.version(&key("canvas"), made.id).await.unwrap();
    assert_eq!(looked_at, Some((made, snapshot(3).state)));
}

async fn versions_are_listed_page_by_page_from_the_newest(database: Database) {
    let store = database.open().await;
    for through in 1..=5 {
        version(&store, "canvas", None, through).await;
    }
    let two = Limit::new(2).unwrap();
    let mut after = None;
    for expected in [&[5, 4][..], &[3, 2], &[1], &[]] {
        let page = store.versions(&key("canvas"), after, two).await.unwrap();
        assert_eq!(page.iter().map(|version| version.through).collect::<Vec<_>>(), expected);
        after = page.last().map(|version| version.id).or(after);
    }
}

async fn a_version_is_named_and_loses_its_name(database: Database) {
    let store = database.open().await;
    let made = version(&store, "canvas", None, 1).await;
    let named = store.name_version(&key("canvas"), made.id, Some(" Größer ")).await.unwrap();
    assert_eq!((named.name.as_deref(), named.created_at), (Some("Größer"), made.created_at));
    let listed = store.versions(&key("canvas"), None, Limit::MAX).await.unwrap();
    assert_eq!(listed, [named]);
    assert_eq!(store.name_version(&key("canvas"), made.id, None).await.unwrap(), made);
}

async fn a_refused_name_makes_and_changes_nothing(database: Database) {
    let store = database.open().await;
    let made = version(&store, "canvas", Some("first"), 1).await;
    for name in ["", " \t", "two\nlines", &"n".repeat(201)] {
        let new = NewVersion { key: key("canvas"), name: Some(name.to_owned()), snapshot: snapshot(1) };
        for error in [
            store.create_version(new).await.unwrap_err(),
            store.name_version(&key("canvas"), made.id, Some(name)).await.unwrap_err(),
        ] {
            assert!(matches!(error, StoreError::Invalid { field: "name", .. }), "{error}");
        }
    }
    assert_eq!(store.versions(&key("canvas"), None, Limit::MAX).await.unwrap(), [made]);
}

async fn what_does_not_exist_is_not_found(database: Database) {
    let store = database.open().await;
    let (absent, id) = (key("absent"), VersionId::new(7));
    assert_eq!(store.versions(&absent, None, Limit::MAX).await.unwrap(), []);
    assert_eq!(store.version(&key("canvas"), id).await.unwrap(), None);
    let new = NewVersion { key: absent.clone(), name: None, snapshot: snapshot(1) };
    let error = store.create_version(new).await.unwrap_err();
    assert!(matches!(&error, StoreError::NotFound(Entity::Document(_, id)) if *id == absent.document));
    let error = store.name_version(&key("canvas"), id, Some("x")).await.unwrap_err();
    assert_eq!(error.to_string(), "there is no version 7 of document \"canvas\" in project 1");
}

async fn a_damaged_version_is_told_and_listed(database: Database) {
    let store = database.open().await;
    let whole = version(&store, "canvas", None, 1).await;
    let damaged = version(&store, "canvas", None, 2).await;
    database.execute("UPDATE document_versions SET state = substr(state, 2) WHERE id = 2").await;
    let error = store.version(&key("canvas"), damaged.id).await.unwrap_err();
    assert!(matches!(error, StoreError::Corrupt(_)), "{error}");
    assert!(error.to_string().contains("version 2 does not agree with its checksum"), "{error}");
    assert_eq!(store.versions(&key("canvas"), None, Limit::MAX).await.unwrap().len(), 2);
    assert!(store.version(&key("canvas"), whole.id).await.unwrap().is_some());
}

async fn versions_made_at_the_same_time_get_numbers_of_their_own(database: Database) {
    let store = database.open().await;
    let mut making = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let store = store.clone();
        making.spawn(async move { version(&store, "canvas", None, 1).await.id.get() });
    }
    let mut ids = making.join_all().await;
    ids.sort_unstable();
    assert_eq!(ids, [1, 2, 3, 4, 5, 6, 7, 8]);
}

async fn versions_of_documents_do_not_mix(database: Database) {
    let store = database.open().await;
    let other = store.create_project("Other").await.unwrap().id;
    store.create_document(other, canvas("canvas")).await.unwrap();
    let mut elsewhere = key("canvas");
    elsewhere.project = other;
    version(&store, "canvas", None, 1).await;
    let here = version(&store, "canvas", None, 2).await;
    let new = NewVersion { key: elsewhere.clone(), name: None, snapshot: snapshot(3) };
    let there = store.create_version(new).await.unwrap();
    assert_eq!(there.id, VersionId::new(1));
    assert_eq!(store.version(&elsewhere, here.id).await.unwrap(), None);
    assert_eq!(store.versions(&elsewhere, None, Limit::MAX).await.unwrap(), [there]);
}
