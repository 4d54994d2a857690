//! One person, several tabs (P1).

use collabd_protocol::ServerMessage;

use crate::support::{TestServer, canvas_at, cursor_in, member_in};

/// P1, P2
#[tokio::test]
async fn three_tabs_are_one_user_who_leaves_with_the_last_of_them() {
    let server = TestServer::start();
    let (mut witness, _) = member_in(&server.v2(1), "witness", "plan").await;
    let mut tabs = Vec::new();
    for _ in 0..3 {
        tabs.push(member_in(&server.v2(1), "ann", "plan").await.0);
    }
    witness.send(&cursor_in("plan", canvas_at(3.0))).await.expect("sends");
    for tab in &mut tabs {
        let seen = tab.wait_for(|message| match message {
            ServerMessage::CursorUpdate { data } => Some(data.position),
            _ => None,
        });
        assert_eq!(seen.await.expect("every tab hears"), canvas_at(3.0));
    }
    let mut story = Vec::new();
    for tab in tabs {
        tab.close().await.expect("closes");
    }
    let ended = witness.wait_for(|message| match message {
        ServerMessage::UserJoined { .. } => {
            story.push("joined".to_owned());
            None
        }
        ServerMessage::UserUpdated { user } => {
            story.push(format!("{} sessions", user.sessions));
            None
        }
        ServerMessage::UserLeft { user_id, .. } => Some(user_id),
        _ => None,
    });
    assert_eq!(ended.await.expect("ann's leave").as_str(), "ann");
    assert_eq!(story, ["joined", "2 sessions", "3 sessions", "2 sessions", "1 sessions"]);
}
