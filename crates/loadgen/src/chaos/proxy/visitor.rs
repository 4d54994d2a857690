//! One who comes through the proxy, and may come back without it.

use std::time::Duration;

use collabd_protocol::DepartureReason;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::carrier::carry;
use super::fate::Fate;
use crate::oracle::Expected;
use crate::storm::Member;
use crate::wire::{Place, Target, WireError};

/// How long one waits for an answer that will never come. A server that lives answers far sooner.
const GIVES_UP: Duration = Duration::from_millis(500);
/// How long a harmless connection may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// Where those stand who have come back.
pub(super) const RETURNED: u32 = 2;

/// What became of a visit.
pub(super) struct Visited {
    /// What others must know of it.
    pub(super) expected: Expected,
    /// The visitor, if it came back and stays.
    pub(super) member: Option<Member>,
    /// Was it ever in, as far as it knows?
    pub(super) was_in: bool,
}

/// One visit through the proxy.
pub(super) async fn visit(
    target: Target,
    place: Place,
    fate: Fate,
    is_to_return: bool,
    carriers: &mut JoinSet<std::io::Result<()>>,
) -> Result<Visited, WireError> {
    let listener = TcpListener::bind("127.0.0.1:0").await.map_err(WireError::Connect)?;
    let through = Target { address: listener.local_addr().map_err(WireError::Connect)?, ..target };
    carriers.spawn(carry(listener, target.address, fate));
    if fate.is_harmless() {
        timeout(PATIENCE, come_and_go(through, place, &mut false))
            .await
            .unwrap_or(Err(WireError::TimedOut(PATIENCE)))?;
        let expected = Expected::Departed(DepartureReason::Left);
        return Ok(Visited { expected, member: None, was_in: true });
    }
    let mut has_closed = false;
    // That it fails is what the proxy is for.
    let end = timeout(GIVES_UP, come_and_go(through, place, &mut has_closed)).await;
    let was_in = has_closed || matches!(end, Ok(Ok(())));
    if is_to_return && !has_closed {
        let member = Member::enter(target, place, RETURNED).await?.member;
        return Ok(Visited { expected: Expected::Stayed(Some(RETURNED)), member: Some(member), was_in });
    }
    let reasons: &[DepartureReason] = match (fate, has_closed) {
        (Fate::Swallowed(_), false) => &[DepartureReason::HeartbeatTimeout],
        (Fate::Swallowed(_), true) => &[DepartureReason::HeartbeatTimeout, DepartureReason::Left],
        (_, false) => &[DepartureReason::ConnectionLost],
        (_, true) => &[DepartureReason::ConnectionLost, DepartureReason::Left],
    };
    Ok(Visited { expected: Expected::Gone(reasons), member: None, was_in })
}

/// Comes, moves and leaves in order.
async fn come_and_go(target: Target, place: Place, has_closed: &mut bool) -> Result<(), WireError> {
    let mut link = target.open(place).await?;
    link.speaker.say(1, 0).await?;
    *has_closed = true;
    link.speaker.close().await?;
    match link.listener.end().await {
        WireError::Closed { code: Some(_), .. } => Ok(()),
        error => Err(error),
    }
}
