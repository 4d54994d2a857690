//! Joining.

use collabd_protocol::ids::Incarnation;

use crate::limits::{Limits, OutboxLimits};
use crate::outbox::outbox;
use crate::project::{JoinError, JoinRequest};
use crate::testing::{Member, News, Project, document, line, move_to, request, settle};

/// J3
#[tokio::test(start_paused = true)]
async fn the_snapshot_is_in_the_outbox_when_the_join_returns() {
    let project = Project::start();
    let mut ada = project.join("ada").await;
    assert_eq!(ada.take_news(), [News::snapshot(&["ada"])]);
    let mut bob = project.join("bob").await;
    assert_eq!(bob.take_news(), [News::snapshot(&["ada", "bob"])]);
    assert_eq!(ada.take_news(), [News::joined("bob")]);
}

/// P2
#[tokio::test(start_paused = true)]
async fn every_session_has_an_id_of_its_own_in_this_run_of_the_project() {
    let project = Project::start();
    let (first, second) = (project.join("ada").await, project.join("ada").await);
    assert_ne!(first.id(), second.id());
    for member in [&first, &second] {
        assert_eq!(member.id().incarnation, Incarnation(7));
    }
    first.leave();
    settle().await;
    let third = project.join("ada").await;
    assert!(third.id() > second.id(), "ids are never used again");
}

/// C1
#[tokio::test(start_paused = true)]
async fn a_move_reaches_the_others_in_the_document_and_not_the_mover() {
    let project = Project::start();
    let mut ada = Member::join_in(&project.handle, "ada", "plan").await.unwrap();
    let mut bob = Member::join_in(&project.handle, "bob", "plan").await.unwrap();
    let mut eve = Member::join_in(&project.handle, "eve", "notes").await.unwrap();
    ada.session.move_cursor(move_to("plan", line(3))).unwrap();
    crate::testing::pass(20).await;
    assert_eq!(bob.take_lines(), [3]);
    assert_eq!(ada.take_lines(), [0; 0]);
    assert_eq!(eve.take_lines(), [0; 0]);
    bob.session.catch_up(document("plan")).unwrap();
    settle().await;
    assert_eq!(bob.take_lines(), [3]);
}

#[tokio::test(start_paused = true)]
async fn a_full_project_refuses_a_join_and_takes_one_when_a_place_is_free() {
    let project = Project::start_with(Limits { members_per_project: 2, ..Limits::default() });
    let (ada, bob) = (project.join("ada").await, project.join("bob").await);
    let refused = Member::join(&project.handle, "eve").await;
    assert_eq!(refused.unwrap_err(), JoinError::Full { limit: 2 });
    ada.leave();
    settle().await;
    let eve = project.join("eve").await;
    bob.leave();
    eve.leave();
    project.end().await;
}

/// J3, B2
#[tokio::test(start_paused = true)]
async fn a_project_larger_than_an_outbox_can_be_joined_with_a_document() {
    let project = Project::start();
    let mut others = Vec::new();
    for number in 0..20 {
        others.push(project.join(&format!("user{number}")).await);
    }
    let (outbox, reader) = outbox(OutboxLimits { bytes: 1000, ..OutboxLimits::default() });
    let request = JoinRequest { document: Some((document("plan"), None)), ..request("ada", outbox) };
    let session = project.handle.join(request).await.unwrap();
    let mut ada = Member { session, reader };
    assert_eq!(ada.goodbye(), None);
    let messages = ada.take();
    assert_eq!(messages.len(), 2, "the snapshot and the document's list");
}
