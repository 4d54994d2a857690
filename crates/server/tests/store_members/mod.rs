//! What the store keeps about members and invitations.

mod invitations;
mod lists;
mod roles;

use collabd_protocol::{ProjectId, Role, UserId};
use collabd_server::store::{RoleChange, Standing, Store, StoreError};

fn user(id: &str) -> UserId {
    UserId::new(id).unwrap()
}

/// A project that ada owns.
async fn project_of_ada(store: &Store) -> ProjectId {
    store.create_owned_project("Plan", &user("ada")).await.unwrap().id
}

/// Ada decides.
async fn decide(store: &Store, project: ProjectId, who: &str, role: Option<Role>) -> Result<(), StoreError> {
    store.change_role(&RoleChange { project, user: user(who), role, by: user("ada") }).await
}

async fn standing(store: &Store, project: ProjectId, who: &str) -> Standing {
    store.standing(project, &user(who)).await.unwrap()
}
