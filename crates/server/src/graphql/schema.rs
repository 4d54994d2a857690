//! The schema and the limits that the library keeps.

use async_graphql::SchemaBuilder;

use super::document::MAX_NESTING;
use super::mutation::Mutation;
use super::query::Query;
use super::subscription::Subscription;

/// Queries, mutations and subscriptions.
pub(super) type Schema = async_graphql::Schema<Query, Mutation, Subscription>;

/// Fields inside each other. The deepest path of the schema has four.
const MAX_DEPTH: usize = 8;

/// Introspection unwraps one list or non-null type per level: this is as deep as `GraphiQL` asks, and a little more.
const MAX_DEPTH_IN_DEVELOPMENT: usize = 20;

/// What a query may cost; [`cost`](super::cost) says what costs how much.
const MAX_COMPLEXITY: usize = 500;

/// Directives on one field. The schema has two that make sense there: `@skip` and `@include`.
const MAX_DIRECTIVES: usize = 4;

/// The schema with its limits. Developers can ask it about itself.
pub(super) fn builder(is_development: bool) -> SchemaBuilder<Query, Mutation, Subscription> {
    let builder = Schema::build(Query, Mutation::ALL, Subscription)
        .limit_complexity(MAX_COMPLEXITY)
        .limit_recursive_depth(MAX_NESTING)
        .limit_directives(MAX_DIRECTIVES);
    if is_development {
        builder.limit_depth(MAX_DEPTH_IN_DEVELOPMENT)
    } else {
        builder.limit_depth(MAX_DEPTH).disable_introspection().disable_suggestions()
    }
}
