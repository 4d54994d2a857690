//! Writing to a client, every step with a deadline.

use std::time::Duration;

use collabd_protocol::CloseCode;
use futures_util::stream::SplitSink;
use futures_util::{FutureExt as _, SinkExt as _};
use rand::RngExt as _;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at, timeout};
use tokio_tungstenite::tungstenite::{Error, Message};

use super::{End, Socket};

/// H1: the first ping comes at a random moment, so that sockets opened together do not ping together.
pub(crate) fn pings(period: Duration) -> Interval {
    let first = period.mul_f64(rand::rng().random::<f64>());
    let mut pings = interval_at(Instant::now() + first, period);
    pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
    pings
}

/// Writes and flushes. A client that takes nothing for the write deadline does not read (B2).
pub(crate) async fn write(
    sink: &mut SplitSink<Socket, Message>,
    messages: impl IntoIterator<Item = Message>,
    deadline: Duration,
) -> Result<(), End> {
    for message in messages {
        in_time(deadline, sink.feed(message)).await?;
    }
    in_time(deadline, sink.flush()).await
}

/// The deadline is for each frame, not for all: a slow client that reads on is not cut off.
fn in_time<S>(deadline: Duration, step: S) -> impl Future<Output = Result<(), End>> + use<S>
where
    S: Future<Output = Result<(), Error>>,
{
    timeout(deadline, step).map(|done| match done {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) => Err(End::Lost),
        Err(_) => Err(CloseCode::SlowConsumer.into()),
    })
}
