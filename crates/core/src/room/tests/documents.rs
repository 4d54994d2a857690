//! C1: being in documents.

use super::*;
use crate::testing::{line, point};

const LIMIT: usize = 8;

/// C1
#[test]
fn a_switch_enters_one_document_and_leaves_every_other() {
    let mut stage = Stage::new();
    stage.join_in(1, "ada", "plan");
    stage.join_in(2, "bob", "notes");
    stage.move_to(1, "notes", line(1));
    stage.move_to(1, "todo", line(1));
    stage.rest();
    let heard = stage.switch(1, "draft");
    assert_eq!(stage.documents_of("ada"), ["draft"]);
    assert_eq!(stage.heard_by(1, &heard), [list("draft", &["ada"]), updated("ada")]);
    assert_eq!(stage.heard_by(2, &heard), [list("notes", &["bob"]), updated("ada")]);
}

/// C1
#[test]
fn a_switch_to_where_one_is_leaves_only_the_others() {
    let mut stage = Stage::new();
    stage.join_in(1, "ada", "plan");
    stage.move_to(1, "plan", line(7));
    stage.move_to(1, "notes", line(1));
    stage.switch(1, "plan");
    assert_eq!(stage.documents_of("ada"), ["plan"]);
    let place = &stage.presence_of("ada").documents[&document("plan")];
    assert_eq!(place.position, Some(line(7)), "the cursor stays");
    stage.rest();
    assert_eq!(stage.switch(1, "plan"), []);
}

/// C1
#[test]
fn a_move_in_another_document_enters_that_one_too() {
    let mut stage = Stage::new();
    stage.join_in(1, "ada", "plan");
    stage.join(2, "bob");
    let heard = stage.move_to(1, "notes", line(3));
    assert_eq!(stage.documents_of("ada"), ["notes", "plan"]);
    assert_eq!(stage.heard_by(2, &heard), [updated("ada")]);
    assert_eq!(
        stage.heard_by(1, &heard),
        [list("notes", &["ada"]), updated("ada")],
        "the list at once, the cursor at the tick"
    );
    let heard = stage.run(TICK);
    assert_eq!(stage.heard_by(1, &heard), [cursors("notes", &[(1, 3)])]);
}

/// C1
#[test]
fn the_ninth_document_leaves_the_oldest() {
    let mut stage = Stage::new();
    stage.join(1, "ada");
    for number in 1..=LIMIT {
        stage.move_to(1, &format!("d{number}"), line(1));
    }
    assert_eq!(stage.documents_of("ada").len(), LIMIT);
    stage.move_to(1, "d1", line(2));
    stage.move_to(1, "d9", line(1));
    let documents = stage.documents_of("ada");
    assert_eq!(documents.len(), LIMIT);
    assert!(
        !documents.contains(&"d1".to_owned()),
        "the oldest entry goes, however lately used: {documents:?}"
    );
}

/// C1
#[test]
fn four_thousand_invented_documents_cost_nothing() {
    let mut stage = Stage::new();
    stage.join(1, "ada");
    for number in 0..4000 {
        stage.move_to(1, &format!("moved {number}"), line(1));
        assert!(stage.room.document_count() <= LIMIT);
    }
    for number in 0..4000 {
        stage.switch(1, &format!("switched {number}"));
    }
    assert_eq!(stage.room.document_count(), 1);
    stage.leave(1);
    assert_eq!(stage.room.document_count(), 0);
    assert_eq!(stage.room.next_deadline(), None);
}

/// C1
#[test]
fn a_document_goes_with_its_last_session_and_forgets_its_kind() {
    let mut stage = Stage::new();
    stage.join_in(1, "ada", "plan");
    stage.join_in(2, "bob", "plan");
    stage.leave(1);
    assert_eq!(stage.room.document_count(), 1);
    stage.leave(2);
    assert_eq!(stage.room.document_count(), 0);
    stage.join(3, "eve");
    stage.switch_as(3, "plan", DocumentType::Canvas);
    assert_eq!(kind_in(&stage, "eve", "plan"), DocumentType::Canvas);
}

/// X2
#[test]
fn a_second_kind_for_an_occupied_document_is_refused() {
    let mut stage = Stage::new();
    stage.join_in(1, "ada", "plan");
    stage.join_in(2, "bob", "notes");
    stage.rest();
    let before = stage.room.presence();
    let by_move = stage.move_to(2, "plan", point());
    let by_switch = stage.switch_as(2, "plan", DocumentType::Canvas);
    for heard in [by_move, by_switch] {
        assert_eq!(stage.heard_by(2, &heard), [Heard::Refused]);
        assert_eq!(stage.heard_by(1, &heard), []);
        let Event::Refused(refusal) = &heard[0].event else {
            panic!("{:?}", heard[0]);
        };
        assert_eq!(refusal.message, "data.documentType: is canvas, and the document is open as code_editor");
    }
    assert_eq!(stage.room.presence(), before);
}

/// X2
#[test]
fn a_session_that_shares_its_document_may_not_change_the_kind() {
    let mut stage = Stage::new();
    stage.join_in(1, "ada", "plan");
    stage.join_in(2, "ada", "plan");
    let heard = stage.move_to(1, "plan", point());
    assert_eq!(stage.heard_by(1, &heard), [Heard::Refused]);
}

/// P4
#[test]
fn a_session_alone_in_a_document_may_change_its_kind_and_everybody_hears_it() {
    let mut stage = Stage::new();
    stage.join_in(1, "ada", "plan");
    stage.join(2, "bob");
    stage.rest();
    let heard = stage.move_to(1, "plan", point());
    assert_eq!(kind_in(&stage, "ada", "plan"), DocumentType::Canvas);
    assert_eq!(stage.heard_by(2, &heard), [updated("ada")]);
    let heard = stage.switch_as(1, "plan", DocumentType::Timeline);
    assert_eq!(kind_in(&stage, "ada", "plan"), DocumentType::Timeline);
    let place = &stage.presence_of("ada").documents[&document("plan")];
    assert_eq!(place.position, None, "the point on the canvas means nothing now");
    assert_eq!(stage.heard_by(2, &heard), [updated("ada")]);
}

#[test]
fn a_join_takes_the_kind_that_the_document_has() {
    let mut stage = Stage::new();
    stage.join_in(1, "ada", "plan");
    stage.apply(Command::Join(Join {
        session: session(2),
        profile: profile("bob"),
        dialect: Dialect::V2,
        document: Some((document("plan"), Some(DocumentType::Canvas))),
    }));
    assert_eq!(kind_in(&stage, "bob", "plan"), DocumentType::CodeEditor);
}

/// P1
#[test]
fn a_documents_list_names_a_user_once_until_the_last_tab_is_out() {
    let mut stage = Stage::new();
    stage.join_in(9, "bob", "plan");
    stage.join_in(1, "ada", "plan");
    stage.rest();
    let heard = stage.join_in(2, "ada", "plan");
    assert!(stage.heard_by(9, &heard).contains(&list("plan", &["bob", "ada"])));
    stage.rest();
    let heard = stage.leave(1);
    assert!(stage.heard_by(9, &heard).contains(&list("plan", &["bob", "ada"])));
    stage.rest();
    let heard = stage.leave(2);
    assert_eq!(stage.heard_by(9, &heard), [list("plan", &["bob"]), left("ada")]);
}

fn kind_in(stage: &Stage, name: &str, place: &str) -> DocumentType {
    stage.presence_of(name).documents[&document(place)].document_type
}
