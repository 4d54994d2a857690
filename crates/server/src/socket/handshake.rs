//! Is a request one that a WebSocket may come of (RFC 6455, section 4.2.1), and what is it answered?
//!
//! Whatever leaves open what is meant is refused: a proxy may have understood it otherwise. That are two hosts, keys or
//! versions, and a body, whose bytes would be frames to us and the body to the proxy, or the other way round.

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{
    CONNECTION, CONTENT_LENGTH, HOST, HeaderName, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY,
    SEC_WEBSOCKET_VERSION, TRANSFER_ENCODING, UPGRADE,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Version};
use axum::response::Response;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use super::UpgradeError;

/// Letters of a key before the two marks that end it: 16 bytes in base64.
const KEY_LETTERS: usize = 22;

/// The answer that switches to a WebSocket; no extension is ever in it.
pub(super) fn answer(request: &Request) -> Result<Response, UpgradeError> {
    let key = check(request)?;
    let accept = HeaderValue::try_from(derive_accept_key(key)).map_err(|_| UpgradeError::NotAnUpgrade)?;
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = response.headers_mut();
    headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(SEC_WEBSOCKET_ACCEPT, accept);
    Ok(response)
}

/// The key of a request that is an upgrade.
fn check(request: &Request) -> Result<&[u8], UpgradeError> {
    let headers = request.headers();
    if request.method() != Method::GET {
        return Err(UpgradeError::Method);
    }
    let is_upgrade = request.version() == Version::HTTP_11
        && names(headers, &CONNECTION, "upgrade")
        && names(headers, &UPGRADE, "websocket")
        && only(headers, &HOST).is_some()
        && !has_body(headers);
    if !is_upgrade {
        return Err(UpgradeError::NotAnUpgrade);
    }
    if only(headers, &SEC_WEBSOCKET_VERSION).is_none_or(|version| version != b"13") {
        return Err(UpgradeError::Version);
    }
    only(headers, &SEC_WEBSOCKET_KEY).filter(|key| is_key(key)).ok_or(UpgradeError::NotAnUpgrade)
}

/// Is this word in the list that all lines of the header are together?
fn names(headers: &HeaderMap, header: &HeaderName, word: &str) -> bool {
    let lines = headers.get_all(header).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|named| named.trim().eq_ignore_ascii_case(word))
}

/// The value of a header that is there once.
fn only<'a>(headers: &'a HeaderMap, header: &HeaderName) -> Option<&'a [u8]> {
    let mut lines = headers.get_all(header).iter();
    lines.next().filter(|_| lines.next().is_none()).map(HeaderValue::as_bytes)
}

fn has_body(headers: &HeaderMap) -> bool {
    headers.contains_key(TRANSFER_ENCODING)
        || headers.get_all(CONTENT_LENGTH).iter().any(|length| length.as_bytes() != b"0")
}

fn is_key(key: &[u8]) -> bool {
    key.strip_suffix(b"==").is_some_and(|letters| {
        letters.len() == KEY_LETTERS
            && letters.iter().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, b'+' | b'/'))
    })
}

/// The answer, if there is one, to whoever has no socket to open.
#[cfg(any(test, fuzzing))]
pub(crate) fn handshake(request: &Request) -> Option<Response> {
    answer(request).ok()
}
