//! The harness itself: what it promises must be true of a server that nobody has touched.

use crate::support::TestServer;

#[test]
fn an_untouched_server_starts_and_ends_at_its_baseline() {
    let server = TestServer::start();
    assert!(server.state().is_idle());
    server.settled();
}
