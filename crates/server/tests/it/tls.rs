//! TLS on the public listener: everything is said inside it, and its certificate is replaced without a restart.

use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use collabd_loadgen::http::HttpClient;
use serde_json::json;
use tempfile::TempDir;
use tokio_rustls::rustls::{ClientConfig, version};

use crate::support::{
    CertificateFiles, Frame, RawClient, TestCertificate, TestServer, binary, eventually, opcode,
    upgrade_request, v2_path,
};

/// Longer than it takes until a changed file is noticed.
const NOTICED: Duration = Duration::from_secs(20);

fn start(files: &CertificateFiles, more: &[&str]) -> TestServer {
    let flags = files.flags();
    TestServer::start_with(&[&flags.each_ref().map(String::as_str)[..], more].concat())
}

fn joined(server: &TestServer, config: &Arc<ClientConfig>, user: &str) -> RawClient {
    let mut client = RawClient::connect_tls(server.address(), config).expect("a handshake");
    client.send(upgrade_request(&v2_path(1), ""));
    assert_eq!(client.response().status, 101);
    client.join(user);
    client
}

/// What the admin listener, which stays plain, says of the certificate's end.
async fn expiry(server: &TestServer) -> Option<u64> {
    let metrics = HttpClient::new(server.reports()).get("/metrics").await.expect("metrics").text();
    let line = metrics.lines().find_map(|line| line.strip_prefix("collabd_tls_certificate_expiry{} "))?;
    line.parse().ok()
}

#[test]
fn sockets_and_requests_work_in_both_versions_of_tls() {
    let certificate = TestCertificate::until(2090);
    let server = start(&CertificateFiles::of(&certificate), &[]);
    for (user, version) in [("ben", &version::TLS13), ("cy", &version::TLS12)] {
        let config = certificate.trusted_with(&[version]);
        let mut ada = joined(&server, &config, "ada");
        let mut ben = joined(&server, &config, user);
        assert_eq!(ada.message_of_type("user_joined")["user"]["userId"], user);
        // More than one record of TLS, in both directions of which one has several frames.
        let large = format!(r#"{{"type":"ping","data":"{}"}}"#, "x".repeat(60_000));
        ben.send_text(&large);
        assert_eq!(ben.message()["type"], "pong");
        let mut http = RawClient::connect_tls(server.address(), &config).expect("a handshake");
        let query = json!({"query": "{ health { status } }"}).to_string();
        http.send(format!(
            "POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{query}",
            query.len()
        ));
        let response = http.response();
        assert_eq!(response.status, 200, "{response:?}");
    }
}

/// X3: a close frame, then the farewell of TLS, then the end of TCP.
#[test]
fn close_codes_arrive_through_tls() {
    let certificate = TestCertificate::until(2090);
    let server = start(&CertificateFiles::of(&certificate), &["--message-timeout", "1s"]);
    let config = certificate.trusted();
    let cases: [(&str, Vec<u8>, u16); 6] = [
        ("binary", Frame::new(opcode::BINARY, []).bytes(), 1003),
        ("2 MB", Frame::text(vec![b'x'; 2_000_000]).bytes(), 1009),
        ("no mask", Frame::text(b"{}").unmasked().bytes(), 1002),
        ("a message that is not finished", Frame::text(b"{").unfinished().bytes(), 4008),
        ("a flood", Frame::ping([]).bytes().repeat(3000), 4003),
        ("a close", Frame::close(1000, b"").bytes(), 1000),
    ];
    for (about, bytes, code) in cases {
        let mut client = joined(&server, &config, "ada");
        client.send(bytes);
        assert_eq!(client.end().code, Some(code), "{about}");
    }
}

/// W14: whoever does not speak TLS, or begins and does not go on, is cut off and disturbs nobody.
#[test]
fn whoever_does_not_finish_the_handshake_is_cut_off() {
    let certificate = TestCertificate::until(2090);
    let server = start(&CertificateFiles::of(&certificate), &["--header-timeout", "1s"]);
    let beginnings: [&[u8]; 5] = [
        b"",
        b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n",
        // The header of a record with a ClientHello that never comes.
        &[0x16, 0x03, 0x01, 0x02, 0x00, 0x01],
        &[0x16, 0x03, 0x01, 0xFF, 0xFF],
        &[0x80; 5000],
    ];
    for bytes in beginnings {
        let mut client = RawClient::connect(server.address());
        client.send(bytes);
        client.wait_for_end();
    }
    joined(&server, &certificate.trusted(), "ada").messages_until_pong();
    assert!(!server.log().contains("ERROR"), "{}", server.log());
}

/// A server that ends does not wait for a handshake.
#[test]
fn a_handshake_does_not_hold_the_shutdown_up() {
    let certificate = TestCertificate::until(2090);
    let mut server = start(&CertificateFiles::of(&certificate), &["--header-timeout", "60s"]);
    let mut client = RawClient::connect(server.address());
    client.send([0x16, 0x03, 0x01]);
    eventually(NOTICED, "connection", || (server.state().tasks > 0).then_some(()));
    server.signal("TERM");
    assert!(server.wait_for_exit(Duration::from_secs(5)).success());
    assert!(!server.log().contains("tasks left"), "{}", server.log());
}

/// New files serve new connections, by themselves and at once after SIGHUP; who is connected stays; what cannot be
/// used is told once and changes nothing.
#[tokio::test]
async fn a_certificate_is_replaced_without_a_restart() {
    let (first, second, third) =
        (TestCertificate::until(2090), TestCertificate::until(2091), TestCertificate::until(2092));
    let files = CertificateFiles::of(&first);
    let server = start(&files, &[]);
    let mut early = joined(&server, &first.trusted(), "early");
    let first_expiry = expiry(&server).await.expect("an expiry");

    files.write(&second.pem(), &second.key_pem());
    let shows =
        |certificate: &TestCertificate| RawClient::connect_tls(server.address(), &certificate.trusted()).ok();
    let client = eventually(NOTICED, "the second certificate", || shows(&second));
    assert_eq!(client.certificate(), Some(second.der()));
    assert!(shows(&first).is_none(), "the first is shown no more");
    assert!(expiry(&server).await.expect("an expiry") > first_expiry);

    // Half of a pair.
    files.write(&third.pem(), &second.key_pem());
    server.signal("HUP");
    eventually(NOTICED, "an error", || server.log().contains("ERROR").then_some(()));
    assert!(shows(&second).is_some(), "the second stays");
    let metrics = HttpClient::new(server.reports()).get("/metrics").await.expect("metrics").text();
    assert!(metrics.contains("collabd_tls_reload_failures_total 1"), "{metrics}");

    files.write(&third.pem(), &third.key_pem());
    server.signal("HUP");
    let client = eventually(NOTICED, "the third certificate", || shows(&third));
    assert_eq!(client.certificate(), Some(third.der()));
    early.messages_until_pong();
    assert_eq!(server.log().matches("ERROR").count(), 1, "{}", server.log());
}

/// A plain server has no such metric: 0 would look like a certificate that ended long ago.
/// And what tells others to read their certificate again does not end it.
#[tokio::test]
async fn a_plain_server_says_nothing_of_certificates() {
    let server = TestServer::start();
    server.signal("HUP");
    assert_eq!(expiry(&server).await, None);
}

/// A15: what the files hold, and what the one line says of it.
#[test]
fn certificates_that_cannot_be_used_are_refused_at_the_start() {
    let (good, other, old) =
        (TestCertificate::until(2090), TestCertificate::until(2090), TestCertificate::until(2020));
    let encrypted = good.key_pem().replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
    let older = good.key_pem().replacen('\n', "\nProc-Type: 4,ENCRYPTED\n", 1);
    let cases = [
        (good.pem(), other.key_pem(), "is not the key of the certificate in tls_certificate_file"),
        (old.pem(), old.key_pem(), "holds a certificate that expired at 2020-01-01T00:00:00Z"),
        (good.pem(), encrypted, "is encrypted, and nobody is there to be asked for its password"),
        (good.pem(), older, "is encrypted, and nobody is there to be asked for its password"),
        (good.pem(), good.pem(), "holds no private key in PEM"),
        (good.pem(), String::new(), "holds no private key in PEM"),
        (good.key_pem(), good.key_pem(), "holds no certificate in PEM"),
        (String::new(), good.key_pem(), "holds no certificate in PEM"),
        (good.pem().replace('M', "N"), good.key_pem(), "tls_certificate_file"),
        (good.pem()[..200].to_owned(), good.key_pem(), "holds no certificate in PEM"),
    ];
    let files = CertificateFiles::of(&good);
    let data = TempDir::new().expect("a directory");
    let data = format!("--data-dir={}", data.path().display());
    let run = |command: &[&str]| {
        let output = Command::new(binary()).args(command).args(files.flags()).output().expect("collabd runs");
        (output.status.code(), String::from_utf8(output.stderr).expect("text"))
    };
    for (certificate, key, said) in cases {
        files.write(&certificate, &key);
        for command in [&["check-config"][..], &["--listen=127.0.0.1:0", &data]] {
            let (code, stderr) = run(command);
            assert_eq!((code, stderr.lines().count()), (Some(1), 1), "{said}: {stderr}");
            assert!(stderr.contains(said) && stderr.starts_with("collabd: "), "{said}: {stderr}");
            let secret = good.key_pem();
            let told = secret.lines().filter(|line| !line.starts_with('-')).any(|line| stderr.contains(line));
            assert!(!told, "a key is shown: {stderr}");
        }
    }
    files.write(&good.pem(), &good.key_pem());
    assert_eq!(run(&["check-config"]).0, Some(0));
}
