//! Where a client comes from.

use std::net::{IpAddr, Ipv4Addr};

use axum::http::{Extensions, HeaderMap};

use super::forwarded;
use crate::config::ProxyConfig;
use crate::net::Peer;

/// Bits of an IPv6 address that count: a household or a machine has the others for itself.
const IPV6_BITS: u32 = 64;

/// Where a client comes from, as far as that can be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Client {
    address: IpAddr,
    /// Does a proxy that is trusted speak for it?
    is_proxied: bool,
}

/// The addresses that count as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Block {
    V4(u32),
    V6(u64),
}

impl Client {
    /// Who sent a request. Only a trusted proxy is believed about another address than its own (A12).
    pub(crate) fn of(proxies: &ProxyConfig, extensions: &Extensions, headers: &HeaderMap) -> Self {
        // A connection without a peer would be a fault of ours; it is counted with all others like it.
        let peer = extensions.get::<Peer>().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0);
        Self::from_peer(proxies, peer.to_canonical(), headers)
    }

    fn from_peer(proxies: &ProxyConfig, peer: IpAddr, headers: &HeaderMap) -> Self {
        let Some(trusted) = proxies.trusted_proxies.as_ref().filter(|trusted| trusted.holds(peer)) else {
            return Self { address: peer, is_proxied: false };
        };
        let mut address = peer;
        // Each proxy adds whom it heard from at the end. So from there on: as long as a trusted one is named, the
        // name before it is its word. What nobody can read ends the search, since whoever wrote it is not trusted.
        for named in forwarded::hops(proxies.proxy_header, headers) {
            let Some(named) = named else { break };
            address = named;
            if !trusted.holds(address) {
                break;
            }
        }
        Self { address, is_proxied: true }
    }

    /// The address.
    pub(crate) fn address(self) -> IpAddr {
        self.address
    }

    /// Is it counted by its address? Programs on this machine are not strangers, unless a proxy speaks for them.
    pub(super) fn is_counted(self) -> bool {
        self.is_proxied || !self.address.is_loopback()
    }

    pub(super) fn block(self) -> Block {
        match self.address {
            IpAddr::V4(address) => Block::V4(address.to_bits()),
            IpAddr::V6(address) => {
                let bits = address.to_bits() >> (u128::BITS - IPV6_BITS);
                // The upper half fits.
                Block::V6(u64::try_from(bits).unwrap_or(u64::MAX))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::ProxyHeader;

    fn proxies(trusted: &str, header: ProxyHeader) -> ProxyConfig {
        ProxyConfig { trusted_proxies: Some(trusted.parse().unwrap()), proxy_header: header }
    }

    fn client(proxies: &ProxyConfig, peer: &str, lines: &[(&'static str, &str)]) -> (String, bool) {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, value.parse().unwrap());
        }
        let client = Client::from_peer(proxies, peer.parse().unwrap(), &headers);
        (client.address.to_string(), client.is_proxied)
    }

    const X: &str = "x-forwarded-for";
    const F: &str = "forwarded";

    /// A12
    #[test]
    fn only_a_trusted_proxy_is_believed_and_only_in_the_header_of_the_settings() {
        let trusting = proxies("10.0.0.0/8,2001:db8:1::/48", ProxyHeader::XForwardedFor);
        let of = |peer: &str, lines: &[(&'static str, &str)]| client(&trusting, peer, lines);
        let proxied = |address: &str| (address.to_owned(), true);
        for lines in [&[(X, "203.0.113.9")][..], &[(F, "for=203.0.113.9")], &[]] {
            assert_eq!(of("198.51.100.1", lines), ("198.51.100.1".to_owned(), false), "{lines:?}");
        }
        assert_eq!(client(&ProxyConfig::default(), "10.0.0.1", &[(X, "203.0.113.9")]).0, "10.0.0.1");
        assert_eq!(of("10.0.0.1", &[]), proxied("10.0.0.1"));
        assert_eq!(of("10.0.0.1", &[(F, "for=203.0.113.9")]), proxied("10.0.0.1"));
        for (line, address) in [
            ("203.0.113.9", "203.0.113.9"),
            // What the client wrote stands before what the proxy added.
            ("192.0.2.1, 203.0.113.9", "203.0.113.9"),
            ("192.0.2.1,203.0.113.9 , 10.0.0.7", "203.0.113.9"),
            ("nonsense, 203.0.113.9", "203.0.113.9"),
            ("203.0.113.9:4711", "203.0.113.9"),
            ("[2001:db8::9]:4711", "2001:db8::9"),
            ("[2001:db8::9]", "2001:db8::9"),
            ("2001:db8::9", "2001:db8::9"),
            ("::ffff:203.0.113.9", "203.0.113.9"),
            ("127.0.0.1", "127.0.0.1"),
            // All trusted: the one that is farthest away.
            ("10.0.0.8, 10.0.0.7", "10.0.0.8"),
            // Nobody trusted wrote that, so whoever is nearer stands for it.
            ("203.0.113.9, nonsense", "10.0.0.1"),
            ("203.0.113.9, nonsense, 10.0.0.7", "10.0.0.7"),
            ("", "10.0.0.1"),
            (",", "10.0.0.1"),
            ("203.0.113.9, ", "10.0.0.1"),
            ("203.0.113.9:port", "10.0.0.1"),
            ("[203.0.113.9", "10.0.0.1"),
        ] {
            assert_eq!(of("10.0.0.1", &[(X, line)]), proxied(address), "{line}");
        }
        assert_eq!(of("10.0.0.1", &[(X, "192.0.2.1"), (X, "203.0.113.9")]), proxied("203.0.113.9"));
        assert_eq!(of("2001:db8:1::5", &[(X, "203.0.113.9")]), proxied("203.0.113.9"));
    }

    /// A12, RFC 7239
    #[test]
    fn the_standard_header_is_read_where_the_settings_say_so() {
        let trusting = proxies("10.0.0.0/8", ProxyHeader::Forwarded);
        for (line, address) in [
            ("for=203.0.113.9", "203.0.113.9"),
            ("For=\"203.0.113.9:4711\";proto=https;by=10.0.0.1", "203.0.113.9"),
            ("proto=https; FOR=\"[2001:db8::9]:4711\"", "2001:db8::9"),
            ("for=192.0.2.1, for=203.0.113.9, for=10.0.0.7", "203.0.113.9"),
            // A comma in quotes is no end of an element.
            ("for=192.0.2.1;host=\"a,for=192.0.2.2\", for=203.0.113.9", "203.0.113.9"),
            ("for=unknown", "10.0.0.1"),
            ("for=_hidden, for=10.0.0.7", "10.0.0.7"),
            ("proto=https", "10.0.0.1"),
            ("for=\"203.0.113.9", "10.0.0.1"),
        ] {
            assert_eq!(client(&trusting, "10.0.0.1", &[(F, line)]), (address.to_owned(), true), "{line}");
        }
        assert_eq!(client(&trusting, "10.0.0.1", &[(X, "203.0.113.9")]).0, "10.0.0.1");
    }

    #[test]
    fn the_addresses_of_one_household_count_together() {
        let block = |address: &str| Client { address: address.parse().unwrap(), is_proxied: false }.block();
        assert_eq!(block("2001:db8::1"), block("2001:db8::ffff:0:0:1"));
        assert_ne!(block("2001:db8::1"), block("2001:db8:0:1::1"));
        assert_ne!(block("192.0.2.1"), block("192.0.2.2"));
    }

    #[test]
    fn this_machine_is_no_stranger_unless_a_proxy_speaks_for_it() {
        let is_counted =
            |address: &str, is_proxied| Client { address: address.parse().unwrap(), is_proxied }.is_counted();
        assert!(!is_counted("127.0.0.1", false) && !is_counted("::1", false));
        assert!(is_counted("127.0.0.1", true) && is_counted("192.0.2.1", false));
    }
}
