//! The library, with what it may do to the process kept in bounds.

use std::panic::{AssertUnwindSafe, catch_unwind};

use tokio::time::Instant;
use yrs::block::ClientID;
use yrs::error::UpdateError;
use yrs::updates::decoder::Decode;
use yrs::{Doc, OffsetKind, Options, Transact, TransactionMut, Update};

use crate::wire::WireError;

/// The library panicked, or did not do what it must.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Failed;

/// Runs `work`, surviving its panics.
pub(super) fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, Failed> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|_| Failed)
}

/// An empty document as a server has it: it never writes on its own, and counts text as browsers do.
pub(super) fn document() -> Doc {
    let mut options = Options::with_client_id(ClientID::random());
    options.offset_kind = OffsetKind::Utf16;
    options.skip_gc = false;
    options.cleanup_formatting = false;
    Doc::with_options(options)
}

const UNREADABLE: WireError =
    WireError::Invalid { field: "update", problem: "cannot be read by the Yjs library" };

/// Decodes an update that has been looked through.
pub(super) fn decode(update: &[u8]) -> Result<Update, WireError> {
    match guarded(|| Update::decode_v1(update)) {
        Ok(Ok(update)) => Ok(update),
        Ok(Err(_)) | Err(Failed) => Err(UNREADABLE),
    }
}

/// What an update that has been looked through says beyond the state vector `known`.
pub(super) fn cut(update: &[u8], known: &[u8]) -> Result<Vec<u8>, WireError> {
    match guarded(|| yrs::diff_updates_v1(update, known)) {
        Ok(Ok(update)) => Ok(update),
        Ok(Err(_)) | Err(Failed) => Err(UNREADABLE),
    }
}

/// Applies `updates` in one transaction and lets `look` see what they did. Fails when they take longer than until
/// `deadline`.
///
/// When the library panics, the transaction is not ended: its end works on the document again, which is in an
/// unknown state, and a panic during a panic ends the process. The document's memory is lost instead.
pub(super) fn transact<T>(
    doc: &Doc,
    updates: Vec<Update>,
    deadline: Option<Instant>,
    look: impl FnOnce(&TransactionMut<'_>) -> T,
) -> Result<T, Failed> {
    let mut txn = doc.try_transact_mut().map_err(|_| Failed)?;
    let outcome = guarded(|| -> Result<Option<T>, UpdateError> {
        for update in updates {
            txn.apply_update(update)?;
            if deadline.is_some_and(|deadline| Instant::now() > deadline) {
                return Ok(None);
            }
        }
        txn.commit();
        Ok(Some(look(&txn)))
    });
    if let Ok(Ok(seen)) = outcome {
        return guarded(|| drop(txn)).and_then(|()| seen.ok_or(Failed));
    }
    std::mem::forget(txn);
    Err(Failed)
}
