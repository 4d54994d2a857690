//! What can be changed. What is answered is on disk.

use async_graphql::{Context, ID, MergedObject, Object};
use collabd_core::faults;
use collabd_documents::DocumentKey;
use collabd_protocol::CloseCode;
use tokio::sync::oneshot;

use super::access::{self, Need};
use super::argument;
use super::cost;
use super::error::ApiError;
use super::members::MemberMutation;
use super::query::app;
use super::sessions::SessionMutation;
use super::ticket::Holder;
use super::types::{Document, DocumentType, Project, Role, Ticket};
use super::versions::VersionMutation;
use crate::app::App;
use crate::live::Audience;
use crate::store::NewDocument;

/// What can be changed. What is answered is on disk.
#[derive(Debug, MergedObject)]
pub(super) struct Mutation(ProjectMutation, VersionMutation, MemberMutation, SessionMutation);

impl Mutation {
    pub(super) const ALL: Self = Self(ProjectMutation, VersionMutation, MemberMutation, SessionMutation);
}

/// Changes to projects and to their documents as things that have names.
#[derive(Debug)]
struct ProjectMutation;

/// Changes to projects and to their documents as things that have names.
#[Object]
impl ProjectMutation {
    /// Makes an empty project. Where authentication is on, the caller owns it.
    #[graphql(complexity = "cost::call(child_complexity)")]
    async fn create_project(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to call it, up to 200 bytes.")] name: String,
    ) -> Result<Project, ApiError> {
        faults::strike("mutation");
        let store = app(ctx).store();
        let project = match access::creation(ctx)? {
            Some(owner) => store.create_owned_project(&name, owner).await?,
            None => store.create_project(&name).await?,
        };
        Ok(project.into())
    }

    /// Gives a project another name.
    #[graphql(complexity = "cost::call(child_complexity)")]
    async fn rename_project(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which project.")] id: i32,
        #[graphql(desc = "What to call it, up to 200 bytes.")] name: String,
    ) -> Result<Project, ApiError> {
        let id = access::project(ctx, "id", id, Need::Own).await?;
        Ok(app(ctx).store().rename_project(id, &name).await?.into())
    }

    /// Deletes a project with all its documents and closes the sockets of everybody in it. Was it there?
    #[graphql(complexity = "cost::call(child_complexity)")]
    async fn delete_project(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which project.")] id: i32,
    ) -> Result<bool, ApiError> {
        let id = access::project(ctx, "id", id, Need::Own).await?;
        let app = app(ctx).clone();
        to_the_end(&app.clone(), async move {
            let was_there = app.store().delete_project(id).await?;
            // Subscriptions and those who have not joined yet are known here alone.
            app.live().end(id, &Audience::Everybody, CloseCode::ProjectDeleted);
            app.documents().close_project(id, CloseCode::ProjectDeleted.into());
            app.coordinator().close_project(id, CloseCode::ProjectDeleted.into());
            Ok(was_there)
        })
        .await
    }

    /// Adds a document to a project.
    #[graphql(complexity = "cost::call(child_complexity)")]
    async fn create_document(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The project to add it to.")] project_id: i32,
        #[graphql(desc = "What to call it, up to 200 bytes.")] name: String,
        #[graphql(desc = "What kind of document it is, for good.")] document_type: DocumentType,
        #[graphql(desc = "Unique within the project; a random UUID when absent.")] id: Option<ID>,
    ) -> Result<Document, ApiError> {
        let project = access::project(ctx, "projectId", project_id, Need::Write).await?;
        let id = id.map(|id| argument::document("id", &id)).transpose()?;
        let new = NewDocument { id, name, document_type: document_type.into() };
        Ok(app(ctx).store().create_document(project, new).await?.into())
    }

    /// Gives a document another name.
    #[graphql(complexity = "cost::call(child_complexity)")]
    async fn rename_document(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The project it belongs to.")] project_id: i32,
        #[graphql(desc = "Which document.")] id: ID,
        #[graphql(desc = "What to call it, up to 200 bytes.")] name: String,
    ) -> Result<Document, ApiError> {
        let project = access::project(ctx, "projectId", project_id, Need::Write).await?;
        let id = argument::document("id", &id)?;
        Ok(app(ctx).store().rename_document(project, &id, &name).await?.into())
    }

    /// Deletes a document with all it holds and held, and closes it for everybody who has it open. Was it there?
    #[graphql(complexity = "cost::call(child_complexity)")]
    async fn delete_document(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The project it belongs to.")] project_id: i32,
        #[graphql(desc = "Which document.")] id: ID,
    ) -> Result<bool, ApiError> {
        let project = access::project(ctx, "projectId", project_id, Need::Write).await?;
        let id = argument::document("id", &id)?;
        let app = app(ctx).clone();
        to_the_end(&app.clone(), async move {
            let was_there = app.store().delete_document(project, &id).await?;
            let key = DocumentKey { project, document: id };
            app.documents().close(&key, CloseCode::ProjectDeleted.into());
            Ok(was_there)
        })
        .await
    }

    /// Makes a ticket, which admits its holder to a project once, within 30 seconds. Where authentication is on, the
    /// holder is the caller and the other arguments about the holder are ignored.
    #[graphql(complexity = "cost::call(child_complexity)")]
    async fn create_ticket(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The project to admit to.")] project_id: i32,
        #[graphql(desc = "Who the holder is; needed where authentication is off.")] user_id: Option<String>,
        #[graphql(desc = "The name to show; needed where authentication is off.")] user_name: Option<String>,
        #[graphql(desc = "The colour to show, as `#RGB` or `#RRGGBB`; made from the id when absent.")]
        avatar_color: Option<String>,
        #[graphql(
            desc = "What the holder may do, and no more than the caller; when absent the caller's role, \
                    `EDITOR` where authentication is off."
        )]
        role: Option<Role>,
    ) -> Result<Ticket, ApiError> {
        let project = access::project(ctx, "projectId", project_id, Need::See).await?;
        let holder = Holder { user_id, user_name, avatar_color, role: role.map(Into::into) };
        let app = app(ctx);
        let holder = holder.proven(app, access::caller(ctx)?, project).await?;
        Ok(app.tickets().issue(holder, project)?.into())
    }
}

/// Makes a change that open sockets must hear of, in a task of its own: with the request's, a client that goes away would
/// leave open what the change is to close.
pub(super) async fn to_the_end<T: Send + 'static>(
    app: &App,
    change: impl Future<Output = Result<T, ApiError>> + Send + 'static,
) -> Result<T, ApiError> {
    let (done, changed) = oneshot::channel();
    app.tasks().spawn(async move {
        // An error means that the client has gone.
        let _ = done.send(change.await);
    });
    changed.await.unwrap_or(Err(ApiError::Internal))
}
