//! What comes in is bounded in bytes and in time, below everything that knows of messages (B3, 4008).

mod floods;
mod honest;
mod unfinished;
mod waiting;

use std::time::Duration;

use collabd_loadgen::process::ProcessSample;
use tokio::time::Instant;

use crate::support::{RawClient, TestServer, v2_path};

/// A connection that has joined with the v2 dialect.
fn joined(server: &TestServer, user: &str) -> RawClient {
    RawClient::joined(server.address(), &v2_path(1), user)
}

/// What the server's process takes while something happens.
struct Cost {
    server: u32,
    began: Instant,
    before: ProcessSample,
}

impl Cost {
    fn of(server: &TestServer) -> Self {
        let before = ProcessSample::read(server.pid()).expect("the process");
        Self { server: server.pid(), began: Instant::now(), before }
    }

    /// The part of one core that it took. CPU time is what was used, not what was asked for, so other work on the
    /// machine makes it less.
    fn cores(&self) -> f64 {
        let cpu = self.now().cpu.saturating_sub(self.before.cpu);
        cpu.as_secs_f64() / self.took().as_secs_f64()
    }

    /// By how many bytes it has grown.
    fn growth(&self) -> u64 {
        self.now().resident_bytes.saturating_sub(self.before.resident_bytes)
    }

    fn took(&self) -> Duration {
        self.began.elapsed()
    }

    fn now(&self) -> ProcessSample {
        ProcessSample::read(self.server).expect("the process")
    }
}
