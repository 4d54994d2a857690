//! Who plays: the name of each member says where it belongs.

use collabd_protocol::DocumentType;

/// The document that everybody opens.
pub(crate) const DOCUMENT: &str = "load";

/// A member's place: which project, and which of its members.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Place {
    /// The project's number.
    pub(crate) project: u32,
    /// The member's number in the project, from 0.
    pub(crate) member: u32,
}

impl Place {
    /// The user that this member is.
    pub(crate) fn user(self) -> String {
        format!("load-{}-{}", self.project, self.member)
    }

    /// The place of this user; `None` for one who has none in any scenario.
    pub(crate) fn of(user: &str) -> Option<Self> {
        let (project, member) = user.strip_prefix("load-")?.split_once('-')?;
        Some(Self { project: project.parse().ok()?, member: member.parse().ok()? })
    }

    /// The kind of the project's document: over the projects all five in turn. Positions of another kind would be
    /// refused, since a document has one kind while somebody is in it.
    pub(crate) fn kind(self) -> DocumentType {
        DocumentType::ALL[self.project as usize % DocumentType::ALL.len()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_known_by_the_user_it_is() {
        let place = Place { project: 3, member: 14 };
        assert_eq!(Place::of(&place.user()), Some(place));
        assert_eq!((Place::of("alice"), Place::of("load-4"), Place::of("load-x-1")), (None, None, None));
    }
}
