//! One open document: an actor that owns the content, the handle to it, and the subscriptions that it hands out.

mod actor;
mod clocks;
mod command;
mod edits;
mod handle;
mod loading;
mod log;
mod renewal;
mod subscriber;
mod subscription;

pub(crate) use command::End;
pub use handle::{DocumentError, DocumentHandle, Exported, ImportError};
pub(crate) use loading::{DocumentActor, Spec};
pub use subscription::{Form, SubscribeRequest, Subscription, WriteRight};
