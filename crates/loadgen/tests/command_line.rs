//! The binary's refusals, by exit status and message: none of them needs a server.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::net::TcpListener;
use std::process::{Command, Output};

fn fanout(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_collab-bench")).arg("fanout").args(arguments).output().unwrap()
}

fn refusal(arguments: &[&str]) -> String {
    let output = fanout(arguments);
    assert!(!output.status.success(), "{arguments:?}");
    assert!(output.stdout.is_empty(), "{arguments:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn a_load_for_another_machine_needs_a_flag() {
    let error = refusal(&["--address", "192.0.2.1:3000"]);
    assert!(error.contains("192.0.2.1:3000 is not a loopback address"), "{error}");
}

#[test]
fn a_server_that_is_not_there_ends_the_run_with_the_reason() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    drop(listener);
    let error = refusal(&["--address", &address, "--members", "3"]);
    assert!(error.contains("nobody could join: cannot connect:"), "{error}");
}
