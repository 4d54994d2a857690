//! Which machines speak for others.

use std::net::IpAddr;
use std::str::FromStr;

use clap::{Args, ValueEnum};

/// The proxies in front of the server, and where they say for whom they speak.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
#[command(next_help_heading = "Proxies")]
pub struct ProxyConfig {
    /// Addresses and networks of proxies whose word about the client's address is believed, separated by commas:
    /// `10.0.0.0/8,192.0.2.7,2001:db8::/32`. Nobody else's is [default: none].
    #[arg(long, value_name = "ADDRESSES")]
    pub trusted_proxies: Option<ProxyList>,

    /// Header in which these proxies name the client's address. The other one is ignored: a proxy passes on what it
    /// does not know, whoever wrote it.
    #[arg(long, value_name = "HEADER", value_enum, default_value_t = ProxyHeader::default())]
    pub proxy_header: ProxyHeader,
}

/// Where proxies name the client.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum ProxyHeader {
    /// The header that most proxies write.
    #[default]
    XForwardedFor,
    /// The header of RFC 7239.
    Forwarded,
}

/// Addresses and networks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProxyList(Vec<Network>);

/// An address with the number of its bits that count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Network {
    address: IpAddr,
    bits: u32,
}

/// Why a text is no list of proxies.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} is no IP address or network, such as 192.0.2.7 or 10.0.0.0/8")]
pub struct ProxyError(String);

impl ProxyList {
    /// Is `address`, in its canonical form, one of them?
    pub fn holds(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.holds(address))
    }
}

impl FromStr for ProxyList {
    type Err = ProxyError;

    fn from_str(text: &str) -> Result<Self, ProxyError> {
        text.split(',').map(str::trim).map(str::parse).collect::<Result<_, _>>().map(Self)
    }
}

impl Network {
    fn holds(self, address: IpAddr) -> bool {
        match (self.address, address) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                ((own.to_bits() ^ other.to_bits()).leading_zeros()) >= self.bits
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                ((own.to_bits() ^ other.to_bits()).leading_zeros()) >= self.bits
            }
            _ => false,
        }
    }
}

impl FromStr for Network {
    type Err = ProxyError;

    fn from_str(text: &str) -> Result<Self, ProxyError> {
        let error = || ProxyError(text.to_owned());
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| error())?;
        let all = if address.is_ipv4() { 32 } else { 128 };
        // A sign would be read as part of the number.
        let bits = match bits {
            Some(bits) if bits.bytes().all(|b| b.is_ascii_digit()) => bits.parse().map_err(|_| error())?,
            Some(_) => return Err(error()),
            None => all,
        };
        if bits > all { Err(error()) } else { Ok(Self { address, bits }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(list: &str, address: &str) -> bool {
        list.parse::<ProxyList>().unwrap().holds(address.parse().unwrap())
    }

    /// A12
    #[test]
    fn a_network_holds_the_addresses_that_begin_like_it() {
        let list = "192.0.2.7, 10.0.0.0/8,2001:db8::/33";
        for inside in ["192.0.2.7", "10.0.0.0", "10.255.255.255", "2001:db8::1", "2001:db8:7fff::"] {
            assert!(holds(list, inside), "{inside}");
        }
        for outside in ["192.0.2.6", "11.0.0.0", "9.255.255.255", "2001:db8:8000::", "2001:db9::", "::1"] {
            assert!(!holds(list, outside), "{outside}");
        }
        assert!(holds("0.0.0.0/0", "203.0.113.9") && !holds("0.0.0.0/0", "::1"));
        assert!(holds("::/0", "::1"));
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for bad in [
            "",
            "10.0.0.0/33",
            "::/129",
            "10.0.0.0/",
            "10.0.0.0/+8",
            "10/8",
            "proxy.example",
            "10.0.0.1,",
            "*",
        ] {
            let error = bad.parse::<ProxyList>().unwrap_err().to_string();
            assert!(error.contains("is no IP address"), "{bad}: {error}");
        }
    }
}
