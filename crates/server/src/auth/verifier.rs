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
pub(super) struct Verifier {
    pub(super) keys: Keys,
    pub(super) expected: Expected,
}

impl Verifier {
    /// Whom `token` names at the time `now`.
    ///
    /// # Errors
    /// [`AuthError`], which says as little as it can.
    pub(super) async fn verify(&self, token: &str, now: Timestamp) -> Result<Subject, AuthError> {
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
