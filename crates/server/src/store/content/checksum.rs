//! Checksums of rows.
//!
//! CRC-64 finds any change of up to 64 bits in a row, and all but one in 2^64 of the others; that is what disks and
//! torn writes do. It is no protection against somebody who can write to the database, who could as well write
//! another checksum. The crate is one that the database driver brings along already: pure Rust, without a build
//! script.

use collabd_documents::DocumentKey;
use crc::{CRC_64_XZ, Crc, Table};

/// Sixteen bytes at a time: a document of 32 MiB takes milliseconds.
static CRC: Crc<u64, Table<16>> = Crc::<u64, Table<16>>::new(&CRC_64_XZ);

/// What a row holds. One that holds something else is never taken for it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Content {
    /// The updates of one record.
    Record,
    /// A whole state: of a snapshot or of a version, which are copied into each other.
    State,
}

/// The checksum of `bytes` at their place: the same bytes in another document or at another place have another one.
pub(super) fn checksum(content: Content, key: &DocumentKey, place: i64, bytes: &[u8]) -> i64 {
    let document = key.document.as_str().as_bytes();
    let mut digest = CRC.digest();
    digest.update(match content {
        Content::Record => b"record",
        Content::State => b"state",
    });
    digest.update(&key.project.get().to_le_bytes());
    // Ids differ in length; without it, the end of one could be taken for the beginning of what follows.
    digest.update(&(document.len() as u64).to_le_bytes());
    digest.update(document);
    digest.update(&place.to_le_bytes());
    digest.update(bytes);
    digest.finalize().cast_signed()
}

#[cfg(test)]
mod tests {
    use collabd_protocol::{DocumentId, ProjectId};

    use super::*;

    fn key(project: i32, document: &str) -> DocumentKey {
        DocumentKey {
            project: ProjectId::new(project).unwrap(),
            document: DocumentId::new(document).unwrap(),
        }
    }

    #[test]
    fn everything_that_names_a_row_is_in_its_checksum() {
        let sums = [
            checksum(Content::Record, &key(1, "a"), 1, b"xy"),
            checksum(Content::State, &key(1, "a"), 1, b"xy"),
            checksum(Content::Record, &key(2, "a"), 1, b"xy"),
            checksum(Content::Record, &key(1, "b"), 1, b"xy"),
            checksum(Content::Record, &key(1, "a"), 2, b"xy"),
            checksum(Content::Record, &key(1, "a"), 1, b"xz"),
            checksum(Content::Record, &key(1, "a"), 1, b"x"),
            checksum(Content::Record, &key(1, "a"), 1, b"xy\0"),
        ];
        for (index, sum) in sums.iter().enumerate() {
            assert!(!sums[..index].contains(sum), "{index}");
        }
    }

    /// Databases outlive the program that wrote them.
    #[test]
    fn a_checksum_stays_what_it_is() {
        assert_eq!(checksum(Content::Record, &key(7, "notes"), 3, b"update"), -875_093_469_678_587_253);
        assert_eq!(checksum(Content::State, &key(7, "notes"), 3, b"update"), 2_561_063_417_402_472_016);
    }
}
