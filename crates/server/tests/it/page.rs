//! The page that the binary carries in itself.

use collabd_loadgen::http::HttpResponse;
use hyper::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
    IF_NONE_MATCH,
};
use hyper::header::{HeaderMap, HeaderName, HeaderValue};

use crate::support::TestServer;

async fn get(server: &TestServer, path: &str) -> HttpResponse {
    server.http().get(path).await.expect("an answer")
}

fn header<'a>(headers: &'a HeaderMap, name: &HeaderName) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// The first file of the built page that its index names; none where the page was not built.
fn script_of(index: &str) -> Option<&str> {
    index.split('"').find(|part| part.starts_with("/assets/") && part.rsplit('.').next() == Some("js"))
}

#[tokio::test]
async fn every_place_of_the_page_is_the_page_and_nothing_else_is() {
    let server = TestServer::start();
    let index = get(&server, "/").await;
    assert_eq!(index.status.as_u16(), 200);
    assert_eq!(header(&index.headers, &CONTENT_TYPE), "text/html; charset=utf-8");
    assert_eq!(header(&index.headers, &CACHE_CONTROL), "no-cache");
    assert!(index.text().contains("<title>collabd</title>"));
    for path in ["/projects", "/projects/1", "/projects/1/documents/canvas", "/projects/1/documents/a%2Fb"] {
        assert_eq!(get(&server, path).await.body, index.body, "{path}");
    }
    for path in ["/index.html", "/nothing", "/assets/nothing.js", "/assets/..%2Findex.html", "/documents/1"] {
        assert_eq!(get(&server, path).await.status.as_u16(), 404, "{path}");
    }
    assert_eq!(get(&server, "/health").await.text(), r#"{"status":"ok"}"#);
}

/// A15
#[tokio::test]
async fn the_page_runs_what_comes_from_its_server_and_is_framed_by_nobody() {
    let server = TestServer::start();
    let index = get(&server, "/").await;
    let mut pages = vec!["/".to_owned(), "/projects/1".to_owned()];
    pages.extend(script_of(&index.text()).map(str::to_owned));
    for path in pages {
        let page = get(&server, &path).await;
        let policy = header(&page.headers, &CONTENT_SECURITY_POLICY);
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"), "{policy}");
        assert_eq!(page.headers["x-content-type-options"], "nosniff");
        assert_eq!(page.headers["referrer-policy"], "no-referrer");
    }
}

#[tokio::test]
async fn what_a_browser_has_is_not_sent_again() {
    let server = TestServer::start();
    let index = get(&server, "/").await;
    let known = index.headers[ETAG].clone();
    let again = server.http().with_header(IF_NONE_MATCH, known).get("/").await.expect("an answer");
    assert_eq!((again.status.as_u16(), again.body.len()), (304, 0));
    let other = HeaderValue::from_static("\"0000000000000000\"");
    let another = server.http().with_header(IF_NONE_MATCH, other).get("/").await.expect("an answer");
    assert_eq!(another.body, index.body);

    // The hash of what they hold is in the names of all other files.
    if let Some(script) = script_of(&index.text()) {
        assert_eq!(get(&server, script).await.headers[CACHE_CONTROL], "public, max-age=31536000, immutable");
    }
}

#[tokio::test]
async fn files_are_sent_compressed_to_those_who_understand_it() {
    let server = TestServer::start();
    let Some(script) = script_of(&get(&server, "/").await.text()).map(str::to_owned) else {
        return;
    };
    let plain = get(&server, &script).await;
    assert_eq!(header(&plain.headers, &CONTENT_ENCODING), "");
    for (accepted, encoding) in [("gzip, deflate, br", "br"), ("gzip", "gzip")] {
        let client = server.http().with_header(ACCEPT_ENCODING, HeaderValue::from_static(accepted));
        let small = client.get(&script).await.expect("an answer");
        assert_eq!(header(&small.headers, &CONTENT_ENCODING), encoding);
        assert!(small.body.len() * 2 < plain.body.len());
        assert_ne!(small.headers[ETAG], plain.headers[ETAG]);
    }
}

#[tokio::test]
async fn a_secured_server_shows_the_page_to_everybody() {
    let server = TestServer::start_with(&["--auth-secret", "0123456789abcdef0123456789abcdef-of-the-page"]);
    assert_eq!(get(&server, "/").await.status.as_u16(), 200);
    assert_eq!(get(&server, "/projects/1").await.status.as_u16(), 200);
}
