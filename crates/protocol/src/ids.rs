//! Newtypes for everything that is named by an id.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::text::bounded_text;

bounded_text!(
    /// Names a person (or agent). Several sessions may share one.
    UserId,
    128
);

bounded_text!(
    /// Names a document inside a project. Chosen by clients, so never a reason to keep state by itself (C1).
    DocumentId,
    256
);

/// Why a number or text is no project id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be an integer from 1 to 2147483647")]
pub struct ProjectIdError;

/// Names a project: a positive 32-bit integer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(type = "number"))]
#[serde(try_from = "i64", into = "i32")]
pub struct ProjectId(i32);

impl ProjectId {
    /// The project of the readiness probe. Its number is not positive, so no client can name it.
    pub const CANARY: Self = Self(0);

    /// Checks `id`.
    ///
    /// # Errors
    /// [`ProjectIdError`] unless it is positive.
    pub const fn new(id: i32) -> Result<Self, ProjectIdError> {
        if id > 0 { Ok(Self(id)) } else { Err(ProjectIdError) }
    }

    /// The number itself.
    pub const fn get(self) -> i32 {
        self.0
    }

    /// Is this the reserved project of the readiness probe?
    pub fn is_reserved(self) -> bool {
        self == Self::CANARY
    }
}

impl TryFrom<i64> for ProjectId {
    type Error = ProjectIdError;

    fn try_from(value: i64) -> Result<Self, Self::Error> {
        i32::try_from(value).map_err(|_| ProjectIdError).and_then(Self::new)
    }
}

impl From<ProjectId> for i32 {
    fn from(id: ProjectId) -> Self {
        id.0
    }
}

impl FromStr for ProjectId {
    type Err = ProjectIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // `i32::from_str` takes a leading plus sign; the wire does not.
        if !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(ProjectIdError);
        }
        text.parse().map_err(|_| ProjectIdError).and_then(Self::new)
    }
}

impl fmt::Display for ProjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// One run of one project actor. A session of an earlier run can never be mistaken for one of this run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Incarnation(pub u64);

impl Incarnation {
    /// The incarnation after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

/// Names one session: made by the server, unique across projects, actor restarts and process restarts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(type = "string"))]
#[serde(try_from = "String", into = "String")]
pub struct SessionId {
    /// The actor run that made it.
    pub incarnation: Incarnation,
    /// Its number within that run, from 1.
    pub number: u64,
}

/// A text that is no session id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a session id as the server sent it")]
pub struct SessionIdError;

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}-{:x}", self.incarnation.0, self.number)
    }
}

impl FromStr for SessionId {
    type Err = SessionIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (incarnation, number) = text.split_once('-').ok_or(SessionIdError)?;
        let hex = |digits| u64::from_str_radix(digits, 16).map_err(|_| SessionIdError);
        Ok(Self { incarnation: Incarnation(hex(incarnation)?), number: hex(number)? })
    }
}

impl TryFrom<String> for SessionId {
    type Error = SessionIdError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<SessionId> for String {
    fn from(id: SessionId) -> Self {
        id.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_project_id_is_a_positive_32_bit_integer() {
        assert_eq!("1".parse(), Ok(ProjectId(1)));
        assert_eq!("2147483647".parse(), Ok(ProjectId(i32::MAX)));
        for bad in ["", "0", "-1", "+1", "2147483648", "1.0", "abc", " 1"] {
            assert_eq!(bad.parse::<ProjectId>(), Err(ProjectIdError), "{bad:?}");
        }
    }

    #[test]
    fn a_session_id_survives_its_text_form() {
        let id = SessionId { incarnation: Incarnation(0x1f2e), number: 17 };
        assert_eq!(id.to_string(), "1f2e-11");
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!("1f2e".parse::<SessionId>(), Err(SessionIdError));
    }
}
