//! The two headers in which proxies say for whom they speak.

use std::net::{IpAddr, SocketAddr};

use axum::http::HeaderMap;

use crate::config::ProxyHeader;

/// The addresses that `header` names, the last one first; `None` for what is none.
pub(super) fn hops(header: ProxyHeader, headers: &HeaderMap) -> impl Iterator<Item = Option<IpAddr>> {
    let (name, parse): (_, fn(&str) -> Option<IpAddr>) = match header {
        ProxyHeader::XForwardedFor => ("x-forwarded-for", address),
        ProxyHeader::Forwarded => ("forwarded", element),
    };
    let lines: Vec<_> = headers.get_all(name).iter().map(|line| line.to_str().unwrap_or_default()).collect();
    lines.into_iter().rev().flat_map(move |line| {
        let hops: Vec<_> = parts(line, ',').into_iter().map(parse).collect();
        hops.into_iter().rev()
    })
}

/// What lies between separators that are not in quotes.
fn parts(text: &str, separator: char) -> Vec<&str> {
    let mut is_quoted = false;
    text.split(move |character| {
        is_quoted ^= character == '"';
        character == separator && !is_quoted
    })
    .map(str::trim)
    .collect()
}

/// The address in one element of RFC 7239.
fn element(text: &str) -> Option<IpAddr> {
    parts(text, ';').into_iter().find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        let value = match value.strip_prefix('"') {
            Some(quoted) => quoted.strip_suffix('"')?,
            None => value,
        };
        name.trim().eq_ignore_ascii_case("for").then(|| address(value))?
    })
}

/// An address as proxies write it: plain, in brackets, with or without a port.
fn address(text: &str) -> Option<IpAddr> {
    let plain = || text.parse().ok();
    let bracketed = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    let with_port = || text.parse().ok().map(|address: SocketAddr| address.ip());
    plain().or_else(bracketed).or_else(with_port).map(|address: IpAddr| address.to_canonical())
}
