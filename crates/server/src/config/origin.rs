//! Whose web pages may open WebSockets.

use std::collections::BTreeSet;
use std::str::FromStr;

use clap::Args;
use clap::builder::BoolishValueParser;
use hyper::Uri;

use super::ConfigError;

/// Which pages may use the server. Who is no browser sends no origin, and is not concerned.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
#[command(next_help_heading = "Origins")]
pub struct OriginConfig {
    /// Origins whose web pages may open WebSockets, as browsers write them and separated by commas:
    /// `https://app.example.com,https://example.org:8443`. Others are refused [default: none].
    #[arg(long, value_name = "ORIGINS")]
    pub allowed_origins: Option<OriginList>,

    /// Let the web pages of every origin open WebSockets to a secured server.
    #[arg(long, value_name = "BOOL", default_value_t = false)]
    #[arg(num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    #[arg(value_parser = BoolishValueParser::new(), action = clap::ArgAction::Set)]
    pub allow_any_origin: bool,
}

impl OriginConfig {
    pub(super) fn validate(&self) -> Result<(), ConfigError> {
        if self.allowed_origins.is_some() && self.allow_any_origin {
            return Err(ConfigError::Both("allowed_origins", "allow_any_origin"));
        }
        Ok(())
    }
}

/// Origins, each as a browser sends it, so that comparing is comparing bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OriginList(BTreeSet<String>);

/// Why a text is no list of origins.
#[derive(Debug, thiserror::Error)]
pub enum OriginError {
    /// All of them.
    #[error("* is no origin; allow_any_origin lets in all")]
    Any,
    /// Documents without an origin all say so: sandboxed frames, files, redirects.
    #[error("null is the origin of pages that have none, whoever wrote them")]
    Null,
    /// Not what a browser would send.
    #[error(
        "{0:?} is no origin as browsers write it, such as https://app.example.com or http://localhost:8080"
    )]
    Form(String),
}

impl OriginList {
    /// Is this origin in the list?
    pub fn holds(&self, origin: &str) -> bool {
        self.0.contains(origin)
    }
}

impl FromStr for OriginList {
    type Err = OriginError;

    fn from_str(text: &str) -> Result<Self, OriginError> {
        text.split(',').map(str::trim).map(checked).collect::<Result<_, _>>().map(Self)
    }
}

fn checked(text: &str) -> Result<String, OriginError> {
    match text {
        "*" => Err(OriginError::Any),
        "null" => Err(OriginError::Null),
        _ if is_as_sent(text) => Ok(text.to_owned()),
        _ => Err(OriginError::Form(text.to_owned())),
    }
}

/// The form of RFC 6454, section 6.2: in lower case, without a path, and without the port that the scheme implies.
fn is_as_sent(text: &str) -> bool {
    let Some((scheme, authority)) = text.split_once("://") else { return false };
    let usual_port = match scheme {
        "https" => 443,
        "http" => 80,
        _ => return false,
    };
    let Ok(uri) = text.parse::<Uri>() else { return false };
    uri.host().is_some_and(|host| !host.is_empty())
        && uri.port_u16() != Some(usual_port)
        && !text.bytes().any(|b| b.is_ascii_uppercase())
        && !authority.ends_with(':')
        && !authority.contains(['/', '?', '#', '@', '*'])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A11
    #[test]
    fn an_origin_is_written_as_browsers_send_it() {
        let list: OriginList =
            "https://app.example.com, http://localhost:8080,http://[::1]:3000".parse().unwrap();
        assert!(list.holds("http://localhost:8080") && list.holds("http://[::1]:3000"));
        for bad in [
            "*",
            "null",
            "",
            "app.example.com",
            "https://",
            "https://app.example.com/",
            "https://app.example.com:443",
            "http://app.example.com:80",
            "https://App.example.com",
            "https://*.example.com",
            "https://user@app.example.com",
            "https://app.example.com:",
            "https://app.example.com#x",
            "wss://app.example.com",
            "file://",
            "https://a.example,",
        ] {
            assert!(bad.parse::<OriginList>().is_err(), "{bad}");
        }
    }

    /// A13
    #[test]
    fn every_origin_is_let_in_only_by_name() {
        let config = OriginConfig {
            allowed_origins: Some("https://a.example".parse().unwrap()),
            allow_any_origin: true,
        };
        let message = config.validate().unwrap_err().to_string();
        assert_eq!(message, "allowed_origins and allow_any_origin must not both be set");
    }
}
