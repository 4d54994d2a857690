//! The web page, which the binary carries in itself. It holds nothing of any project, so everybody may have it; what it
//! shows, it asks for with its user's access.

mod assets;

use axum::Router;
use axum::extract::Path;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
    IF_NONE_MATCH, REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use self::assets::{Asset, Representation};
use crate::app::App;

/// Whatever the page needs comes from this server, and nobody may put the page into another one. Nothing is inline: what
/// somebody manages to write into the page is neither run nor styled.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// For files with a hash of what they hold in their names.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// For all others: may be kept, and is asked for again each time.
const ASK_AGAIN: &str = "no-cache";

/// The paths of the workspace that a person may open or reload.
pub(crate) fn workspace() -> Router<App> {
    Router::new()
        .route("/", get(index))
        .route("/projects", get(index))
        .route("/projects/{*place}", get(index))
}

/// The same of the dashboard, which is of use where there are metrics.
pub(crate) fn dashboard() -> Router<App> {
    Router::new().route("/dashboard", get(index)).route("/dashboard/{*place}", get(index))
}

/// The files of both.
pub(crate) fn assets() -> Router<App> {
    Router::new().route("/assets/{name}", get(asset))
}

/// The page, whichever of its places is meant: it looks at the address itself.
async fn index(headers: HeaderMap) -> Response {
    Asset::find("index.html").map_or_else(not_found, |page| answer(page, &headers, ASK_AGAIN))
}

async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Response {
    Asset::find(&format!("assets/{name}")).map_or_else(not_found, |asset| answer(asset, &headers, FOR_EVER))
}

fn not_found() -> Response {
    StatusCode::NOT_FOUND.into_response()
}

fn answer(asset: &'static Asset, request: &HeaderMap, caching: &'static str) -> Response {
    let form = asset.representation(text(request, &ACCEPT_ENCODING));
    let tag = form.tag();
    let is_known = tag.as_ref().is_some_and(|tag| names(text(request, &IF_NONE_MATCH), tag));
    let mut response =
        if is_known { StatusCode::NOT_MODIFIED.into_response() } else { form.bytes.into_response() };
    describe(response.headers_mut(), asset, form, tag, caching);
    response
}

fn describe(
    headers: &mut HeaderMap,
    asset: &Asset,
    form: Representation,
    tag: Option<HeaderValue>,
    caching: &'static str,
) {
    let fixed = [
        (CONTENT_TYPE, asset.content_type()),
        (CACHE_CONTROL, caching),
        (VARY, "accept-encoding"),
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Some(encoding) = form.encoding {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    if let Some(tag) = tag {
        headers.insert(ETAG, tag);
    }
}

/// A header as text; empty when it is not there.
fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// Is `tag` one of an `If-None-Match`?
fn names(known: &str, tag: &HeaderValue) -> bool {
    known.split(',').any(|one| one.trim().trim_start_matches("W/").as_bytes() == tag.as_bytes())
}
