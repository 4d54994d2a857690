//! Two projects on one server, and people of the one who try everything to hear of the other (A8).
//!
//! Whatever is stored or alive in project B holds a text that is nowhere else, a canary. Everybody else sends all there is
//! to send, in every place there is, and every byte that comes back is looked through. A member of B sends the same: if
//! that one did not hear the canaries, it would prove nothing that the others do not.

mod callers;
mod canaries;
mod http;
mod listeners;
mod schema;
mod secret_project;
mod sockets;

use crate::support::{SECRET, TestServer};

use callers::{Caller, everybody};
use canaries::Scan;
use secret_project::SecretProject;

/// Where some of the callers have a role.
const OURS: i32 = 1;
/// The project that is none of their business.
const THEIRS: i32 = 2;
/// A document that is in both projects, under a name that anybody could guess.
const DOCUMENT: &str = "plan";

/// A8, G8
#[test]
fn no_byte_of_a_project_reaches_anybody_without_a_right_to_it() {
    // What is refused for being too much would be no attempt.
    let server = TestServer::start_with(&[
        "--auth-secret",
        SECRET,
        "--auth-query-token",
        "--messages-per-second=100000",
        "--message-burst=100000",
        "--cost-per-second=1000000000",
        "--cost-burst=1000000000",
        "--connections-per-user=1000",
    ]);
    let mut project = SecretProject::made(&server);
    let mut scan = Scan::for_texts(project.canaries());
    let callers = everybody();

    let mut listeners: Vec<_> =
        callers.iter().flat_map(|caller| listeners::begin(&server, caller, &mut scan)).collect();
    project.is_worked_in();
    for caller in &callers {
        try_everything(&server, caller, &mut scan);
        // Whoever does not read is sent away.
        listeners::all_hear(&mut listeners, &mut scan);
    }
    project.is_worked_in();
    project.is_unharmed();
    listeners::all_hear(&mut listeners, &mut scan);
    project.ends();
    listeners::all_hear(&mut listeners, &mut scan);
    scan.found_nothing_but_with_members(project.canaries());
}

fn try_everything(server: &TestServer, caller: &Caller, scan: &mut Scan) {
    for project in [OURS, THEIRS] {
        sockets::collaborate(server, caller, project, scan);
        sockets::open_document(server, caller, project, scan);
        http::move_document(server, caller, project, scan);
    }
    sockets::share_documents(server, caller, scan);
    sockets::use_ticket_elsewhere(server, caller, scan);
    http::visit_pages(server, caller, scan);
    schema::ask_for_every_field(server, caller, scan);
}
