//! The running projects, readable by anyone without asking the coordinator.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use collabd_protocol::ProjectId;

use crate::project::ProjectHandle;

/// A table that the coordinator alone writes. No guard leaves this module, and none lives across other code.
#[derive(Debug, Clone, Default)]
pub(super) struct Directory {
    projects: Arc<Mutex<BTreeMap<ProjectId, ProjectHandle>>>,
}

impl Directory {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<ProjectId, ProjectHandle>> {
        // Single map operations only: a panic cannot leave half of one.
        self.projects.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The handle of a project whose actor still takes commands.
    pub(super) fn live(&self, project: ProjectId) -> Option<ProjectHandle> {
        let handle = self.lock().get(&project).cloned();
        handle.filter(|handle| !handle.is_closed())
    }

    pub(super) fn get(&self, project: ProjectId) -> Option<ProjectHandle> {
        self.lock().get(&project).cloned()
    }

    pub(super) fn insert(&self, handle: ProjectHandle) {
        self.lock().insert(handle.project(), handle);
    }

    /// Removes the handle unless a later run of the project has taken its place.
    pub(super) fn remove(&self, handle: &ProjectHandle) {
        let mut projects = self.lock();
        if projects.get(&handle.project()).is_some_and(|known| known.incarnation() == handle.incarnation()) {
            projects.remove(&handle.project());
        }
    }

    /// All handles, by project.
    pub(super) fn list(&self) -> Vec<ProjectHandle> {
        self.lock().values().cloned().collect()
    }
}
