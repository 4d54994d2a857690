//! Why bytes were refused.

use collabd_protocol::CloseCode;

/// Why a message or an update was refused. The text names the field, the problem and the limit, for the developer
/// of the client.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// The bytes end inside a field.
    #[error("{field}: the message ends in the middle of it")]
    Truncated {
        /// What was being read.
        field: &'static str,
    },
    /// A number that does not fit.
    #[error("{field}: is a number above the limit of {limit}")]
    Range {
        /// What was being read.
        field: &'static str,
        /// The largest number that it may be.
        limit: u64,
    },
    /// Text that is no UTF-8.
    #[error("{field}: is not UTF-8")]
    Utf8 {
        /// What was being read.
        field: &'static str,
    },
    /// Text that is no JSON.
    #[error("{field}: is not JSON")]
    Json {
        /// What was being read.
        field: &'static str,
    },
    /// A number that stands for nothing known here.
    #[error("{field}: {number} is unknown")]
    Unknown {
        /// What was being read.
        field: &'static str,
        /// The number.
        number: u64,
    },
    /// Bytes after the end.
    #[error("{field}: {bytes} bytes follow where it should end")]
    Trailing {
        /// What had been read.
        field: &'static str,
        /// How many bytes are left.
        bytes: usize,
    },
    /// More bytes than the limit.
    #[error("{field}: has {size} bytes, the limit is {limit}")]
    TooBig {
        /// What is too big.
        field: &'static str,
        /// Its size.
        size: usize,
        /// The largest size that it may have.
        limit: usize,
    },
    /// More elements than the limit, or than the bytes that follow can hold.
    #[error("{field}: has {count} elements, the limit is {limit}")]
    TooMany {
        /// What has too many elements.
        field: &'static str,
        /// How many it claims.
        count: u64,
        /// The most that it may have.
        limit: u64,
    },
    /// Nested more deeply than the limit.
    #[error("{field}: is nested more than {limit} deep")]
    TooDeep {
        /// What is too deep.
        field: &'static str,
        /// How deep it may be.
        limit: usize,
    },
    /// Well formed, and yet no Yjs document can contain it.
    #[error("{field}: {problem}")]
    Invalid {
        /// What is wrong.
        field: &'static str,
        /// In which way.
        problem: &'static str,
    },
    /// The document has no room for it.
    #[error("document: would have {size} bytes, the limit is {limit}")]
    DocumentFull {
        /// Its size with the update.
        size: usize,
        /// The largest size that it may have.
        limit: usize,
    },
}

impl WireError {
    /// The code with which the socket (or the document on it) is closed.
    pub fn close_code(&self) -> CloseCode {
        match self {
            Self::TooBig { .. } => CloseCode::MessageTooBig,
            _ => CloseCode::BadRequest,
        }
    }
}
