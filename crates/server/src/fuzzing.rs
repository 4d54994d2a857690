//! Ways in for made-up bytes: what strangers send before they are anybody, with what must be true of every answer. The
//! fuzz targets of `crates/server/fuzz` come in here, and so does the test below with their corpus.

use axum::extract::Request;
use axum::http::header::{AUTHORIZATION, COOKIE, HOST, ORIGIN, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures_util::FutureExt as _;
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::Value;

use crate::auth::{LEEWAY, bearer, fixed_verifier};
use crate::config::Config;
use crate::{connection, documents, socket};

const LISTED: &str = "https://app.example.com";
const SECRET: &[u8] = b"a secret of the fuzz target, long enough";
const AUDIENCE: &str = "collabd";

/// The head of an upgrade request: the first line is its address, each other one a header. Would it become a WebSocket?
///
/// # Panics
/// When an answer is not what it must be.
pub fn upgrade(bytes: &[u8]) -> bool {
    // What makes no request is refused by the HTTP library.
    let Some(request) = request(bytes) else { return false };
    let headers = request.headers();
    let answer = socket::handshake(&request);
    if let Some(answer) = &answer {
        assert!(!answer.headers().contains_key("sec-websocket-extensions"));
        for name in [HOST, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION] {
            assert_eq!(headers.get_all(name).iter().count(), 1);
        }
    }
    if socket::is_allowed(&with_origins(), headers) {
        match values(headers, &ORIGIN)[..] {
            [] => assert!(!headers.contains_key(COOKIE)),
            ref origins => assert_eq!(origins, [LISTED.as_bytes()]),
        }
    }
    if let Ok(Some(token)) = bearer(headers) {
        assert_eq!(headers.get_all(AUTHORIZATION).iter().count(), 1);
        assert_eq!(token, token.trim());
    }
    let project = connection::project_in(request.uri());
    assert!(project.is_none_or(|project| project.get() > 0));
    connection::is_offer_taken(headers);
    documents::is_query_taken(request.uri());
    answer.is_some()
}

/// A header and claims, on a line each: first as they are in place of a token, then encoded and well signed. Is anybody
/// believed?
///
/// # Panics
/// When somebody is believed who must not be.
pub fn token(bytes: &[u8]) -> bool {
    let Ok(text) = str::from_utf8(bytes) else { return false };
    let now = Timestamp::UNIX_EPOCH;
    let verifier = fixed_verifier(SECRET, AUDIENCE);
    let verify = |token: &str| verifier.verify(token, now).now_or_never().and_then(Result::ok);
    assert!(verify(text).is_none(), "nobody signed it");
    let Some((header, claims)) = text.split_once('\n') else { return false };
    let message = [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part)).join(".");
    let key = EncodingKey::from_secret(SECRET);
    let Ok(signature) = jsonwebtoken::crypto::sign(message.as_bytes(), &key, Algorithm::HS256) else {
        return false;
    };
    let is_believed = verify(&format!("{message}.{signature}")).is_some();
    if is_believed {
        is_to_be_believed(&json(header), &json(claims));
    }
    is_believed
}

/// What is true of every token that is believed, read once more by another way.
fn is_to_be_believed(header: &Value, claims: &Value) {
    assert_eq!(header["alg"], "HS256");
    assert!(header["crit"].is_null());
    assert!(claims["sub"].as_str().is_some_and(|user| !user.trim().is_empty()));
    let is_meant = |audience: &Value| audience == AUDIENCE;
    assert!(
        is_meant(&claims["aud"])
            || claims["aud"].as_array().is_some_and(|audiences| audiences.iter().any(is_meant))
    );
    let leeway = LEEWAY.as_secs_f64();
    assert!(claims["exp"].as_f64().is_some_and(|end| end >= -leeway));
    assert!(claims["nbf"].as_f64().is_none_or(|begin| begin <= leeway));
    for (project, role) in claims["projects"].as_object().into_iter().flatten() {
        assert!(project.parse::<i32>().is_ok_and(|project| project > 0));
        assert!(["viewer", "editor", "owner"].iter().any(|known| role == known));
    }
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("believed, and no JSON: {error}"))
}

fn request(bytes: &[u8]) -> Option<Request> {
    let mut lines = bytes.split(|byte| *byte == b'\n');
    let mut request = Request::new(axum::body::Body::empty());
    *request.uri_mut() = str::from_utf8(lines.next()?).ok()?.parse().ok()?;
    for line in lines {
        let colon = line.iter().position(|byte| *byte == b':')?;
        let name = HeaderName::from_bytes(&line[..colon]).ok()?;
        let value = HeaderValue::from_bytes(line[colon + 1..].trim_ascii()).ok()?;
        request.headers_mut().append(name, value);
    }
    Some(request)
}

fn values<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Vec<&'a [u8]> {
    headers.get_all(name).iter().map(HeaderValue::as_bytes).collect()
}

/// The settings of a server that looks at origins.
fn with_origins() -> Config {
    let mut config = Config::default();
    config.origin.allowed_origins = LISTED.parse().ok();
    config
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// Plays what the repository keeps of a target: how much of it was taken, and how much refused.
    fn play(target: &str, read: fn(&[u8]) -> bool) -> (usize, usize) {
        let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
        let seeds = corpus.read_dir().unwrap().map(|seed| std::fs::read(seed.unwrap().path()).unwrap());
        let (taken, refused): (Vec<_>, Vec<_>) =
            seeds.map(|seed| read(&seed)).partition(|is_taken| *is_taken);
        (taken.len(), refused.len())
    }

    /// W13
    #[test]
    fn made_up_heads_are_answered_as_they_must_be() {
        assert_eq!(play("upgrade", upgrade), (12, 4));
    }

    /// A1, A3
    #[test]
    fn made_up_claims_are_believed_only_when_they_say_enough() {
        assert_eq!(play("token", token), (4, 11));
    }
}
