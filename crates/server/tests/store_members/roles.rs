//! Decisions about people.

use collabd_protocol::Role;
use collabd_server::store::{Entity, RoleChange, Standing, StoreError};

use super::{decide, project_of_ada, standing, user};
use crate::database::{DEMO, Database, on_both_databases, project_id};

on_both_databases! {
    what_an_owner_decides_is_what_is_known_from_then_on,
    the_last_owner_stays,
    of_two_owners_who_remove_each_other_at_once_one_stays,
    decisions_are_about_projects_that_exist,
    decisions_survive_a_restart_and_end_with_their_project,
}

async fn what_an_owner_decides_is_what_is_known_from_then_on(database: Database) {
    let store = database.open().await;
    let project = project_of_ada(&store).await;
    assert_eq!(standing(&store, project, "ada").await, Standing::Member(Role::Owner));
    assert_eq!(standing(&store, project, "bob").await, Standing::Unlisted);
    for role in [Some(Role::Viewer), Some(Role::Owner), None, None, Some(Role::Editor)] {
        decide(&store, project, "bob", role).await.unwrap();
        let expected = role.map_or(Standing::Removed, Standing::Member);
        assert_eq!(standing(&store, project, "bob").await, expected);
    }
    assert_eq!(standing(&store, project_id(DEMO), "bob").await, Standing::Unlisted);
}

async fn the_last_owner_stays(database: Database) {
    let store = database.open().await;
    let project = project_of_ada(&store).await;
    for role in [None, Some(Role::Editor)] {
        let error = decide(&store, project, "ada", role).await.unwrap_err();
        assert!(matches!(error, StoreError::LastOwner(id) if id == project), "{error}");
    }
    assert_eq!(standing(&store, project, "ada").await, Standing::Member(Role::Owner));
    decide(&store, project, "ada", Some(Role::Owner)).await.unwrap();
    decide(&store, project, "bob", Some(Role::Owner)).await.unwrap();
    decide(&store, project, "ada", Some(Role::Viewer)).await.unwrap();
    assert!(matches!(decide(&store, project, "bob", None).await, Err(StoreError::LastOwner(_))));
    // A project whose owners are known from tokens alone has none among its members.
    decide(&store, project_id(DEMO), "eve", None).await.unwrap();
}

async fn of_two_owners_who_remove_each_other_at_once_one_stays(database: Database) {
    let store = database.open().await;
    for _ in 0..20 {
        let project = project_of_ada(&store).await;
        decide(&store, project, "bob", Some(Role::Owner)).await.unwrap();
        let (ada, bob) =
            tokio::join!(decide(&store, project, "ada", None), decide(&store, project, "bob", None));
        assert!(ada.is_ok() != bob.is_ok(), "{ada:?} {bob:?}");
        for error in [ada.err(), bob.err()].into_iter().flatten() {
            assert!(matches!(error, StoreError::LastOwner(_)), "{error}");
        }
    }
}

async fn decisions_are_about_projects_that_exist(database: Database) {
    let store = database.open().await;
    let absent = project_id(i32::MAX);
    let change = RoleChange { project: absent, user: user("bob"), role: Some(Role::Viewer), by: user("ada") };
    let error = store.change_role(&change).await.unwrap_err();
    assert!(matches!(error, StoreError::NotFound(Entity::Project(id)) if id == absent), "{error}");
    assert_eq!(standing(&store, absent, "bob").await, Standing::Unlisted);
}

async fn decisions_survive_a_restart_and_end_with_their_project(database: Database) {
    let store = database.open().await;
    let project = project_of_ada(&store).await;
    decide(&store, project, "bob", None).await.unwrap();
    // Dropped, not closed: nothing may depend on an orderly end.
    drop(store);
    let store = database.open().await;
    assert_eq!(standing(&store, project, "ada").await, Standing::Member(Role::Owner));
    assert_eq!(standing(&store, project, "bob").await, Standing::Removed);
    assert!(store.delete_project(project).await.unwrap());
    for who in ["ada", "bob"] {
        assert_eq!(standing(&store, project, who).await, Standing::Unlisted);
    }
}
