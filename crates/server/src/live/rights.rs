//! What one connection may do, as long as it lasts (A7).

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use collabd_core::Profile;
use collabd_documents::WriteRight;
use collabd_protocol::{CloseCode, ProjectId, Role, UserId};
use jiff::Timestamp;
use rand::RngExt as _;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until, timeout};

use super::connection::{Kind, LiveConnection};
use crate::app::App;
use crate::auth::{AuthError, Grounds, Identity, Proven, Tickets};

/// How long the store may take to say what a change was that a connection was told of. Then the connection is closed,
/// which is within the two seconds that are promised: its right may be gone.
const PATIENCE: Duration = Duration::from_millis(1500);

/// Why a proof was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    /// It proves nothing here.
    Auth(AuthError),
    /// It is somebody else's.
    Stranger,
}

impl Refused {
    /// How a WebSocket is closed for it.
    pub(crate) fn close_code(self) -> CloseCode {
        match self {
            Self::Auth(error) => error.close_code(),
            Self::Stranger => CloseCode::Forbidden,
        }
    }
}

/// What one connection may do in one project.
#[derive(Debug)]
pub(crate) struct Rights {
    app: App,
    project: ProjectId,
    live: LiveConnection,
    held: Mutex<Held>,
    write: WriteRight,
    /// Told when the right to write was given.
    raised: Notify,
}

/// What was found out last.
#[derive(Debug)]
struct Held {
    identity: Option<Identity>,
    /// Which of the connection's proofs this is about.
    proof: u64,
    /// How many changes had been told of before the role was looked up.
    seen: u64,
    /// When to look again without being told of a change.
    look_at: Instant,
}

/// What came of a look.
enum Look {
    /// There was nothing to look for, or nothing changed.
    Same,
    /// The role is another one.
    Changed(Role),
    /// Another proof came, or another change, while the look lasted.
    Overtaken,
    /// The connection must end.
    Over(CloseCode),
}

impl Rights {
    /// Those of a connection that has proved nothing yet. It is listed from here on.
    pub(crate) fn new(app: &App, project: ProjectId, kind: Kind) -> Self {
        let look_at = Instant::now() + period(app);
        Self {
            app: app.clone(),
            project,
            live: LiveConnection::new(app.live(), project, kind),
            held: Mutex::new(Held { identity: None, proof: 0, seen: 0, look_at }),
            // In an open server, whoever has proved nothing may write.
            write: WriteRight::new(app.authority().is_open()),
            raised: Notify::new(),
        }
    }

    /// Its place among the live connections.
    pub(crate) fn live(&self) -> &LiveConnection {
        &self.live
    }

    /// Whom it has proved to be, as others see it.
    pub(crate) fn profile(&self) -> Option<Profile> {
        self.held().identity.as_ref().map(|identity| identity.profile.clone())
    }

    /// Until when that counts.
    pub(crate) fn expires_at(&self) -> Option<Timestamp> {
        self.held().identity.as_ref().and_then(|identity| identity.expires_at)
    }

    /// The right to change documents, for whoever has to ask for it again and again.
    pub(crate) fn write(&self) -> &WriteRight {
        &self.write
    }

    /// Takes a token or ticket, and says so if the role is not what it was. What is wrong with it leaves everything as it
    /// is.
    pub(crate) async fn show(&self, proof: &str) -> Result<Option<Role>, Refused> {
        // In an open server a token proves nothing and is ignored.
        if self.app.authority().is_open() && !Tickets::is_ticket(proof) {
            return Ok(None);
        }
        let proven = self.app.prove(proof, self.project).await.map_err(Refused::Auth)?;
        if self.user().is_some_and(|user| user != proven.profile.user_id) {
            return Err(Refused::Stranger);
        }
        self.admit(proven).await.map_err(Refused::Auth)
    }

    /// Takes what was proved elsewhere.
    pub(crate) async fn admit(&self, proven: Proven) -> Result<Option<Role>, AuthError> {
        // First of all: a change that comes after the look finds the connection under this name.
        self.live.is_used_by(&proven.profile);
        loop {
            let seen = self.live.changes();
            let identity = self.app.members().admit(self.project, proven.clone()).await?;
            let mut held = self.held();
            if self.live.changes() == seen {
                let (before, role) = (held.identity.as_ref().map(|identity| identity.role), identity.role);
                match before {
                    Some(_) => self.allow(role),
                    // Nothing is open yet that would have to hear of it.
                    None => self.write.set(role.may_write()),
                }
                let (proof, look_at) = (held.proof + 1, Instant::now() + period(&self.app));
                *held = Held { identity: Some(identity), proof, seen, look_at };
                return Ok(Some(role).filter(|_| before.is_some_and(|before| before != role)));
            }
        }
    }

    /// Waits until the connection must end. Roles that change before are told to `changed` when they count already.
    /// Cancel-safe.
    pub(crate) async fn watch(&self, changed: impl Fn(Role)) -> CloseCode {
        let mut signals = self.live.signals();
        loop {
            let look_at = self.held().look_at;
            let is_told = tokio::select! {
                biased;
                // It cannot fail: the sender is in the list's entry, which is held here.
                _ = signals.changed() => true,
                () = sleep_until(look_at) => false,
            };
            if let Some(code) = signals.borrow_and_update().end {
                return code;
            }
            loop {
                // On the heap, so that nobody who only waits has room for it.
                match Box::pin(self.look(is_told)).await {
                    Look::Same => break,
                    Look::Changed(role) => {
                        changed(role);
                        break;
                    }
                    Look::Overtaken => {}
                    Look::Over(code) => return code,
                }
            }
        }
    }

    /// Looks the role up once more. When the store does not answer, a connection that was told of a change ends, since its
    /// right may be gone; another one stays.
    async fn look(&self, is_told: bool) -> Look {
        let seen = self.live.changes();
        let (user, grounds, proof) = {
            let mut held = self.held();
            held.look_at = Instant::now() + period(&self.app);
            match &held.identity {
                Some(identity) if !is_told || held.seen != seen => {
                    (identity.profile.user_id.clone(), identity.grounds, held.proof)
                }
                // Nobody is here yet, or the role was looked up after the change.
                _ => return Look::Same,
            }
        };
        if matches!(grounds, Grounds::Word(_)) {
            return Look::Same;
        }
        let found = timeout(PATIENCE, self.app.members().role(self.project, &user, grounds)).await;
        let mut held = self.held();
        if held.proof != proof || self.live.changes() != seen {
            return Look::Overtaken;
        }
        match found {
            Ok(Ok(role)) => {
                held.seen = seen;
                let Some(identity) = &mut held.identity else { return Look::Same };
                if identity.role == role {
                    return Look::Same;
                }
                identity.role = role;
                self.allow(role);
                Look::Changed(role)
            }
            Ok(Err(AuthError::Forbidden)) => Look::Over(CloseCode::Revoked),
            Ok(Err(_)) | Err(_) if is_told => Look::Over(CloseCode::TryAgainLater),
            Ok(Err(_)) | Err(_) => Look::Same,
        }
    }

    /// Waits until the connection may write that could not. Cancel-safe.
    pub(crate) async fn raised(&self) {
        self.raised.notified().await;
    }

    fn allow(&self, role: Role) {
        if role.may_write() && !self.write.is_given() {
            self.raised.notify_one();
        }
        self.write.set(role.may_write());
    }

    fn user(&self) -> Option<UserId> {
        self.held().identity.as_ref().map(|identity| identity.profile.user_id.clone())
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        // Nothing that happens under the lock can panic half-way.
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How long a look counts, give or take a fifth: connections that began together do not look together.
fn period(app: &App) -> Duration {
    app.config().timing.membership_recheck.mul_f64(rand::rng().random_range(0.8..1.2))
}
