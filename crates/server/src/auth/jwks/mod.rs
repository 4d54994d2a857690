//! Published keys (RFC 7517): fetched from the one configured address, kept, and fetched again when they are old or a
//! token names one that is not there, but not more often because somebody makes names up.

mod published;
mod schedule;
mod source;

use std::sync::{Arc, PoisonError, RwLock};

use hyper::Uri;
use jsonwebtoken::Algorithm;
use tokio::sync::Mutex;
use tokio::time::Instant;
use tracing::{info, warn};

use super::AuthError;
use super::keys::Key;
use published::Published;
use schedule::{Schedule, Verdict};
pub(super) use source::RootsError;
use source::{FetchError, Source};

/// The keys of one address.
#[derive(Debug)]
pub(super) struct Jwks {
    source: Source,
    algorithm: Option<Algorithm>,
    kept: RwLock<Kept>,
    /// Held while keys are fetched: whoever needs them, too, waits for the same answer. It takes no longer than the
    /// fetch's own deadline.
    fetching: Mutex<()>,
}

/// What was fetched last, and when.
#[derive(Debug, Default)]
struct Kept {
    keys: Published,
    schedule: Schedule,
}

impl Jwks {
    /// The keys at `uri`; nothing is fetched yet. `algorithm` is the only one that counts, when it is given.
    pub(super) fn new(uri: &Uri, algorithm: Option<Algorithm>) -> Result<Self, RootsError> {
        let source = Source::new(uri)?;
        Ok(Self { source, algorithm, kept: RwLock::default(), fetching: Mutex::default() })
    }

    /// The key of this id.
    ///
    /// # Errors
    /// [`AuthError::Unauthenticated`] when there is none, [`AuthError::Unavailable`] when nobody can say.
    pub(super) async fn find(&self, id: &str) -> Result<Arc<Key>, AuthError> {
        if let Verdict::Answer(answer) = self.look_up(id) {
            return answer;
        }
        let _turn = self.fetching.lock().await;
        // Whoever had the turn before may have fetched what is wanted.
        if let Verdict::Answer(answer) = self.look_up(id) {
            return answer;
        }
        self.fetch().await;
        match self.look_up(id) {
            Verdict::Answer(answer) => answer,
            Verdict::Fetch => Err(AuthError::Unavailable),
        }
    }

    fn look_up(&self, id: &str) -> Verdict<Result<Arc<Key>, AuthError>> {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        kept.schedule.judge(kept.keys.get(id), Instant::now())
    }

    async fn fetch(&self) {
        // On the heap: rare, and large enough that everything that checks a token would be several times its size.
        let fetched =
            Box::pin(self.source.fetch()).await.and_then(|body| Published::read(&body, self.algorithm));
        let now = Instant::now();
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        match fetched {
            Ok(keys) => {
                info!(keys = keys.len(), "signing keys fetched");
                kept.keys = keys;
                kept.schedule.succeeded(now);
            }
            Err(error) => {
                warn!(%error, "signing keys not fetched");
                kept.schedule.failed(now);
            }
        }
    }
}
