//! Who is in a project, and who decides that. A change reaches open sockets at once (A7).

use async_graphql::{Context, ID, Object};
use collabd_protocol::{ProjectId, Role as MemberRole, UserId};
use jiff::{SignedDuration, Timestamp};

use super::access::{self, Need};
use super::argument::{self, ArgumentError};
use super::cost;
use super::error::ApiError;
use super::mutation::to_the_end;
use super::query::app;
use super::types::{Invitation, Member, NewInvitation, Project, Role};
use crate::app::App;
use crate::auth::InvitationCode;
use crate::live::Audience;
use crate::store::{self, Entity, RoleChange};

/// How long an invitation waits when nobody says: a week.
const HOURS: i32 = 168;

/// The longest that it may wait.
const MAX_HOURS: i32 = 720;

/// Questions about members.
#[derive(Debug)]
pub(super) struct MemberQuery;

/// Questions about members.
#[Object]
impl MemberQuery {
    /// Members of a project in the order of their ids, without those who are there by what their tokens grant.
    #[graphql(complexity = "cost::page(first, child_complexity)")]
    async fn members(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which project.")] project_id: i32,
        #[graphql(default_with = "Some(argument::FIRST)", desc = "How many, from 1 to 1000.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only those after this user.")] after: Option<ID>,
    ) -> Result<Vec<Member>, ApiError> {
        let project = access::project(ctx, "projectId", project_id, Need::See).await?;
        access::subject(ctx)?;
        let after = after.map(|id| argument::user("after", &id)).transpose()?;
        let members = app(ctx).store().members(project, after.as_ref(), argument::page(first)?).await?;
        Ok(members.into_iter().map(Member::from).collect())
    }

    /// Invitations to a project that wait to be accepted, the oldest first; there are at most 100.
    #[graphql(complexity = "cost::call(child_complexity)")]
    async fn invitations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which project.")] project_id: i32,
    ) -> Result<Vec<Invitation>, ApiError> {
        let project = access::project(ctx, "projectId", project_id, Need::Own).await?;
        access::subject(ctx)?;
        let invitations = app(ctx).store().invitations(project).await?;
        Ok(invitations.into_iter().map(Invitation::from).collect())
    }
}

/// Changes to who is in a project.
#[derive(Debug)]
pub(super) struct MemberMutation;

/// Changes to who is in a project.
#[Object]
impl MemberMutation {
    /// Makes an invitation, with whose code somebody becomes a member, once.
    #[graphql(complexity = "cost::call(child_complexity)")]
    async fn invite_member(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "To which project.")] project_id: i32,
        #[graphql(desc = "What whoever accepts it may do.")] role: Role,
        #[graphql(default_with = "Some(HOURS)", desc = "How long it waits, from 1 to 720 hours.")]
        expires_in_hours: Option<i32>,
    ) -> Result<NewInvitation, ApiError> {
        let project = access::project(ctx, "projectId", project_id, Need::Own).await?;
        let made_by = access::subject(ctx)?.user_id().clone();
        let code = InvitationCode::new();
        let expires_at = Timestamp::now() + hours(expires_in_hours)?;
        let fingerprint = code.fingerprint.clone();
        let new = store::NewInvitation { fingerprint, project, role: role.into(), made_by, expires_at };
        app(ctx).store().create_invitation(&new).await?;
        Ok(NewInvitation { id: code.fingerprint.into(), code: code.text, expires_at: expires_at.into() })
    }

    /// Makes the caller a member of the project that the invitation is for. Codes that were never given out, have expired,
    /// were used or withdrawn are answered alike. Who may do as much already stays as is, and so does the invitation.
    #[graphql(complexity = "cost::call(child_complexity)")]
    async fn accept_invitation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "As `inviteMember` has given it out.")] code: String,
    ) -> Result<Project, ApiError> {
        let (app, subject) = (app(ctx).clone(), access::subject(ctx)?.clone());
        to_the_end(&app.clone(), async move {
            let fingerprint = InvitationCode::fingerprint(&code);
            let (store, user) = (app.store(), subject.user_id());
            let id = store.accept_invitation(&fingerprint, user, |project| subject.granted(project)).await?;
            app.live().wake(id, &Audience::User(user.clone()));
            let project = store.project(id).await?;
            Ok(project.ok_or(ApiError::NotFound(Entity::Invitation))?.into())
        })
        .await
    }

    /// Withdraws an invitation. Was it there?
    #[graphql(complexity = "cost::call(child_complexity)")]
    async fn revoke_invitation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "To which project it is.")] project_id: i32,
        #[graphql(desc = "Which invitation.")] id: ID,
    ) -> Result<bool, ApiError> {
        let project = access::project(ctx, "projectId", project_id, Need::Own).await?;
        access::subject(ctx)?;
        Ok(app(ctx).store().revoke_invitation(project, &id).await?)
    }

    /// Says what somebody may do in a project from now on, and lets in who was not there. It counts over what the user's
    /// token grants, and at once: connections that are open follow within two seconds. The last owner among the members
    /// stays one.
    #[graphql(complexity = "cost::call(child_complexity)")]
    async fn set_member_role(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "In which project.")] project_id: i32,
        #[graphql(desc = "Who; the user need not have been here before.")] user_id: ID,
        #[graphql(desc = "What the user may do.")] role: Role,
    ) -> Result<bool, ApiError> {
        let project = access::project(ctx, "projectId", project_id, Need::Own).await?;
        let user = argument::user("userId", &user_id)?;
        decide(ctx, project, user, Some(role.into())).await
    }

    /// Takes somebody out of a project: connections that are open are closed (4505) within two seconds, and no token lets
    /// the user back in until an owner decides so. The last owner among the members stays.
    #[graphql(complexity = "cost::call(child_complexity)")]
    async fn remove_member(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "From which project.")] project_id: i32,
        #[graphql(desc = "Who; whoever is there by a token's grant can be removed, too.")] user_id: ID,
    ) -> Result<bool, ApiError> {
        let project = access::project(ctx, "projectId", project_id, Need::Own).await?;
        let user = argument::user("userId", &user_id)?;
        decide(ctx, project, user, None).await
    }
}

/// Stores a decision, and then tells the connections that it is about.
async fn decide(
    ctx: &Context<'_>,
    project: ProjectId,
    user: UserId,
    role: Option<MemberRole>,
) -> Result<bool, ApiError> {
    let app: App = app(ctx).clone();
    let change = RoleChange { project, user, role, by: access::subject(ctx)?.user_id().clone() };
    to_the_end(&app.clone(), async move {
        app.store().change_role(&change).await?;
        app.live().wake(project, &Audience::User(change.user));
        Ok(true)
    })
    .await
}

fn hours(given: Option<i32>) -> Result<SignedDuration, ApiError> {
    let hours = given.unwrap_or(HOURS);
    if (1..=MAX_HOURS).contains(&hours) {
        Ok(SignedDuration::from_hours(hours.into()))
    } else {
        Err(ApiError::argument("expiresInHours", ArgumentError::Hours))
    }
}
