//! Who somebody is.

use std::collections::BTreeMap;

use collabd_core::Profile;
use collabd_protocol::{ProjectId, UserId};
use jiff::Timestamp;

use super::{AuthError, Role};

/// Who somebody is in one project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Identity {
    /// As others see it.
    pub(crate) profile: Profile,
    /// What it may do.
    pub(crate) role: Role,
    /// Until when; `None` where nothing was verified.
    pub(crate) expires_at: Option<Timestamp>,
}

impl Identity {
    /// Does anything but its own word say who it is?
    pub(crate) fn is_verified(&self) -> bool {
        self.expires_at.is_some()
    }
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

    /// The projects in which it is somebody, whether or not they exist, in the order of their ids.
    pub(crate) fn projects(&self) -> impl Iterator<Item = ProjectId> {
        self.grants.keys().copied()
    }

    /// May it make projects? What they are called and who is in them is decided by grants.
    pub(crate) fn may_create_projects(&self) -> bool {
        self.may_create_projects
    }

    /// Who this is in `project`.
    ///
    /// # Errors
    /// [`AuthError::Forbidden`] without a grant for it, whether or not there is such a project.
    pub(crate) fn in_project(&self, project: ProjectId) -> Result<Identity, AuthError> {
        let role = *self.grants.get(&project).ok_or(AuthError::Forbidden)?;
        Ok(Identity { profile: self.profile.clone(), role, expires_at: Some(self.expires_at) })
    }
}
