//! Those who only listen, on sockets that they may have, while there is work in the other project.

use collabd_documents::wire;
use collabd_protocol::DocumentId;
use serde_json::json;

use super::callers::Caller;
use super::canaries::Scan;
use super::sockets::{DIALECTS, entered};
use super::{DOCUMENT, OURS, THEIRS};
use crate::hostile::exchange::{hear, upgrade};
use crate::support::{Frame, RawClient, TestServer, opcode};

/// A socket that is kept.
pub(super) struct Listener {
    caller: &'static str,
    is_member: bool,
    client: RawClient,
    is_open: bool,
}

/// A socket of each kind: in their own project; for the member, in the other one.
pub(super) fn begin(server: &TestServer, caller: &Caller, scan: &mut Scan) -> Vec<Listener> {
    if !caller.is_ours {
        return Vec::new();
    }
    let project = if caller.is_member { THEIRS } else { OURS };
    let mut clients: Vec<_> =
        DIALECTS.iter().filter_map(|dialect| entered(server, caller, project, *dialect, scan)).collect();
    assert_eq!(clients.len(), DIALECTS.len(), "{} may be there", caller.name);
    let document = DocumentId::new(DOCUMENT).expect("an id");
    let opening = wire::addressed(&document, &wire::sync_step1(&[0]));
    clients[3].send_frame(&Frame::new(opcode::BINARY, opening.to_vec()));

    let (mut client, _) = upgrade(server, &format!("/ws/documents/{project}/{DOCUMENT}"), &caller.header());
    client.send_frame(&Frame::new(opcode::BINARY, wire::sync_step1(&[0]).to_vec()));
    clients.push(client);

    let headers = format!("{}Sec-WebSocket-Protocol: graphql-transport-ws\r\n", caller.header());
    let (mut client, _) = upgrade(server, "/graphql/ws", &headers);
    client.send_text(r#"{"type":"connection_init"}"#);
    for of in [OURS, THEIRS] {
        let query = format!(
            "subscription {{ presence(projectId: {of}) {{ userId userName documents {{ documentId position }} }} }}"
        );
        let subscribe = json!({"id": of.to_string(), "type": "subscribe", "payload": {"query": query}});
        client.send_text(&subscribe.to_string());
    }
    clients.push(client);
    let listener =
        |client| Listener { caller: caller.name, is_member: caller.is_member, client, is_open: true };
    let mut listeners: Vec<_> = clients.into_iter().map(listener).collect();
    all_hear(&mut listeners, scan);
    listeners
}

/// Looks through all that has come to them so far.
pub(super) fn all_hear(listeners: &mut [Listener], scan: &mut Scan) {
    for listener in listeners {
        listener.hear(scan);
    }
}

impl Listener {
    /// Looks through all that has come so far.
    fn hear(&mut self, scan: &mut Scan) {
        if self.is_open {
            let frames;
            (frames, self.is_open) = hear(&mut self.client);
            scan.count(0, frames);
        }
        // Only the other project ends.
        assert!(self.is_open || self.is_member, "a socket of {} was closed", self.caller);
        let caller = Caller { name: self.caller, token: None, is_member: self.is_member, is_ours: true };
        scan.look(&caller, "listening", "nothing", self.client.heard());
    }
}
