//! The life of a server: listen, serve, end in order.

use std::time::Duration;

use collabd_core::recorder::ServerEvent;
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

use crate::app::App;
use crate::health;
use crate::net::{Budgets, HttpServer, Listeners};
use crate::router;
use crate::watchdog::Watchdog;

/// How long after the drain and the last close deadline tasks may take to end.
const LAST_TASKS: Duration = Duration::from_millis(400);

/// A part without which there is no server has ended. Starting again is the only cure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0} has ended, which the server cannot do without")]
pub struct Lost(&'static str);

impl App {
    /// Serves until `shutdown` is cancelled, then ends in order (D1): no more accepts, every client told, every
    /// task awaited. Takes at most the drain, the close deadline and half a second.
    ///
    /// # Errors
    /// [`Lost`] as soon as a vital part has ended. Nothing is ended in order then: end the process.
    pub async fn serve(self, listeners: Listeners, shutdown: CancellationToken) -> Result<(), Lost> {
        let _watchdog = Watchdog::start(&self);
        // Ends the listeners, and whatever only ever runs: it waits for no one, so it ends first.
        let background = CancellationToken::new();
        self.spawn_background(&background);
        let budgets = Budgets::of_this_process();
        let server = HttpServer {
            router: router::public(&self),
            tasks: self.tasks().clone(),
            header_timeout: self.config().timing.header_timeout,
            budget: budgets.public,
            stop: self.stopping().clone(),
            tls: self.tls().cloned(),
        };
        self.tasks().spawn_vital("the public listener", server.clone().run(listeners.public));
        if let Some(admin) = listeners.admin {
            // Health stays readable during the drain.
            let stop = background.clone();
            let (router, budget) = (router::admin(&self), budgets.admin);
            let server = HttpServer { router, budget, tls: None, stop, ..server };
            self.tasks().spawn_vital("the admin listener", server.run(admin));
        }
        tokio::select! {
            () = shutdown.cancelled() => self.shut_down(&background).await,
            part = self.tasks().lost() => {
                error!(part, "a part has ended that the server cannot do without");
                return Err(Lost(part));
            }
        }
        Ok(())
    }

    fn spawn_background(&self, stop: &CancellationToken) {
        let app = self.clone();
        self.spawn_until(stop, async move { app.awake().watch().await });
        let app = self.clone();
        self.spawn_until(stop, async move { app.life().answer().await });
        let app = self.clone();
        // From then on it would find that nobody can join, as it should be.
        self.spawn_until(self.stopping(), async move { health::watch(&app).await });
        if let Some(tls) = self.tls().cloned() {
            let app = self.clone();
            self.spawn_until(stop, async move { tls.watch(app.metrics()).await });
        }
    }

    /// Spawns what only ever runs.
    fn spawn_until(&self, stop: &CancellationToken, task: impl Future<Output = ()> + Send + 'static) {
        let stop = stop.clone();
        self.tasks().spawn(async move {
            tokio::select! {
                biased;
                () = stop.cancelled() => {}
                () = task => {}
            }
        });
    }

    async fn shut_down(&self, background: &CancellationToken) {
        let timing = &self.config().timing;
        let deadline = Instant::now() + timing.drain + timing.close_timeout + LAST_TASKS;
        info!(connections = self.connections(), drain = ?timing.drain, "shutting down");
        self.recorder().server(ServerEvent::Stopping);
        self.stopping().cancel();
        let ending = async {
            self.coordinator().shut_down(timing.drain).await;
            // After their clients: what those sent last is stored, too.
            self.documents().shut_down().await;
            background.cancel();
            self.tasks().finished().await;
            self.store().close().await;
        };
        if timeout_at(deadline, ending).await.is_err() {
            background.cancel();
            warn!(tasks = self.tasks().count(), "tasks left at the shutdown deadline");
        }
        info!("stopped");
    }
}
