//! Whose web pages may open a WebSocket (A11). A browser lets any page connect to any server, with the server's own
//! cookies, and only says whose page it is.

use axum::http::HeaderMap;
use axum::http::header::{COOKIE, ORIGIN};

use crate::config::Config;

/// May a request with these headers open a WebSocket?
pub(crate) fn is_allowed(config: &Config, headers: &HeaderMap) -> bool {
    if !is_checked(config) {
        return true;
    }
    let mut origins = headers.get_all(ORIGIN).iter();
    match (origins.next(), origins.next()) {
        // No browser, unless it says something that only browsers say.
        (None, _) => !headers.contains_key(COOKIE),
        (Some(origin), None) => {
            let listed = config.origin.allowed_origins.as_ref();
            origin.to_str().is_ok_and(|origin| listed.is_some_and(|list| list.holds(origin)))
        }
        (Some(_), Some(_)) => false,
    }
}

/// Are origins looked at? In an open server only if there is a list; in a secured one unless all are let in by name.
pub(crate) fn is_checked(config: &Config) -> bool {
    let has_list = config.origin.allowed_origins.is_some();
    has_list || config.auth.is_secured() && !config.origin.allow_any_origin
}
