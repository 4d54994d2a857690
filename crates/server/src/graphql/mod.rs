//! The GraphQL API: projects and documents as they are stored, who is in them now, and the server's health.
//!
//! ```text
//! POST /graphql    --> endpoint --> Api --> schema --> store, coordinator, health
//! GET  /graphql/ws --> socket   --> Api                (graphql-transport-ws, one task for each socket)
//! ```
//!
//! [`Api`] is the only way to the schema. Before the library sees a document, [`document`] bounds what it
//! can cost; whatever comes back has a code of the closed list in [`error`].

mod access;
mod api;
mod argument;
mod bounds;
mod cost;
mod document;
mod endpoint;
mod error;
mod events;
mod members;
mod mutation;
mod query;
mod schema;
mod sessions;
mod socket;
mod subscription;
#[cfg(test)]
mod tests;
mod ticket;
mod types;
mod versions;

use axum::routing::get;
use axum::{Extension, Router};

use crate::app::App;
use crate::connection::wrong_method;
use api::Api;

/// The API's endpoints.
pub(crate) fn router(app: &App) -> Router<App> {
    Router::new()
        .route("/graphql", get(endpoint::explorer).post(endpoint::execute))
        .route("/graphql/ws", get(socket::open).fallback(wrong_method))
        .layer(Extension(Api::of(app)))
}
