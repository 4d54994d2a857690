//! Where documents are, and how their messages are framed there.

use std::net::SocketAddr;

use collabd_protocol::DocumentId;

/// How a server wants to be told which document a message is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// The URL names the document and a frame is a message of y-protocols, as y-websocket has it.
    YWebsocket,
    /// Each frame begins with the document's name, and the first message of a client is its token.
    Hocuspocus,
}

/// A server of documents.
#[derive(Debug, Clone)]
pub struct Target {
    /// The server.
    pub address: SocketAddr,
    /// Its process, to tell what it costs.
    pub pid: Option<u32>,
    /// How it frames messages.
    pub dialect: Dialect,
    /// The URL's path up to the name of the document, from its first slash to its last.
    pub path: String,
}

impl Target {
    /// The URL of `document`.
    pub(crate) fn url(&self, document: &DocumentId) -> String {
        let Self { address, path, .. } = self;
        match self.dialect {
            Dialect::YWebsocket => format!("ws://{address}{path}{document}"),
            Dialect::Hocuspocus => format!("ws://{address}{path}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_url_names_the_document_where_messages_do_not() {
        let address = ([127, 0, 0, 1], 3000).into();
        let path = "/ws/documents/1/".to_owned();
        let target = Target { address, pid: None, dialect: Dialect::YWebsocket, path };
        let plan = DocumentId::new("plan").unwrap();
        assert_eq!(target.url(&plan), "ws://127.0.0.1:3000/ws/documents/1/plan");
        let target = Target { dialect: Dialect::Hocuspocus, path: "/".to_owned(), ..target };
        assert_eq!(target.url(&plan), "ws://127.0.0.1:3000/");
    }
}
