//! Asking an actor: the one way in which anything waits for another's turn.

use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AskError {
    /// None within the patience.
    Overloaded,
    /// The actor has ended.
    Closed,
}

/// Sends the command that `command` builds around a reply slot, and waits for the reply for at most `patience`.
///
/// # Errors
/// [`AskError`]. After `Overloaded`, the command may still be carried out.
pub async fn ask<C, R>(
    inbox: &mpsc::Sender<C>,
    patience: Duration,
    command: impl FnOnce(oneshot::Sender<R>) -> C,
) -> Result<R, AskError> {
    let answer = async {
        // A permit first: dropping this future then leaves either no command or a whole one.
        let permit = inbox.reserve().await.map_err(|_| AskError::Closed)?;
        let (reply, answer) = oneshot::channel();
        permit.send(command(reply));
        answer.await.map_err(|_| AskError::Closed)
    };
    timeout(patience, answer).await.unwrap_or(Err(AskError::Overloaded))
}

/// Hands over a command without a reply, waiting for a place in the inbox for at most `patience`.
///
/// # Errors
/// [`AskError`]; the actor has not got the command.
pub async fn tell<C>(inbox: &mpsc::Sender<C>, patience: Duration, command: C) -> Result<(), AskError> {
    match timeout(patience, inbox.reserve()).await {
        Ok(Ok(permit)) => {
            permit.send(command);
            Ok(())
        }
        Ok(Err(_)) => Err(AskError::Closed),
        Err(_) => Err(AskError::Overloaded),
    }
}
