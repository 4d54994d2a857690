//! Who is counted where, and that nothing is counted for ever.

use std::net::IpAddr;

use axum::http::{Extensions, HeaderMap};
use collabd_protocol::UserId;
use tokio::time::{Duration, advance};

use super::*;
use crate::config::ProxyConfig;
use crate::metrics::Metrics;
use crate::net::Peer;

fn client(address: &str) -> Client {
    let mut extensions = Extensions::new();
    extensions.insert(Peer(address.parse::<IpAddr>().unwrap()));
    Client::of(&ProxyConfig::default(), &extensions, &HeaderMap::new())
}

fn user(name: &str) -> UserId {
    UserId::new(name).unwrap()
}

fn admission(limits: LimitConfig, is_open: bool) -> Admission {
    let metrics = Metrics::new(&collabd_core::Metrics::default(), &collabd_documents::Metrics::default());
    Admission::new(limits, is_open, LimitHits::new(metrics))
}

fn narrow() -> LimitConfig {
    LimitConfig {
        max_connections: 6,
        max_unjoined: 4,
        connections_per_address: 3,
        connections_per_user: 2,
        ..LimitConfig::default()
    }
}

fn refused(admitted: Result<ConnectionPermit, Refusal>) -> LimitName {
    admitted.unwrap_err().hit.name
}

/// L1
#[tokio::test(start_paused = true)]
async fn each_place_is_counted_for_its_own_and_free_again_when_the_permit_is_dropped() {
    let admission = admission(narrow(), false);
    let (near, far) = (client("192.0.2.1"), client("192.0.2.2"));
    let mut permits: Vec<_> = (0..2).map(|_| admission.admit(near, Some(&user("ada"))).unwrap()).collect();
    assert_eq!(refused(admission.admit(far, Some(&user("ada")))), LimitName::ConnectionsPerUser);
    permits.push(admission.admit(near, Some(&user("bob"))).unwrap());
    assert_eq!(refused(admission.admit(near, None)), LimitName::ConnectionsPerAddress);
    permits.push(admission.admit(far, None).unwrap());
    assert_eq!(refused(admission.admit(far, None)), LimitName::MaxUnjoined);
    permits.iter().for_each(ConnectionPermit::joined);
    permits.extend((0..2).map(|_| admission.admit(far, None).unwrap()));
    assert_eq!(refused(admission.admit(client("192.0.2.3"), None)), LimitName::MaxConnections);
    // The user of a connection is found out later, and once.
    let late = permits.last().unwrap();
    assert_eq!(late.is_of(&user("ada")).unwrap_err().hit.name, LimitName::ConnectionsPerUser);
    late.is_of(&user("eve")).unwrap();
    late.is_of(&user("eve")).unwrap();
    let counts = admission.counts();
    assert_eq!((counts.unjoined, counts.addresses, counts.users), (2, 2, 3));
    drop(permits);
    assert_eq!(admission.connections(), 0);
    advance(Duration::from_secs(2)).await;
    assert_eq!(admission.counts(), AdmissionCounts::default());
}

/// L1
#[tokio::test(start_paused = true)]
async fn a_panic_gives_the_places_back() {
    let admission = admission(narrow(), false);
    let panicking = admission.clone();
    let thread = std::thread::spawn(move || {
        let _permit = panicking.admit(client("192.0.2.1"), Some(&user("ada"))).unwrap();
        panic!("on purpose");
    });
    assert!(thread.join().is_err());
    let counts = admission.counts();
    assert_eq!((admission.connections(), counts.unjoined, counts.addresses, counts.users), (0, 0, 0, 0));
}

/// L1
#[tokio::test(start_paused = true)]
async fn neither_this_machine_nor_anybody_in_an_open_server_is_counted_by_address() {
    let limits = LimitConfig { max_connections: 1000, max_unjoined: 1000, ..narrow() };
    for (is_open, address) in
        [(false, "127.0.0.1"), (false, "::1"), (false, "::ffff:127.0.0.1"), (true, "192.0.2.1")]
    {
        let admission = admission(limits.clone(), is_open);
        let permits: Vec<_> = (0..900).map(|_| admission.admit(client(address), None).unwrap()).collect();
        assert_eq!((permits.len(), admission.counts().addresses), (900, 0), "{address}");
        // Who somebody is in an open server is the client's word.
        let named: Vec<_> = permits.iter().filter(|permit| permit.is_of(&user("ada")).is_ok()).collect();
        assert_eq!(named.len(), if is_open { 900 } else { 2 });
    }
}

/// C5
#[tokio::test(start_paused = true)]
async fn a_crowd_comes_in_at_the_rate_and_each_is_told_when_to_come_back() {
    let limits = LimitConfig { connections_per_address: 1000, ..LimitConfig::default() };
    let admission = admission(limits, false);
    let mut waiting: Vec<_> =
        (0..5000_u32).map(|n| client(&IpAddr::from((n + 1).to_be_bytes()).to_string())).collect();
    let (mut permits, mut seconds) = (Vec::new(), 0);
    while !waiting.is_empty() {
        let mut left = Vec::new();
        for client in waiting {
            match admission.admit(client, None) {
                Ok(permit) => {
                    permit.joined();
                    permits.push(permit);
                }
                Err(refusal) => {
                    assert_eq!(refusal.hit.name, LimitName::ConnectionsPerSecond);
                    let wait = refusal.retry_after;
                    assert!((Duration::from_secs(1)..=Duration::from_secs(5)).contains(&wait), "{wait:?}");
                    left.push(client);
                }
            }
        }
        assert!(permits.len() <= 500 * seconds + 50, "{} after {seconds} s", permits.len());
        waiting = left;
        advance(Duration::from_millis(100)).await;
        for _ in 1..10 {
            waiting.retain(|client| match admission.admit(*client, None) {
                Ok(permit) => {
                    permit.joined();
                    permits.push(permit);
                    false
                }
                Err(_) => true,
            });
            advance(Duration::from_millis(100)).await;
        }
        seconds += 1;
    }
    assert!(seconds <= 11, "{seconds} s");
}

/// L5
#[tokio::test(start_paused = true)]
async fn a_user_has_one_budget_over_all_connections_and_a_stranger_one_for_each() {
    let limits = LimitConfig { cost_per_second: 100, cost_burst: 1000, ..LimitConfig::default() };
    let admission = admission(limits, false);
    let of = |name: Option<&str>| admission.admit(client("192.0.2.1"), name.map(user).as_ref()).unwrap();
    let (one, other, bob, strangers) =
        (of(Some("ada")), of(Some("ada")), of(Some("bob")), [of(None), of(None)]);
    one.purse().pay(600).unwrap();
    let refusal = other.purse().pay(600).unwrap_err();
    assert_eq!((refusal.hit.name, refusal.retry_after), (LimitName::CostPerSecond, Duration::from_secs(2)));
    admission.purse_of(user("ada")).pay(401).unwrap_err();
    for other in [&bob, &strangers[0], &strangers[1]] {
        other.purse().pay(1000).unwrap();
    }
    assert_eq!(admission.counts().purses, 2);
    let before = Instant::now();
    other.purse().pay_in_time(600).await;
    assert_eq!(Instant::now() - before, Duration::from_secs(2));
    advance(Duration::from_secs(10)).await;
    assert_eq!(admission.counts().purses, 0);
}
