//! How much bad input is too much (X2).

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use super::{PROJECT, joined, upgraded};
use crate::support::{RawClient, TestServer, eventually, v1_path};

/// A malformed message of its own: refusals of the same text are sent once a second only.
fn malformed(number: usize) -> String {
    format!(r#"{{"type":"nonsense-{number}"}}"#)
}

fn codes_of(refusals: &[Value]) -> BTreeSet<&str> {
    refusals.iter().map(|refusal| refusal["code"].as_str().unwrap_or("no code")).collect()
}

/// X2, Attack P7
#[test]
fn the_twentieth_malformed_message_is_answered_and_closes_with_4509() {
    let server = TestServer::start();
    let mut witness = joined(&server, "witness");
    let mut client = joined(&server, "ada");
    for number in 1..20 {
        client.send_text(&malformed(number));
        assert_eq!(client.message()["code"], "bad_request", "message {number}");
        assert!(client.messages_until_pong().is_empty(), "message {number}");
    }
    client.send_text(&malformed(20));
    let last = client.message();
    assert_eq!(last["code"], "bad_request", "{last}");
    assert!(last["message"].as_str().is_some_and(|text| text.contains("nonsense-20")), "{last}");
    let end = client.end();
    assert_eq!((end.notice, end.code, end.reason.as_str()), (Some(4509), Some(4509), "too_many_errors"));
    let left = witness.message_of_type("user_left");
    assert_eq!(left["reason"], "misbehaved");
}

/// X2
#[test]
fn twenty_malformed_messages_at_once_are_all_answered_before_the_close() {
    let server = TestServer::start();
    let mut client = joined(&server, "ada");
    for number in 1..=20 {
        client.send_text(&malformed(number));
    }
    for number in 1..=20 {
        let error = client.message();
        assert!(
            error["message"].as_str().is_some_and(|text| text.ends_with(&format!("\"nonsense-{number}\""))),
            "{error} for message {number}"
        );
    }
    assert_eq!(client.end().code, Some(4509));
}

/// X2: the v1 dialect has no notice, but the same code.
#[test]
fn a_v1_client_is_closed_with_the_same_code() {
    let server = TestServer::start();
    let mut client = RawClient::joined(server.address(), &v1_path(PROJECT), "ada");
    for number in 1..=20 {
        client.send_text(&malformed(number));
    }
    let end = client.end();
    assert_eq!((end.notice, end.code, end.reason.as_str()), (None, Some(4509), "too_many_errors"));
}

/// X2
#[test]
fn refusals_of_sensible_messages_do_not_count() {
    let server = TestServer::start();
    let mut stranger = upgraded(server.address());
    for _ in 0..100 {
        stranger.send_text(r#"{"type":"set_status","data":{"status":"idle"}}"#);
    }
    let refusals = stranger.messages_until_pong();
    // What is over the rate is refused for that, joined or not.
    assert_eq!(codes_of(&refusals), BTreeSet::from(["not_joined", "rate_limited"]));

    let mut member = joined(&server, "ada");
    for _ in 0..100 {
        member.send_join("eve");
    }
    assert_eq!(codes_of(&member.messages_until_pong()), BTreeSet::from(["already_joined"]));

    for _ in 0..100 {
        member.send_text(r#"{"type":"set_status","data":{"status":"idle"}}"#);
    }
    let answers = member.messages_until_pong();
    let refusals: Vec<_> = answers.into_iter().filter(|answer| answer["type"] == "error").collect();
    assert_eq!(codes_of(&refusals), BTreeSet::from(["rate_limited"]));

    for client in [&mut stranger, &mut member] {
        client.messages_until_pong();
    }
}

/// X2
#[test]
fn the_same_refusal_is_sent_once_a_second() {
    let server = TestServer::start();
    let mut client = upgraded(server.address());
    let mut refusal = || -> Option<Value> {
        client.send_text(r#"{"type":"leave_session"}"#);
        client.messages_until_pong().pop()
    };
    let first = refusal().expect("the first refusal");
    let told = Instant::now();
    assert_eq!(first["code"], "not_joined");
    let second = eventually(Duration::from_secs(5), "second refusal", refusal);
    assert!(told.elapsed() > Duration::from_millis(900), "again after {:?}", told.elapsed());
    assert!(told.elapsed() < Duration::from_millis(2500), "not again for {:?}", told.elapsed());
    assert_eq!(second, first);
}

/// X2: another refusal is another matter.
#[test]
fn a_different_refusal_is_sent_at_once() {
    let server = TestServer::start();
    let mut client = upgraded(server.address());
    for (message, code) in [
        (r#"{"type":"leave_session"}"#, "not_joined"),
        (r#"{"type":"leave_session","data":7}"#, "bad_request"),
        (r#"{"type":"leave_session","data":[]}"#, "bad_request"),
    ] {
        client.send_text(message);
        let codes: Vec<_> =
            client.messages_until_pong().into_iter().map(|error| error["code"].clone()).collect();
        // Both malformed messages have the same text, so the second gets no answer of its own.
        let expected = if message.ends_with("[]}") { vec![] } else { vec![json!(code)] };
        assert_eq!(codes, expected, "{message}");
    }
}
