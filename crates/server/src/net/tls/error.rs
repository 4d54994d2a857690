//! Why there can be no TLS.

use std::io;
use std::path::PathBuf;

use jiff::Timestamp;
use tokio_rustls::rustls;

/// Why there can be no TLS with these files. The display is one line that names the setting and never a key.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read.
    #[error("{setting} ({}) cannot be read: {source}", .path.display())]
    File {
        /// Which setting names it.
        setting: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file without a certificate, or with one that cannot be understood.
    #[error("tls_certificate_file ({}) holds no certificate in PEM", .0.display())]
    NoCertificate(PathBuf),
    /// A certificate that clients no longer believe.
    #[error("tls_certificate_file ({}) holds a certificate that expired at {at}", .path.display())]
    Expired {
        /// The file.
        path: PathBuf,
        /// Since when.
        at: Timestamp,
    },
    /// A file without a private key.
    #[error("tls_key_file ({}) holds no private key in PEM (PKCS #8, PKCS #1 or SEC 1)", .0.display())]
    NoKey(PathBuf),
    /// A private key that nobody can use without its password.
    #[error("tls_key_file ({}) is encrypted, and nobody is there to be asked for its password", .0.display())]
    EncryptedKey(PathBuf),
    /// A key of another certificate.
    #[error("tls_key_file ({}) is not the key of the certificate in tls_certificate_file", .0.display())]
    OtherKey(PathBuf),
    /// The library refuses what it was given.
    #[error("tls_certificate_file and tls_key_file cannot be used: {0}")]
    Unusable(#[source] rustls::Error),
}
