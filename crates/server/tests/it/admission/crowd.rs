//! Many at once: how fast they come in, and that all of them do.

use std::time::Duration;

use serde_json::Value;
use tokio::time::Instant;

use super::{admitted, ask, assert_refusal, behind_a_proxy, from, hits};

/// C5
#[test]
fn a_crowd_is_let_in_at_the_rate_and_everybody_is_back_in_time() {
    let server = behind_a_proxy(&["--connections-per-second=40", "--max-unjoined=10000"]);
    let began = Instant::now();
    let mut waiting: Vec<_> =
        (0..240).map(|n| (began, from(&format!("203.0.{}.{}", n / 200, n % 200 + 1)))).collect();
    let mut inside = Vec::new();
    while !waiting.is_empty() {
        // Each comes back when it was told to.
        waiting.sort_by_key(|(due, _)| *due);
        let (due, lines) = waiting.remove(0);
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
        let (client, response) = ask(&server, &lines);
        if response.status == 101 {
            inside.push(client);
        } else {
            let body: Value = serde_json::from_str(&response.body).expect("JSON");
            assert_eq!(body["limit"]["name"], "connections_per_second", "{body}");
            let wait = Duration::from_millis(body["retryAfterMs"].as_u64().expect("a time"));
            waiting.push((Instant::now() + wait, lines));
        }
        let most = 11 + 40 * began.elapsed().as_millis() / 1000;
        assert!(inside.len() as u128 <= most, "{} after {:?}", inside.len(), began.elapsed());
    }
    let took = began.elapsed();
    assert!(took < Duration::from_secs(40), "{took:?}");
}

/// L1
#[test]
fn one_address_that_opens_too_fast_is_refused_and_others_are_not() {
    let server =
        behind_a_proxy(&["--connections-per-second-per-address=1", "--connections-per-address=1000"]);
    let mut hasty: Vec<_> = (0..10).map(|_| admitted(&server, &from("203.0.113.1"))).collect();
    // On a slow machine some more may have become due.
    let refusal = loop {
        let (client, response) = ask(&server, &from("203.0.113.1"));
        if response.status != 101 {
            break response;
        }
        hasty.push(client);
        assert!(hasty.len() < 60, "nobody is refused");
    };
    assert_refusal(&refusal, 429, "connections_per_second_per_address", 1);
    assert!(hits(&server, "connections_per_second_per_address") >= 1);
    let _other = admitted(&server, &from("203.0.113.2"));
}
