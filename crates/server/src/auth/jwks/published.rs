//! A set of published keys.

use std::collections::HashMap;
use std::sync::Arc;

use jsonwebtoken::Algorithm;
use jsonwebtoken::jwk::Jwk;
use serde::Deserialize;
use serde_json::Value;

use super::FetchError;
use crate::auth::keys::Key;

/// Keys of one set that are looked at; issuers publish two or three.
const MAX_KEYS: usize = 64;

/// Keys by their ids.
#[derive(Debug, Default)]
pub(super) struct Published {
    keys: HashMap<String, Arc<Key>>,
}

/// A set as RFC 7517, section 5, writes it. Keys of kinds that nobody here knows must not spoil the others.
#[derive(Debug, Deserialize)]
struct Document {
    keys: Vec<Value>,
}

impl Published {
    /// Reads a set. Keys that are for something else, or have no id, are left out.
    pub(super) fn read(body: &[u8], algorithm: Option<Algorithm>) -> Result<Self, FetchError> {
        let document: Document = serde_json::from_slice(body)?;
        let keys = document.keys.into_iter().take(MAX_KEYS);
        let usable = keys.filter_map(|key| {
            let jwk: Jwk = serde_json::from_value(key).ok()?;
            let (id, key) = Key::published(&jwk, algorithm)?;
            Some((id, Arc::new(key)))
        });
        Ok(Self { keys: usable.collect() })
    }

    pub(super) fn get(&self, id: &str) -> Option<&Arc<Key>> {
        self.keys.get(id)
    }

    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// RFC 8037, appendix A.2.
    const POINT: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";

    fn read(keys: &Value, algorithm: Option<Algorithm>) -> Published {
        Published::read(json!({ "keys": keys }).to_string().as_bytes(), algorithm).unwrap()
    }

    /// A1
    #[test]
    fn only_public_keys_for_signatures_are_taken() {
        let set = read(
            &json!([
                {"kid": "good", "kty": "OKP", "crv": "Ed25519", "x": POINT},
                {"kid": "for encryption", "use": "enc", "kty": "OKP", "crv": "Ed25519", "x": POINT},
                {"kid": "for another algorithm", "alg": "RS256", "kty": "OKP", "crv": "Ed25519", "x": POINT},
                {"kid": "secret", "kty": "oct", "k": "c2VjcmV0"},
                {"kid": "odd", "kty": "EC", "crv": "secp256k1", "x": "AA", "y": "AA"},
                {"kty": "OKP", "crv": "Ed25519", "x": POINT},
                "no key at all",
            ]),
            None,
        );
        assert_eq!(set.keys.keys().collect::<Vec<_>>(), ["good"]);
    }

    /// A1
    #[test]
    fn keys_for_other_algorithms_than_the_configured_one_are_left_out() {
        let keys = json!([{"kid": "1", "alg": "EdDSA", "kty": "OKP", "crv": "Ed25519", "x": POINT}]);
        assert_eq!(read(&keys, Some(Algorithm::EdDSA)).len(), 1);
        assert_eq!(read(&keys, Some(Algorithm::RS256)).len(), 0);
    }
}
