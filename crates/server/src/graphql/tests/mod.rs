//! The schema and its limits, without a server.

mod limits;
mod sdl;

use super::api::Api;
use super::schema;

/// What `GraphiQL` asks when it starts.
const INTROSPECTION: &str = include_str!("introspection.graphql");

fn api(is_development: bool) -> Api {
    Api::new(schema::builder(is_development).finish())
}
