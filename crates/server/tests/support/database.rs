//! A database of either kind for one test.

use std::sync::Arc;

use collabd_protocol::{DocumentId, DocumentType, ProjectId};
use collabd_server::config::StoreConfig;
use collabd_server::store::{Document, Limit, NewDocument, Store};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, Executor as _, PgConnection, SqliteConnection};
use tempfile::TempDir;

use crate::postgres::PostgresServer;

/// Makes each body a test of both kinds of database.
macro_rules! on_both_databases {
    ($($test:ident,)*) => {
        mod on_sqlite {
            $(#[tokio::test]
            async fn $test() { super::$test(crate::database::Database::sqlite().await).await; })*
        }
        mod on_postgres {
            $(#[tokio::test]
            async fn $test() { super::$test(crate::database::Database::postgres().await).await; })*
        }
    };
}
pub(crate) use on_both_databases;

/// An empty database, in which a store can be opened any number of times.
#[derive(Debug)]
pub(crate) struct Database {
    pub(crate) config: StoreConfig,
    _directory: TempDir,
    server: Option<(Arc<PostgresServer>, String)>,
}

impl Database {
    pub(crate) async fn sqlite() -> Self {
        let directory = TempDir::new().unwrap();
        let config = StoreConfig { data_dir: directory.path().join("deep/data"), ..StoreConfig::default() };
        // An async constructor, so that one macro serves both kinds.
        std::future::ready(Self { config, _directory: directory, server: None }).await
    }

    pub(crate) async fn postgres() -> Self {
        let server = PostgresServer::shared().await;
        let url = server.create_database().await;
        let directory = TempDir::new().unwrap();
        let config = StoreConfig {
            data_dir: directory.path().to_owned(),
            database_url: Some(url.parse().unwrap()),
            ..StoreConfig::default()
        };
        Self { config, _directory: directory, server: Some((server, url)) }
    }

    pub(crate) async fn open(&self) -> Store {
        Store::open(&self.config).await.unwrap()
    }

    /// Runs SQL behind the store's back.
    pub(crate) async fn execute(&self, sql: &'static str) {
        self.connect().await.execute(sql).await;
    }

    /// Keeps every writer out, but no reader, until [`Connection::close`].
    pub(crate) async fn lock(&self) -> Connection {
        let mut connection = self.connect().await;
        let sql = match connection {
            Connection::Sqlite(_) => "BEGIN IMMEDIATE",
            Connection::Postgres(_) => "BEGIN; LOCK TABLE projects, documents IN EXCLUSIVE MODE",
        };
        connection.execute(sql).await;
        connection
    }

    /// A connection past the store.
    pub(crate) async fn connect(&self) -> Connection {
        if let Some((_, url)) = &self.server {
            return Connection::Postgres(PgConnection::connect(url).await.unwrap());
        }
        let options = SqliteConnectOptions::new().filename(self.config.data_dir.join("collabd.db"));
        Connection::Sqlite(options.connect().await.unwrap())
    }
}

/// A connection past the store.
#[derive(Debug)]
pub(crate) enum Connection {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Connection {
    async fn execute(&mut self, sql: &'static str) {
        match self {
            Self::Sqlite(connection) => drop(connection.execute(sqlx::raw_sql(sql)).await.unwrap()),
            Self::Postgres(connection) => drop(connection.execute(sqlx::raw_sql(sql)).await.unwrap()),
        }
    }

    pub(crate) async fn close(self) {
        match self {
            Self::Sqlite(connection) => connection.close().await.unwrap(),
            Self::Postgres(connection) => connection.close().await.unwrap(),
        }
    }
}

/// The number of the demo project.
pub(crate) const DEMO: i32 = 1;

pub(crate) fn project_id(id: i32) -> ProjectId {
    ProjectId::new(id).unwrap()
}

pub(crate) fn document_id(id: &str) -> DocumentId {
    DocumentId::new(id).unwrap()
}

pub(crate) fn canvas(id: &str) -> NewDocument {
    NewDocument {
        id: Some(document_id(id)),
        name: format!("Canvas {id}"),
        document_type: DocumentType::Canvas,
    }
}

pub(crate) async fn all_documents(store: &Store, project: ProjectId) -> Vec<Document> {
    store.documents(project, None, Limit::MAX).await.unwrap()
}

pub(crate) fn ids_of(documents: &[Document]) -> Vec<&str> {
    documents.iter().map(|document| document.id.as_str()).collect()
}
