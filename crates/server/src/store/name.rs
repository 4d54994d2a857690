//! Names of projects, documents and versions.

use collabd_protocol::DocumentId;
use collabd_protocol::text::TextError;

use super::StoreError;

/// Most bytes of UTF-8 in the name of a project, document or version, white space at its ends not counted.
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

/// The name of a document that nobody has named: its id, which may be longer than a name.
pub(super) fn of(id: &DocumentId) -> &str {
    let id = id.as_str().trim();
    id[..id.floor_char_boundary(MAX_NAME_BYTES)].trim_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_makes_a_name_that_is_one() {
        for id in ["notes", " notes ", &"ä".repeat(128), &format!("{} {}", "n".repeat(199), "m".repeat(20))]
        {
            let id = DocumentId::new(id).unwrap();
            assert_eq!(checked(of(&id)).unwrap(), of(&id));
            assert!(id.as_str().contains(of(&id)));
        }
    }

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
