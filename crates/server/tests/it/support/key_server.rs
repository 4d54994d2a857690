//! A server that publishes keys, and counts how often it is asked.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

/// Publishes keys on a port of its own, in a thread that ends with the test's process.
pub(crate) struct KeyServer {
    address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    /// Status line and body.
    answer: Mutex<(&'static str, String)>,
    asked: AtomicUsize,
}

impl KeyServer {
    /// Publishes these keys.
    pub(crate) fn start(keys: &[Value]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let shared = Arc::new(Shared { answer: Mutex::new(answer(keys)), asked: AtomicUsize::new(0) });
        let served = Arc::clone(&shared);
        thread::spawn(move || listener.incoming().flatten().for_each(|stream| served.answer(stream)));
        Self { address, shared }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/keys.json", self.address)
    }

    /// How often it was asked.
    pub(crate) fn asked(&self) -> usize {
        self.shared.asked.load(Ordering::SeqCst)
    }

    /// Publishes other keys from now on.
    pub(crate) fn publish(&self, keys: &[Value]) {
        *self.shared.answer.lock().expect("no panic") = answer(keys);
    }

    /// Answers with this status and body from now on.
    pub(crate) fn say(&self, status: &'static str, body: &str) {
        *self.shared.answer.lock().expect("no panic") = (status, body.to_owned());
    }
}

impl Shared {
    fn answer(&self, mut stream: TcpStream) {
        self.asked.fetch_add(1, Ordering::SeqCst);
        stream.set_read_timeout(Some(Duration::from_secs(5))).expect("socket option");
        let (mut request, mut chunk) = (Vec::new(), [0; 1024]);
        while !request.ends_with(b"\r\n\r\n") {
            match stream.read(&mut chunk) {
                Ok(count @ 1..) => request.extend_from_slice(&chunk[..count]),
                Ok(0) | Err(_) => return,
            }
        }
        let (status, body) = self.answer.lock().expect("no panic").clone();
        let length = body.len();
        let head = format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n");
        // Whoever asked may have gone.
        let _ = stream.write_all([head, body].concat().as_bytes());
    }
}

fn answer(keys: &[Value]) -> (&'static str, String) {
    ("200 OK", json!({ "keys": keys }).to_string())
}
