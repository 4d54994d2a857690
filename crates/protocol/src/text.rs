//! Strings that clients choose: bounded, printable, cheap to share.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// Why a client-chosen string was refused. The display names the value's problem and the limit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing but white space.
    #[error("must not be empty")]
    Empty,
    /// More bytes of UTF-8 than the type allows.
    #[error("is {length} bytes long, the limit is {limit}")]
    TooLong {
        /// Bytes of the refused value.
        length: usize,
        /// Most bytes the type takes.
        limit: usize,
    },
    /// A control character (Unicode category Cc), which would corrupt logs and terminals.
    #[error("must not contain control characters")]
    ControlCharacter,
    /// Not `#RGB` or `#RRGGBB`.
    #[error("must be a colour written as #RGB or #RRGGBB")]
    NotAColor,
}

/// Checks what every client-chosen string must hold: something visible, bounded, no control characters.
pub(crate) fn check(value: &str, limit: usize) -> Result<(), TextError> {
    if value.trim().is_empty() {
        return Err(TextError::Empty);
    }
    if value.len() > limit {
        return Err(TextError::TooLong { length: value.len(), limit });
    }
    if value.chars().any(char::is_control) {
        return Err(TextError::ControlCharacter);
    }
    Ok(())
}

/// Defines a bounded string type: shared bytes inside, checked on every way in.
macro_rules! bounded_text {
    ($(#[$doc:meta])* $name:ident, $limit:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(type = "string"))]
        #[serde(try_from = "std::sync::Arc<str>", into = "std::sync::Arc<str>")]
        pub struct $name(std::sync::Arc<str>);

        impl $name {
            /// Most bytes of UTF-8 a value may have.
            pub const MAX_BYTES: usize = $limit;

            /// Checks `value`.
            ///
            /// # Errors
            /// [`TextError`](crate::text::TextError) when it is empty, too long or holds a control character.
            pub fn new(value: impl Into<std::sync::Arc<str>>) -> Result<Self, crate::text::TextError> {
                let value = value.into();
                crate::text::check(&value, Self::MAX_BYTES)?;
                Ok(Self(value))
            }

            /// The text itself.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<std::sync::Arc<str>> for $name {
            type Error = crate::text::TextError;

            fn try_from(value: std::sync::Arc<str>) -> Result<Self, Self::Error> {
                Self::new(value)
            }
        }

        impl From<$name> for std::sync::Arc<str> {
            fn from(value: $name) -> Self {
                value.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Debug::fmt(&*self.0, f)
            }
        }
    };
}
pub(crate) use bounded_text;

bounded_text!(
    /// The name shown for a user.
    UserName,
    256
);

bounded_text!(
    /// A short free text inside a position or selection: sheet, file, viewport, node id.
    Label,
    512
);

/// A colour as `#RGB` or `#RRGGBB`, kept as the client wrote it.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(type = "string"))]
#[serde(try_from = "Arc<str>", into = "Arc<str>")]
pub struct AvatarColor(Arc<str>);

impl AvatarColor {
    /// Distinguishable on light and dark backgrounds; used for users who bring no colour of their own.
    const PALETTE: [&'static str; 8] =
        ["#E5484D", "#F76B15", "#AD7F00", "#30A46C", "#12A594", "#0090FF", "#6E56CF", "#D6409F"];

    /// Checks `value`.
    ///
    /// # Errors
    /// [`TextError::NotAColor`] when it is anything but `#RGB` or `#RRGGBB`.
    pub fn new(value: impl Into<Arc<str>>) -> Result<Self, TextError> {
        let value = value.into();
        match value.strip_prefix('#') {
            Some(digits)
                if matches!(digits.len(), 3 | 6) && digits.bytes().all(|b| b.is_ascii_hexdigit()) =>
            {
                Ok(Self(value))
            }
            _ => Err(TextError::NotAColor),
        }
    }

    /// The colour of a user who chose none: the same one for the same user everywhere.
    pub fn for_user(user: &crate::UserId) -> Self {
        let sum =
            user.as_str().bytes().fold(0usize, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
        Self(Self::PALETTE[sum % Self::PALETTE.len()].into())
    }

    /// The colour as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<Arc<str>> for AvatarColor {
    type Error = TextError;

    fn try_from(value: Arc<str>) -> Result<Self, Self::Error> {
        Self::new(value)
    }
}

impl From<AvatarColor> for Arc<str> {
    fn from(value: AvatarColor) -> Self {
        value.0
    }
}

impl fmt::Debug for AvatarColor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_bounded_in_bytes_not_characters() {
        let wide = "ä".repeat(UserName::MAX_BYTES / 2 + 1);
        assert_eq!(
            UserName::new(wide),
            Err(TextError::TooLong { length: UserName::MAX_BYTES + 2, limit: UserName::MAX_BYTES })
        );
    }

    #[test]
    fn blank_text_and_control_characters_are_refused() {
        assert_eq!(Label::new(" \u{a0} "), Err(TextError::Empty));
        assert_eq!(Label::new("a\0b"), Err(TextError::ControlCharacter));
        assert_eq!(Label::new("a\nb"), Err(TextError::ControlCharacter));
    }

    #[test]
    fn only_hexadecimal_colours_are_colours() {
        for good in ["#fff", "#A0b1C2"] {
            assert_eq!(AvatarColor::new(good).unwrap().as_str(), good);
        }
        for bad in ["", "#", "fff", "#ffff", "#ggg", "red", "#ff ff", "#fffffff"] {
            assert_eq!(AvatarColor::new(bad), Err(TextError::NotAColor), "{bad:?}");
        }
    }
}
