//! Making a document of what is stored.

use super::{ApplyError, Content, LoadError, apply, walk};
use crate::limits::ContentLimits;
use crate::store::Stored;

/// See [`Content::load`].
pub(super) fn load(stored: &Stored, limits: ContentLimits) -> Result<(Content, usize), LoadError> {
    let mut is_bad = vec![false; stored.updates.len()];
    loop {
        match attempt(stored, limits, &is_bad)? {
            Attempt::Done(content, left_out) => return Ok((content, left_out)),
            // The library fails on this one: all over again, without it.
            Attempt::Broken(at) => is_bad[at] = true,
        }
    }
}

enum Attempt {
    Done(Content, usize),
    Broken(usize),
}

fn attempt(stored: &Stored, limits: ContentLimits, is_bad: &[bool]) -> Result<Attempt, LoadError> {
    let mut content = Content::new(limits);
    if let Some(snapshot) = &stored.snapshot {
        take_in(&mut content, &snapshot.state).map_err(|error| match error {
            ApplyError::Broken => LoadError::Broken,
            error => LoadError::Snapshot(error),
        })?;
        content.size.set(super::Size { exact: snapshot.state.len(), added: 0, deleted: 0 });
    }
    let mut waiting: Vec<usize> = (0..stored.updates.len()).filter(|at| !is_bad[*at]).collect();
    // What builds on a damaged record may have come back in a later one.
    loop {
        let before = waiting.len();
        let mut still = Vec::new();
        for at in waiting {
            match take_in(&mut content, &stored.updates[at]) {
                Ok(()) => {}
                Err(ApplyError::Missing | ApplyError::Refused(_)) => still.push(at),
                Err(ApplyError::Broken) => return Ok(Attempt::Broken(at)),
            }
        }
        waiting = still;
        if waiting.is_empty() || waiting.len() == before {
            break;
        }
    }
    if !stored.updates.is_empty() {
        drop(content.state());
    }
    let left_out = waiting.len() + is_bad.iter().filter(|bad| **bad).count();
    Ok(Attempt::Done(content, left_out))
}

/// What was stored was within the limits of its time: sizes are not asked about again.
fn take_in(content: &mut Content, update: &[u8]) -> Result<(), ApplyError> {
    let survey = walk::survey(update, &content.limits)?;
    apply::take_in(content, update, &survey, None).map(drop)
}
