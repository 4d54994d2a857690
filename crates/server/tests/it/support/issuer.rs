//! Who issues tokens: keys of every kind, made when they are needed, and what they sign.

use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RsaKeyPair,
};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use collabd_loadgen::http::HttpClient;
use hyper::header::{AUTHORIZATION, HeaderValue};
use jiff::Timestamp;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header};
use serde_json::{Value, json};

use super::TestServer;

/// The secret of most secured servers here.
pub(crate) const SECRET: &str = "a secret of the tests, long enough to be one";

/// One key and its algorithm.
pub(crate) struct Issuer {
    algorithm: Algorithm,
    signing: EncodingKey,
    /// The public key as X.509 has it; empty for a secret.
    public: Vec<u8>,
}

/// Claims of `user` that a server with default settings takes for an hour, with these roles by project.
pub(crate) fn claims(user: &str, projects: &Value) -> Value {
    let expires = Timestamp::now().as_second() + 3600;
    json!({ "sub": user, "name": format!("Token of {user}"), "aud": "collabd", "exp": expires, "projects": projects })
}

impl Issuer {
    /// One that shares [`SECRET`].
    pub(crate) fn secret() -> Self {
        let signing = EncodingKey::from_secret(SECRET.as_bytes());
        Self { algorithm: Algorithm::HS256, signing, public: Vec::new() }
    }

    pub(crate) fn rsa() -> Self {
        let pair = RsaKeyPair::generate(KeySize::Rsa2048).expect("a key");
        let public: PublicKeyX509Der<'_> = pair.public_key().as_der().expect("a key");
        let private: Pkcs8V1Der<'_> = pair.as_der().expect("a key");
        let signing =
            EncodingKey::from_rsa_pem(pem("PRIVATE KEY", private.as_ref()).as_bytes()).expect("a key");
        Self { algorithm: Algorithm::RS256, signing, public: public.as_ref().to_vec() }
    }

    pub(crate) fn ecdsa() -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("a key");
        let public: PublicKeyX509Der<'_> = pair.public_key().as_der().expect("a key");
        let private = pair.to_pkcs8v1().expect("a key");
        let signing = EncodingKey::from_ec_der(private.as_ref());
        Self { algorithm: Algorithm::ES256, signing, public: public.as_ref().to_vec() }
    }

    pub(crate) fn ed25519() -> Self {
        let pair = Ed25519KeyPair::generate().expect("a key");
        let public: PublicKeyX509Der<'_> = pair.public_key().as_der().expect("a key");
        let private = pair.to_pkcs8v1().expect("a key");
        let signing = EncodingKey::from_ed_der(private.as_ref());
        Self { algorithm: Algorithm::EdDSA, signing, public: public.as_ref().to_vec() }
    }

    /// The public key as a file holds it.
    pub(crate) fn public_pem(&self) -> String {
        pem("PUBLIC KEY", &self.public)
    }

    pub(crate) fn public_der(&self) -> &[u8] {
        &self.public
    }

    /// The last part of a token with this message, signed with an algorithm of the key's kind.
    pub(crate) fn signature(&self, algorithm: &str, message: &str) -> String {
        let algorithm = algorithm.parse().expect("an algorithm");
        jsonwebtoken::crypto::sign(message.as_bytes(), &self.signing, algorithm).expect("a signature")
    }

    /// The public key as it is published.
    pub(crate) fn published(&self, id: &str) -> Value {
        let text = self.public_pem();
        let key = match self.algorithm {
            Algorithm::RS256 => DecodingKey::from_rsa_pem(text.as_bytes()),
            Algorithm::ES256 => DecodingKey::from_ec_pem(text.as_bytes()),
            _ => DecodingKey::from_ed_pem(text.as_bytes()),
        };
        let mut jwk = Jwk::from_decoding_key(&key.expect("a key"), Some(self.algorithm)).expect("a key");
        jwk.common.key_id = Some(id.to_owned());
        serde_json::to_value(jwk).expect("JSON")
    }

    /// A token with these claims.
    pub(crate) fn sign(&self, claims: &Value) -> String {
        self.sign_under(&Header::new(self.algorithm), claims)
    }

    /// A token that names its key.
    pub(crate) fn sign_as(&self, id: &str, claims: &Value) -> String {
        self.sign_under(&Header { kid: Some(id.to_owned()), ..Header::new(self.algorithm) }, claims)
    }

    fn sign_under(&self, header: &Header, claims: &Value) -> String {
        jsonwebtoken::encode(header, claims, &self.signing).expect("a token")
    }

    /// A token of `user` in one project.
    pub(crate) fn token(&self, user: &str, project: i32, role: &str) -> String {
        self.sign(&claims(user, &json!({ project.to_string(): role })))
    }

    /// A client of GraphQL as `user`, who has this role in one project.
    pub(crate) fn http(&self, server: &TestServer, user: &str, project: i32, role: &str) -> HttpClient {
        let header = format!("Bearer {}", self.token(user, project, role));
        server.http().with_header(AUTHORIZATION, HeaderValue::try_from(header).expect("a header"))
    }
}

/// A part of a token.
pub(crate) fn base64url(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn pem(label: &str, der: &[u8]) -> String {
    let mut text = format!("-----BEGIN {label}-----\n");
    for line in STANDARD.encode(der).as_bytes().chunks(64) {
        text.push_str(&String::from_utf8_lossy(line));
        text.push('\n');
    }
    format!("{text}-----END {label}-----\n")
}
