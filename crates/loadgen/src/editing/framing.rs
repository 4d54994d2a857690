//! Messages to frames and back.

use bytes::Bytes;
use collabd_documents::wire::peer::{self, ServerMessage};
use collabd_documents::wire::{addressed, split_address};
use collabd_protocol::DocumentId;

use super::EditingError;
use super::target::Dialect;

/// What Hocuspocus adds to y-protocols, and what it has instead.
mod hocuspocus {
    pub(super) const SYNC: u8 = 0;
    pub(super) const AUTH: u8 = 2;
    /// A sync message that wants no answer.
    pub(super) const SYNC_REPLY: u8 = 4;
    pub(super) const CLOSE: u8 = 7;
    pub(super) const PERMISSION_DENIED: u8 = 1;
    pub(super) const AUTHENTICATED: u8 = 2;
    /// Auth, token, and an empty string as the token.
    pub(super) const TOKEN: &[u8] = &[AUTH, 0, 0];
}

/// What a frame of the server means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Heard {
    /// A message of y-protocols.
    Message(ServerMessage),
    /// The client may begin.
    Welcome,
    /// Nothing that a client here would act upon.
    Nothing,
}

/// How the messages of one client about one document are framed.
#[derive(Debug, Clone)]
pub(super) struct Framing {
    dialect: Dialect,
    document: DocumentId,
}

impl Framing {
    pub(super) fn new(dialect: Dialect, document: DocumentId) -> Self {
        Self { dialect, document }
    }

    /// What a client says before anything else; a [`Heard::Welcome`] answers it.
    pub(super) fn greeting(&self) -> Option<Bytes> {
        match self.dialect {
            Dialect::YWebsocket => None,
            Dialect::Hocuspocus => Some(self.frame(Bytes::from_static(hocuspocus::TOKEN))),
        }
    }

    /// The frame of a message.
    pub(super) fn frame(&self, message: Bytes) -> Bytes {
        match self.dialect {
            Dialect::YWebsocket => message,
            Dialect::Hocuspocus => addressed(&self.document, &message),
        }
    }

    /// What a frame of the server means.
    ///
    /// # Errors
    /// When it is none of the dialect's, or the server refuses the client.
    pub(super) fn hear(&self, frame: &Bytes) -> Result<Heard, EditingError> {
        match self.dialect {
            Dialect::YWebsocket => Ok(Heard::Message(peer::decode(frame)?)),
            Dialect::Hocuspocus => hear_hocuspocus(&split_address(frame)?.1),
        }
    }
}

fn hear_hocuspocus(message: &Bytes) -> Result<Heard, EditingError> {
    match message.first_chunk() {
        Some([hocuspocus::SYNC, _]) => Ok(Heard::Message(peer::decode(message)?)),
        Some([hocuspocus::SYNC_REPLY, ..]) => {
            let mut sync = message.to_vec();
            sync[0] = hocuspocus::SYNC;
            Ok(Heard::Message(peer::decode(&sync.into())?))
        }
        Some([hocuspocus::AUTH, hocuspocus::AUTHENTICATED]) => Ok(Heard::Welcome),
        Some([hocuspocus::AUTH, hocuspocus::PERMISSION_DENIED] | [hocuspocus::CLOSE, _]) => {
            Err(EditingError::Refused)
        }
        _ => Ok(Heard::Nothing),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use collabd_documents::wire;

    fn framing(dialect: Dialect) -> Framing {
        Framing::new(dialect, DocumentId::new("plan").unwrap())
    }

    fn named(message: &[u8]) -> Bytes {
        [b"\x04plan", message].concat().into()
    }

    #[test]
    fn y_websocket_has_bare_messages_and_no_greeting() {
        let framing = framing(Dialect::YWebsocket);
        assert_eq!(framing.greeting(), None);
        let message = wire::update(b"u");
        assert_eq!(framing.frame(message.clone()), message);
        let heard = framing.hear(&message).unwrap();
        assert_eq!(heard, Heard::Message(ServerMessage::Update(Bytes::from_static(b"u"))));
        framing.hear(&Bytes::from_static(&[77])).unwrap_err();
    }

    #[test]
    fn hocuspocus_names_the_document_in_each_frame() {
        let framing = framing(Dialect::Hocuspocus);
        assert_eq!(framing.greeting(), Some(named(&[2, 0, 0])));
        assert_eq!(framing.frame(Bytes::from_static(b"m")), named(b"m"));
        let update = Heard::Message(ServerMessage::Update(Bytes::from_static(b"u")));
        assert_eq!(framing.hear(&named(&wire::update(b"u"))).unwrap(), update);
        let mut reply = wire::update(b"u").to_vec();
        reply[0] = 4;
        assert_eq!(framing.hear(&named(&reply)).unwrap(), update, "a reply is a sync message, too");
        assert_eq!(framing.hear(&named(&[2, 2, 1, b'w'])).unwrap(), Heard::Welcome);
        assert_eq!(framing.hear(&named(&[8, 1])).unwrap(), Heard::Nothing, "an acknowledgement");
        assert!(matches!(framing.hear(&named(&[2, 1, 0])), Err(EditingError::Refused)));
    }
}
