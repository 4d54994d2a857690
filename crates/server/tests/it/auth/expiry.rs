//! Tokens that expire while their sockets are open.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{asking, end, joined, secured, v1_end};
use crate::support::{Issuer, RawClient, claims, v1_path};

/// A token of `user` that expires in so many seconds.
fn expiring(user: &str, seconds: i64) -> (String, i64) {
    let at = Timestamp::now().as_second() + seconds;
    let mut claims: Value = claims(user, &json!({"1": "editor"}));
    claims["exp"] = json!(at);
    (Issuer::secret().sign(&claims), at)
}

/// A6: told a minute before, or at once when less is left; ended five seconds after, unless there is a fresh one.
#[test]
fn a_socket_ends_with_its_token_unless_a_fresh_one_of_the_same_user_comes() {
    let server = secured();
    let (short, at) = expiring("ada", 2);
    let (mut lazy, _) = joined(&server, 1, "x", Some(&short));
    let notice = lazy.message_of_type("token_expiring");
    let told: Timestamp = notice["expiresAt"].as_str().expect("a time").parse().expect("a time");
    assert_eq!(told.as_second(), at);
    let (mut diligent, _) = joined(&server, 1, "x", Some(&short));
    diligent.message_of_type("token_expiring");
    let (fresh, _) = expiring("ada", 3600);
    diligent.send_text(&json!({"type": "authenticate", "data": {"token": fresh}}).to_string());
    let mut old = RawClient::upgraded(server.address(), &v1_path(1));
    let join = json!({"type": "join_session", "data": {"userId": "x", "userName": "X", "token": short}});
    old.send_text(&join.to_string());

    assert_eq!(lazy.end(), end(4005, "token_expired"));
    let late = Timestamp::now().as_millisecond() - at * 1000;
    assert!((5_000..8_000).contains(&late), "ended {late} ms after the token");
    assert_eq!(old.end(), v1_end(4005, "token_expired"));
    let told = diligent.messages_until_pong();
    assert!(told.iter().all(|message| message["type"] != "token_expiring"), "{told:?}");
    assert!(!diligent.has_ended_within(Duration::from_millis(1)));
}

/// A6: who has not joined is not told, but the end comes all the same.
#[test]
fn a_token_of_little_time_is_told_of_right_after_the_snapshot() {
    let server = secured();
    let (short, _) = expiring("ada", 30);
    let mut client = asking(&server, 1, "x", Some(&short));
    assert_eq!(client.message()["type"], "bulk_presence", "J3");
    assert_eq!(client.message_of_type("token_expiring")["type"], "token_expiring");
}
