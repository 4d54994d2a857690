//! Keys that are fetched.

use std::time::Duration;

use serde_json::{Value, json};

use super::{asking, end, joined, refused};
use crate::support::{
    Issuer, KeyServer, RawClient, TestServer, claims, eventually, upgrade_request, v2_path,
};

fn trusting(keys: &KeyServer) -> TestServer {
    TestServer::start_with(&["--auth-jwks-url", &keys.url(), "--auth-issuer", "us"])
}

fn ada() -> Value {
    let mut claims = claims("ada", &json!({"1": "editor"}));
    claims["iss"] = json!("us");
    claims
}

/// A1, A2
#[test]
fn a_token_is_verified_with_the_published_key_that_it_names() {
    let (first, second) = (Issuer::ecdsa(), Issuer::rsa());
    let keys = KeyServer::start(&[first.published("first"), second.published("second")]);
    let server = trusting(&keys);
    assert_eq!(keys.asked(), 0, "keys are fetched when they are needed");
    for token in [first.sign_as("first", &ada()), second.sign_as("second", &ada())] {
        let (_client, snapshot) = joined(&server, 1, "mallory", Some(&token));
        assert_eq!(snapshot["data"][0]["userId"], "ada");
    }
    for forged in [first.sign_as("second", &ada()), second.sign_as("first", &ada()), first.sign(&ada())] {
        assert_eq!(refused(&server, 1, Some(&forged)), end(4501, "unauthenticated"));
    }
    assert_eq!(keys.asked(), 1);
}

/// A2: whatever a token names, nothing but the configured address is asked, and not for each of them.
#[test]
fn ids_of_keys_that_nobody_published_are_refused_without_another_fetch() {
    let issuer = Issuer::ed25519();
    let keys = KeyServer::start(&[issuer.published("good")]);
    let server = trusting(&keys);
    for id in ["bad", "../../etc/passwd", "http://127.0.0.1:1/", "good' OR '1'='1", ""] {
        let forged = issuer.sign_as(id, &ada());
        assert_eq!(refused(&server, 1, Some(&forged)), end(4501, "unauthenticated"), "{id}");
    }
    assert_eq!(keys.asked(), 1);
}

/// X1: a server that cannot know who is who lets nobody in, and says that it is not the client's fault.
#[test]
fn while_keys_cannot_be_fetched_everybody_is_asked_to_come_back() {
    let issuer = Issuer::ecdsa();
    let keys = KeyServer::start(&[]);
    for (status, body) in [("500 Oops", ""), ("200 OK", "no keys"), ("302 Found", "{\"keys\": []}")] {
        keys.say(status, body);
        let server = trusting(&keys);
        let token = issuer.sign_as("one", &ada());
        assert_eq!(refused(&server, 1, Some(&token)), end(1013, "overloaded"), "{status} {body}");
        let mut client = RawClient::connect(server.address());
        client.send(upgrade_request(&v2_path(1), &format!("Authorization: Bearer {token}\r\n")));
        let response = client.response();
        assert_eq!((response.status, response.header("retry-after")), (503, Some("1")), "{response:?}");
        assert!(server.log().contains("signing keys not fetched"), "{}", server.log());
        assert!(!server.log().contains(&token), "a token in the log");
    }
}

/// The fetch that failed is repeated after five seconds at the earliest.
#[test]
fn somebody_who_comes_back_is_let_in_once_keys_can_be_fetched() {
    let issuer = Issuer::ecdsa();
    let keys = KeyServer::start(&[]);
    keys.say("503 Busy", "");
    let server = trusting(&keys);
    let token = issuer.sign_as("one", &ada());
    assert_eq!(refused(&server, 1, Some(&token)), end(1013, "overloaded"));
    keys.publish(&[issuer.published("one")]);
    eventually(Duration::from_secs(20), "a join", || {
        let answer = asking(&server, 1, "ada", Some(&token)).message();
        (answer["type"] == "bulk_presence").then_some(())
    });
    assert_eq!(keys.asked(), 2);
}
