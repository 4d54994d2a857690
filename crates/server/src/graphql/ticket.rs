//! Whom a ticket is for.

use collabd_core::Profile;
use collabd_protocol::text::TextError;
use collabd_protocol::{AvatarColor, ProjectId, Role, UserId, UserName};

use super::access::Caller;
use super::argument::ArgumentError;
use super::error::ApiError;
use crate::app::App;
use crate::auth::{AuthError, Grounds, Proven};

/// What the client says about the holder of a ticket.
#[derive(Debug)]
pub(super) struct Holder {
    pub(super) user_id: Option<String>,
    pub(super) user_name: Option<String>,
    pub(super) avatar_color: Option<String>,
    pub(super) role: Option<Role>,
}

impl Holder {
    /// Who the holder will be in `project`. Where the caller is known, so is the holder: it is the caller, whatever the
    /// client says, in the caller's role or a lower one.
    pub(super) async fn proven(
        self,
        app: &App,
        caller: &Caller,
        project: ProjectId,
    ) -> Result<Proven, ApiError> {
        let Some(mut proven) = caller.proven(project) else { return self.anybody() };
        if let Some(role) = self.role {
            if caller.role(app, project).await?.is_some_and(|of_caller| role > of_caller) {
                return Err(AuthError::Forbidden.into());
            }
            if let Grounds::Proof { at_most, .. } = &mut proven.grounds {
                *at_most = role;
            }
        }
        Ok(proven)
    }

    fn anybody(self) -> Result<Proven, ApiError> {
        let user_id = required("userId", self.user_id, UserId::new)?;
        let user_name = required("userName", self.user_name, UserName::new)?;
        let avatar_color = match self.avatar_color {
            Some(color) => {
                AvatarColor::new(color).map_err(|problem| ApiError::argument("avatarColor", problem))?
            }
            None => AvatarColor::for_user(&user_id),
        };
        let profile = Profile { user_id, user_name, avatar_color, is_agent: false };
        let grounds = Grounds::Word(self.role.unwrap_or(Role::Editor));
        Ok(Proven { profile, grounds, expires_at: None })
    }
}

fn required<T>(
    argument: &'static str,
    value: Option<String>,
    check: impl FnOnce(String) -> Result<T, TextError>,
) -> Result<T, ApiError> {
    let text = value.ok_or_else(|| ApiError::argument(argument, ArgumentError::Missing))?;
    check(text).map_err(|problem| ApiError::argument(argument, problem))
}
