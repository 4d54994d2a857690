//! Who opens a document on a socket of its own, where no `join_session` says it.

use std::time::Duration;

use axum::http::HeaderMap;
use collabd_core::Profile;
use collabd_documents::wire::{self, ClientMessage};
use collabd_protocol::{AvatarColor, CloseCode, UserId, UserName};
use futures_util::StreamExt as _;
use serde::Deserialize;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;

use crate::app::App;
use crate::auth::{AuthError, bearer};
use crate::live::{Refused, Rights};
use crate::socket::{End, Socket, received};

/// What the query may say of the client.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Introduction {
    ticket: Option<String>,
    user_id: Option<UserId>,
    user_name: Option<UserName>,
    avatar_color: Option<AvatarColor>,
}

/// Who opens the document.
#[derive(Debug, Clone)]
pub(super) struct Entrant {
    /// As others see it.
    pub(super) profile: Profile,
    /// Is there nothing by which the server would know it again?
    pub(super) is_guest: bool,
}

/// How the client shows who it is.
#[derive(Debug)]
pub(super) enum Credential {
    /// A token or a ticket that came with the request.
    Proof(String),
    /// A header that shows none.
    Refused(AuthError),
    /// Its own word, in an open server.
    Word(Box<Entrant>),
    /// Nothing yet: the first message has to say it.
    Awaited,
}

/// What the request shows.
pub(super) fn credential(app: &App, introduction: Introduction, headers: &HeaderMap) -> Credential {
    let Introduction { ticket, user_id, user_name, avatar_color } = introduction;
    if let Some(ticket) = ticket {
        return Credential::Proof(ticket);
    }
    // A token proves nothing in an open server, where everybody's word counts.
    if app.authority().is_open() {
        return Credential::Word(Box::new(claimed(user_id, user_name, avatar_color)));
    }
    match bearer(headers) {
        Ok(Some(token)) => Credential::Proof(token.to_owned()),
        Ok(None) => Credential::Awaited,
        Err(error) => Credential::Refused(error),
    }
}

/// Who the client says it is.
fn claimed(
    user_id: Option<UserId>,
    user_name: Option<UserName>,
    avatar_color: Option<AvatarColor>,
) -> Entrant {
    let is_guest = user_id.is_none();
    let user_id = user_id.unwrap_or_else(guest_id);
    let profile = Profile {
        user_name: user_name.unwrap_or_else(|| guest_name(&user_id, is_guest)),
        avatar_color: avatar_color.unwrap_or_else(|| AvatarColor::for_user(&user_id)),
        user_id,
        is_agent: false,
    };
    Entrant { profile, is_guest }
}

/// Finds out who the client is, if need be from its first message, for which it has `patience`.
///
/// # Errors
/// Why the socket is to be closed.
pub(super) async fn entrant(
    app: &App,
    rights: &Rights,
    credential: Credential,
    socket: &mut Socket,
    patience: Duration,
) -> Result<Entrant, End> {
    let proof = match credential {
        Credential::Word(entrant) => {
            rights.live().is_used_by(&entrant.profile);
            return Ok(*entrant);
        }
        Credential::Refused(error) => return Err(error.close_code().into()),
        Credential::Proof(proof) => proof,
        Credential::Awaited => match timeout(patience, first_message(app, socket)).await {
            Ok(proof) => proof?,
            Err(_) => return Err(CloseCode::JoinTimeout.into()),
        },
    };
    rights.show(&proof).await.map_err(Refused::close_code)?;
    let profile = rights.profile().ok_or(CloseCode::Unauthenticated)?;
    Ok(Entrant { profile, is_guest: false })
}

async fn first_message(app: &App, socket: &mut Socket) -> Result<String, End> {
    loop {
        match received(socket.next().await, app.admission().hits())? {
            Message::Close(frame) => return Err(End::PeerClosed(frame.map(|frame| frame.code.into()))),
            Message::Binary(frame) => {
                let limits = app.document_limits();
                return match wire::decode(&frame, &limits.content, &limits.awareness) {
                    Ok(ClientMessage::Authenticate(proof)) => Ok(proof),
                    _ => Err(CloseCode::Unauthenticated.into()),
                };
            }
            Message::Text(_) => return Err(CloseCode::UnsupportedData.into()),
            Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => {}
        }
    }
}

/// An id that nobody has had before.
fn guest_id() -> UserId {
    let id = format!("guest-{:016x}", rand::random::<u64>());
    UserId::new(id).unwrap_or_else(|_| unreachable!("an id of 22 letters and digits"))
}

fn guest_name(user: &UserId, is_guest: bool) -> UserName {
    let name = if is_guest { "Guest" } else { user.as_str() };
    UserName::new(name).or_else(|_| UserName::new("Guest")).unwrap_or_else(|_| unreachable!("a plain word"))
}
