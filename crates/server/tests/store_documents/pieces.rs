//! Records and snapshots that say what they are.

use bytes::Bytes;
use collabd_documents::DocumentKey;
use collabd_documents::store::{AppendError, DocumentStore as _, Record, Sequence, Snapshot, Stored};
use collabd_protocol::DocumentType;
use collabd_server::store::{NewVersion, Store, Version};

use crate::database::{DEMO, document_id, project_id};

/// A document of the demo project.
pub(crate) fn key(document: &str) -> DocumentKey {
    DocumentKey { project: project_id(DEMO), document: document_id(document) }
}

/// The update that the record at `sequence` of `document` holds.
pub(crate) fn update(document: &str, sequence: Sequence) -> Bytes {
    format!("update {sequence} of {document}").into()
}

pub(crate) fn record(document: &str, sequence: Sequence) -> Record {
    Record {
        key: key(document),
        document_type: DocumentType::Canvas,
        sequence,
        updates: vec![update(document, sequence)],
    }
}

pub(crate) fn snapshot(through: Sequence) -> Snapshot {
    Snapshot { through, state: format!("state of {through}").into() }
}

/// Appends the records `first` to `last` of `document`, one commit each.
pub(crate) async fn append(store: &Store, document: &str, first: Sequence, last: Sequence) {
    for sequence in first..=last {
        let answers = store.append(&[record(document, sequence)]).await;
        assert_eq!(told(&answers), ["ok"], "record {sequence}");
    }
}

pub(crate) async fn load(store: &Store, document: &str) -> Stored {
    store.load(&key(document)).await.unwrap()
}

/// What is stored when nothing but the records `first` to `last` is.
pub(crate) fn records(document: &str, first: Sequence, last: Sequence) -> Stored {
    Stored {
        updates: (first..=last).map(|sequence| update(document, sequence)).collect(),
        records: usize::try_from(last + 1 - first).unwrap(),
        last,
        ..Stored::default()
    }
}

/// The updates of a document in which some places are missing.
pub(crate) fn updates(document: &str, sequences: &[Sequence]) -> Vec<Bytes> {
    sequences.iter().map(|&sequence| update(document, sequence)).collect()
}

/// Answers in a word each.
pub(crate) fn told(answers: &[Result<(), AppendError>]) -> Vec<&'static str> {
    let word = |answer: &Result<(), AppendError>| match answer {
        Ok(()) => "ok",
        Err(AppendError::Gone) => "gone",
        Err(AppendError::TooMany) => "too many",
        Err(AppendError::Conflict) => "conflict",
        Err(AppendError::Store(_)) => "store",
    };
    answers.iter().map(word).collect()
}

pub(crate) async fn compact(store: &Store, document: &str, through: Sequence) {
    store.compact(&key(document), &snapshot(through)).await.unwrap();
}

/// Makes a version with the state of the record `through`.
pub(crate) async fn version(store: &Store, document: &str, name: Option<&str>, through: Sequence) -> Version {
    let new = NewVersion { key: key(document), name: name.map(str::to_owned), snapshot: snapshot(through) };
    store.create_version(new).await.unwrap()
}
