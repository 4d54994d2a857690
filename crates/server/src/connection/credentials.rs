//! Who a connection has proved to be: once, and for as long as it lasts.

use collabd_core::Profile;
use collabd_protocol::client::JoinSession;
use collabd_protocol::{AvatarColor, ErrorCode, ProjectId, UserId, WireError};

use crate::app::App;
use crate::auth::{AuthError, Identity, Tickets};
use crate::socket::Expiry;

/// What a connection has proved.
pub(super) struct Credentials {
    app: App,
    project: ProjectId,
    identity: Option<Identity>,
    expiry: Expiry,
}

/// Why a proof was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    /// It proves nothing here.
    Auth(AuthError),
    /// It is somebody else's.
    Stranger,
}

impl Credentials {
    /// Those that came with the upgrade, if any did.
    pub(super) fn new(app: &App, project: ProjectId, identity: Option<Identity>) -> Self {
        let expiry = Expiry::new(identity.as_ref().and_then(|identity| identity.expires_at));
        Self { app: app.clone(), project, identity, expiry }
    }

    /// Whom the connection has proved to be.
    pub(super) fn user(&self) -> Option<&UserId> {
        self.identity.as_ref().map(|identity| &identity.profile.user_id)
    }

    pub(super) fn expiry(&self) -> &Expiry {
        &self.expiry
    }

    pub(super) fn expiry_mut(&mut self) -> &mut Expiry {
        &mut self.expiry
    }

    /// Takes a token or ticket. In an open server a token proves nothing and is ignored.
    pub(super) async fn show(&mut self, proof: &str) -> Result<(), Refused> {
        if self.app.authority().is_open() && !Tickets::is_ticket(proof) {
            return Ok(());
        }
        let identity = self.app.identify(proof, self.project).await.map_err(Refused::Auth)?;
        if self.user().is_some_and(|user| *user != identity.profile.user_id) {
            return Err(Refused::Stranger);
        }
        self.expiry = Expiry::new(identity.expires_at);
        self.identity = Some(identity);
        Ok(())
    }

    /// May it change what documents hold? In an open server, whoever has proved nothing may.
    pub(super) fn may_write(&self) -> bool {
        self.identity.as_ref().is_none_or(|identity| identity.role.may_write())
    }

    /// As whom to join (A10): as the one that was proved, or, in an open server where nothing was, as whom the client
    /// says it is.
    pub(super) fn profile(&self, join: &JoinSession) -> Result<Profile, AuthError> {
        match &self.identity {
            Some(identity) => Ok(identity.profile.clone()),
            None if self.app.authority().is_open() => Ok(claimed(join)),
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
