//! Who is let in by a token, and as whom.

use std::process::Command;

use serde_json::json;
use tempfile::TempDir;

use super::{end, joined, refused, secured};
use crate::support::{Issuer, SECRET, TestServer, binary, claims};

/// A1
#[test]
fn a_token_of_each_kind_of_key_is_accepted_by_the_server_that_knows_the_key() {
    let directory = TempDir::new().expect("a directory");
    for (name, issuer) in [
        ("rsa.pem", Issuer::rsa()),
        ("ecdsa.pem", Issuer::ecdsa()),
        ("ed25519.pem", Issuer::ed25519()),
        ("secret", Issuer::secret()),
    ] {
        let path = directory.path().join(name);
        let (flag, text) = if name == "secret" {
            ("--auth-secret-file", format!("{SECRET}\n"))
        } else {
            ("--auth-public-key-file", issuer.public_pem())
        };
        std::fs::write(&path, text).expect("a file");
        let server = TestServer::start_with(&[flag, path.to_str().expect("a path")]);
        let (_client, snapshot) = joined(&server, 1, "mallory", Some(&issuer.token("ada", 1, "viewer")));
        assert_eq!(snapshot["data"][0]["userId"], "ada", "{name}");
        // A key of the same kind that the server does not know.
        let stranger = match name {
            "rsa.pem" => Issuer::rsa(),
            "ecdsa.pem" => Issuer::ecdsa(),
            _ => Issuer::ed25519(),
        };
        let forged = stranger.token("ada", 1, "viewer");
        assert_eq!(refused(&server, 1, Some(&forged)), end(4501, "unauthenticated"), "{name}");
    }
}

/// A10
#[test]
fn who_one_is_comes_from_the_token_and_not_from_the_join() {
    let server = secured();
    let mut ada = claims("ada", &json!({"1": "editor"}));
    ada["color"] = json!("#123456");
    ada["agent"] = json!(true);
    let (_client, snapshot) = joined(&server, 1, "mallory", Some(&Issuer::secret().sign(&ada)));
    let shown = &snapshot["data"][0];
    assert_eq!(
        [&shown["userId"], &shown["userName"], &shown["avatarColor"], &shown["isAgent"]],
        [&json!("ada"), &json!("Token of ada"), &json!("#123456"), &json!(true)]
    );
}

/// A3, A8, X1
#[test]
fn whoever_may_not_come_in_is_told_so_by_the_close_code() {
    let server = secured();
    let issuer = Issuer::secret();
    assert_eq!(refused(&server, 1, None), end(4501, "unauthenticated"));
    assert_eq!(refused(&server, 1, Some("no token")), end(4501, "unauthenticated"));
    let of_another_project = issuer.token("ada", 2, "owner");
    assert_eq!(refused(&server, 1, Some(&of_another_project)), end(4503, "forbidden"));
    let mut late = claims("ada", &json!({"1": "editor"}));
    late["exp"] = json!(1);
    assert_eq!(refused(&server, 1, Some(&issuer.sign(&late))), end(4005, "token_expired"));
}

/// What `token mint` prints for these arguments, under the secret of the tests.
fn minted(arguments: &[&str]) -> Result<String, String> {
    let mut command = Command::new(binary());
    let output =
        command.args(["token", "mint"]).args(arguments).env_clear().env("COLLABD_AUTH_SECRET", SECRET);
    let output = output.output().expect("collabd runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
}

#[test]
fn a_minted_token_lets_in_whom_it_names() {
    let server = secured();
    let arguments = ["--user=ada", "--name=Ada L.", "--color=#123456", "--agent", "--grant=1=viewer"];
    let token = minted(&arguments).expect("a token");
    let (_client, snapshot) = joined(&server, 1, "mallory", Some(&token));
    let shown = &snapshot["data"][0];
    assert_eq!(
        [&shown["userId"], &shown["userName"], &shown["avatarColor"], &shown["isAgent"]],
        [&json!("ada"), &json!("Ada L."), &json!("#123456"), &json!(true)]
    );
    assert_eq!(refused(&server, 2, Some(&token)), end(4503, "forbidden"));
    for (arguments, said) in [
        (["--user=ada", "--grant=1"], "grant (1): expected a project and a role"),
        (["--user=ada", "--grant=*=owner"], "grant (*=owner): the project must be an integer"),
        (["--user=ada", "--grant=1=root"], "grant (1=root): the role must be viewer, editor or owner"),
        (["--user= ", "--grant=1=owner"], "user ( ): must not be empty"),
    ] {
        let error = minted(&arguments).expect_err("no token");
        assert!(error.starts_with(&format!("collabd: {said}")), "{error}");
    }
}
