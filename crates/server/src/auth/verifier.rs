//! From a token to whom it names.

use jiff::Timestamp;
use jsonwebtoken::{Header, decode, decode_header};

use super::claims::{Claims, Expected};
use super::keys::Keys;
use super::{AuthError, Subject};

/// Bytes of a token; an HTTP header of the usual limits holds no more.
pub(crate) const MAX_TOKEN: usize = 8 * 1024;

/// What a token may call itself. Others are signed by the same keys for another purpose, such as logging out.
const TYPES: [&str; 3] = ["jwt", "at+jwt", "application/at+jwt"];

/// Verifies tokens.
#[derive(Debug)]
pub(crate) struct Verifier {
    pub(super) keys: Keys,
    pub(super) expected: Expected,
}

impl Verifier {
    /// Whom `token` names at the time `now`.
    ///
    /// # Errors
    /// [`AuthError`], which says as little as it can.
    pub(crate) async fn verify(&self, token: &str, now: Timestamp) -> Result<Subject, AuthError> {
        if token.len() > MAX_TOKEN {
            return Err(AuthError::Unauthenticated);
        }
        let header = decode_header(token).map_err(|_| AuthError::Unauthenticated)?;
        if !is_plain(&header) {
            return Err(AuthError::Unauthenticated);
        }
        let key = self.keys.find(header.kid.as_deref()).await?;
        let data = decode::<Claims>(token, &key.decoding, &key.validation)
            .map_err(|_| AuthError::Unauthenticated)?;
        data.claims.check(&self.expected, now)
    }
}

/// Nothing that would have to be understood (RFC 7515, section 4.1.11), and no other kind of token. Where else its key
/// might be found (`jku`, `x5u`, `jwk`) a token may say; nobody listens.
fn is_plain(header: &Header) -> bool {
    let is_token = header.typ.as_deref().is_none_or(|kind| TYPES.contains(&&*kind.to_ascii_lowercase()));
    is_token && header.crit.is_none()
}

/// One that believes what is signed with `secret` for `audience`.
#[cfg(any(test, fuzzing))]
pub(crate) fn fixed_verifier(secret: &[u8], audience: &str) -> Verifier {
    let key = super::keys::Key::bind(jsonwebtoken::DecodingKey::from_secret(secret), None);
    let key = key.unwrap_or_else(|| unreachable!("a secret has a usual algorithm"));
    let expected = Expected { issuer: None, audience: audience.to_owned() };
    Verifier { keys: Keys::Fixed(std::sync::Arc::new(key)), expected }
}
