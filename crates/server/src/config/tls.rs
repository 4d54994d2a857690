//! Encryption of what clients reach.

use std::path::PathBuf;

use clap::Args;

use super::ConfigError;

/// TLS on the public listener: with both files, or without it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
#[command(next_help_heading = "TLS")]
pub struct TlsConfig {
    /// PEM file with the certificate of this server, and those between it and its authority. Clients then connect with
    /// https and wss. A changed file is noticed [default: none].
    #[arg(id = "tls_certificate_file", long = "tls-certificate-file", value_name = "FILE")]
    pub certificate_file: Option<PathBuf>,

    /// PEM file with the private key of that certificate, not encrypted [default: none].
    #[arg(id = "tls_key_file", long = "tls-key-file", value_name = "FILE")]
    pub key_file: Option<PathBuf>,
}

impl TlsConfig {
    pub(super) fn validate(&self) -> Result<(), ConfigError> {
        const CERTIFICATE: &str = "tls_certificate_file";
        const KEY: &str = "tls_key_file";
        for (setting, file) in [(CERTIFICATE, &self.certificate_file), (KEY, &self.key_file)] {
            if file.as_ref().is_some_and(|path| path.as_os_str().is_empty()) {
                return Err(ConfigError::EmptyPath(setting));
            }
        }
        match (&self.certificate_file, &self.key_file) {
            (Some(_), None) => Err(ConfigError::Alone { missing: KEY, beside: CERTIFICATE }),
            (None, Some(_)) => Err(ConfigError::Alone { missing: CERTIFICATE, beside: KEY }),
            _ => Ok(()),
        }
    }

    /// Do clients connect with TLS?
    pub fn is_on(&self) -> bool {
        self.certificate_file.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_needs_its_key_and_a_key_its_certificate() {
        TlsConfig::default().validate().unwrap();
        let both = TlsConfig { certificate_file: Some("a".into()), key_file: Some("b".into()) };
        both.validate().unwrap();
        let alone = TlsConfig { key_file: None, ..both.clone() };
        let said = alone.validate().unwrap_err().to_string();
        assert_eq!(said, "tls_key_file must be set beside tls_certificate_file");
        let alone = TlsConfig { certificate_file: None, ..both };
        let said = alone.validate().unwrap_err().to_string();
        assert_eq!(said, "tls_certificate_file must be set beside tls_key_file");
    }
}
