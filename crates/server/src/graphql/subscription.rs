//! What can be watched.

use std::sync::Arc;
use std::time::Duration;

use async_graphql::{Context, Error, Subscription as GraphQlSubscription};
use collabd_core::faults;
use collabd_core::{CoordinatorHandle, Observer, ProjectError};
use collabd_protocol::{CloseCode, ProjectId, presence};
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use futures_util::stream::{self, Stream};
use tokio::time::sleep;

use super::access;
use super::cost;
use super::error::ApiError;
use super::query::app;
use super::types::{Presence, everybody};
use crate::auth::AuthError;
use crate::store::Entity;

/// Between the end of a project's actor and the next look at it. The one that ends refuses observers until its
/// members have gone, and one that fails again and again must not keep the server busy.
const REOPEN_PAUSE: Duration = Duration::from_millis(200);

/// What can be watched.
#[derive(Debug)]
pub(super) struct Subscription;

/// What can be watched.
#[GraphQlSubscription]
impl Subscription {
    /// Everybody in a project: first who is there now, then again after every change. Who reads slowly skips
    /// states, but never the newest.
    #[graphql(complexity = "cost::call(child_complexity)")]
    async fn presence(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which project. It need not exist.")] project_id: i32,
    ) -> Result<impl Stream<Item = Result<Vec<Presence>, Error>> + use<>, ApiError> {
        let (project, rights) = access::subscription(ctx, "projectId", project_id).await?;
        let coordinator = app(ctx).coordinator().clone();
        let observer = coordinator.observe(project).await?;
        let watch = Watch { coordinator, project, observer, told: None };
        let over = async move { rights.watch(|_| {}).await }.boxed();
        Ok(stream::unfold(Some(Subscribed { watch, over }), Subscribed::next))
    }
}

/// One subscription, until its client may not have it any more (A7).
struct Subscribed {
    watch: Watch,
    over: BoxFuture<'static, CloseCode>,
}

impl Subscribed {
    /// The next list, or why there is none, after which there is nothing.
    async fn next(subscribed: Option<Self>) -> Option<(Result<Vec<Presence>, Error>, Option<Self>)> {
        let mut this = subscribed?;
        tokio::select! {
            biased;
            code = &mut this.over => Some((Err(ended(code, this.watch.project).into()), None)),
            list = this.watch.next() => Some((Ok(list?), Some(this))),
        }
    }
}

/// What the client of a subscription hears where a socket would be closed with `code`.
fn ended(code: CloseCode, project: ProjectId) -> ApiError {
    match code {
        CloseCode::Kicked => ApiError::Kicked,
        CloseCode::ProjectDeleted => ApiError::NotFound(Entity::Project(project)),
        CloseCode::TryAgainLater => AuthError::Unavailable.into(),
        _ => AuthError::Forbidden.into(),
    }
}

/// One subscription to one project, over all runs of its actor.
struct Watch {
    coordinator: CoordinatorHandle,
    project: ProjectId,
    observer: Observer,
    /// The list that the client has.
    told: Option<Arc<Vec<presence::Presence>>>,
}

impl Watch {
    /// The next list; `None` when the server shuts down. Not cancel-safe.
    async fn next(&mut self) -> Option<Vec<Presence>> {
        faults::strike("subscription");
        let mut users = self.observer.current();
        // Observers hear of every new observer, too, and a new actor may find the same people.
        while self.told.as_ref() == Some(&users) {
            if self.observer.changed().await.is_none() {
                self.reopen().await?;
            }
            users = self.observer.current();
        }
        let list = everybody(&users);
        self.told = Some(users);
        Some(list)
    }

    async fn reopen(&mut self) -> Option<()> {
        loop {
            sleep(REOPEN_PAUSE).await;
            match self.coordinator.observe(self.project).await {
                Ok(observer) => {
                    self.observer = observer;
                    return Some(());
                }
                Err(ProjectError::Overloaded) => {}
                Err(ProjectError::Closed) => return None,
            }
        }
    }
}
