//! People who have nothing to do with an attack, and must not notice it.
//!
//! While a group of attacks runs, somebody asks for `/health` again and again, and two people of a project of their own
//! move and see each other move. What they meet is judged by the middle of all answers, and by a bound on the worst: the
//! tests share their machine with others, so that any single answer may wait for a processor, but half of them do not.
//! That the server goes back to its baseline exactly is what [`TestServer`] asserts when it is dropped.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;

use super::TestServer;
use super::issuer::Issuer;
use super::raw::{RawClient, v2_path};

/// Where nobody else is.
const PROJECT: i32 = 4711;
/// For half of the answers, whatever happens.
const USUAL: Duration = Duration::from_millis(100);
/// For every answer: a machine that is busy with other tests may keep one waiting, a server that hangs keeps all.
const WORST: Duration = Duration::from_secs(5);
/// Between two questions, and between two moves: 10 moves a second are within everybody's rate.
const PAUSE: Duration = Duration::from_millis(100);

/// Two threads that watch until they are told to end.
pub(crate) struct Bystanders {
    is_over: Arc<AtomicBool>,
    asking: Option<JoinHandle<Vec<Duration>>>,
    moving: Option<JoinHandle<Vec<Duration>>>,
}

impl Bystanders {
    /// They are there and have met when this returns. In a secured server they have tokens of [`Issuer::secret`].
    pub(crate) fn beside(server: &TestServer) -> Self {
        let is_over = Arc::new(AtomicBool::new(false));
        let address = server.address();
        let mut pair = Pair::meet(address);
        let (ended, also_ended) = (Arc::clone(&is_over), Arc::clone(&is_over));
        let asking = thread::spawn(move || repeated(&ended, |_| ask(address)));
        let moving = thread::spawn(move || {
            let waits = repeated(&also_ended, |step| pair.step(step));
            pair.leave();
            waits
        });
        Self { is_over, asking: Some(asking), moving: Some(moving) }
    }

    /// Asserts that they noticed nothing.
    pub(crate) fn noticed_nothing(mut self) {
        self.is_over.store(true, Ordering::SeqCst);
        for (what, watching) in
            [("answers of /health", self.asking.take()), ("moves of others", self.moving.take())]
        {
            let mut waits = watching.expect("ends once").join().expect("whoever watches was served");
            waits.sort_unstable();
            let (middle, worst) = (waits[waits.len() / 2], waits[waits.len() - 1]);
            assert!(middle < USUAL, "half of {} {what} took {middle:?} or more", waits.len());
            assert!(worst < WORST, "one of {} {what} took {worst:?}", waits.len());
        }
    }
}

impl Drop for Bystanders {
    fn drop(&mut self) {
        // After a test that failed: the threads would otherwise go on as long as the process.
        self.is_over.store(true, Ordering::SeqCst);
    }
}

/// How long each step took, until it is over; at least one is made.
fn repeated(is_over: &AtomicBool, mut step: impl FnMut(u32)) -> Vec<Duration> {
    let mut waits = Vec::new();
    for number in 1.. {
        let began = Instant::now();
        step(number);
        waits.push(began.elapsed());
        if is_over.load(Ordering::SeqCst) {
            break;
        }
        thread::sleep(PAUSE);
    }
    waits
}

fn ask(address: SocketAddr) {
    let mut client = RawClient::connect(address);
    client.send("GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    let answer = client.response();
    assert_eq!((answer.status, answer.body.as_str()), (200, r#"{"status":"ok"}"#));
}

/// Two people in one document.
struct Pair {
    mover: RawClient,
    witness: RawClient,
}

impl Pair {
    fn meet(address: SocketAddr) -> Self {
        let [mover, witness] = ["mover", "witness"].map(|user| {
            let mut client = RawClient::upgraded(address, &v2_path(PROJECT));
            let token = Issuer::secret().token(user, PROJECT, "viewer");
            let data = json!({"userId": user, "userName": user, "documentId": "plan", "token": token});
            client.send_text(&json!({"type": "join_session", "data": data}).to_string());
            client.message_of_type("bulk_presence");
            client
        });
        Self { mover, witness }
    }

    /// One moves, and the other sees where to.
    fn step(&mut self, x: u32) {
        let position = json!({"type": "canvas", "x": x, "y": 0});
        let data = json!({"documentId": "plan", "position": position});
        self.mover.send_text(&json!({"type": "cursor_update", "data": data}).to_string());
        while self.witness.message_of_type("cursor_update")["data"]["position"]["x"] != f64::from(x) {}
        // What comes to the mover is read, too, so that it is no slow reader.
        self.mover.messages_until_pong();
    }

    fn leave(mut self) {
        for client in [&mut self.mover, &mut self.witness] {
            client.send_text(r#"{"type":"leave_session"}"#);
            client.messages_until_pong();
        }
    }
}
