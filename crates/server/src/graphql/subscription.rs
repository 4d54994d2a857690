//! What can be watched.

use std::sync::Arc;
use std::time::Duration;

use async_graphql::{Context, Subscription as GraphQlSubscription};
use collabd_core::{CoordinatorHandle, Observer, ProjectError};
use collabd_protocol::{ProjectId, presence};
use futures_util::stream::{self, Stream};
use tokio::time::sleep;

use super::access::{self, Need};
use super::cost;
use super::error::ApiError;
use super::query::app;
use super::types::{Presence, everybody};

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
    ) -> Result<impl Stream<Item = Vec<Presence>> + use<>, ApiError> {
        let project = access::project(ctx, "projectId", project_id, Need::See)?;
        let coordinator = app(ctx).coordinator().clone();
        let observer = coordinator.observe(project).await?;
        Ok(stream::unfold(Watch { coordinator, project, observer, told: None }, Watch::next))
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
    /// The next list; `None` when the server shuts down.
    async fn next(mut self) -> Option<(Vec<Presence>, Self)> {
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
        Some((list, self))
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
