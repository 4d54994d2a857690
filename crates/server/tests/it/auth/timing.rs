//! A9: how long an answer takes says nothing either.

use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;

use super::{asking, end, secured};
use crate::support::{Issuer, RawClient, TestServer};

/// Of each kind.
const SAMPLES: usize = 1000;

/// Who ask.
const STRANGERS: usize = 100;

/// How far medians may be apart, in hundredths.
const TOLERANCE: u32 = 10;

/// A busy machine may favour one kind by chance; a difference that is there is there each time.
const ATTEMPTS: usize = 3;

/// A project that is somebody else's, and one that is not there.
const FOREIGN: i32 = 1;
const UNKNOWN: i32 = 999;

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// Compares the medians of `sample` for both kinds, taken turn by turn so that whatever else the machine does falls on
/// both.
#[expect(clippy::print_stderr, reason = "figures for whoever runs the test")]
fn assert_alike(what: &str, mut sample: impl FnMut(i32) -> Duration) {
    let mut last = String::new();
    for _ in 0..ATTEMPTS {
        let (mut foreign, mut unknown) = (Vec::new(), Vec::new());
        for round in 0..SAMPLES {
            // Neither kind always comes first.
            let order = if round % 2 == 0 { [FOREIGN, UNKNOWN] } else { [UNKNOWN, FOREIGN] };
            for project in order {
                let time = sample(project);
                if project == FOREIGN { foreign.push(time) } else { unknown.push(time) }
            }
        }
        let (foreign, unknown) = (median(foreign), median(unknown));
        last = format!("{what}: {foreign:?} for a foreign project, {unknown:?} for an unknown one");
        eprintln!("{last}");
        if foreign.abs_diff(unknown) * 100 <= foreign.max(unknown) * TOLERANCE {
            return;
        }
    }
    panic!("{last}");
}

/// One whole exchange over a connection that stays open.
fn asked(client: &mut RawClient, token: &str, project: i32) -> Duration {
    let body = json!({ "query": format!("{{ project(id: {project}) {{ id }} }}") }).to_string();
    let request = format!(
        "POST /graphql HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let started = Instant::now();
    client.send(request);
    let response = client.response();
    let time = started.elapsed();
    assert!(response.body.contains("FORBIDDEN"), "{}", response.body);
    time
}

fn refused(server: &TestServer, token: &str, project: i32) -> Duration {
    let started = Instant::now();
    let mut client = asking(server, project, "eve", Some(token));
    let close = client.end();
    let time = started.elapsed();
    assert_eq!(close, end(4503, "forbidden"));
    time
}

/// A9
#[test]
fn a_foreign_project_and_none_take_the_same_time_to_refuse() {
    let server = secured();
    let issuer = Issuer::secret();
    // Many strangers, of whom none asks more than a user may.
    let tokens = (0..STRANGERS).map(|number| issuer.token(&format!("eve {number}"), 7, "owner"));
    let mut tokens = tokens.collect::<Vec<_>>().into_iter().cycle();
    let mut token = || tokens.next().expect("there are some");
    let mut client = RawClient::connect(server.address());
    assert_alike("GraphQL", |project| asked(&mut client, &token(), project));
    assert_alike("joins", |project| refused(&server, &token(), project));
}
