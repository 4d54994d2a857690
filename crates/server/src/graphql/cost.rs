//! What fields cost, in units of one plain field. A query of many rows is as expensive as several of few.

/// Rows of a list whose fields are paid together.
const ROWS_PER_UNIT: usize = 20;

/// One more call of the store or of a project's actor, for each row of the list it is asked for in.
pub(super) const CALL: usize = 10;

/// A list of at most `first` rows, each with fields worth `child`. The limit allows a list of everything with short
/// lists inside (a hundred projects with a hundred documents each), and about 90,000 rows of one field at most.
pub(super) fn page(first: Option<i32>, child: usize) -> usize {
    // An absurd page costs little here and is refused by the resolver.
    let rows = usize::try_from(first.unwrap_or(super::argument::FIRST)).unwrap_or_default();
    CALL.saturating_add(rows.div_ceil(ROWS_PER_UNIT).saturating_mul(1 + child))
}

/// One row, or another answer of one call.
pub(super) fn call(child: usize) -> usize {
    CALL.saturating_add(child)
}

/// A whole document, loaded and shown.
pub(super) fn whole(child: usize) -> usize {
    (5 * CALL).saturating_add(child)
}

/// The readiness probe: two sessions, a cursor and the store, one probe at a time for the whole server.
pub(super) fn probe(child: usize) -> usize {
    (5 * CALL).saturating_add(child)
}
