//! What is said over HTTP, in both directions: every route is in `docs/openapi.json`, and answers as it says there.

mod description;
mod requests;

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::Path;

use description::{Description, METHODS};
use requests::{At, REQUESTS, Request};

use crate::support::{ADMIN, RawClient, RawResponse, SECRET, TestServer, upgrade_request, v2_path};

/// The paths in the source of the server, without those of builds for tests.
fn routes(directory: &Path, into: &mut BTreeSet<String>) {
    for entry in directory.read_dir().expect("a directory") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            routes(&path, into);
            continue;
        }
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if ["faults.rs", "echo.rs"].contains(&name) {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("a source file");
        let paths = text.split(".route(\"").skip(1).filter_map(|rest| rest.split('"').next());
        into.extend(paths.map(|path| path.replace('*', "")));
    }
}

#[test]
fn every_route_is_described_and_nothing_else() {
    let mut there = BTreeSet::new();
    routes(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut there);
    let described: BTreeSet<_> = Description::read().paths().map(|(path, _)| path.to_owned()).collect();
    assert_eq!(there, described);
}

/// Also: what happens in other people's projects is on no public listener of a secured server (A8).
#[test]
fn a_path_is_on_the_listeners_that_the_document_says_with_the_methods_that_it_says() {
    let description = Description::read();
    let (open, secured) = (TestServer::start(), secured());
    for (path, item) in description.paths() {
        let listeners: Vec<_> = item["x-listeners"].as_array().expect("listeners").iter().collect();
        for (address, names) in [
            (open.address(), &["public", "public of an open server"][..]),
            (secured.address(), &["public"]),
            (secured.reports(), &["admin"]),
        ] {
            let is_there = names.iter().any(|name| listeners.iter().any(|listener| *listener == name));
            for method in METHODS.into_iter().filter(|method| !is_there || item[*method].is_null()) {
                let target = path.replace(['{', '}'], "");
                let status = ask(address, &head(&method.to_uppercase(), &target, "", "")).status;
                assert_eq!(status, if is_there { 405 } else { 404 }, "{method} {path} of {names:?}");
            }
        }
    }
}

#[test]
fn every_path_answers_as_described() {
    let description = Description::read();
    let (open, secured) = (TestServer::start(), secured());
    let mut member = RawClient::joined(open.address(), &v2_path(1), "ada");
    let mut met = BTreeSet::new();
    for Request { at, method, path, target, header, body, status } in REQUESTS {
        let address = match at {
            At::Open => open.address(),
            At::Secured => secured.address(),
            At::Admin => secured.reports(),
        };
        let request = head(&method.to_uppercase(), target, &header.lines(), body);
        let answer = ask(address, &request);
        assert_eq!(answer.status, *status, "{method} {target} {header:?}: {answer:?}");
        description.check(method, path, &answer);
        met.insert((*method, *path, *status));
    }
    member.messages_until_pong();
    let missed: Vec<_> = description
        .answers()
        .filter(|answer| !met.contains(answer) && !requests::is_shown_elsewhere(answer))
        .collect();
    assert!(missed.is_empty(), "nobody has asked for {missed:?}");
}

/// What is refused for a limit says which.
#[test]
fn a_limit_is_named_as_described() {
    let server = TestServer::start_with(&["--max-unjoined", "1"]);
    let _first = RawClient::upgraded(server.address(), &v2_path(1));
    let answer = ask(server.address(), &upgrade_request(&v2_path(1), ""));
    assert_eq!(answer.status, 503);
    Description::read().check("get", "/ws/collaboration/v2", &answer);
}

fn secured() -> TestServer {
    TestServer::start_with(&["--auth-secret", SECRET, ADMIN])
}

fn ask(address: SocketAddr, request: &str) -> RawResponse {
    let mut client = RawClient::connect(address);
    client.send(request);
    client.response()
}

fn head(method: &str, target: &str, header: &str, body: &str) -> String {
    let length = if header.contains("Content-Length") || body.is_empty() {
        String::new()
    } else {
        format!("Content-Length: {}\r\n", body.len())
    };
    format!("{method} {target} HTTP/1.1\r\nHost: localhost\r\n{header}{length}\r\n{body}")
}
