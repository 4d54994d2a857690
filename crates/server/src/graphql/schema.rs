//! The schema and the limits that the library counts.

use async_graphql::SchemaBuilder;

use super::bounds::Bounds;
use super::document::MAX_NESTING;
use super::mutation::Mutation;
use super::query::Query;
use super::subscription::Subscription;

/// Queries, mutations and subscriptions.
pub(super) type Schema = async_graphql::Schema<Query, Mutation, Subscription>;

/// Fields inside each other. The deepest path of the schema has four.
pub(crate) const MAX_DEPTH: usize = 8;

/// Introspection unwraps one list or non-null type per level: this is as deep as `GraphiQL` asks, and a little more.
const MAX_DEPTH_IN_DEVELOPMENT: usize = 20;

/// Directives on one field. The schema has two that make sense there: `@skip` and `@include`.
const MAX_DIRECTIVES: usize = 4;

/// The schema with its limits. Developers can ask it about itself.
pub(super) fn builder(is_development: bool) -> SchemaBuilder<Query, Mutation, Subscription> {
    let builder = Schema::build(Query::ALL, Mutation::ALL, Subscription)
        .limit_recursive_depth(MAX_NESTING)
        .limit_directives(MAX_DIRECTIVES);
    if is_development {
        builder.extension(Bounds { max_depth: MAX_DEPTH_IN_DEVELOPMENT })
    } else {
        let builder = builder.extension(Bounds { max_depth: MAX_DEPTH });
        builder.disable_introspection().disable_suggestions()
    }
}
