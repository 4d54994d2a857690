//! A server of y-websocket's wire with its documents in memory, faithful or broken on purpose.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use collabd_documents::wire;
use collabd_documents::wire::peer::{self, ServerMessage};
use collabd_loadgen::editing::{Dialect, Target};
use futures_util::{SinkExt as _, StreamExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::broadcast;
use tokio::task::JoinSet;
use tokio_tungstenite::accept_hdr_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};
use yrs::updates::decoder::Decode as _;
use yrs::{Doc, ReadTxn as _, StateVector, Transact as _, Update};

/// What is wrong with a relay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Nothing.
    None,
    /// Every seventh update is passed on and then forgotten.
    Forgets,
    /// Every seventh update is kept and not passed on.
    Withholds,
    /// Every seventh update ends the connection that it came from.
    Closes,
}

/// A running relay; it ends when it is dropped.
pub(crate) struct Relay {
    address: SocketAddr,
    _tasks: JoinSet<()>,
}

/// One document.
struct Document {
    doc: Doc,
    taken: Mutex<u32>,
    /// The number of the connection that an update comes from, and the update.
    updates: broadcast::Sender<(usize, Vec<u8>)>,
}

impl Relay {
    pub(crate) async fn start(fault: Fault) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut tasks = JoinSet::new();
        tasks.spawn(accept(listener, fault));
        Self { address, _tasks: tasks }
    }

    pub(crate) fn target(&self) -> Target {
        let pid = Some(std::process::id());
        Target { address: self.address, pid, dialect: Dialect::YWebsocket, path: "/".to_owned() }
    }
}

async fn accept(listener: TcpListener, fault: Fault) {
    let mut documents: HashMap<String, Arc<Document>> = HashMap::new();
    let mut connections = JoinSet::new();
    for number in 0.. {
        let (stream, _) = listener.accept().await.unwrap();
        let mut path = String::new();
        #[expect(clippy::result_large_err, reason = "the library's own type")]
        let note = |request: &Request, response: Response| {
            request.uri().path().clone_into(&mut path);
            Ok(response)
        };
        let socket = accept_hdr_async(stream, note).await.unwrap();
        let document = documents.entry(path).or_insert_with(|| {
            let (updates, _) = broadcast::channel(10_000);
            Arc::new(Document { doc: Doc::new(), taken: Mutex::new(0), updates })
        });
        connections.spawn(serve(socket, number, Arc::clone(document), fault));
    }
}

async fn serve(
    mut socket: tokio_tungstenite::WebSocketStream<TcpStream>,
    number: usize,
    document: Arc<Document>,
    fault: Fault,
) {
    let mut updates = document.updates.subscribe();
    loop {
        let answer = tokio::select! {
            Ok((from, update)) = updates.recv() => (from != number).then(|| wire::update(&update)),
            frame = socket.next() => match frame {
                Some(Ok(Message::Binary(frame))) => match peer::decode(&frame).unwrap() {
                    ServerMessage::SyncStep1(clocks) => {
                        let clocks = StateVector::decode_v1(&clocks).unwrap();
                        Some(wire::sync_step2(&document.doc.transact().encode_diff_v1(&clocks)))
                    }
                    ServerMessage::SyncStep2(update) | ServerMessage::Update(update) => {
                        if !document.take(number, &update, fault) {
                            return;
                        }
                        None
                    }
                    _ => None,
                },
                Some(Ok(_)) => None,
                Some(Err(_)) | None => return,
            },
        };
        if let Some(answer) = answer
            && socket.send(Message::Binary(answer)).await.is_err()
        {
            return;
        }
    }
}

impl Document {
    /// Takes an update in. May the connection stay?
    fn take(&self, number: usize, update: &[u8], fault: Fault) -> bool {
        let mut taken = self.taken.lock().unwrap();
        *taken += 1;
        let fault = if taken.is_multiple_of(7) { fault } else { Fault::None };
        if fault != Fault::Forgets {
            self.doc.transact_mut().apply_update(Update::decode_v1(update).unwrap()).unwrap();
        }
        if fault != Fault::Withholds {
            // Nobody may be there to hear it.
            let _ = self.updates.send((number, update.to_vec()));
        }
        fault != Fault::Closes
    }
}
