//! The wires that members can be on.

use collabd_protocol::Encoding;

use super::awareness::Awareness;
use super::collabd::Collabd;
use super::connect::Door;
use super::heard::Heard;
use super::nats::Nats;
use super::pusher::Pusher;
use super::relay::Relay;
use super::socket::Message;
use super::socket_io::SocketIo;
use super::{Place, WireError};

/// How a server wants to be spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wire {
    /// collabd's own.
    Collabd(Encoding),
    /// Awareness of y-protocols, one document for each URL.
    YWebsocket,
    /// Awareness of y-protocols, the document's name in each frame.
    Hocuspocus,
    /// A room for each path; what one sends goes to the others as it is, or to all.
    Relay,
    /// Rooms of Socket.IO.
    SocketIo,
    /// A subject of NATS for each project.
    Nats,
    /// A private channel of Pusher's protocol for each project.
    Pusher,
}

impl Wire {
    /// The name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Collabd(encoding) => encoding.subprotocol().unwrap_or("v1"),
            Self::YWebsocket => "y-websocket awareness",
            Self::Hocuspocus => "Hocuspocus awareness",
            Self::Relay => "JSON relayed",
            Self::SocketIo => "Socket.IO",
            Self::Nats => "NATS",
            Self::Pusher => "Pusher",
        }
    }

    /// Does it tell who is there, so that it can be checked?
    pub(crate) fn has_presence(self) -> bool {
        matches!(self, Self::Collabd(_))
    }
}

/// One member's part of a wire: what it says and how it understands what it hears, without any I/O. Both halves of a
/// connection have one.
#[derive(Debug, Clone)]
pub(super) enum Tongue {
    Collabd(Collabd),
    Awareness(Awareness),
    Relay(Relay),
    SocketIo(SocketIo),
    Nats(Nats),
    Pusher(Pusher),
}

impl Tongue {
    pub(super) fn new(wire: Wire, place: Place) -> Result<Self, WireError> {
        Ok(match wire {
            Wire::Collabd(encoding) => Self::Collabd(Collabd::new(place, encoding)?),
            Wire::YWebsocket => Self::Awareness(Awareness::bare(place)),
            Wire::Hocuspocus => Self::Awareness(Awareness::named(place)?),
            Wire::Relay => Self::Relay(Relay::new(place)),
            Wire::SocketIo => Self::SocketIo(SocketIo::new(place)),
            Wire::Nats => Self::Nats(Nats::new(place)),
            Wire::Pusher => Self::Pusher(Pusher::new(place)),
        })
    }

    /// The same member, who looks at nothing but whether it is in, where that is worth something.
    pub(super) fn blind(self) -> Self {
        match self {
            Self::Collabd(wire) => Self::Collabd(wire.blind()),
            other => other,
        }
    }

    /// Where to connect.
    pub(super) fn door(&self) -> Door {
        match self {
            Self::Collabd(wire) => wire.door(),
            Self::Awareness(wire) => wire.door(),
            Self::Relay(wire) => wire.door(),
            Self::SocketIo(_) => SocketIo::door(),
            Self::Nats(_) => Nats::door(),
            Self::Pusher(_) => Pusher::door(),
        }
    }

    /// Is a member in as soon as it is connected?
    pub(super) fn is_ready_at_once(&self) -> bool {
        match self {
            Self::Awareness(wire) => !wire.is_named(),
            Self::Relay(_) => true,
            Self::Collabd(_) | Self::SocketIo(_) | Self::Nats(_) | Self::Pusher(_) => false,
        }
    }

    /// Does the server ask for answers besides pings of WebSocket?
    pub(super) fn has_questions(&self) -> bool {
        matches!(self, Self::SocketIo(_) | Self::Nats(_) | Self::Pusher(_))
    }

    /// What a member says first, if it is not the server that does; [`Heard::Ready`] answers it.
    pub(super) fn greeting(&self) -> Result<Option<Message>, WireError> {
        match self {
            Self::Collabd(wire) => wire.greeting().map(Some),
            Self::Awareness(wire) => Ok(Some(wire.greeting())),
            Self::Relay(_) | Self::SocketIo(_) | Self::Nats(_) | Self::Pusher(_) => Ok(None),
        }
    }

    /// A move.
    pub(super) fn say(&mut self, step: u32, sent_at: i64) -> Message {
        match self {
            Self::Collabd(wire) => wire.say(step, sent_at),
            Self::Awareness(wire) => wire.say(step, sent_at),
            Self::Relay(wire) => wire.say(step, sent_at),
            Self::SocketIo(wire) => wire.say(step, sent_at),
            Self::Nats(wire) => wire.say(step, sent_at),
            Self::Pusher(wire) => wire.say(step, sent_at),
        }
    }

    /// Something large to which the server alone listens, and which it answers.
    pub(super) fn much(&self) -> Option<Message> {
        match self {
            Self::Collabd(wire) => Some(wire.much()),
            Self::Awareness(_) | Self::Relay(_) | Self::SocketIo(_) | Self::Nats(_) | Self::Pusher(_) => None,
        }
    }

    /// Calls `each` with all that a message says, in order.
    pub(super) fn hear(&mut self, message: &Message, mut each: impl FnMut(Heard)) -> Result<(), WireError> {
        match self {
            Self::Collabd(wire) => wire.hear(message, each),
            Self::Awareness(wire) => wire.hear(message, each),
            Self::Relay(wire) => {
                wire.hear(message.payload(), &mut each);
                Ok(())
            }
            Self::SocketIo(wire) => wire.hear(message, each),
            Self::Nats(wire) => wire.hear(message, each),
            Self::Pusher(wire) => wire.hear(message, each),
        }
    }
}
