//! What another process that shares the database decides, and a database that does not answer.

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, Executor as _, SqliteConnection};

use super::{asking, end, joined, told};
use crate::support::{Issuer, SECRET, TestServer};

/// Runs SQL behind the server's back.
async fn execute(server: &TestServer, sql: &'static str) {
    let options = SqliteConnectOptions::new().filename(server.data_directory().join("collabd.db"));
    let mut connection: SqliteConnection = options.connect().await.expect("the database");
    connection.execute(sqlx::raw_sql(sql)).await.expect("done");
    connection.close().await.expect("closed");
}

fn secured(recheck: &str) -> TestServer {
    TestServer::start_with(&["--auth-secret", SECRET, "--membership-recheck", recheck])
}

/// A7
#[tokio::test]
async fn a_decision_that_nobody_told_the_server_of_is_noticed_in_time() {
    let server = secured("100ms");
    let issuer = Issuer::secret();
    let (mut bob, _) = joined(&server, 1, "x", Some(&issuer.token("bob", 1, "editor")));
    let (mut cy, _) = joined(&server, 1, "x", Some(&issuer.token("cy", 1, "editor")));
    execute(&server, "INSERT INTO members VALUES (1, 'bob', NULL, 0, 'x'), (1, 'cy', 'viewer', 0, 'x')")
        .await;
    assert_eq!(cy.message_of_type("role_changed")["role"], "viewer");
    assert_eq!(bob.end(), end(4505, "revoked"));
}

/// A store that does not answer lets nobody in and sends nobody away.
#[tokio::test]
async fn while_roles_cannot_be_looked_up_who_is_in_stays_and_who_comes_is_asked_to_come_later() {
    let server = secured("50ms");
    let issuer = Issuer::secret();
    let token = issuer.token("bob", 1, "editor");
    let (mut bob, _) = joined(&server, 1, "x", Some(&token));
    execute(&server, "ALTER TABLE members RENAME TO elsewhere").await;
    let mut cy = asking(&server, 1, "x", Some(&issuer.token("cy", 1, "editor")));
    assert_eq!(cy.end(), end(1013, "overloaded"));
    let http = issuer.http(&server, "cy", 1, "owner");
    assert_eq!(super::refusal(&http, "{ project(id: 1) { id } }").await, "UNAVAILABLE");
    // Several looks have failed by now; each join above took at least as long as one.
    for _ in 0..5 {
        let mut late = asking(&server, 1, "x", Some(&token));
        assert_eq!(late.end(), end(1013, "overloaded"));
        bob.messages_until_pong();
    }
    execute(&server, "ALTER TABLE elsewhere RENAME TO members").await;
    joined(&server, 1, "x", Some(&token));
    bob.messages_until_pong();
}

/// A7: its right may be gone, so it is not left open. It may come back and be looked up then.
#[tokio::test]
async fn a_connection_that_cannot_find_out_what_was_decided_is_closed() {
    let server = secured("1h");
    let issuer = Issuer::secret();
    let (mut bob, _) = joined(&server, 1, "x", Some(&issuer.token("bob", 1, "editor")));
    let (mut cy, _) = joined(&server, 1, "x", Some(&issuer.token("cy", 1, "editor")));
    // From now on, what is stored about bob cannot be read.
    execute(
        &server,
        "ALTER TABLE members RENAME TO elsewhere;
         CREATE TABLE members (project_id INTEGER, user_id TEXT, role TEXT, changed_at INTEGER, changed_by TEXT,
                               PRIMARY KEY (project_id, user_id));
         CREATE TRIGGER spoil AFTER INSERT ON members WHEN NEW.user_id = 'bob' BEGIN
             UPDATE members SET role = 'king' WHERE user_id = 'bob';
         END",
    )
    .await;
    let ada = issuer.http(&server, "ada", 1, "owner");
    told(&ada, r#"mutation { setMemberRole(projectId: 1, userId: "bob", role: VIEWER) }"#).await;
    assert_eq!(bob.end(), end(1013, "overloaded"));
    cy.messages_until_pong();
}
