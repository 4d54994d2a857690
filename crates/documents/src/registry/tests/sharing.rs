//! What one client changes, the others have.

use std::time::Duration;

use collabd_protocol::{LimitHit, LimitName};

use crate::limits::Limits;
use crate::testing::{Client, Stage, key, pass};
use crate::wire::peer::ServerMessage;
use crate::{DocumentError, Form, WriteRight};

fn updates(messages: &[ServerMessage]) -> usize {
    messages.iter().filter(|message| matches!(message, ServerMessage::Update(_))).count()
}

#[tokio::test(start_paused = true)]
async fn an_update_reaches_everybody_but_its_sender() {
    let stage = Stage::new();
    let (mut ada, mut ben) = (stage.editor("ada").await, stage.editor("ben").await);
    let mut cy = Client::join(&stage, "cy", |request| request.form = Form::Addressed).await;
    ada.type_text("hello").await;
    ada.sync().await;
    assert_eq!(updates(&ada.hear()), 0);
    for other in [&mut ben, &mut cy] {
        assert_eq!(updates(&other.hear()), 1);
        assert_eq!(other.text(), "hello");
    }
    drop((ada, ben, cy));
    stage.end().await;
}

#[tokio::test(start_paused = true)]
async fn a_newcomer_is_asked_for_its_content_and_sent_what_it_lacks() {
    let stage = Stage::new();
    let mut ada = stage.editor("ada").await;
    ada.type_text("hello").await;
    let mut ben = stage.editor("ben").await;
    assert!(matches!(ben.hear()[..], [ServerMessage::SyncStep1(_)]));
    ben.type_quietly(" world");
    ben.send_all().await;
    ben.sync().await;
    assert!(matches!(ben.hear()[..], [ServerMessage::SyncStep2(_), ..]));
    ada.hear();
    assert_eq!(ada.text(), ben.text());
    assert_eq!(ada.text().len(), "hello world".len());
    drop((ada, ben));
    stage.end().await;
}

#[tokio::test(start_paused = true)]
async fn what_is_known_already_is_told_to_nobody_and_stored_nowhere() {
    let stage = Stage::new();
    let (mut ada, mut ben) = (stage.editor("ada").await, stage.editor("ben").await);
    ada.type_text("hello").await;
    ada.delete_first().await;
    ada.sync().await;
    pass(Limits::default().patience).await;
    ben.hear();
    let stored = stage.store.stored(&key("plan"));
    ada.send_all().await;
    ada.sync().await;
    pass(Limits::default().patience).await;
    assert_eq!(updates(&ben.hear()), 0);
    assert_eq!(stage.store.stored(&key("plan")), stored);
    drop((ada, ben));
    stage.end().await;
}

#[tokio::test(start_paused = true)]
async fn a_viewer_sees_everything_and_changes_nothing() {
    let stage = Stage::new();
    let mut ada = stage.editor("ada").await;
    let mut vic = Client::join(&stage, "vic", |request| request.write = WriteRight::new(false)).await;
    assert_eq!(vic.hear(), [], "a viewer is not asked for content");
    ada.type_text("hello").await;
    ada.sync().await;
    assert_eq!(updates(&vic.hear()), 1);
    ada.hear();
    for _ in 0..3 {
        vic.type_text("x").await;
    }
    vic.sync().await;
    let told = vic.hear();
    let denials = told.iter().filter(|message| matches!(message, ServerMessage::PermissionDenied(_))).count();
    assert_eq!(denials, 1, "once a second is enough: {told:?}");
    assert_eq!(updates(&ada.hear()), 0);
    drop((ada, vic));
    stage.end().await;
}

/// A7: what a client sends counts as stored again when it has brought what was refused meanwhile.
#[tokio::test(start_paused = true)]
async fn a_right_to_write_is_taken_and_given_while_a_document_is_open() {
    let stage = Stage::new();
    let write = WriteRight::new(true);
    let mut ada = stage.editor("ada").await;
    let mut bob = Client::join(&stage, "bob", |request| request.write = write.clone()).await;
    bob.type_text("before ").await;
    bob.sync().await;
    write.set(false);
    bob.type_text("refused ").await;
    bob.sync().await;
    let told = bob.hear();
    assert!(told.iter().any(|message| matches!(message, ServerMessage::PermissionDenied(_))), "{told:?}");
    ada.sync().await;
    ada.hear();
    assert_eq!(ada.text(), "before ");
    pass(Duration::from_secs(1)).await;
    let saved =
        |told: &[ServerMessage]| told.iter().any(|message| matches!(message, ServerMessage::Saved(2.., _)));
    assert!(!saved(&bob.hear()), "what was refused is not on disk");

    write.set(true);
    bob.subscription.welcome().await.unwrap();
    bob.sync().await;
    assert!(bob.hear().iter().any(|message| matches!(message, ServerMessage::SyncStep1(_))), "it is asked");
    bob.send_all().await;
    ada.sync().await;
    ada.hear();
    assert_eq!(ada.text(), "before refused ");
    pass(Duration::from_secs(1)).await;
    assert!(bob.hear().iter().any(|message| matches!(message, ServerMessage::Saved(n, _) if *n == bob.sent)));
    drop((ada, bob));
    stage.end().await;
}

#[tokio::test(start_paused = true)]
async fn an_update_that_builds_on_unknown_content_is_taken_with_what_it_builds_on() {
    let stage = Stage::new();
    let (mut ada, mut ben) = (stage.editor("ada").await, stage.editor("ben").await);
    ada.hear();
    ada.type_quietly("lost on the way, ");
    ada.type_text("arrived").await;
    ada.type_text("!").await;
    ada.sync().await;
    let asked = ada.hear();
    let questions = asked.iter().filter(|message| matches!(message, ServerMessage::SyncStep1(_))).count();
    assert_eq!(questions, 1, "asked once, not for every update: {asked:?}");
    ada.send_all().await;
    ada.sync().await;
    ben.hear();
    assert_eq!(ben.text(), "lost on the way, arrived!");
    drop((ada, ben));
    stage.end().await;
}

#[tokio::test(start_paused = true)]
async fn a_document_holds_as_many_clients_as_it_may() {
    let stage = Stage::with(Limits { clients_per_document: 1, ..Limits::default() });
    let ada = stage.editor("ada").await;
    let refused = Client::try_join(&stage, "ben", |_| {}).await.err();
    assert_eq!(refused, Some(DocumentError::Full(LimitHit::full(LimitName::ProjectMembers, 1))));
    drop(ada);
    pass(Limits::default().patience).await;
    let ben = stage.editor("ben").await;
    drop(ben);
    stage.end().await;
}
