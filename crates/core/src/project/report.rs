//! What a project publishes about itself, readable without its mailbox.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use collabd_protocol::ProjectId;

use crate::progress::Progress;

/// One project's state, as of its last turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProjectReport {
    /// Which project.
    pub project: ProjectId,
    /// Users present.
    pub users: usize,
    /// Sessions with a live connection.
    pub connections: usize,
    /// Lost sessions within their grace period.
    pub leases: usize,
    /// Documents that somebody is in.
    pub documents: usize,
    /// Presence subscriptions.
    pub observers: usize,
    /// Commands waiting for the actor.
    pub inbox: usize,
    /// Commands of its sessions so far, moves above all.
    pub messages: u64,
    /// Messages put into its members' outboxes so far.
    pub deliveries: u64,
}

/// The numbers behind a [`ProjectReport`], written by the actor after each turn, and its turns themselves.
#[derive(Debug, Default)]
pub(super) struct Published {
    users: AtomicUsize,
    connections: AtomicUsize,
    leases: AtomicUsize,
    documents: AtomicUsize,
    observers: AtomicUsize,
    messages: AtomicU64,
    deliveries: AtomicU64,
    pub(super) progress: Progress,
}

impl Published {
    // Relaxed: each number is read for display, none guards other memory.
    pub(super) fn store(&self, report: &ProjectReport) {
        self.users.store(report.users, Ordering::Relaxed);
        self.connections.store(report.connections, Ordering::Relaxed);
        self.leases.store(report.leases, Ordering::Relaxed);
        self.documents.store(report.documents, Ordering::Relaxed);
        self.observers.store(report.observers, Ordering::Relaxed);
        self.messages.store(report.messages, Ordering::Relaxed);
        self.deliveries.store(report.deliveries, Ordering::Relaxed);
    }

    pub(super) fn load(&self, project: ProjectId, inbox: usize) -> ProjectReport {
        ProjectReport {
            project,
            users: self.users.load(Ordering::Relaxed),
            connections: self.connections.load(Ordering::Relaxed),
            leases: self.leases.load(Ordering::Relaxed),
            documents: self.documents.load(Ordering::Relaxed),
            observers: self.observers.load(Ordering::Relaxed),
            inbox,
            messages: self.messages.load(Ordering::Relaxed),
            deliveries: self.deliveries.load(Ordering::Relaxed),
        }
    }
}
