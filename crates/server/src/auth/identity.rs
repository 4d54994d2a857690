//! Who somebody is.

use std::collections::BTreeMap;

use collabd_core::Profile;
use collabd_protocol::{ProjectId, Role, UserId};
use jiff::Timestamp;

/// Who somebody is in one project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Identity {
    /// As others see it.
    pub(crate) profile: Profile,
    /// What it may do.
    pub(crate) role: Role,
    /// What that follows from.
    pub(crate) grounds: Grounds,
    /// Until when; `None` where nothing was verified.
    pub(crate) expires_at: Option<Timestamp>,
}

/// Whom a token or a ticket shows somebody to be in one project, before it is known whether an owner of the project has
/// decided otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Proven {
    /// As others are to see it.
    pub(crate) profile: Profile,
    /// What its role follows from.
    pub(crate) grounds: Grounds,
    /// Until when; `None` where nothing was verified.
    pub(crate) expires_at: Option<Timestamp>,
}

impl Proven {
    /// Does anything but its own word say who it is?
    pub(crate) fn is_verified(&self) -> bool {
        self.expires_at.is_some()
    }
}

/// What a role follows from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Grounds {
    /// Somebody's word, in an open server.
    Word(Role),
    /// What owners have decided or, where they have not, what a token grants; and never more than a ticket is for.
    Proof {
        /// What the token grants.
        granted: Option<Role>,
        /// What the ticket is for; everything where there is none.
        at_most: Role,
    },
}

/// Who a token names, with all that it grants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Subject {
    pub(super) profile: Profile,
    pub(super) expires_at: Timestamp,
    pub(super) grants: BTreeMap<ProjectId, Role>,
    pub(super) may_create_projects: bool,
}

impl Subject {
    /// Who it is.
    pub(crate) fn user_id(&self) -> &UserId {
        &self.profile.user_id
    }

    /// Until when.
    pub(crate) fn expires_at(&self) -> Timestamp {
        self.expires_at
    }

    /// The projects for which there is a grant, whether or not they exist, in the order of their ids.
    pub(crate) fn projects(&self) -> impl Iterator<Item = ProjectId> {
        self.grants.keys().copied()
    }

    /// What is granted in `project`, whether or not there is such a project.
    pub(crate) fn granted(&self, project: ProjectId) -> Option<Role> {
        self.grants.get(&project).copied()
    }

    /// May it make projects?
    pub(crate) fn may_create_projects(&self) -> bool {
        self.may_create_projects
    }

    /// Who this is in `project`, as far as the token says.
    pub(crate) fn in_project(&self, project: ProjectId) -> Proven {
        Proven {
            profile: self.profile.clone(),
            grounds: Grounds::Proof { granted: self.granted(project), at_most: Role::Owner },
            expires_at: Some(self.expires_at),
        }
    }
}
