//! Documents at their limits, and large updates.

use bytes::Bytes;
use collabd_documents::content::{ApplyError, Content, merge_check};
use collabd_documents::limits::ContentLimits;
use collabd_documents::wire::WireError;
use yrs::{ReadTxn, Text, Transact, WriteTxn};

use crate::editors::doc;
use crate::support::apply_all;

/// Two thousand letters by two editors who hear each other, each letter a struct of its own.
fn letters() -> (Vec<Bytes>, String) {
    let docs = [doc(5), doc(6)];
    let mut updates: Vec<Bytes> = Vec::new();
    for number in 0..2_000u32 {
        let (writer, reader) = (&docs[number as usize % 2], &docs[(number as usize + 1) % 2]);
        let mut txn = writer.transact_mut();
        let text = txn.get_or_insert_text("text");
        text.insert(&mut txn, number / 2, &char::from(b'a' + (number % 26) as u8).to_string());
        txn.commit();
        let update = txn.encode_update_v1();
        reader
            .transact_mut()
            .apply_update(yrs::updates::decoder::Decode::decode_v1(&update).unwrap())
            .unwrap();
        updates.push(update.into());
    }
    let txn = docs[0].transact();
    (updates, yrs::GetString::get_string(&txn.get_text("text").unwrap(), &txn))
}

#[test]
fn a_large_update_is_taken_in_as_a_whole() {
    let (updates, text) = letters();
    let small = apply_all(&updates);
    let large = apply_all(&[small.state()]);
    assert_eq!(large.to_text().unwrap(), text);
    assert_eq!(large.state_vector().len(), small.state_vector().len());
    // One that is partly known, too, and one that is wholly known.
    let mut half = apply_all(&updates[..777]);
    assert!(half.apply(&small.state()).unwrap().is_some());
    assert_eq!(half.to_text().unwrap(), text);
    assert_eq!(half.apply(&small.state()), Ok(None));
}

#[test]
fn a_large_update_that_misses_something_changes_nothing() {
    let (updates, _) = letters();
    let merged = yrs::merge_updates_v1(&updates[1..]).unwrap();
    let mut content = Content::new(ContentLimits::default());
    assert_eq!(content.apply(&merged), Err(ApplyError::Missing));
    assert_eq!(content.state(), Bytes::from_static(&[0, 0]));
    assert_eq!(
        merge_check(&merged, ContentLimits::default()),
        Err(WireError::Invalid { field: "document", problem: "builds on content that is not in it" })
    );
}

#[test]
fn clients_whose_elements_each_build_on_anothers_are_taken_in_at_once() {
    // Each client's letter is right of that of the next lower id: the library would search all that wait for each.
    let clients = 60_000u64;
    let mut update = Vec::new();
    uint(&mut update, clients);
    for client in (1..=clients).rev() {
        update.push(1);
        uint(&mut update, client);
        if client == 1 {
            update.extend(b"\x00\x04\x01\x01t");
        } else {
            update.extend([0, 0x84]);
            uint(&mut update, client - 1);
            update.push(0);
        }
        update.extend([1, b'x']);
    }
    update.push(0);
    let start = tokio::time::Instant::now();
    let content = apply_all(&[update.into()]);
    assert_eq!(content.to_text().unwrap().len(), 60_000);
    assert!(start.elapsed() < tokio::time::Duration::from_secs(3), "{:?}", start.elapsed());
}

#[test]
fn the_rest_of_a_known_struct_is_where_its_beginning_is() {
    // "hello" by client 1 is in "t"; a longer struct in its place claims to be in "other".
    let mut content = apply_all(&[Bytes::from_static(b"\x01\x01\x01\x00\x04\x01\x01t\x05hello\x00")]);
    let lie = b"\x01\x01\x01\x00\x04\x01\x05other\x0bhello world\x00";
    let change = content.apply(lie).unwrap().unwrap();
    assert_eq!(content.to_text().unwrap(), "hello world");
    assert_eq!(content.to_json(), apply_all(&[content.state()]).to_json());
    assert_eq!(&change.update[..], b"\x01\x01\x01\x05\x84\x01\x04\x06 world\x00");
}

fn uint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

#[test]
fn a_full_document_takes_deletions_and_then_text_again() {
    let limits = ContentLimits { document_bytes: 2_000, ..ContentLimits::default() };
    let mut content = Content::new(limits);
    let author = doc(3);
    let edit = |change: &dyn Fn(&mut yrs::TransactionMut<'_>, &yrs::TextRef)| {
        let mut txn = author.transact_mut();
        let text = txn.get_or_insert_text("text");
        change(&mut txn, &text);
        txn.commit();
        txn.encode_update_v1()
    };
    // The estimate grows by thirty bytes for each letter, the document by one.
    for _ in 0..1_700 {
        let update = edit(&|txn, text| text.push(txn, "x"));
        content.apply(&update).unwrap();
    }
    let too_much = edit(&|txn, text| text.push(txn, &"y".repeat(500)));
    let refused = content.apply(&too_much).unwrap_err();
    assert!(matches!(refused, ApplyError::Refused(WireError::DocumentFull { .. })), "{refused:?}");
    assert_eq!(content.to_text().unwrap().len(), 1_700, "nothing of it was taken in");
    let shorter = edit(&|txn, text| text.remove_range(txn, 0, 1_600));
    // Its author has, by now, what was refused: of that it deletes nothing.
    assert!(content.apply(&shorter).unwrap().is_some());
    assert!(content.apply(&too_much).unwrap().is_some());
}
