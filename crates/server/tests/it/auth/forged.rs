//! Tokens that nobody should believe, row by row.

use aws_lc_rs::hmac;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::asking;
use crate::support::{
    Issuer, KeyServer, RawClient, SECRET, TestServer, base64url, claims, upgrade_request, v2_path,
};

const FORGED: &str = include_str!("forged.json");

/// The keys of both sides.
struct Keys {
    rsa: Issuer,
    other: Issuer,
    ecdsa: Issuer,
}

impl Keys {
    /// The last part of a token, made in the way that a row names.
    fn sign(&self, way: &str, message: &str) -> String {
        let pem = self.rsa.public_pem();
        match way {
            "" => String::new(),
            "zeros" => base64url([0; 256]),
            "secret" => mac(hmac::HMAC_SHA256, SECRET.as_bytes(), message),
            "secret 512" => mac(hmac::HMAC_SHA512, SECRET.as_bytes(), message),
            "empty secret" => mac(hmac::HMAC_SHA256, b"", message),
            "other secret" => mac(hmac::HMAC_SHA256, SECRET.to_uppercase().as_bytes(), message),
            "public pem as secret" => mac(hmac::HMAC_SHA256, pem.as_bytes(), message),
            "public der as secret" => mac(hmac::HMAC_SHA256, self.rsa.public_der(), message),
            "rsa" => self.rsa.signature("RS256", message),
            "rsa pss" => self.rsa.signature("PS256", message),
            "rsa 512" => self.rsa.signature("RS512", message),
            "other rsa" => self.other.signature("RS256", message),
            "ecdsa" => self.ecdsa.signature("ES256", message),
            other => panic!("nobody signs with {other}"),
        }
    }

    /// The token that a row describes. `trap` is an address that nobody may ask.
    fn token(&self, row: &Value, trap: &str) -> String {
        let mut header = row["header"].clone();
        for place in ["kid", "jku", "x5u"] {
            if header[place] == "TRAP" {
                header[place] = json!(trap);
            }
        }
        if header["jwk"] == "OTHER" {
            header["jwk"] = self.other.published("other");
        }
        let header = row["headerText"].as_str().map_or(header.to_string(), str::to_owned);
        let mut said = claims("ada", &json!({"1": "owner"}));
        said["iss"] = json!("us");
        for (name, value) in row["claims"].as_object().into_iter().flatten() {
            said[name] = value.clone();
        }
        if let Some(name) = row["remove"].as_str() {
            said.as_object_mut().expect("claims").remove(name);
        }
        let said = row["claimsText"].as_str().map_or(said.to_string(), str::to_owned);
        let (header, said) = (base64url(header), base64url(said));
        let signature = self.sign(row["sign"].as_str().expect("a way"), &format!("{header}.{said}"));
        match row["tamper"].as_str() {
            None => format!("{header}.{said}.{signature}"),
            Some("claims") => {
                let more = claims("ada", &json!({"1": "owner", "2": "owner"}));
                format!("{header}.{}.{signature}", base64url(more.to_string()))
            }
            Some("header") => format!("{}.{said}.{signature}", base64url(r#"{"alg":"RS256","typ":"JWT"}"#)),
            Some("part") => format!("{header}.{said}.{signature}.{signature}"),
            Some("cut") => format!("{header}.{said}"),
            Some("padding") => format!("{header}=.{said}.{signature}"),
            Some(other) => panic!("nobody tampers with {other}"),
        }
    }
}

fn mac(algorithm: hmac::Algorithm, secret: &[u8], message: &str) -> String {
    base64url(hmac::sign(&hmac::Key::new(algorithm, secret), message.as_bytes()))
}

/// What becomes of a token: in a join, and in the head of an upgrade.
fn answers(server: &TestServer, token: &str) -> (Value, u16) {
    let mut client = asking(server, 1, "mallory", Some(token));
    let joined = match client.frame().expect("a frame").payload {
        text if text.starts_with(br#"{"type":"bulk_presence""#) => json!("joins"),
        text => {
            let notice: Value = serde_json::from_slice(&text).expect("JSON");
            let code = notice["code"].clone();
            assert_eq!(client.end().code.map(|code| json!(code)), Some(code.clone()));
            code
        }
    };
    let mut client = RawClient::connect(server.address());
    client.send(upgrade_request(&v2_path(1), &format!("Authorization: Bearer {token}\r\n")));
    (joined, client.response().status)
}

/// A1, A2, A3
#[test]
fn no_forged_token_is_believed_and_none_makes_the_server_ask_somebody() {
    let keys = Keys { rsa: Issuer::rsa(), other: Issuer::rsa(), ecdsa: Issuer::ecdsa() };
    let directory = TempDir::new().expect("a directory");
    let file = directory.path().join("key.pem");
    std::fs::write(&file, keys.rsa.public_pem()).expect("a file");
    let published = KeyServer::start(&[keys.rsa.published("good")]);
    let trap = KeyServer::start(&[keys.other.published("other"), keys.other.published("good")]);
    let started = |flags: &[&str]| TestServer::start_with(&[flags, &["--auth-issuer", "us"]].concat());
    let secret = started(&["--auth-secret", SECRET]);
    let rsa = started(&["--auth-public-key-file", file.to_str().expect("a path")]);
    let fetching = started(&["--auth-jwks-url", &published.url()]);

    let table: Value = serde_json::from_str(FORGED).expect("JSON");
    let rows = table["rows"].as_array().expect("rows");
    assert!(rows.iter().filter(|row| row["answer"] != "joins").count() >= 40);
    for row in rows {
        let server = match row["server"].as_str() {
            Some("secret") => &secret,
            Some("rsa") => &rsa,
            _ => &fetching,
        };
        let status = match row["answer"].as_u64() {
            None => 101,
            Some(4503) => 403,
            Some(_) => 401,
        };
        assert_eq!(answers(server, &keys.token(row, &trap.url())), (row["answer"].clone(), status), "{row}");
    }
    assert_eq!((published.asked(), trap.asked()), (1, 0));
}
