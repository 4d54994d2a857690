//! What clients say of themselves, as the others hear it.

use std::time::Duration;

use collabd_protocol::CloseCode;

use crate::limits::Limits;
use crate::testing::{Client, Stage, pass};
use crate::wire::peer::ServerMessage;

const MOMENT: Duration = Duration::from_millis(10);
const HERE: Option<&str> = Some(r#"{"user":{"name":"Ada"}}"#);

/// Client id, clock, and is there a state?
fn announced(client: &mut Client) -> Vec<(u64, u64, bool)> {
    let entries = client.hear().into_iter().filter_map(|message| match message {
        ServerMessage::Awareness(entries) => Some(entries),
        _ => None,
    });
    entries.flatten().map(|entry| (entry.client, entry.clock, entry.state.is_some())).collect()
}

#[tokio::test(start_paused = true)]
async fn a_state_reaches_everybody_its_announcer_included_who_is_asked_to_raise_its_clock() {
    let stage = Stage::new();
    let (mut ada, mut ben) = (stage.editor("ada").await, stage.editor("ben").await);
    ada.announce(7, 3, HERE).await;
    ada.sync().await;
    assert_eq!(announced(&mut ada), [(7, 3, false), (7, 3, true)]);
    assert_eq!(announced(&mut ben), [(7, 3, true)]);
    ada.announce(7, 4, HERE).await;
    ada.sync().await;
    assert_eq!(announced(&mut ada), [(7, 4, true)], "asked once");
    let mut cy = stage.editor("cy").await;
    assert_eq!(announced(&mut cy), [(7, 4, true)], "a newcomer hears who is here");
    drop((ada, ben, cy));
    stage.end().await;
}

#[tokio::test(start_paused = true)]
async fn those_who_are_here_announce_themselves_again_for_newcomers_alone() {
    let stage = Stage::new();
    let (mut ada, mut ben) = (stage.editor("ada").await, stage.editor("ben").await);
    for clock in [2, 3] {
        ada.announce(7, clock, HERE).await;
    }
    ada.sync().await;
    announced(&mut ada);
    announced(&mut ben);
    let mut cy = stage.editor("cy").await;
    pass(MOMENT).await;
    assert_eq!(announced(&mut ada), [(7, 3, false)], "asked for a newer clock");
    ada.announce(7, 4, HERE).await;
    ada.sync().await;
    assert_eq!(announced(&mut cy), [(7, 3, true), (7, 4, true)]);
    assert_eq!(announced(&mut ben), [], "it says nothing new to him");
    let (dan, eli) = (stage.editor("dan").await, stage.editor("eli").await);
    pass(MOMENT).await;
    assert_eq!(announced(&mut ada), [], "not asked for every newcomer ...");
    pass(Duration::from_secs(1)).await;
    assert_eq!(announced(&mut ada), [(7, 4, false)], "... but once a second for all of them");
    drop((ada, ben, cy, dan, eli));
    stage.end().await;
}

/// Whoever remembers an older life of a client ignores its first announcement.
#[tokio::test(start_paused = true)]
async fn the_answer_to_the_first_question_reaches_everybody_whoever_comes_meanwhile() {
    let stage = Stage::new();
    let (ada, mut ben) = (stage.editor("ada").await, stage.editor("ben").await);
    ada.announce(7, 3, HERE).await;
    let cy = stage.editor("cy").await;
    pass(MOMENT).await;
    announced(&mut ben);
    ada.announce(7, 4, HERE).await;
    ada.sync().await;
    assert_eq!(announced(&mut ben), [(7, 4, true)]);
    drop((ada, ben, cy));
    stage.end().await;
}

/// Clients drop whom they have not heard of for 30 s.
#[tokio::test(start_paused = true)]
async fn an_announcement_for_newcomers_reaches_those_who_have_heard_nothing_for_long() {
    let stage = Stage::new();
    let (mut ada, mut ben) = (stage.editor("ada").await, stage.editor("ben").await);
    for clock in [2, 3] {
        ada.announce(7, clock, HERE).await;
    }
    ada.sync().await;
    announced(&mut ben);
    pass(Duration::from_secs(10)).await;
    let cy = stage.editor("cy").await;
    pass(MOMENT).await;
    announced(&mut ada);
    ada.announce(7, 4, HERE).await;
    ada.sync().await;
    assert_eq!(announced(&mut ben), [(7, 4, true)]);
    drop((ada, ben, cy));
    stage.end().await;
}

#[tokio::test(start_paused = true)]
async fn an_echo_or_a_removal_by_somebody_else_changes_nothing() {
    let stage = Stage::new();
    let (mut ada, ben) = (stage.editor("ada").await, stage.editor("ben").await);
    ada.announce(7, 3, HERE).await;
    ada.sync().await;
    announced(&mut ada);
    for state in [HERE, None] {
        ben.announce(7, 9, state).await;
    }
    ben.sync().await;
    assert_eq!(announced(&mut ada), []);
    drop((ada, ben));
    stage.end().await;
}

/// P3
#[tokio::test(start_paused = true)]
async fn a_lost_clients_state_is_cleared_after_the_grace_period_and_a_leavers_at_once() {
    let stage = Stage::new();
    let (ada, ben, mut cy) = (stage.editor("ada").await, stage.editor("ben").await, stage.editor("cy").await);
    ada.announce(7, 3, HERE).await;
    ben.announce(8, 1, HERE).await;
    ben.sync().await;
    announced(&mut cy);
    ben.subscription.leave();
    pass(MOMENT).await;
    assert_eq!(announced(&mut cy), [(8, 1, false)]);
    drop(ada);
    pass(Limits::default().awareness.grace.saturating_sub(2 * MOMENT)).await;
    assert_eq!(announced(&mut cy), []);
    pass(3 * MOMENT).await;
    assert_eq!(announced(&mut cy), [(7, 3, false)]);
    drop(cy);
    stage.end().await;
}

/// P3
#[tokio::test(start_paused = true)]
async fn a_user_who_comes_back_takes_its_client_id_along() {
    let stage = Stage::new();
    let mut cy = stage.editor("cy").await;
    let before = stage.editor("ada").await;
    before.announce(7, 3, HERE).await;
    let now = stage.editor("ada").await;
    now.announce(7, 3, HERE).await;
    now.sync().await;
    announced(&mut cy);
    drop(before);
    pass(2 * Limits::default().awareness.grace).await;
    assert_eq!(announced(&mut cy), [], "the old connection's end takes nothing from the new one");
    drop((now, cy));
    stage.end().await;
}

#[tokio::test(start_paused = true)]
async fn more_ids_than_one_client_has_close_it() {
    let stage = Stage::new();
    let mut eve = stage.editor("eve").await;
    let limit = Limits::default().awareness.ids_per_client as u64;
    for client in 0..limit {
        eve.announce(client, 1, HERE).await;
    }
    eve.sync().await;
    eve.hear();
    eve.announce(limit, 1, HERE).await;
    pass(MOMENT).await;
    assert_eq!(eve.drain().goodbye.map(|goodbye| goodbye.code), Some(CloseCode::BadRequest));
    drop(eve);
    stage.end().await;
}

#[tokio::test(start_paused = true)]
async fn all_states_together_are_bounded() {
    let stage = Stage::with(Limits {
        awareness: crate::limits::AwarenessLimits { document_bytes: 50, ..Limits::default().awareness },
        ..Limits::default()
    });
    let (ada, mut ben) = (stage.editor("ada").await, stage.editor("ben").await);
    ada.announce(7, 1, HERE).await;
    ben.announce(8, 1, HERE).await;
    ben.sync().await;
    ben.hear();
    ben.announce(9, 1, HERE).await;
    pass(MOMENT).await;
    assert_eq!(ben.drain().goodbye.map(|goodbye| goodbye.code), Some(CloseCode::BadRequest));
    pass(MOMENT).await;
    drop((ada, ben));
    stage.end().await;
}
