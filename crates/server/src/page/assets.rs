//! The files of the page, as the build script lists them.

use std::fmt::Write as _;

use aws_lc_rs::digest;
use axum::http::HeaderValue;

/// One file, and what of it the page's build has compressed.
#[derive(Debug)]
pub(super) struct Asset {
    /// Its path below the page's root.
    pub(super) name: &'static str,
    plain: &'static [u8],
    brotli: Option<&'static [u8]>,
    gzip: Option<&'static [u8]>,
}

static ASSETS: &[Asset] = include!(concat!(env!("OUT_DIR"), "/page.rs"));

/// Digits of an entity tag: 64 bits tell the versions of one file apart.
const TAG_BYTES: usize = 8;

/// What is sent of a file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Representation {
    pub(super) bytes: &'static [u8],
    /// The `Content-Encoding`; `None` for the file as it is.
    pub(super) encoding: Option<&'static str>,
}

impl Asset {
    /// The file with this name.
    pub(super) fn find(name: &str) -> Option<&'static Self> {
        ASSETS.iter().find(|asset| asset.name == name)
    }

    /// The smallest form that a client understands who says so with `accepted`, an `Accept-Encoding`.
    pub(super) fn representation(&self, accepted: &str) -> Representation {
        let forms = [("br", self.brotli), ("gzip", self.gzip)];
        forms
            .into_iter()
            .filter(|(encoding, _)| accepts(accepted, encoding))
            .find_map(|(encoding, bytes)| Some(Representation { bytes: bytes?, encoding: Some(encoding) }))
            .unwrap_or(Representation { bytes: self.plain, encoding: None })
    }

    /// What the file is.
    pub(super) fn content_type(&self) -> &'static str {
        match self.name.rsplit_once('.').map(|(_, extension)| extension) {
            Some("html") => "text/html; charset=utf-8",
            Some("js") => "text/javascript; charset=utf-8",
            Some("css") => "text/css; charset=utf-8",
            Some("svg") => "image/svg+xml",
            Some("woff2") => "font/woff2",
            _ => "application/octet-stream",
        }
    }
}

impl Representation {
    /// A tag that only these bytes have.
    pub(super) fn tag(&self) -> Option<HeaderValue> {
        let hash = digest::digest(&digest::SHA256, self.bytes);
        let mut tag = String::from('"');
        for byte in hash.as_ref().iter().take(TAG_BYTES) {
            write!(tag, "{byte:02x}").ok()?;
        }
        tag.push('"');
        HeaderValue::try_from(tag).ok()
    }
}

/// Does an `Accept-Encoding` name `encoding`, and not with a weight of 0?
fn accepts(accepted: &str, encoding: &str) -> bool {
    accepted.split(',').any(|offer| {
        let (name, weight) = offer.split_once(';').unwrap_or((offer, ""));
        let refused = weight.trim().strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0));
        name.trim().eq_ignore_ascii_case(encoding) && !refused
    })
}

#[cfg(test)]
mod tests {
    use super::{Asset, accepts};

    #[test]
    fn an_encoding_is_accepted_when_it_is_named_and_its_weight_is_not_zero() {
        assert!(accepts("gzip, deflate, br", "br"));
        assert!(accepts("gzip;q=0.5", "gzip"));
        assert!(accepts("GZIP", "gzip"));
        assert!(!accepts("gzip, br;q=0", "br"));
        assert!(!accepts("gzip, br; q=0.000", "br"));
        assert!(!accepts("brx", "br"));
        assert!(!accepts("", "br"));
    }

    #[test]
    fn what_is_sent_is_the_smallest_form_that_the_client_understands() {
        let asset = Asset { name: "assets/page.js", plain: b"plain", brotli: Some(b"br"), gzip: Some(b"gz") };
        assert_eq!(asset.representation("gzip, br").encoding, Some("br"));
        assert_eq!(asset.representation("gzip").bytes, b"gz");
        assert_eq!(asset.representation("identity").encoding, None);
        let tags = ["br", "gzip", ""].map(|accepted| asset.representation(accepted).tag());
        assert!(tags[0] != tags[1] && tags[1] != tags[2]);
    }

    #[test]
    fn there_is_always_a_page() {
        assert!(Asset::find("index.html").is_some());
        assert!(Asset::find("../Cargo.toml").is_none());
    }
}
