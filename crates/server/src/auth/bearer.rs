//! The token of an HTTP request.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;

use super::AuthError;

/// What stands before a token (RFC 6750, section 2.1).
const SCHEME: &str = "bearer";

/// The token in the `Authorization` header; `None` when there is no such header.
///
/// # Errors
/// [`AuthError::Unauthenticated`] for a header of another scheme, and for two: which of them counts would be a guess.
pub(crate) fn bearer(headers: &HeaderMap) -> Result<Option<&str>, AuthError> {
    let mut lines = headers.get_all(AUTHORIZATION).iter();
    let Some(line) = lines.next() else { return Ok(None) };
    let token = line.to_str().ok().and_then(|line| line.split_once(' ')).filter(|_| lines.next().is_none());
    match token {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case(SCHEME) => Ok(Some(token.trim())),
        _ => Err(AuthError::Unauthenticated),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(lines: &[&'static str]) -> Result<Option<String>, AuthError> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(AUTHORIZATION, line.parse().unwrap());
        }
        bearer(&headers).map(|token| token.map(str::to_owned))
    }

    #[test]
    fn a_token_comes_after_the_word_bearer_in_the_one_header() {
        assert_eq!(of(&[]), Ok(None));
        for line in ["Bearer a.b.c", "bearer a.b.c", "BEARER  a.b.c"] {
            assert_eq!(of(&[line]), Ok(Some("a.b.c".to_owned())), "{line}");
        }
        for lines in [&["Basic YTpi"][..], &["Bearer"], &["a.b.c"], &["Bearer a", "Bearer a"]] {
            assert_eq!(of(lines), Err(AuthError::Unauthenticated), "{lines:?}");
        }
    }
}
