//! Sending somebody away.

use collabd_core::recorder::{ProjectEvent, Target};
use collabd_protocol::{CloseCode, ProjectId, UserId};

use super::registry::Audience;
use crate::app::App;

/// Closes connections to a project with 4508, which changes no right: whoever was sent away may come back, but no client does
/// so by itself. How many were there? `by` is who wants it, where that is known.
pub(crate) fn kick(app: &App, project: ProjectId, target: Target, by: Option<UserId>) -> usize {
    let audience = match target.clone() {
        Target::User(user) => Audience::User(user),
        Target::Session(session) => Audience::Session(session),
    };
    if app.live().count(project, &audience) == 0 {
        return 0;
    }
    // Before the departures that follow from it.
    app.recorder().project(project, ProjectEvent::Kicked { target, by });
    app.live().end(project, &audience, CloseCode::Kicked)
}
