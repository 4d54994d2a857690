//! What somebody may do in a project.

use serde::Deserialize;

/// A role in one project. Each may do what those before it may; docs/security.md says what that is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Role {
    /// Sees everything and is seen.
    Viewer,
    /// Writes content.
    Editor,
    /// Names and deletes the project.
    Owner,
}

impl Role {
    /// All roles, the least first.
    pub(crate) const ALL: [Self; 3] = [Self::Viewer, Self::Editor, Self::Owner];

    /// As tokens write it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Editor => "editor",
            Self::Owner => "owner",
        }
    }

    /// May content be written?
    pub(crate) fn may_write(self) -> bool {
        self >= Self::Editor
    }
}
