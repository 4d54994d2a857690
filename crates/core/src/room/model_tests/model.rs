//! The rules once more, as plainly as possible: one list of tabs, searched from end to end for every question.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use collabd_protocol::client::CursorUpdate;
use collabd_protocol::{DepartureReason, DocumentType, Status};

use super::clients::Shown;
use super::operations::Step;
use crate::room::{Command, Join};

#[derive(Debug)]
struct Tab {
    number: u64,
    user: String,
    status: Status,
    /// The oldest entry first, each with the timestamp of the tab's newest move there.
    places: Vec<(String, Option<i64>)>,
    ends_at: Option<Duration>,
}

impl Tab {
    fn is_in(&self, place: &str) -> bool {
        self.places.iter().any(|(entered, _)| entered == place)
    }
}

/// What should be true.
#[derive(Debug)]
pub(super) struct Model {
    places_per_tab: usize,
    tabs: Vec<Tab>,
    names: BTreeMap<String, String>,
    kinds: BTreeMap<String, DocumentType>,
}

impl Model {
    pub(super) fn new(places_per_tab: usize) -> Self {
        Self { places_per_tab, tabs: Vec::new(), names: BTreeMap::new(), kinds: BTreeMap::new() }
    }

    pub(super) fn apply(&mut self, step: &Step, now: Duration, grace: Duration) {
        match step {
            Step::Tick | Step::Room(Command::Tick) => {
                self.tabs.retain(|tab| tab.ends_at.is_none_or(|end| end > now));
            }
            Step::Room(Command::Join(join)) => self.join(join),
            Step::Room(Command::Switch { session, document, document_type }) => {
                self.enter(session.number, document.as_str(), *document_type, true);
            }
            Step::Room(Command::Move { session, update }) => self.move_cursor(session.number, update),
            Step::Room(Command::SetStatus { session, status }) => {
                if let Some(tab) = self.tab(session.number) {
                    tab.status = *status;
                }
            }
            Step::Room(Command::Depart { session, reason }) => {
                self.depart(session.number, *reason, now + grace);
            }
            Step::Room(Command::Resync { .. } | Command::CatchUp { .. }) => {}
        }
        let occupied = self.documents();
        self.kinds.retain(|place, _| occupied.contains(place));
    }

    fn tab(&mut self, number: u64) -> Option<&mut Tab> {
        self.tabs.iter_mut().find(|tab| tab.number == number)
    }

    fn join(&mut self, join: &Join) {
        let user = join.profile.user_id.to_string();
        self.names.insert(user.clone(), join.profile.user_name.to_string());
        let mut places = Vec::new();
        if let Some((place, kind)) = &join.document {
            let kind = kind.unwrap_or(DocumentType::Canvas);
            self.kinds.entry(place.to_string()).or_insert(kind);
            places.push((place.to_string(), None));
        }
        self.tabs.push(Tab {
            number: join.session.number,
            user,
            status: Status::Active,
            places,
            ends_at: None,
        });
    }

    fn enter(&mut self, number: u64, place: &str, kind: DocumentType, leaves_others: bool) {
        let others = self.sessions_in(place);
        let is_shared = others.iter().any(|other| *other != number);
        let kind_before = self.kinds.get(place).copied();
        let is_refused = is_shared && kind_before != Some(kind);
        let limit = self.places_per_tab;
        let Some(tab) = self.tab(number).filter(|_| !is_refused) else {
            return;
        };
        if kind_before != Some(kind) {
            for (_, newest) in tab.places.iter_mut().filter(|(entered, _)| entered == place) {
                *newest = None;
            }
        }
        if leaves_others {
            tab.places.retain(|(entered, _)| entered == place);
        }
        if !tab.is_in(place) {
            tab.places.push((place.to_owned(), None));
        }
        if tab.places.len() > limit {
            tab.places.remove(0);
        }
        self.kinds.insert(place.to_owned(), kind);
    }

    fn move_cursor(&mut self, number: u64, update: &CursorUpdate) {
        let (place, kind) = (update.document_id.as_str(), update.position.document_type());
        self.enter(number, place, kind, false);
        let is_accepted = self.kinds.get(place) == Some(&kind);
        if let Some(tab) = self.tab(number).filter(|_| is_accepted) {
            for (entered, newest) in &mut tab.places {
                if entered == place {
                    *newest = update.timestamp;
                }
            }
        }
    }

    fn depart(&mut self, number: u64, reason: DepartureReason, until: Duration) {
        let is_loss = matches!(
            reason,
            DepartureReason::ConnectionLost
                | DepartureReason::HeartbeatTimeout
                | DepartureReason::SlowConsumer
                | DepartureReason::Misbehaved
        );
        if is_loss {
            if let Some(tab) = self.tab(number) {
                tab.ends_at.get_or_insert(until);
            }
        } else {
            self.tabs.retain(|tab| tab.number != number);
        }
    }

    fn tabs_of(&self, user: &str) -> Vec<&Tab> {
        self.tabs.iter().filter(|tab| tab.user == user).collect()
    }

    /// Every user as others should see it.
    pub(super) fn presence(&self) -> BTreeMap<String, Shown> {
        let users: BTreeSet<_> = self.tabs.iter().map(|tab| tab.user.clone()).collect();
        let shown = |user: &String| {
            let tabs = self.tabs_of(user);
            let open = tabs.iter().filter(|tab| tab.ends_at.is_none()).count();
            let places = tabs.iter().flat_map(|tab| &tab.places);
            Shown {
                name: self.names[user].clone(),
                status: tabs.iter().map(|tab| tab.status).max().unwrap_or(Status::Away),
                sessions: open.max(1),
                documents: places.map(|(place, _)| (place.clone(), self.kinds[place])).collect(),
            }
        };
        users.iter().map(|user| (user.clone(), shown(user))).collect()
    }

    pub(super) fn documents(&self) -> BTreeSet<String> {
        let places = self.tabs.iter().flat_map(|tab| &tab.places);
        places.map(|(place, _)| place.clone()).collect()
    }

    pub(super) fn has_document(&self, place: &str) -> bool {
        self.tabs.iter().any(|tab| tab.is_in(place))
    }

    pub(super) fn documents_of(&self, number: u64) -> Vec<String> {
        let own = self.tabs.iter().filter(|tab| tab.number == number);
        own.flat_map(|tab| &tab.places).map(|(place, _)| place.clone()).collect()
    }

    pub(super) fn sessions_in(&self, place: &str) -> Vec<u64> {
        let inside = self.tabs.iter().filter(|tab| tab.is_in(place));
        inside.map(|tab| tab.number).collect()
    }

    pub(super) fn users_in(&self, place: &str) -> BTreeSet<String> {
        let inside = self.tabs.iter().filter(|tab| tab.is_in(place));
        inside.map(|tab| tab.user.clone()).collect()
    }

    /// The sessions in a document that have moved there, each with its newest move.
    pub(super) fn cursors_in(&self, place: &str) -> Vec<(u64, i64)> {
        let mut cursors = Vec::new();
        for tab in &self.tabs {
            for (entered, newest) in &tab.places {
                if let (true, Some(newest)) = (entered == place, newest) {
                    cursors.push((tab.number, *newest));
                }
            }
        }
        cursors
    }
}
