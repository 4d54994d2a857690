//! Who a connection has proved to be: once, and for as long as it lasts.

use std::sync::Arc;

use collabd_core::Profile;
use collabd_protocol::client::JoinSession;
use collabd_protocol::{AvatarColor, ErrorCode, Role, WireError};

use crate::auth::AuthError;
use crate::live::{Refused, Rights};
use crate::socket::Expiry;

/// What a connection has proved.
pub(super) struct Credentials {
    rights: Arc<Rights>,
    is_open: bool,
    expiry: Expiry,
}

impl Credentials {
    /// Those that came with the upgrade, if any did. In an open server the client's own word will do.
    pub(super) fn new(rights: &Arc<Rights>, is_open: bool) -> Self {
        Self { rights: Arc::clone(rights), is_open, expiry: Expiry::new(rights.expires_at()) }
    }

    /// Has the connection proved whose it is?
    pub(super) fn are_shown(&self) -> bool {
        self.rights.profile().is_some()
    }

    pub(super) fn expiry(&self) -> &Expiry {
        &self.expiry
    }

    pub(super) fn expiry_mut(&mut self) -> &mut Expiry {
        &mut self.expiry
    }

    /// Takes a token or ticket, and says so if the role is not what it was.
    pub(super) async fn show(&mut self, proof: &str) -> Result<Option<Role>, Refused> {
        let changed = self.rights.show(proof).await?;
        self.expiry = Expiry::new(self.rights.expires_at());
        Ok(changed)
    }

    /// As whom to join (A10): as the one that was proved, or, in an open server where nothing was, as whom the client
    /// says it is.
    pub(super) fn profile(&self, join: &JoinSession) -> Result<Profile, AuthError> {
        match self.rights.profile() {
            Some(profile) => Ok(profile),
            None if self.is_open => {
                let profile = claimed(join);
                self.rights.live().is_used_by(&profile);
                Ok(profile)
            }
            None => Err(AuthError::Unauthenticated),
        }
    }
}

impl From<Refused> for WireError {
    /// For a connection that goes on with what it had.
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Auth(error @ AuthError::Unavailable) => {
                Self::new(ErrorCode::Unavailable, error.to_string())
            }
            Refused::Auth(error) => Self::new(ErrorCode::Forbidden, error.to_string()),
            Refused::Stranger => Self::new(ErrorCode::Forbidden, "this socket belongs to another user"),
        }
    }
}

fn claimed(join: &JoinSession) -> Profile {
    let color = join.avatar_color.clone();
    Profile {
        user_id: join.user_id.clone(),
        user_name: join.user_name.clone(),
        avatar_color: color.unwrap_or_else(|| AvatarColor::for_user(&join.user_id)),
        is_agent: join.is_agent.unwrap_or(false),
    }
}
