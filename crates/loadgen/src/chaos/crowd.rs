//! Very many who are in, each with a document open.

use std::num::NonZeroU32;

use tokio::task::JoinSet;

use crate::failure::Failure;
use crate::storm::Member;
use crate::wire::{Place, Target};

/// How many, and where.
#[derive(Debug, Clone, Copy)]
pub struct Crowd {
    /// Projects.
    pub projects: NonZeroU32,
    /// Members of each.
    pub members: NonZeroU32,
}

impl Crowd {
    /// Everybody comes and says where they are.
    pub(crate) async fn enter(self, target: &Target, step: u32) -> Result<Vec<Member>, Failure> {
        let mut entries = JoinSet::new();
        for place in self.places() {
            entries.spawn(Member::enter(*target, place, step));
        }
        let mut members = Vec::with_capacity(self.size());
        while let Some(entry) = entries.join_next().await {
            let entry =
                entry?.map_err(|source| Failure::Entry { who: "one of the crowd".to_owned(), source })?;
            members.push(entry.member);
        }
        Ok(members)
    }

    /// How many they are.
    pub(crate) fn size(self) -> usize {
        self.places().count()
    }

    fn places(self) -> impl Iterator<Item = Place> {
        (1..=self.projects.get())
            .flat_map(move |project| (0..self.members.get()).map(move |member| Place { project, member }))
    }
}
