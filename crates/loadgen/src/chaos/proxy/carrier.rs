//! Carries the bytes of one connection, as its fate will have it.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

use super::fate::{Fate, Side};

/// Bytes that are taken at once.
const CHUNK: usize = 4096;
/// Between two slices of a slow connection.
const PAUSE: Duration = Duration::from_millis(2);
/// How long a connection that is swallowed stays open on the proxy's side: longer than the server waits for a word.
const HELD: Duration = Duration::from_secs(30);

/// How one direction is carried.
#[derive(Debug, Clone, Copy)]
struct Manner {
    delay: Duration,
    slice: usize,
    /// After so many bytes, the direction ends.
    budget: usize,
}

/// Why a direction ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// Its sender ended it in order.
    Finished,
    /// Its budget is used up.
    Spent,
    /// One of the two is gone.
    Broken,
}

/// Takes one connection and carries it to the server.
pub(super) async fn carry(listener: TcpListener, server: SocketAddr, fate: Fate) -> io::Result<()> {
    let (mut client, _) = listener.accept().await?;
    drop(listener);
    let mut upstream = TcpStream::connect(server).await?;
    client.set_nodelay(true)?;
    upstream.set_nodelay(true)?;
    let is_reset = {
        let (from_client, to_client) = client.split();
        let (from_server, to_server) = upstream.split();
        let mut up = Box::pin(pump(from_client, to_server, manner(fate, Side::Client)));
        let mut down = Box::pin(pump(from_server, to_client, manner(fate, Side::Server)));
        tokio::select! {
            (end, mut to_server) = &mut up => match (end, fate) {
                (End::Spent, Fate::Swallowed(_)) => {
                    sleep(HELD).await;
                    true
                }
                (End::Spent, Fate::HalfClosed(_)) | (End::Finished, _) => {
                    let _ = to_server.shutdown().await;
                    down.await.0 != End::Finished
                }
                (End::Spent | End::Broken, _) => true,
            },
            (end, mut to_client) = &mut down => match end {
                End::Finished => {
                    let _ = to_client.shutdown().await;
                    up.await.0 != End::Finished
                }
                End::Spent | End::Broken => true,
            },
        }
    };
    if is_reset {
        let _ = client.set_zero_linger();
        let _ = upstream.set_zero_linger();
    }
    Ok(())
}

fn manner(fate: Fate, side: Side) -> Manner {
    let whole = Manner { delay: Duration::ZERO, slice: CHUNK, budget: usize::MAX };
    match fate {
        Fate::Delayed(delay) => Manner { delay, ..whole },
        Fate::Sliced(slice) => Manner { slice, ..whole },
        Fate::Slow(slice) => Manner { slice, delay: PAUSE, ..whole },
        Fate::Reset(counted, budget) if counted == side => Manner { budget, ..whole },
        Fate::HalfClosed(budget) | Fate::Swallowed(budget) if side == Side::Client => {
            Manner { budget, ..whole }
        }
        Fate::Whole | Fate::Reset(..) | Fate::HalfClosed(_) | Fate::Swallowed(_) => whole,
    }
}

async fn pump<'a>(mut from: ReadHalf<'a>, mut to: WriteHalf<'a>, manner: Manner) -> (End, WriteHalf<'a>) {
    let mut buffer = vec![0; CHUNK];
    let mut left = manner.budget;
    while left > 0 {
        let count = match from.read(&mut buffer).await {
            Ok(0) => return (End::Finished, to),
            Ok(count) => count.min(left),
            Err(_) => return (End::Broken, to),
        };
        for slice in buffer[..count].chunks(manner.slice) {
            // A sleep of no time takes a whole tick of the timer.
            if !manner.delay.is_zero() {
                sleep(manner.delay).await;
            }
            if to.write_all(slice).await.is_err() {
                return (End::Broken, to);
            }
        }
        left -= count;
    }
    (End::Spent, to)
}
