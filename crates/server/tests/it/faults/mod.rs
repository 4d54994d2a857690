//! Faults of our own and of the machine: what they take down, and what goes on beside them. Most need a build with the
//! feature `fault-injection`, where the admin listener can be asked for faults.

mod descriptors;
#[cfg(feature = "fault-injection")]
mod ends;
mod load;
mod memory;
#[cfg(feature = "fault-injection")]
mod panics;
#[cfg(feature = "fault-injection")]
mod quarantine;
#[cfg(not(feature = "fault-injection"))]
mod release;
#[cfg(feature = "fault-injection")]
mod stalls;
#[cfg(feature = "fault-injection")]
mod told;
#[cfg(feature = "fault-injection")]
mod unready;

#[cfg(feature = "fault-injection")]
use collabd_loadgen::http::HttpClient;

#[cfg(feature = "fault-injection")]
use crate::support::{ADMIN, TestServer};

/// A server whose admin listener takes wishes for faults.
#[cfg(feature = "fault-injection")]
fn faulty() -> TestServer {
    faulty_with(&[])
}

/// The same with these flags, too.
#[cfg(feature = "fault-injection")]
fn faulty_with(flags: &[&str]) -> TestServer {
    let mut server = TestServer::start_with(&[&[ADMIN], flags].concat());
    server.allow_panics();
    server
}

/// Asks for a fault: a site, and what is to happen there.
#[cfg(feature = "fault-injection")]
async fn ask_for(server: &TestServer, fault: &str) {
    let asked = HttpClient::new(server.reports()).post_json(&format!("/faults/{fault}"), &()).await;
    assert_eq!(asked.expect("an answer").status.as_u16(), 204, "{fault}");
}

/// The sum of all samples whose line begins like this.
#[cfg(feature = "fault-injection")]
async fn count(server: &TestServer, sample: &str) -> u64 {
    let metrics = HttpClient::new(server.reports()).get("/metrics").await.expect("metrics").text();
    let values = metrics.lines().filter(|line| line.starts_with(sample));
    values.filter_map(|line| line.rsplit(' ').next()?.parse::<u64>().ok()).sum()
}
