//! Where the server listens, and for whom.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use clap::Args;
use clap::builder::BoolishValueParser;

use super::ConfigError;

/// Listeners and who may use them.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(next_help_heading = "Listening")]
pub struct ListenConfig {
    /// Address and port for clients; port 0 takes a free one.
    #[arg(id = "listen", long = "listen", value_name = "ADDRESS", default_value_t = Self::default().address)]
    pub address: SocketAddr,

    /// Second address for health, metrics and state, which answers even when the first is out of descriptors
    /// [default: none].
    #[arg(id = "admin_listen", long = "admin-listen", value_name = "ADDRESS")]
    pub admin_address: Option<SocketAddr>,

    /// Serve other machines although nobody is authenticated: whoever can connect may read and write every
    /// project. Without it only loopback addresses are allowed.
    #[arg(long, value_name = "BOOL", default_value_t = Self::default().allow_unauthenticated)]
    #[arg(num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    #[arg(value_parser = BoolishValueParser::new(), action = clap::ArgAction::Set)]
    pub allow_unauthenticated: bool,

    /// Offer the GraphQL explorer and introspection [default: true exactly when listening on loopback].
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    #[arg(value_parser = BoolishValueParser::new())]
    pub development: Option<bool>,
}

impl Default for ListenConfig {
    fn default() -> Self {
        Self {
            address: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 3000),
            admin_address: None,
            allow_unauthenticated: false,
            development: None,
        }
    }
}

impl ListenConfig {
    /// Are the GraphQL explorer and introspection offered?
    pub fn is_development(&self) -> bool {
        self.development.unwrap_or_else(|| is_loopback(self.address))
    }

    /// Checks the addresses. Tokens protect what clients reach; on the admin listener nobody shows one.
    pub(super) fn validate(&self, is_secured: bool) -> Result<(), ConfigError> {
        let open = (!is_secured).then_some(self.address);
        let listeners = [("listen", open), ("admin_listen", self.admin_address)];
        for (setting, address) in listeners {
            if let Some(address) = address
                && !self.allow_unauthenticated
                && !is_loopback(address)
            {
                return Err(ConfigError::Exposed { setting, address });
            }
        }
        // Port 0 is a different free port each time.
        if self.admin_address == Some(self.address) && self.address.port() != 0 {
            return Err(ConfigError::SameAddress(self.address));
        }
        Ok(())
    }
}

/// Can only this machine connect? An IPv4 address in IPv6 clothes is judged as IPv4.
fn is_loopback(address: SocketAddr) -> bool {
    address.ip().to_canonical().is_loopback()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listening_on(address: &str) -> ListenConfig {
        ListenConfig { address: address.parse().unwrap(), ..ListenConfig::default() }
    }

    #[test]
    fn other_machines_are_served_only_on_request() {
        for safe in ["127.0.0.1:3000", "127.8.8.8:1", "[::1]:3000", "[::ffff:127.0.0.1]:3000"] {
            listening_on(safe).validate(false).unwrap();
        }
        for exposed in ["0.0.0.0:3000", "[::]:3000", "192.168.1.2:3000", "[::ffff:10.0.0.1]:3000"] {
            let mut config = listening_on(exposed);
            let error = config.validate(false).unwrap_err();
            assert!(error.to_string().starts_with(&format!("listen ({exposed}) is reachable")), "{error}");
            config.allow_unauthenticated = true;
            config.validate(false).unwrap();
        }
    }

    #[test]
    fn the_admin_listener_is_held_to_the_same_rule() {
        let mut config = listening_on("127.0.0.1:3000");
        config.admin_address = Some("0.0.0.0:3001".parse().unwrap());
        assert!(matches!(config.validate(false), Err(ConfigError::Exposed { setting: "admin_listen", .. })));
    }

    /// A13
    #[test]
    fn tokens_open_the_public_listener_to_other_machines_but_not_the_admin_one() {
        let mut config = listening_on("0.0.0.0:3000");
        config.validate(true).unwrap();
        config.admin_address = Some("0.0.0.0:3001".parse().unwrap());
        assert!(matches!(config.validate(true), Err(ConfigError::Exposed { setting: "admin_listen", .. })));
    }

    #[test]
    fn two_listeners_need_two_addresses() {
        let mut config = listening_on("127.0.0.1:3000");
        config.admin_address = Some(config.address);
        assert_eq!(
            config.validate(false).unwrap_err().to_string(),
            "admin_listen (127.0.0.1:3000) must not be the address of listen"
        );
        config.address.set_port(0);
        config.admin_address = Some(config.address);
        config.validate(false).unwrap();
    }

    #[test]
    fn development_follows_the_address_until_it_is_set() {
        assert!(listening_on("127.0.0.1:3000").is_development());
        assert!(!listening_on("0.0.0.0:3000").is_development());
        let forced = ListenConfig { development: Some(true), ..listening_on("0.0.0.0:3000") };
        assert!(forced.is_development());
    }
}
