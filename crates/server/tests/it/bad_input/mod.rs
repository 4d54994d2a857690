//! Bad input of every kind. What makes no sense as a message is refused and costs nothing (X2); what makes no sense
//! as a frame ends the connection with a code that really arrives (X3); and nobody else notices either.

mod closing;
mod counting;
mod frames;
mod joining;
mod oddities;
mod refusals;
mod sizes;

use std::net::SocketAddr;

use crate::support::{RawClient, TestServer, v2_path};

/// The project of every test here.
const PROJECT: i32 = 1;

/// A connection that has joined with the v2 dialect.
fn joined(server: &TestServer, user: &str) -> RawClient {
    RawClient::joined(server.address(), &v2_path(PROJECT), user)
}

/// A connection with the v2 dialect that has not joined.
fn upgraded(address: SocketAddr) -> RawClient {
    RawClient::upgraded(address, &v2_path(PROJECT))
}

/// The connection is closed with this code, of which the v2 dialect tells before.
fn assert_closed(mut client: RawClient, code: u16, name: &str, case: &str) {
    let end = client.end();
    assert_eq!((end.notice, end.code), (Some(u64::from(code)), Some(code)), "{case}");
    assert_eq!(end.reason, name, "{case}");
}
