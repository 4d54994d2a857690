//! From what somebody has proved to what that allows now: what owners have decided counts over what a token grants.

use std::time::Duration;

use collabd_protocol::{ProjectId, Role, UserId};
use tokio::time::error::Elapsed;
use tokio::time::timeout;
use tracing::debug;

use super::{AuthError, Grounds, Identity, Proven};
use crate::store::{Store, StoreError};

/// How long the answer may take: somebody waits to come in, and who has waited longer had better come back.
const PATIENCE: Duration = Duration::from_secs(3);

/// Why a role was not found out.
#[derive(Debug, thiserror::Error)]
enum NoAnswer {
    /// The store said why.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The store said nothing.
    #[error("the store does not answer in time")]
    Late(#[from] Elapsed),
}

/// Looks roles up. There is no memory of earlier answers: one read by a primary key is cheap, and an answer that is kept
/// would be one more thing that a removal has to reach.
#[derive(Debug, Clone)]
pub(crate) struct Members {
    store: Store,
}

impl Members {
    pub(crate) fn new(store: Store) -> Self {
        Self { store }
    }

    /// The role of `user` in `project` now. A project that does not exist takes the same way to the same answer as one
    /// that the user has nothing to do with (A9).
    ///
    /// # Errors
    /// [`AuthError::Forbidden`] when there is none, [`AuthError::Unavailable`] when the store does not answer in time.
    pub(crate) async fn role(
        &self,
        project: ProjectId,
        user: &UserId,
        grounds: Grounds,
    ) -> Result<Role, AuthError> {
        match self.look_up(project, user, grounds).await {
            Ok(role) => role.ok_or(AuthError::Forbidden),
            Err(error) => {
                // Thousands of connections may find that out in one second.
                debug!(%project, %error, "role not looked up");
                Err(AuthError::Unavailable)
            }
        }
    }

    async fn look_up(
        &self,
        project: ProjectId,
        user: &UserId,
        grounds: Grounds,
    ) -> Result<Option<Role>, NoAnswer> {
        match grounds {
            Grounds::Word(role) => Ok(Some(role)),
            Grounds::Proof { granted, at_most } => {
                let standing = timeout(PATIENCE, self.store.standing(project, user)).await??;
                Ok(standing.role(granted).map(|role| role.min(at_most)))
            }
        }
    }

    /// Who the one that has proved this is in `project` now.
    ///
    /// # Errors
    /// As [`role`](Self::role).
    pub(crate) async fn admit(&self, project: ProjectId, proven: Proven) -> Result<Identity, AuthError> {
        let Proven { profile, grounds, expires_at } = proven;
        let role = self.role(project, &profile.user_id, grounds).await?;
        Ok(Identity { profile, role, grounds, expires_at })
    }
}
