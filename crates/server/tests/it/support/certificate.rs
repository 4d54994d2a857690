//! Certificates for a server of tests, in files as an operator keeps them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use tempfile::TempDir;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::{ClientConfig, RootCertStore, SupportedProtocolVersion, crypto, version};

/// A certificate of `localhost` and its key.
pub(crate) struct TestCertificate {
    certificate: rcgen::Certificate,
    key: KeyPair,
}

impl TestCertificate {
    /// One that ends in this year.
    pub(crate) fn until(year: i32) -> Self {
        let mut params = CertificateParams::new(vec!["localhost".to_owned()]).expect("a name");
        params.not_after = date_time_ymd(year, 1, 1);
        let key = KeyPair::generate().expect("a key");
        Self { certificate: params.self_signed(&key).expect("a certificate"), key }
    }

    pub(crate) fn pem(&self) -> String {
        self.certificate.pem()
    }

    pub(crate) fn key_pem(&self) -> String {
        self.key.serialize_pem()
    }

    pub(crate) fn der(&self) -> CertificateDer<'static> {
        self.certificate.der().clone()
    }

    /// A client that believes this certificate alone, and asks for HTTP.
    pub(crate) fn trusted(&self) -> Arc<ClientConfig> {
        self.trusted_with(&[&version::TLS13, &version::TLS12])
    }

    /// The same with these versions of TLS alone.
    pub(crate) fn trusted_with(&self, versions: &[&'static SupportedProtocolVersion]) -> Arc<ClientConfig> {
        let mut roots = RootCertStore::empty();
        roots.add(self.der()).expect("a certificate");
        let mut config = ClientConfig::builder_with_provider(Arc::new(crypto::aws_lc_rs::default_provider()))
            .with_protocol_versions(versions)
            .expect("versions")
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Arc::new(config)
    }
}

/// Two files, which may be written anew.
pub(crate) struct CertificateFiles(TempDir);

impl CertificateFiles {
    pub(crate) fn of(certificate: &TestCertificate) -> Self {
        let files = Self(TempDir::new().expect("a directory"));
        files.write(&certificate.pem(), &certificate.key_pem());
        files
    }

    pub(crate) fn write(&self, certificate: &str, key: &str) {
        std::fs::write(self.certificate(), certificate).expect("a file");
        std::fs::write(self.key(), key).expect("a file");
    }

    pub(crate) fn flags(&self) -> [String; 2] {
        let flag = |name, path: PathBuf| format!("--tls-{name}-file={}", path.display());
        [flag("certificate", self.certificate()), flag("key", self.key())]
    }

    fn path(&self, name: &str) -> PathBuf {
        Path::new(self.0.path()).join(name)
    }

    fn certificate(&self) -> PathBuf {
        self.path("certificate.pem")
    }

    fn key(&self) -> PathBuf {
        self.path("key.pem")
    }
}
