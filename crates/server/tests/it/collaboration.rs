//! The main job: people in a project see each other and each other's cursors.

use collabd_loadgen::Client;
use collabd_protocol::client::SetStatus;
use collabd_protocol::position::{
    CodeEditorPosition, Rotation, SpreadsheetPosition, ThreeDPosition, TimelinePosition,
};
use collabd_protocol::server::CursorMoved;
use collabd_protocol::v1::V1Message;
use collabd_protocol::{ClientMessage, CursorPosition, DocumentType, Label, ServerMessage, Status};

use crate::support::{TestServer, canvas_at, cursor_in, join_request, member, member_in, switch_to};

fn positions() -> [CursorPosition; 5] {
    let label = |text: &str| Some(Label::new(text).expect("label"));
    [
        canvas_at(1.5),
        CursorPosition::Spreadsheet(SpreadsheetPosition { row: 3, column: 4, sheet: label("Q3") }),
        CursorPosition::ThreeD(ThreeDPosition {
            x: 1.0,
            y: -2.0,
            z: 0.25,
            rotation: Some(Rotation { x: 0.0, y: 1.5, z: 0.0 }),
            scale: Some(2.0),
            viewport: label("front"),
        }),
        CursorPosition::Timeline(TimelinePosition { timestamp: 90_000, track: Some(2) }),
        CursorPosition::CodeEditor(CodeEditorPosition { line: 10, column: 0, file: label("src/main.rs") }),
    ]
}

async fn cursor_of(client: &mut Client, user: &str) -> CursorMoved {
    let moved = client.wait_for(|message| match message {
        ServerMessage::CursorUpdate { data } if data.user_id.as_str() == user => Some(data),
        _ => None,
    });
    moved.await.expect("a cursor")
}

async fn list_of(client: &mut Client, document: &str, count: usize) -> Vec<String> {
    let list = client.wait_for(|message| match message {
        ServerMessage::DocumentActivity { data }
            if data.document_id.as_str() == document && data.active_users.len() == count =>
        {
            Some(data.active_users.into_iter().map(|user| user.user_id.as_str().to_owned()).collect())
        }
        _ => None,
    });
    list.await.expect("a document list")
}

/// P1, C1, J3
#[tokio::test]
async fn two_members_see_each_other_and_move_cursors_of_all_five_kinds() {
    let server = TestServer::start();
    for endpoint in [server.v2(1), server.batch(1), server.compact(1)] {
        let (mut ann, alone) = member(&endpoint, "ann").await;
        assert_eq!(alone.users.len(), 1, "oneself is in the snapshot");
        let (mut bob, both) = member(&endpoint, "bob").await;
        assert_eq!(both.users.len(), 2);
        let joined = ann.wait_for(|message| match message {
            ServerMessage::UserJoined { user } => Some(user),
            _ => None,
        });
        assert_eq!(joined.await.expect("bob's join").user_name.as_str(), "Name of bob");

        for position in positions() {
            let kind = position.document_type();
            let document = format!("doc-{kind}");
            for client in [&mut ann, &mut bob] {
                client.send(&switch_to(&document, kind)).await.expect("sends");
            }
            assert_eq!(list_of(&mut ann, &document, 2).await.len(), 2);
            assert_eq!(list_of(&mut bob, &document, 2).await.len(), 2);
            ann.send(&cursor_in(&document, position.clone())).await.expect("sends");
            let seen = cursor_of(&mut bob, "ann").await;
            assert_eq!((seen.document_type, &seen.position), (kind, &position));
            bob.send(&cursor_in(&document, position.clone())).await.expect("sends");
            assert_eq!(cursor_of(&mut ann, "bob").await.position, position);
        }
        ann.close().await.expect("closes");
        let left = bob.wait_for(|message| match message {
            ServerMessage::UserLeft { user_id, .. } => Some(user_id),
            _ => None,
        });
        assert_eq!(left.await.expect("ann's leave").as_str(), "ann");
        bob.close().await.expect("closes");
    }
}

/// The dialects meet in one project.
#[tokio::test]
async fn a_v1_and_a_v2_client_see_each_other() {
    let server = TestServer::start();
    let (mut new, _) = member_in(&server.v2(1), "new", "plan").await;
    let mut old = Client::connect(&server.v1(1)).await.expect("connects");
    old.join(join_request("old")).await.expect("sends its join");
    let users = old.joined_v1().await.expect("joins");
    assert_eq!(users.len(), 2);
    old.send(&switch_to("plan", DocumentType::Canvas)).await.expect("sends");
    assert_eq!(list_of(&mut new, "plan", 2).await.len(), 2);

    new.send(&cursor_in("plan", canvas_at(7.0))).await.expect("sends");
    let drawn = old.wait_for_v1(|message| match message {
        V1Message::UserPresence { data } if data.user_id.as_str() == "new" => {
            data.documents.into_values().next().and_then(|document| document.position)
        }
        _ => None,
    });
    assert_eq!(drawn.await.expect("a position in presence"), canvas_at(7.0));
    let listed = old.wait_for_v1(|message| match message {
        V1Message::DocumentActivity { data } => Some(data.active_users.len()),
        _ => None,
    });
    assert_eq!(listed.await.expect("the whole list"), 2);

    old.send(&cursor_in("plan", canvas_at(8.0))).await.expect("sends");
    assert_eq!(cursor_of(&mut new, "old").await.position, canvas_at(8.0));

    new.close().await.expect("closes");
    let farewell = old.wait_for_v1(|message| match message {
        V1Message::UserPresence { data } if !data.is_online => Some(data.user_name),
        _ => None,
    });
    assert_eq!(farewell.await.expect("an offline presence").as_str(), "Name of new");
    old.close().await.expect("closes");
}

/// C1
#[tokio::test]
async fn a_cursor_goes_to_its_document_only_and_never_back() {
    let server = TestServer::start();
    let (mut ann, _) = member_in(&server.v2(1), "ann", "a").await;
    let (mut bob, _) = member_in(&server.v2(1), "bob", "b").await;
    let (mut eve, _) = member_in(&server.v2(2), "eve", "a").await;
    ann.send(&cursor_in("a", canvas_at(1.0))).await.expect("sends");
    // A change of status is told to the whole project, after whatever the move before it caused.
    for client in [&mut ann, &mut eve] {
        client.send(&ClientMessage::SetStatus(SetStatus { status: Status::Idle })).await.expect("sends");
    }
    for client in [&mut ann, &mut bob, &mut eve] {
        let mut cursors = 0;
        let barrier = client.wait_for(|message| match message {
            ServerMessage::CursorUpdate { .. } => {
                cursors += 1;
                None
            }
            ServerMessage::UserUpdated { user } if user.status == Status::Idle => Some(()),
            _ => None,
        });
        barrier.await.expect("the change of status");
        assert_eq!(cursors, 0);
    }
    for client in [ann, bob, eve] {
        client.close().await.expect("closes");
    }
}
