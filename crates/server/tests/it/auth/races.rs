//! A7: a join and a removal at the same moment.

use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;

use super::{asking, secured};
use crate::support::{Issuer, RawClient, TestServer};

/// As many rounds as fit into the time, and no more than these.
const ROUNDS: usize = 1000;
const TIME: Duration = Duration::from_secs(20);

/// Removes `user` from project 1 and returns when that is answered.
fn remove(server: &TestServer, owner: &str, user: &str) {
    let query = format!("mutation {{ removeMember(projectId: 1, userId: {}) }}", json!(user));
    let body = json!({ "query": query }).to_string();
    let mut client = RawClient::connect(server.address());
    client.send(format!(
        "POST /graphql HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {owner}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    ));
    let response = client.response();
    assert_eq!((response.status, response.body.as_str()), (200, r#"{"data":{"removeMember":true}}"#));
}

/// A7
#[test]
fn a_member_who_is_removed_while_joining_never_stays() {
    let server = secured();
    let issuer = Issuer::secret();
    let owner = issuer.token("ada", 1, "owner");
    let (mut refused, mut revoked) = (0, 0);
    let deadline = Instant::now() + TIME;
    for round in 0..ROUNDS {
        if Instant::now() >= deadline {
            break;
        }
        let user = format!("bob {round}");
        let token = issuer.token(&user, 1, "editor");
        let start = Barrier::new(2);
        let code = thread::scope(|scope| {
            let joining = scope.spawn(|| {
                start.wait();
                let mut client = asking(&server, 1, "x", Some(&token));
                // It may have come in for a moment, which its end must follow.
                client.end().code
            });
            start.wait();
            remove(&server, &owner, &user);
            joining.join().expect("no panic")
        });
        match code {
            Some(4503) => refused += 1,
            Some(4505) => revoked += 1,
            other => panic!("round {round}: the member was let in for good, or {other:?}"),
        }
    }
    eprintln!("{refused} refused, {revoked} revoked");
    assert!(refused + revoked >= 50, "{refused} refused and {revoked} revoked are too few to tell");
}
