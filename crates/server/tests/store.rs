//! What the store promises, on the embedded database and on a real Postgres.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

#[path = "support/database.rs"]
mod database;
#[path = "store_members/mod.rs"]
mod members;
#[path = "support/postgres.rs"]
mod postgres;

use std::time::Duration;

use collabd_protocol::DocumentType;
use collabd_server::store::{EngineSettings, Entity, Limit, NewDocument, Project, Store, StoreError};
use database::{DEMO, Database, all_documents, canvas, document_id, ids_of, on_both_databases, project_id};
use jiff::Timestamp;

on_both_databases! {
    a_new_database_has_a_demo_project_with_one_document_of_each_type,
    a_deleted_demo_project_stays_deleted,
    a_project_is_created_renamed_and_deleted,
    projects_are_listed_page_by_page_in_the_order_of_their_ids,
    the_id_of_a_deleted_project_is_never_given_to_another,
    a_document_is_created_renamed_and_deleted,
    a_document_without_an_id_gets_a_random_uuid,
    documents_are_listed_page_by_page_in_byte_order_of_their_ids,
    a_deleted_project_takes_its_documents_along,
    a_document_id_is_unique_within_its_project_only,
    a_project_takes_as_many_documents_as_it_may_have,
    what_does_not_exist_is_not_found,
    a_refused_name_changes_nothing,
    what_was_acknowledged_is_there_after_reopening,
    a_database_of_a_newer_server_is_refused,
    a_value_nobody_wrote_is_damage,
    writers_at_the_same_time_all_succeed,
    servers_that_start_together_on_a_new_database_make_one_demo,
    a_locked_database_is_unavailable_for_writers_and_open_to_readers,
    a_closed_store_is_unavailable,
}

async fn all_projects(store: &Store) -> Vec<Project> {
    store.projects(None, Limit::MAX).await.unwrap()
}

async fn a_new_database_has_a_demo_project_with_one_document_of_each_type(database: Database) {
    for _ in ["first start", "second start"] {
        let store = database.open().await;
        let projects = all_projects(&store).await;
        assert_eq!(projects.len(), 1);
        assert_eq!((projects[0].id.get(), projects[0].name.as_str()), (DEMO, "Demo"));

        let documents = all_documents(&store, projects[0].id).await;
        assert_eq!(ids_of(&documents), ["3d", "canvas", "code_editor", "spreadsheet", "timeline"]);
        for document in documents {
            assert_eq!(document.document_type.as_str(), document.id.as_str());
        }
        store.close().await;
    }
}

async fn a_deleted_demo_project_stays_deleted(database: Database) {
    let store = database.open().await;
    assert!(store.delete_project(project_id(DEMO)).await.unwrap());
    store.close().await;

    let store = database.open().await;
    assert_eq!(all_projects(&store).await, []);
    assert_eq!(store.create_project("Second").await.unwrap().id.get(), DEMO + 1);
}

async fn a_project_is_created_renamed_and_deleted(database: Database) {
    let store = database.open().await;
    let before = Timestamp::now().as_millisecond();
    let created = store.create_project("  Plan  ").await.unwrap();
    assert_eq!(created.name, "Plan");
    assert_eq!(created.created_at, created.updated_at);
    assert!((before..=Timestamp::now().as_millisecond()).contains(&created.created_at.as_millisecond()));
    assert_eq!(store.project(created.id).await.unwrap().as_ref(), Some(&created));

    tokio::time::sleep(Duration::from_millis(2)).await;
    let renamed = store.rename_project(created.id, "Größerer Plan").await.unwrap();
    assert_eq!((renamed.id, renamed.name.as_str()), (created.id, "Größerer Plan"));
    assert_eq!(renamed.created_at, created.created_at);
    assert!(renamed.updated_at > created.updated_at);
    assert_eq!(store.project(created.id).await.unwrap(), Some(renamed));

    assert!(store.delete_project(created.id).await.unwrap());
    assert!(!store.delete_project(created.id).await.unwrap());
    assert_eq!(store.project(created.id).await.unwrap(), None);
}

async fn projects_are_listed_page_by_page_in_the_order_of_their_ids(database: Database) {
    let store = database.open().await;
    for name in ["c", "b", "a"] {
        store.create_project(name).await.unwrap();
    }
    let two = Limit::new(2).unwrap();
    let first = store.projects(None, two).await.unwrap();
    let second = store.projects(Some(first[1].id), two).await.unwrap();
    let third = store.projects(Some(second[1].id), two).await.unwrap();
    assert_eq!(third, []);
    let names: Vec<&str> = first.iter().chain(&second).map(|project| project.name.as_str()).collect();
    assert_eq!(names, ["Demo", "c", "b", "a"]);

    let error = Limit::new(1001).unwrap_err();
    assert_eq!(error.to_string(), "limit (1001) must be from 1 to 1000");
    Limit::new(0).unwrap_err();
}

async fn the_id_of_a_deleted_project_is_never_given_to_another(database: Database) {
    let store = database.open().await;
    let mut last = project_id(DEMO);
    for _ in 0..3 {
        let project = store.create_project("Short-lived").await.unwrap();
        assert!(project.id > last);
        last = project.id;
        store.delete_project(last).await.unwrap();
    }
    store.close().await;
    let store = database.open().await;
    assert!(store.create_project("After a restart").await.unwrap().id > last);
}

async fn a_document_is_created_renamed_and_deleted(database: Database) {
    let store = database.open().await;
    let project = store.create_project("Plan").await.unwrap().id;
    let new = NewDocument {
        id: Some(document_id("notes/übersicht")),
        name: " Notes ".to_owned(),
        document_type: DocumentType::CodeEditor,
    };
    let created = store.create_document(project, new).await.unwrap();
    assert_eq!((created.project_id, created.name.as_str()), (project, "Notes"));
    assert_eq!(created.document_type, DocumentType::CodeEditor);
    assert_eq!(created.created_at, created.updated_at);
    assert_eq!(store.document(project, &created.id).await.unwrap().as_ref(), Some(&created));

    tokio::time::sleep(Duration::from_millis(2)).await;
    let renamed = store.rename_document(project, &created.id, "Overview").await.unwrap();
    assert_eq!((&renamed.id, renamed.name.as_str()), (&created.id, "Overview"));
    assert!(renamed.updated_at > created.updated_at);
    assert_eq!(all_documents(&store, project).await, [renamed]);

    assert!(store.delete_document(project, &created.id).await.unwrap());
    assert!(!store.delete_document(project, &created.id).await.unwrap());
    assert_eq!(store.document(project, &created.id).await.unwrap(), None);
}

async fn a_document_without_an_id_gets_a_random_uuid(database: Database) {
    let store = database.open().await;
    let mut ids = Vec::new();
    for _ in 0..20 {
        let new = NewDocument { id: None, name: "New".to_owned(), document_type: DocumentType::Timeline };
        let id = store.create_document(project_id(DEMO), new).await.unwrap().id.as_str().to_owned();
        let groups: Vec<usize> = id.split('-').map(str::len).collect();
        assert_eq!(groups, [8, 4, 4, 4, 12], "{id}");
        assert_eq!(id.as_bytes()[14], b'4', "{id} is not of version 4");
        assert!(b"89ab".contains(&id.as_bytes()[19]), "{id} is not of the variant of RFC 9562");
        ids.push(id);
    }
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 20);
}

async fn documents_are_listed_page_by_page_in_byte_order_of_their_ids(database: Database) {
    let store = database.open().await;
    let project = store.create_project("Order").await.unwrap().id;
    for id in ["b", "é", "A", "a", "B", "_"] {
        store.create_document(project, canvas(id)).await.unwrap();
    }
    assert_eq!(ids_of(&all_documents(&store, project).await), ["A", "B", "_", "a", "b", "é"]);

    let four = Limit::new(4).unwrap();
    let first = store.documents(project, None, four).await.unwrap();
    assert_eq!(ids_of(&first), ["A", "B", "_", "a"]);
    let second = store.documents(project, Some(&first[3].id), four).await.unwrap();
    assert_eq!(ids_of(&second), ["b", "é"]);
}

async fn a_deleted_project_takes_its_documents_along(database: Database) {
    let store = database.open().await;
    let kept = store.create_project("Kept").await.unwrap().id;
    let deleted = store.create_project("Deleted").await.unwrap().id;
    for project in [kept, deleted] {
        store.create_document(project, canvas("same")).await.unwrap();
    }
    assert!(store.delete_project(deleted).await.unwrap());
    assert_eq!(all_documents(&store, deleted).await, []);
    assert_eq!(store.document(deleted, &document_id("same")).await.unwrap(), None);
    assert_eq!(all_documents(&store, kept).await.len(), 1);
}

async fn a_document_id_is_unique_within_its_project_only(database: Database) {
    let store = database.open().await;
    let project = store.create_project("Plan").await.unwrap().id;
    let first = store.create_document(project, canvas("canvas")).await.unwrap();
    let error = store.create_document(project, canvas("canvas")).await.unwrap_err();
    assert_eq!(error.to_string(), format!("document \"canvas\" in project {project} exists already"));
    assert!(matches!(error, StoreError::Conflict(Entity::Document(in_project, _)) if in_project == project));
    assert_eq!(all_documents(&store, project).await, [first]);
}

async fn a_project_takes_as_many_documents_as_it_may_have(mut database: Database) {
    database.config.max_documents_per_project = 7;
    let store = database.open().await;
    let demo = project_id(DEMO);
    store.create_document(demo, canvas("six")).await.unwrap();
    store.create_document(demo, canvas("seven")).await.unwrap();
    let error = store.create_document(demo, canvas("eight")).await.unwrap_err();
    assert_eq!(error.to_string(), "project has reached max_documents_per_project (7)");
    assert!(matches!(error, StoreError::Invalid { field: "project", .. }));

    store.delete_document(demo, &document_id("six")).await.unwrap();
    store.create_document(demo, canvas("eight")).await.unwrap();
    let other = store.create_project("Other").await.unwrap().id;
    store.create_document(other, canvas("first")).await.unwrap();
}

async fn what_does_not_exist_is_not_found(database: Database) {
    let store = database.open().await;
    let (absent, id) = (project_id(i32::MAX), document_id("absent"));
    assert_eq!(store.project(absent).await.unwrap(), None);
    assert_eq!(all_documents(&store, absent).await, []);
    assert_eq!(store.document(absent, &id).await.unwrap(), None);
    assert!(!store.delete_document(absent, &id).await.unwrap());

    for error in [
        store.rename_project(absent, "x").await.unwrap_err(),
        store.create_document(absent, canvas("x")).await.unwrap_err(),
    ] {
        assert!(matches!(error, StoreError::NotFound(Entity::Project(id)) if id == absent), "{error}");
    }
    let error = store.rename_document(project_id(DEMO), &id, "x").await.unwrap_err();
    assert_eq!(error.to_string(), "there is no document \"absent\" in project 1");
}

async fn a_refused_name_changes_nothing(database: Database) {
    let store = database.open().await;
    let (demo, id) = (project_id(DEMO), document_id("canvas"));
    let before = (all_projects(&store).await, all_documents(&store, demo).await);
    for name in ["", "\u{2003}", "two\nlines", &"n".repeat(201)] {
        let new = NewDocument { name: name.to_owned(), ..canvas("x") };
        for error in [
            store.create_project(name).await.unwrap_err(),
            store.rename_project(demo, name).await.unwrap_err(),
            store.create_document(demo, new).await.unwrap_err(),
            store.rename_document(demo, &id, name).await.unwrap_err(),
        ] {
            assert!(matches!(error, StoreError::Invalid { field: "name", .. }), "{error}");
        }
    }
    assert_eq!((all_projects(&store).await, all_documents(&store, demo).await), before);
}

async fn what_was_acknowledged_is_there_after_reopening(database: Database) {
    let store = database.open().await;
    let project = store.create_project("Kept").await.unwrap();
    let document = store.create_document(project.id, canvas("kept")).await.unwrap();
    store.delete_document(project_id(DEMO), &document_id("canvas")).await.unwrap();
    // Dropped, not closed: nothing may depend on an orderly end.
    drop(store);

    let store = database.open().await;
    assert_eq!(store.project(project.id).await.unwrap(), Some(project.clone()));
    assert_eq!(all_documents(&store, project.id).await, [document]);
    assert_eq!(all_documents(&store, project_id(DEMO)).await.len(), 4);
}

async fn a_database_of_a_newer_server_is_refused(database: Database) {
    database.open().await.close().await;
    database
        .execute(
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
             VALUES (9000, 'of a newer server', true, '', 0)",
        )
        .await;
    let error = Store::open(&database.config).await.unwrap_err();
    assert!(matches!(error, StoreError::Incompatible { found: 9000, supported: 3 }), "{error}");
    assert!(error.to_string().starts_with("the database has schema version 9000, but"), "{error}");
}

async fn a_value_nobody_wrote_is_damage(database: Database) {
    let store = database.open().await;
    database.execute("UPDATE documents SET document_type = 'poem' WHERE id = 'canvas'").await;
    let error = store.document(project_id(DEMO), &document_id("canvas")).await.unwrap_err();
    assert!(matches!(error, StoreError::Corrupt(_)), "{error}");
    assert!(error.to_string().contains("document_type"), "{error}");
}

async fn writers_at_the_same_time_all_succeed(database: Database) {
    let store = database.open().await;
    let mut writers = tokio::task::JoinSet::new();
    for number in 0..50 {
        let store = store.clone();
        writers.spawn(async move {
            let project = store.create_project(&format!("Project {number}")).await.unwrap().id;
            store.create_document(project, canvas("canvas")).await.unwrap();
            store.documents(project, None, Limit::default()).await.unwrap().len()
        });
    }
    assert_eq!(writers.join_all().await, [1; 50]);
    assert_eq!(all_projects(&store).await.len(), 51);
}

async fn servers_that_start_together_on_a_new_database_make_one_demo(database: Database) {
    let mut starting = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let config = database.config.clone();
        starting.spawn(async move { Store::open(&config).await.unwrap() });
    }
    for store in starting.join_all().await {
        assert_eq!(all_projects(&store).await.len(), 1);
        assert_eq!(all_documents(&store, project_id(DEMO)).await.len(), 5);
    }
}

async fn a_locked_database_is_unavailable_for_writers_and_open_to_readers(database: Database) {
    let store = database.open().await;
    let lock = database.lock().await;
    let write = tokio::time::timeout(Duration::from_secs(10), store.create_project("Late"));
    let (written, read) = tokio::join!(write, store.projects(None, Limit::MAX));
    let error = written.expect("a locked database must not hang a writer").unwrap_err();
    assert!(matches!(error, StoreError::Unavailable(_)), "{error}");
    assert_eq!(read.unwrap().len(), 1);

    lock.close().await;
    store.create_project("In time").await.unwrap();
    assert_eq!(all_projects(&store).await.len(), 2);
}

async fn a_closed_store_is_unavailable(database: Database) {
    let store = database.open().await;
    store.ping().await.unwrap();
    store.clone().close().await;
    assert!(matches!(store.ping().await, Err(StoreError::Unavailable(_))));
    assert!(matches!(store.create_project("Late").await, Err(StoreError::Unavailable(_))));
}

#[tokio::test]
async fn sqlite_flushes_every_commit_and_bounds_its_log() {
    let EngineSettings::Sqlite(settings) = Database::sqlite().await.open().await.settings().await.unwrap()
    else {
        panic!("the default database is SQLite");
    };
    assert_eq!(settings.journal_mode, "wal");
    assert_eq!(settings.synchronous, 2, "2 is FULL");
    assert!(settings.foreign_keys);
    assert_eq!(settings.busy_timeout, Duration::from_secs(5));
    assert_eq!(settings.journal_size_limit, 64 * 1024 * 1024);
}

#[tokio::test]
async fn a_file_that_is_no_database_is_damage() {
    let database = Database::sqlite().await;
    std::fs::create_dir_all(&database.config.data_dir).unwrap();
    std::fs::write(database.config.data_dir.join("collabd.db"), "x".repeat(10_000)).unwrap();
    let error = Store::open(&database.config).await.unwrap_err();
    assert!(matches!(error, StoreError::Corrupt(_)), "{error}");
}

#[tokio::test]
async fn a_data_directory_that_cannot_be_made_is_named() {
    let mut database = Database::sqlite().await;
    database.config.data_dir = "/dev/null/data".into();
    let error = Store::open(&database.config).await.unwrap_err();
    assert!(error.to_string().starts_with("data_dir (/dev/null/data) cannot be created: "), "{error}");
}

#[tokio::test]
async fn postgres_waits_for_the_disk_even_where_its_default_is_not_to() {
    let database = Database::postgres().await;
    database
        .execute("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off', current_database()); END $$")
        .await;
    let EngineSettings::Postgres(settings) = database.open().await.settings().await.unwrap() else {
        panic!("the database is PostgreSQL");
    };
    assert_eq!(settings.synchronous_commit, "on");
    assert_eq!(settings.statement_timeout, "5s");
}

#[tokio::test]
async fn a_postgres_that_is_not_there_is_unavailable_and_says_why() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut database = Database::sqlite().await;
    database.config.database_url = Some(format!("postgres://collabd@127.0.0.1:{port}/x").parse().unwrap());
    let error = Store::open(&database.config).await.unwrap_err();
    assert!(matches!(error, StoreError::Unavailable(_)), "{error}");
    assert!(error.to_string().contains("refused"), "{error}");
}
