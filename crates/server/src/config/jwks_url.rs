//! Where keys are published.

use std::convert::Infallible;
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use hyper::Uri;
use hyper::http::uri::Scheme;

use super::ConfigError;

/// The address of a set of keys. Its query may hold a secret, so `Debug` does not print it.
#[derive(Clone, PartialEq, Eq)]
pub struct JwksUrl(String);

/// Why a text is no address of keys.
#[derive(Debug, thiserror::Error)]
pub enum JwksUrlError {
    /// No URL with a scheme and a host.
    #[error("is no URL")]
    Syntax,
    /// Whoever is between could put in keys of their own.
    #[error("must begin with https://, or name a loopback address after http://")]
    Plain,
    /// A user or password, which would be sent to nobody.
    #[error("must not hold a user or password")]
    User,
}

impl JwksUrl {
    /// The address in its parts.
    ///
    /// # Errors
    /// [`JwksUrlError`] when it is none that keys are fetched from.
    pub fn uri(&self) -> Result<Uri, JwksUrlError> {
        let uri: Uri = self.0.parse().map_err(|_| JwksUrlError::Syntax)?;
        let (Some(scheme), Some(authority)) = (uri.scheme(), uri.authority()) else {
            return Err(JwksUrlError::Syntax);
        };
        if authority.as_str().contains('@') {
            return Err(JwksUrlError::User);
        }
        let is_safe = *scheme == Scheme::HTTPS || *scheme == Scheme::HTTP && is_loopback(authority.host());
        if is_safe { Ok(uri) } else { Err(JwksUrlError::Plain) }
    }

    pub(super) fn validate(&self) -> Result<(), ConfigError> {
        self.uri().map(drop).map_err(ConfigError::JwksUrl)
    }
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.to_canonical().is_loopback())
}

/// Takes any text: clap would print a refused one, so `AuthConfig::validate` judges.
impl FromStr for JwksUrl {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Debug for JwksUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(text: &str) -> Result<Uri, String> {
        let Ok(url) = text.parse::<JwksUrl>();
        url.uri().map_err(|error| error.to_string())
    }

    /// A13
    #[test]
    fn keys_are_fetched_where_nobody_can_replace_them_on_the_way() {
        for safe in [
            "https://id.example/keys?v=1",
            "http://127.0.0.1:80/k",
            "http://[::1]:8080/",
            "http://localhost/k",
        ] {
            judged(safe).unwrap();
        }
        for (unsafe_one, problem) in [
            ("http://id.example/keys", "must begin with https://"),
            ("http://localhost.example/keys", "must begin with https://"),
            ("ftp://id.example/keys", "must begin with https://"),
            ("https://user:password@id.example/keys", "must not hold"),
            ("id.example/keys", "is no URL"),
            ("/keys", "is no URL"),
            ("", "is no URL"),
        ] {
            let message = judged(unsafe_one).unwrap_err();
            assert!(message.starts_with(problem), "{unsafe_one}: {message}");
        }
    }
}
