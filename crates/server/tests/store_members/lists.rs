//! Members of a project, and projects of a member.

use collabd_protocol::{ProjectId, Role};
use collabd_server::store::{Limit, Store};

use super::{decide, project_of_ada, user};
use crate::database::{DEMO, Database, on_both_databases, project_id};

on_both_databases! {
    members_are_listed_page_by_page_in_byte_order_of_their_ids,
    somebodys_projects_are_those_of_the_store_and_those_of_the_token,
}

async fn members_are_listed_page_by_page_in_byte_order_of_their_ids(database: Database) {
    let store = database.open().await;
    let project = project_of_ada(&store).await;
    for who in ["é", "B", "b", "gone", "_"] {
        decide(&store, project, who, Some(Role::Viewer)).await.unwrap();
    }
    decide(&store, project, "gone", None).await.unwrap();
    let all = store.members(project, None, Limit::MAX).await.unwrap();
    let ids: Vec<_> = all.iter().map(|member| member.user_id.as_str()).collect();
    assert_eq!(ids, ["B", "_", "ada", "b", "é"]);
    assert_eq!((all[0].role, all[0].changed_by.as_str()), (Role::Viewer, "ada"));
    assert_eq!((all[2].role, all[2].changed_by.as_str()), (Role::Owner, "ada"));
    let two = Limit::new(2).unwrap();
    assert_eq!(store.members(project, None, two).await.unwrap(), all[..2]);
    assert_eq!(store.members(project, Some(&user("_")), two).await.unwrap(), all[2..4]);
    assert_eq!(store.members(project_id(DEMO), None, two).await.unwrap(), []);
}

async fn somebodys_projects_are_those_of_the_store_and_those_of_the_token(database: Database) {
    let store = database.open().await;
    let (second, third, fourth) =
        (project_of_ada(&store).await, project_of_ada(&store).await, project_of_ada(&store).await);
    decide(&store, second, "bob", Some(Role::Viewer)).await.unwrap();
    decide(&store, fourth, "bob", None).await.unwrap();
    let absent = project_id(999);
    let granted = [fourth, third, absent, project_id(DEMO)];
    assert_eq!(of(&store, "bob", &granted, None).await, [project_id(DEMO), second, third]);
    assert_eq!(of(&store, "bob", &granted, Some(second)).await, [third]);
    assert_eq!(of(&store, "bob", &[], None).await, [second]);
    assert_eq!(of(&store, "ada", &[], None).await, [second, third, fourth]);
    assert_eq!(of(&store, "eve", &[], None).await, []);
    let first = store.projects_of(&user("ada"), &[], None, Limit::new(1).unwrap()).await.unwrap();
    assert_eq!(first.len(), 1);
}

async fn of(store: &Store, who: &str, granted: &[ProjectId], after: Option<ProjectId>) -> Vec<ProjectId> {
    let projects = store.projects_of(&user(who), granted, after, Limit::MAX).await.unwrap();
    projects.into_iter().map(|project| project.id).collect()
}
