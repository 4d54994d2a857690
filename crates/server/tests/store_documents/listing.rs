//! Documents that come into the list with their first record, and what goes with them.

use collabd_documents::store::{DocumentStore as _, Record, Stored};
use collabd_protocol::DocumentType;
use collabd_server::store::StoreError;

use crate::database::{
    DEMO, Database, all_documents, canvas, document_id, ids_of, on_both_databases, project_id,
};
use crate::pieces::{append, compact, key, load, record, told, version};

on_both_databases! {
    a_deleted_document_is_not_listed_again_by_its_records_until_it_is_made_again,
    a_first_record_lists_its_document,
    an_id_that_is_longer_than_a_name_is_cut,
    a_document_that_is_listed_stays_as_it_is,
    no_other_record_lists_a_document,
    a_project_with_all_its_documents_takes_no_further_one,
    new_documents_of_one_group_share_the_room_that_is_left,
    a_deleted_document_takes_all_its_content_along,
    a_deleted_project_takes_all_its_content_along,
}

async fn a_first_record_lists_its_document(database: Database) {
    let store = database.open().await;
    let record = Record { document_type: DocumentType::Timeline, ..record("plan/2", 1) };
    assert_eq!(told(&store.append(&[record]).await), ["ok"]);
    let listed = store.document(project_id(DEMO), &document_id("plan/2")).await.unwrap().unwrap();
    assert_eq!((listed.name.as_str(), listed.document_type), ("plan/2", DocumentType::Timeline));
    assert_eq!(listed.created_at, listed.updated_at);
}

async fn an_id_that_is_longer_than_a_name_is_cut(database: Database) {
    let store = database.open().await;
    let id = "ä".repeat(128);
    append(&store, &id, 1, 1).await;
    let listed = store.document(project_id(DEMO), &document_id(&id)).await.unwrap().unwrap();
    assert_eq!(listed.name, "ä".repeat(100));
}

async fn a_document_that_is_listed_stays_as_it_is(database: Database) {
    let store = database.open().await;
    let before = all_documents(&store, project_id(DEMO)).await;
    append(&store, "code_editor", 1, 2).await;
    assert_eq!(all_documents(&store, project_id(DEMO)).await, before);
}

async fn no_other_record_lists_a_document(database: Database) {
    let store = database.open().await;
    assert_eq!(told(&store.append(&[record("new", 2), record("new", 0)]).await), ["gone"; 2]);
    let mut homeless = record("new", 1);
    homeless.key.project = project_id(99);
    assert_eq!(told(&store.append(&[homeless]).await), ["gone"]);
    assert_eq!(all_documents(&store, project_id(DEMO)).await.len(), 5);
}

async fn a_project_with_all_its_documents_takes_no_further_one(mut database: Database) {
    database.config.max_documents_per_project = 5;
    let store = database.open().await;
    assert_eq!(told(&store.append(&[record("sixth", 1)]).await), ["too many"]);
    assert_eq!(told(&store.append(&[record("canvas", 1)]).await), ["ok"]);
    let error = store.create_document(project_id(DEMO), canvas("sixth")).await.unwrap_err();
    assert!(matches!(error, StoreError::Invalid { .. }), "{error}");

    store.delete_document(project_id(DEMO), &document_id("3d")).await.unwrap();
    assert_eq!(told(&store.append(&[record("sixth", 1)]).await), ["ok"]);
}

async fn new_documents_of_one_group_share_the_room_that_is_left(mut database: Database) {
    database.config.max_documents_per_project = 8;
    let store = database.open().await;
    let other = store.create_project("Other").await.unwrap().id;
    let mut group: Vec<Record> = (0..10).map(|number| record(&format!("new {number}"), 1)).collect();
    for record in &mut group[5..] {
        record.key.project = other;
    }
    let answers = store.append(&group).await;
    let words = told(&answers);
    for (project, words, taken) in [(project_id(DEMO), &words[..5], 3), (other, &words[5..], 5)] {
        assert_eq!(words.iter().filter(|&&word| word == "ok").count(), taken);
        assert_eq!(words.iter().filter(|&&word| word == "too many").count(), 5 - taken);
        let listed = all_documents(&store, project).await;
        assert_eq!(ids_of(&listed).iter().filter(|id| id.starts_with("new")).count(), taken);
    }
}

/// Rows with content, of all documents.
async fn rows(database: &Database) -> i64 {
    database
        .number(
            "SELECT (SELECT count(*) FROM document_log) + (SELECT count(*) FROM document_snapshots)
                  + (SELECT count(*) FROM document_versions) + (SELECT count(*) FROM document_damage)",
        )
        .await
}

/// A document with something in each table: five rows.
async fn fill(database: &Database) -> collabd_server::store::Store {
    let store = database.open().await;
    append(&store, "new", 1, 4).await;
    compact(&store, "new", 2).await;
    version(&store, "new", Some("kept"), 2).await;
    database.execute("UPDATE document_log SET checksum = 1 WHERE sequence = 3").await;
    assert_eq!(load(&store, "new").await.damaged, 1);
    assert_eq!(rows(database).await, 5, "log, snapshot, two versions, damage");
    store
}

async fn a_deleted_document_takes_all_its_content_along(database: Database) {
    let store = fill(&database).await;
    assert!(store.delete_document(project_id(DEMO), &document_id("new")).await.unwrap());
    assert_eq!(rows(&database).await, 0);
    assert_eq!(load(&store, "new").await, Stored::default());
    assert_eq!(told(&store.append(&[record("new", 5)]).await), ["gone"]);
    let error = store.compact(&key("new"), &crate::pieces::snapshot(4)).await.unwrap_err();
    assert!(error.to_string().contains("there is no document \"new\" in project 1"), "{error}");
    assert_eq!(rows(&database).await, 0);
}

async fn a_deleted_project_takes_all_its_content_along(database: Database) {
    let store = fill(&database).await;
    assert!(store.delete_project(project_id(DEMO)).await.unwrap());
    assert_eq!(rows(&database).await, 0);
    assert_eq!(told(&store.append(&[record("new", 1), record("new", 5)]).await), ["gone"; 2]);
}

async fn a_deleted_document_is_not_listed_again_by_its_records_until_it_is_made_again(database: Database) {
    let store = database.open().await;
    let notes = key("notes");
    assert_eq!(told(&store.append(&[record("notes", 1)]).await), ["ok"]);
    assert!(!store.was_deleted(notes.project, &notes.document).await.unwrap());
    assert!(store.delete_document(notes.project, &notes.document).await.unwrap());
    assert!(store.was_deleted(notes.project, &notes.document).await.unwrap());
    assert_eq!(told(&store.append(&[record("notes", 1)]).await), ["gone"]);
    store.create_document(notes.project, canvas("notes")).await.unwrap();
    assert!(!store.was_deleted(notes.project, &notes.document).await.unwrap());
    assert_eq!(told(&store.append(&[record("notes", 1)]).await), ["ok"]);
}
