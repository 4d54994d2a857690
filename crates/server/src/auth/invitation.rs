//! Codes of invitations: given to somebody who is to become a member, kept by the store as a hash.

use super::code;

/// What a code begins with, so that people know what they have been sent.
const PREFIX: &str = "invitation-";

/// A code that was just made, with what the store keeps of it.
#[derive(Debug)]
pub(crate) struct InvitationCode {
    /// What its holder shows.
    pub(crate) text: String,
    /// Its SHA-256 in hexadecimal digits.
    pub(crate) fingerprint: String,
}

impl InvitationCode {
    /// A new one.
    pub(crate) fn new() -> Self {
        let text = code::random(PREFIX);
        Self { fingerprint: Self::fingerprint(&text), text }
    }

    /// What the store keeps of the code `text`, if it is one.
    pub(crate) fn fingerprint(text: &str) -> String {
        code::hexadecimal(&code::fingerprint(text))
    }
}
