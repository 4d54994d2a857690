//! Invitations: once, in time, and never against an owner's later decision.

use collabd_protocol::{ProjectId, Role};
use collabd_server::store::{Entity, NewInvitation, Standing, Store, StoreError};
use jiff::{SignedDuration, Timestamp};

use super::{decide, project_of_ada, standing, user};
use crate::database::{Database, on_both_databases, project_id};

on_both_databases! {
    an_invitation_makes_one_member,
    of_two_who_accept_at_once_one_becomes_a_member,
    an_invitation_ends_with_its_time_its_withdrawal_and_its_project,
    an_invitation_undoes_no_later_decision,
    an_invitation_takes_nothing_away_and_waits_for_who_needs_it,
    who_is_no_owner_any_more_has_invited_nobody,
    a_project_has_a_hundred_invitations_at_most,
}

async fn invite(store: &Store, project: ProjectId, code: &str, role: Role) -> Result<(), StoreError> {
    invite_for(store, project, code, role, SignedDuration::from_hours(1)).await
}

async fn invite_for(
    store: &Store,
    project: ProjectId,
    code: &str,
    role: Role,
    time: SignedDuration,
) -> Result<(), StoreError> {
    let (fingerprint, made_by) = (code.to_owned(), user("ada"));
    let expires_at = Timestamp::now() + time;
    store.create_invitation(&NewInvitation { fingerprint, project, role, made_by, expires_at }).await
}

/// Accepts as somebody whose token grants nothing.
async fn accept(store: &Store, code: &str, who: &str) -> Result<ProjectId, StoreError> {
    store.accept_invitation(code, &user(who), |_| None).await
}

fn assert_void(accepted: Result<ProjectId, StoreError>) {
    let error = accepted.unwrap_err();
    assert!(matches!(error, StoreError::NotFound(Entity::Invitation)), "{error}");
    assert_eq!(error.to_string(), "there is no such invitation");
}

async fn an_invitation_makes_one_member(database: Database) {
    let store = database.open().await;
    let project = project_of_ada(&store).await;
    invite(&store, project, "a", Role::Editor).await.unwrap();
    let waiting = store.invitations(project).await.unwrap();
    assert_eq!((waiting.len(), waiting[0].role, waiting[0].made_by.as_str()), (1, Role::Editor, "ada"));
    assert_eq!(accept(&store, "a", "bob").await.unwrap(), project);
    assert_eq!(standing(&store, project, "bob").await, Standing::Member(Role::Editor));
    assert_eq!(store.invitations(project).await.unwrap(), []);
    assert_void(accept(&store, "a", "eve").await);
    assert_eq!(standing(&store, project, "eve").await, Standing::Unlisted);
}

async fn of_two_who_accept_at_once_one_becomes_a_member(database: Database) {
    let store = database.open().await;
    let project = project_of_ada(&store).await;
    for round in 0..20 {
        let (code, bob, eve) = (format!("{round}"), format!("bob {round}"), format!("eve {round}"));
        invite(&store, project, &code, Role::Viewer).await.unwrap();
        let (first, second) = tokio::join!(accept(&store, &code, &bob), accept(&store, &code, &eve));
        assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
        assert_void(if first.is_ok() { second } else { first });
    }
    assert_eq!(store.members(project, None, collabd_server::store::Limit::MAX).await.unwrap().len(), 21);
}

async fn an_invitation_ends_with_its_time_its_withdrawal_and_its_project(database: Database) {
    let store = database.open().await;
    let project = project_of_ada(&store).await;
    invite_for(&store, project, "late", Role::Viewer, SignedDuration::from_millis(-1)).await.unwrap();
    assert_eq!(store.invitations(project).await.unwrap(), []);
    assert_void(accept(&store, "late", "bob").await);

    invite(&store, project, "withdrawn", Role::Viewer).await.unwrap();
    assert!(!store.revoke_invitation(project_id(1), "withdrawn").await.unwrap(), "it is another project's");
    assert!(store.revoke_invitation(project, "withdrawn").await.unwrap());
    assert!(!store.revoke_invitation(project, "withdrawn").await.unwrap());
    assert_void(accept(&store, "withdrawn", "bob").await);

    invite(&store, project, "deleted", Role::Viewer).await.unwrap();
    store.delete_project(project).await.unwrap();
    assert_void(accept(&store, "deleted", "bob").await);
    assert_void(accept(&store, "never", "bob").await);
    let error = invite(&store, project, "x", Role::Viewer).await.unwrap_err();
    assert!(matches!(error, StoreError::NotFound(Entity::Project(_))), "{error}");
}

/// However little time is between them.
async fn an_invitation_undoes_no_later_decision(database: Database) {
    let store = database.open().await;
    let project = project_of_ada(&store).await;
    for round in 0..20 {
        let (who, before, after) = (format!("bob {round}"), format!("b{round}"), format!("a{round}"));
        invite(&store, project, &before, Role::Owner).await.unwrap();
        let decided = if round % 2 == 0 { None } else { Some(Role::Viewer) };
        decide(&store, project, &who, decided).await.unwrap();
        invite(&store, project, &after, Role::Editor).await.unwrap();
        assert_void(accept(&store, &before, &who).await);
        assert_eq!(accept(&store, &after, &who).await.unwrap(), project);
        assert_eq!(standing(&store, project, &who).await, Standing::Member(Role::Editor));
        assert!(store.revoke_invitation(project, &before).await.unwrap(), "it waits for others");
    }
}

async fn an_invitation_takes_nothing_away_and_waits_for_who_needs_it(database: Database) {
    let store = database.open().await;
    let project = project_of_ada(&store).await;
    invite(&store, project, "a", Role::Viewer).await.unwrap();
    assert_eq!(accept(&store, "a", "ada").await.unwrap(), project);
    assert_eq!(standing(&store, project, "ada").await, Standing::Member(Role::Owner));
    let granted = store.accept_invitation("a", &user("cy"), |_| Some(Role::Editor)).await.unwrap();
    assert_eq!((granted, standing(&store, project, "cy").await), (project, Standing::Unlisted));
    assert_eq!(accept(&store, "a", "bob").await.unwrap(), project);
    assert_eq!(standing(&store, project, "bob").await, Standing::Member(Role::Viewer));
}

async fn who_is_no_owner_any_more_has_invited_nobody(database: Database) {
    let store = database.open().await;
    let project = project_of_ada(&store).await;
    decide(&store, project, "bob", Some(Role::Owner)).await.unwrap();
    invite(&store, project, "a", Role::Owner).await.unwrap();
    decide(&store, project, "ada", Some(Role::Editor)).await.unwrap();
    assert_void(accept(&store, "a", "eve").await);
}

async fn a_project_has_a_hundred_invitations_at_most(database: Database) {
    let store = database.open().await;
    let project = project_of_ada(&store).await;
    invite_for(&store, project, "late", Role::Viewer, SignedDuration::from_millis(-1)).await.unwrap();
    for number in 0..100 {
        invite(&store, project, &number.to_string(), Role::Viewer).await.unwrap();
    }
    let error = invite(&store, project, "one more", Role::Viewer).await.unwrap_err();
    assert_eq!(error.to_string(), "project has reached project_invitations (100)");
    assert!(store.revoke_invitation(project, "7").await.unwrap());
    invite(&store, project, "one more", Role::Viewer).await.unwrap();
}
