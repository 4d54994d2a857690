//! A relay that does nothing but pass on: what any server on this machine has to spend at least.
//!
//! `relay bare` passes every message on to the others in its room as soon as it comes. `relay batching` gathers those
//! of 20 ms and passes them on as one frame, one message on each line, the receiver's own included. Nothing else is
//! done: no names, no checks, and whoever is too slow misses something.

use std::collections::HashMap;
use std::env;
use std::io::{self, Write as _};
use std::time::Duration;

use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt as _, StreamExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{broadcast, mpsc};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};
use tokio_tungstenite::{WebSocketStream, accept_hdr_async_with_config};

type Socket = WebSocketStream<TcpStream>;

/// Between two frames of a relay that gathers.
const TICK: Duration = Duration::from_millis(20);
/// Frames that may wait for one receiver.
const WAITING: usize = 4096;
/// tungstenite fills this buffer with zeros at each read.
const READ_BUFFER: usize = 4 * 1024;
/// Nobody's number.
const EVERYBODY: usize = usize::MAX;

/// A room: what comes in, and what goes out with the number of the member that must not get it.
#[derive(Clone)]
struct Room {
    said: mpsc::Sender<(usize, Utf8Bytes)>,
    told: broadcast::Sender<(usize, Utf8Bytes)>,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let name = env::args().nth(1).unwrap_or_default();
    let is_batching = name == "batching";
    anyhow::ensure!(is_batching || name == "bare", "which one: bare or batching?");
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    writeln!(io::stdout(), "{name} relay listens on http://{}", listener.local_addr()?)?;
    let mut rooms: HashMap<String, Room> = HashMap::new();
    let mut tasks = JoinSet::new();
    for number in 0.. {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let mut path = String::new();
        #[expect(clippy::result_large_err, reason = "the library's own type")]
        let note = |request: &Request, response: Response| {
            request.uri().path().clone_into(&mut path);
            Ok(response)
        };
        let config = WebSocketConfig::default().read_buffer_size(READ_BUFFER);
        let Ok(socket) = accept_hdr_async_with_config(stream, note, Some(config)).await else { continue };
        let room = rooms.entry(path).or_insert_with(|| open(is_batching, &mut tasks)).clone();
        let (sink, stream) = socket.split();
        let (telling, hearing) = (tell(number, sink, room.told.subscribe()), hear(number, stream, room.said));
        // Whoever has left is told nothing any more.
        tasks.spawn(async {
            tokio::select! {
                () = telling => {}
                () = hearing => {}
            }
        });
    }
    Ok(())
}

fn open(is_batching: bool, tasks: &mut JoinSet<()>) -> Room {
    let (said, heard) = mpsc::channel(WAITING);
    let told = broadcast::Sender::new(WAITING);
    if is_batching {
        tasks.spawn(gather(heard, told.clone()));
    } else {
        tasks.spawn(pass_on(heard, told.clone()));
    }
    Room { said, told }
}

/// Reads what one member says.
async fn hear(number: usize, mut stream: SplitStream<Socket>, said: mpsc::Sender<(usize, Utf8Bytes)>) {
    while let Some(Ok(message)) = stream.next().await {
        if let Message::Text(text) = message {
            // What a full room cannot take is lost.
            let _ = said.try_send((number, text));
        }
    }
}

/// Writes what one member is told, all that waits at once.
async fn tell(
    number: usize,
    mut sink: SplitSink<Socket, Message>,
    mut told: broadcast::Receiver<(usize, Utf8Bytes)>,
) {
    loop {
        let mut next = told.recv().await.ok();
        while let Some((by, text)) = next {
            if by != number && sink.feed(Message::Text(text)).await.is_err() {
                return;
            }
            next = told.try_recv().ok();
        }
        if sink.flush().await.is_err() {
            return;
        }
    }
}

async fn pass_on(mut heard: mpsc::Receiver<(usize, Utf8Bytes)>, told: broadcast::Sender<(usize, Utf8Bytes)>) {
    while let Some(said) = heard.recv().await {
        // Nobody may be there.
        let _ = told.send(said);
    }
}

async fn gather(mut heard: mpsc::Receiver<(usize, Utf8Bytes)>, told: broadcast::Sender<(usize, Utf8Bytes)>) {
    let mut ticks = interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let mut lines = String::new();
        while let Ok((_, text)) = heard.try_recv() {
            lines.extend([text.as_str(), "\n"]);
        }
        if !lines.is_empty() {
            let _ = told.send((EVERYBODY, lines.into()));
        }
    }
}
