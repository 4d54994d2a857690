//! Names of projects and documents.

use collabd_protocol::text::TextError;

use super::StoreError;

/// Most bytes of UTF-8 in the name of a project or document, white space at its ends not counted.
pub const MAX_NAME_BYTES: usize = 200;

/// The name as it is kept: without white space at its ends.
pub(super) fn checked(name: &str) -> Result<&str, StoreError> {
    let name = name.trim();
    let problem = if name.is_empty() {
        TextError::Empty
    } else if name.len() > MAX_NAME_BYTES {
        TextError::TooLong { length: name.len(), limit: MAX_NAME_BYTES }
    } else if name.chars().any(char::is_control) {
        TextError::ControlCharacter
    } else {
        return Ok(name);
    };
    Err(StoreError::Invalid { field: "name", problem: problem.into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_trimmed_before_it_is_measured() {
        let longest = "n".repeat(MAX_NAME_BYTES);
        assert_eq!(checked(&format!(" {longest}\n")).unwrap(), longest);
    }

    #[test]
    fn a_refused_name_is_told_the_limit() {
        for (name, message) in [
            ("", "name must not be empty"),
            (" \t ", "name must not be empty"),
            (&"ä".repeat(101), "name is 202 bytes long, the limit is 200"),
            ("a\0b", "name must not contain control characters"),
        ] {
            assert_eq!(checked(name).unwrap_err().to_string(), message);
        }
    }
}
