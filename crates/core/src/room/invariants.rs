//! What is true of a room after every command, checked by the tests.

use std::collections::BTreeSet;

use super::Room;

impl Room {
    /// Panics when the room contradicts itself.
    pub(crate) fn check_invariants(&self) {
        self.check_users();
        self.check_documents();
        self.check_leases();
        self.check_untold();
    }

    /// P1: users' sets of sessions and the members' users say the same.
    fn check_users(&self) {
        for (id, user) in &self.users {
            assert_eq!(*id, user.profile.user_id, "user under another's id");
            assert!(!user.sessions.is_empty(), "user {id} without a session");
            for session in &user.sessions {
                let member = self.members.get(session);
                assert!(
                    member.is_some_and(|member| member.user_id == *id),
                    "user {id} owns session {session}, which is not its own"
                );
            }
        }
        for (session, member) in &self.members {
            let user = self.users.get(&member.user_id);
            assert!(
                user.is_some_and(|user| user.sessions.contains(session)),
                "session {session} is not among those of user {}",
                member.user_id
            );
        }
    }

    /// C1: a document has sessions, each of which lists it, and a session is in few documents.
    fn check_documents(&self) {
        for (id, document) in &self.documents {
            assert!(!document.is_empty(), "document {id} is kept for nobody");
            for session in document.sessions() {
                let member = self.members.get(&session);
                assert!(
                    member.is_some_and(|member| member.documents.contains(id)),
                    "document {id} holds session {session}, which is not in it"
                );
            }
        }
        for (session, member) in &self.members {
            let distinct: BTreeSet<_> = member.documents.iter().collect();
            assert_eq!(distinct.len(), member.documents.len(), "session {session} is twice in a document");
            assert!(
                member.documents.len() <= self.limits.documents_per_session,
                "session {session} is in {} documents",
                member.documents.len()
            );
            for id in &member.documents {
                let document = self.documents.get(id);
                assert!(
                    document.is_some_and(|document| document.cursor(*session).is_some()),
                    "session {session} lists document {id}, which does not hold it"
                );
            }
        }
    }

    /// P3: every lost session has a deadline, and nothing else has.
    fn check_leases(&self) {
        let expected: BTreeSet<_> = self
            .members
            .iter()
            .filter_map(|(session, member)| Some((member.lease?.until, *session)))
            .collect();
        assert_eq!(self.leases, expected, "leases of others than the lost sessions");
    }

    /// C2: what nobody was told yet has a time to be told.
    fn check_untold(&self) {
        for (id, document) in &self.documents {
            for session in &document.moved {
                let has_position = document.cursor(*session).is_some_and(|cursor| cursor.position.is_some());
                assert!(has_position, "session {session} moved in {id} to nowhere");
            }
            let has_news = document.has_list_changed || !document.moved.is_empty();
            assert_eq!(
                has_news,
                self.dirty.contains(id),
                "document {id} has news and no time to tell them, or a time and no news"
            );
        }
        for id in &self.dirty {
            assert!(self.documents.contains_key(id), "news of document {id}, which is gone");
        }
        assert_eq!(
            self.flush_at.is_some(),
            !self.dirty.is_empty(),
            "a flush without news, or news without a flush"
        );
    }
}
