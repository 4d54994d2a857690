//! Sending, and hearing all that comes back.

use crate::support::{Frame, RawClient, RawResponse, TestServer, opcode, upgrade_request};

/// Shows that what was sent before it has been dealt with.
const BARRIER: &[u8] = b"is that all?";

/// Asks for a WebSocket with these header lines.
pub(super) fn upgrade(server: &TestServer, path: &str, headers: &str) -> (RawClient, RawResponse) {
    let mut client = RawClient::connect(server.address());
    client.send(upgrade_request(path, headers));
    let response = client.response();
    (client, response)
}

/// Reads until all that was sent so far has been dealt with, or to the end. How many frames came, and is it still open?
///
/// Answers to messages come from another queue than pongs, so there are two rounds: by the second, what the first one
/// caused has been written.
pub(super) fn hear(client: &mut RawClient) -> (usize, bool) {
    let mut frames = 0;
    for _ in 0..2 {
        client.send_frame(&Frame::ping(BARRIER));
        loop {
            let Some(frame) = client.frame() else { return (frames, false) };
            frames += 1;
            match frame.opcode {
                opcode::PONG if frame.payload == BARRIER => break,
                opcode::CLOSE => client.send_frame(&Frame::new(opcode::CLOSE, frame.payload)),
                _ => {}
            }
        }
    }
    (frames, true)
}

/// One request and its answer over plain HTTP, all of it.
pub(super) fn ask(server: &TestServer, line: &str, headers: &str, body: &[u8]) -> (RawClient, RawResponse) {
    let mut client = RawClient::connect(server.address());
    let length = body.len();
    let head = format!(
        "{line} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n"
    );
    client.send([head.as_bytes(), body].concat());
    let response = client.response();
    (client, response)
}
