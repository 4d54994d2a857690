//! The faults that were asked for and have not happened yet.

use std::collections::HashMap;
use std::fmt::Display;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// What happens at a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The code panics, as only a bug would.
    Panic,
    /// The code keeps its thread for this long, as a loop without an end would.
    Stall(Duration),
}

/// What is to happen at a site, and how many times.
#[derive(Debug)]
struct Armed {
    fault: Fault,
    times: usize,
}

/// Sites that wait for their faults; a look at it spares the rest of the server the lock.
static WAITING: AtomicUsize = AtomicUsize::new(0);
/// One for the process, as a debugger would be: sites need no way to whoever asks for faults.
static SITES: Mutex<Option<HashMap<String, Armed>>> = Mutex::new(None);

fn sites() -> MutexGuard<'static, Option<HashMap<String, Armed>>> {
    SITES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Has `fault` happen at the next `times` visits to `site`, and nothing else that was asked for there.
pub fn arm(site: String, fault: Fault, times: usize) {
    let mut sites = sites();
    let armed = sites.get_or_insert_default();
    if times == 0 {
        armed.remove(&site);
    } else {
        armed.insert(site, Armed { fault, times });
    }
    WAITING.store(armed.len(), Ordering::Release);
}

fn take(site: &str) -> Option<Fault> {
    if WAITING.load(Ordering::Acquire) == 0 {
        return None;
    }
    let mut sites = sites();
    let waiting = sites.as_mut()?;
    let armed = waiting.get_mut(site)?;
    let fault = armed.fault;
    armed.times = armed.times.saturating_sub(1);
    if armed.times == 0 {
        waiting.remove(site);
        WAITING.store(waiting.len(), Ordering::Release);
    }
    Some(fault)
}

/// Breaks down here if a test asked for it.
///
/// # Panics
/// If a test asked for that.
pub fn strike(site: &str) {
    match take(site) {
        Some(Fault::Panic) => panic!("a fault on purpose at {site}"),
        Some(Fault::Stall(time)) => std::thread::sleep(time),
        None => {}
    }
}

/// As [`strike`], at the one of many sites of a kind that is named `kind:which`.
///
/// # Panics
/// If a test asked for that.
pub fn strike_one(kind: &str, which: &dyn Display) {
    if WAITING.load(Ordering::Acquire) > 0 {
        strike(&format!("{kind}:{which}"));
    }
}

/// Waits here, holding nobody up but the caller, if a test asked for it.
///
/// # Panics
/// If a test asked for that.
pub async fn delay(site: &str) {
    match take(site) {
        Some(Fault::Panic) => panic!("a fault on purpose at {site}"),
        Some(Fault::Stall(time)) => tokio::time::sleep(time).await,
        None => {}
    }
}
