//! The keys that tokens are verified with, each bound to its one algorithm.

use std::sync::Arc;

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, PublicKeyUse};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey, Validation};

use super::AuthError;
use super::jwks::Jwks;
use crate::config::TokenAlgorithm;

/// Bytes of an uncompressed point on the curve P-384; on P-256 it is shorter.
const P384_POINT: usize = 97;

/// Where the key of a token comes from.
#[derive(Debug)]
pub(super) enum Keys {
    /// The one of the settings, whatever key a token names.
    Fixed(Arc<Key>),
    /// Those that the issuer publishes, by their ids.
    Published(Box<Jwks>),
}

impl Keys {
    /// The key that verifies a token whose header names `id`. An id is compared and nothing else: it never becomes
    /// part of a path, a query or an address (A2).
    pub(super) async fn find(&self, id: Option<&str>) -> Result<Arc<Key>, AuthError> {
        match self {
            Self::Fixed(key) => Ok(Arc::clone(key)),
            Self::Published(jwks) => jwks.find(id.ok_or(AuthError::Unauthenticated)?).await,
        }
    }
}

/// A key and the only algorithm it is for (A1): what a token's header says can refuse it, but choose nothing.
#[derive(Debug, Clone)]
pub(super) struct Key {
    pub(super) decoding: DecodingKey,
    pub(super) validation: Validation,
}

impl Key {
    /// Binds `decoding` to `wanted`, or to the usual algorithm of its kind; `None` when `wanted` is of another kind.
    pub(super) fn bind(decoding: DecodingKey, wanted: Option<Algorithm>) -> Option<Self> {
        let usual = usual_algorithm(&decoding);
        let algorithm = wanted.unwrap_or(usual);
        // Which hash belongs to an ECDSA key follows from its curve.
        let fits = algorithm.family() == usual.family()
            && (usual.family() != AlgorithmFamily::Ec || algorithm == usual);
        fits.then(|| Self { decoding, validation: signature_only(algorithm) })
    }

    /// The id of a published key, and the key, unless it is for something else or of a kind that is never published.
    pub(super) fn published(jwk: &Jwk, wanted: Option<Algorithm>) -> Option<(String, Self)> {
        let id = jwk.common.key_id.clone()?;
        let is_for_signatures =
            jwk.common.public_key_use.as_ref().is_none_or(|purpose| *purpose == PublicKeyUse::Signature);
        let is_usable = match &jwk.algorithm {
            AlgorithmParameters::RSA(_) => true,
            AlgorithmParameters::EllipticCurve(key) => {
                matches!(key.curve, EllipticCurve::P256 | EllipticCurve::P384)
            }
            AlgorithmParameters::OctetKeyPair(key) => key.curve == EllipticCurve::Ed25519,
            // A secret that everybody can fetch is none.
            _ => false,
        };
        if !is_for_signatures || !is_usable {
            return None;
        }
        let declared = match jwk.common.key_algorithm {
            Some(declared) => Some(Algorithm::try_from(declared).ok()?),
            None => None,
        };
        let conflict = wanted.is_some() && declared.is_some() && wanted != declared;
        let key = Self::bind(DecodingKey::from_jwk(jwk).ok()?, wanted.or(declared))?;
        (!conflict).then_some((id, key))
    }
}

/// The library verifies the signature with the one algorithm; the claims are checked by [`Claims`](super::claims),
/// with a clock of ours.
fn signature_only(algorithm: Algorithm) -> Validation {
    let mut validation = Validation::new(algorithm);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation
}

fn usual_algorithm(key: &DecodingKey) -> Algorithm {
    match key.family() {
        AlgorithmFamily::Hmac => Algorithm::HS256,
        AlgorithmFamily::Rsa => Algorithm::RS256,
        AlgorithmFamily::Ec if key.try_get_as_bytes().is_ok_and(|point| point.len() == P384_POINT) => {
            Algorithm::ES384
        }
        AlgorithmFamily::Ec => Algorithm::ES256,
        AlgorithmFamily::Ed => Algorithm::EdDSA,
    }
}

impl From<TokenAlgorithm> for Algorithm {
    fn from(algorithm: TokenAlgorithm) -> Self {
        match algorithm {
            TokenAlgorithm::HS256 => Self::HS256,
            TokenAlgorithm::HS384 => Self::HS384,
            TokenAlgorithm::HS512 => Self::HS512,
            TokenAlgorithm::RS256 => Self::RS256,
            TokenAlgorithm::RS384 => Self::RS384,
            TokenAlgorithm::RS512 => Self::RS512,
            TokenAlgorithm::PS256 => Self::PS256,
            TokenAlgorithm::PS384 => Self::PS384,
            TokenAlgorithm::PS512 => Self::PS512,
            TokenAlgorithm::ES256 => Self::ES256,
            TokenAlgorithm::ES384 => Self::ES384,
            TokenAlgorithm::EdDSA => Self::EdDSA,
        }
    }
}
