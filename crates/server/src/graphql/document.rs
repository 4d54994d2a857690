//! What a GraphQL document may look like, checked before the library's own rules see it: they follow every spread
//! of every fragment, so a few hundred bytes of fragments that double each other would keep them busy for years.

mod brackets;

use async_graphql::parser::types::{
    ExecutableDocument, FragmentDefinition, OperationType, Selection, SelectionSet,
};
use async_graphql::parser::{self, parse_query};
use async_graphql::{Name, Positioned, ServerError};
use collabd_protocol::{LimitHit, LimitName};
use std::collections::HashMap;

use super::error::{Code, at_limit};
pub(super) use brackets::BracketError;

/// Selection sets inside each other, those of fragments included.
pub(super) const MAX_NESTING: usize = 32;

/// Fields, spreads and inline fragments, a fragment's content counted wherever it is spread. `GraphiQL`'s question
/// about the whole schema has about 500.
const MAX_SELECTIONS: usize = 1000;

/// Fields of the operations themselves: each is a resolver that starts at once.
const MAX_ROOT_FIELDS: usize = 20;

/// Fields under another name, which is how one field is asked for many times.
const MAX_ALIASES: usize = 20;

/// Why a document is refused.
#[derive(Debug, thiserror::Error)]
pub(super) enum DocumentError {
    /// Its brackets are too deep, or it ends in a string.
    #[error(transparent)]
    Brackets(#[from] BracketError),
    /// It is no GraphQL.
    #[error(transparent)]
    Syntax(#[from] parser::Error),
    /// Its selections are nested too deep.
    #[error("the query is nested too deep: the limit is {MAX_NESTING} levels")]
    Nesting,
    /// It has too many selections.
    #[error("the query is too large: the limit is {MAX_SELECTIONS} selections")]
    Selections,
    /// It has too many fields at its root.
    #[error("the query has too many root fields: the limit is {MAX_ROOT_FIELDS}")]
    RootFields,
    /// It has too many aliases.
    #[error("the query has too many aliases: the limit is {MAX_ALIASES}")]
    Aliases,
    /// A subscription has more than one field, or hides it in a fragment.
    #[error("a subscription has exactly one root field")]
    SubscriptionRoots,
}

impl DocumentError {
    /// The limit that the document goes beyond, if that is what is wrong.
    pub(super) fn limit(&self) -> Option<LimitHit> {
        let (name, max) = match self {
            Self::Brackets(BracketError::Depth) => (LimitName::GraphqlBrackets, brackets::MAX_DEPTH),
            Self::Nesting => (LimitName::GraphqlNesting, MAX_NESTING),
            Self::Selections => (LimitName::GraphqlSelections, MAX_SELECTIONS),
            Self::RootFields => (LimitName::GraphqlRootFields, MAX_ROOT_FIELDS),
            Self::Aliases => (LimitName::GraphqlAliases, MAX_ALIASES),
            Self::Brackets(_) | Self::Syntax(_) | Self::SubscriptionRoots => return None,
        };
        // Nobody counts further than to the first that is too many.
        Some(LimitHit::new(name, max, max + 1))
    }
}

impl From<DocumentError> for ServerError {
    fn from(error: DocumentError) -> Self {
        match error {
            DocumentError::Syntax(error) => syntax(error),
            other => match other.limit() {
                Some(hit) => at_limit(Code::BadRequest, other.to_string(), hit),
                None => Self::new(other.to_string(), None),
            },
        }
    }
}

/// The parser's message shows the whole line around the fault, which may be the whole document; the place is told
/// beside it.
fn syntax(error: parser::Error) -> ServerError {
    let error = ServerError::from(error);
    let fault = error.message.rsplit("= ").next().unwrap_or_default();
    ServerError { message: format!("syntax error: {fault}"), ..error }
}

/// Reads a document and checks its size and shape.
pub(super) fn parse(text: &str) -> Result<ExecutableDocument, DocumentError> {
    brackets::check(text)?;
    let document = parse_query(text)?;
    let mut census = Census::of(&document.fragments);
    for (_, operation) in document.operations.iter() {
        census.walk(&operation.node.selection_set.node, Place::Root, 1)?;
        if operation.node.ty == OperationType::Subscription {
            check_subscription(&operation.node.selection_set.node)?;
        }
    }
    // Those that nothing spreads are read by the library's rules all the same.
    for fragment in document.fragments.values() {
        census.walk(&fragment.node.selection_set.node, Place::Definition, 1)?;
    }
    Ok(document)
}

/// What kind of operation will be executed; `None` when `name` leaves it open, which the library refuses.
pub(super) fn operation_type(document: &ExecutableDocument, name: Option<&str>) -> Option<OperationType> {
    let mut operations = document.operations.iter();
    let operation = match name {
        Some(name) => operations.find(|(known, _)| known.is_some_and(|known| known.as_str() == name)),
        None => operations.next().filter(|_| operations.next().is_none()),
    };
    operation.map(|(_, operation)| operation.node.ty)
}

/// The library would run every field as a subscription of its own, and silently none that is in a fragment.
fn check_subscription(roots: &SelectionSet) -> Result<(), DocumentError> {
    match roots.items.as_slice() {
        [root] if matches!(root.node, Selection::Field(_)) => Ok(()),
        _ => Err(DocumentError::SubscriptionRoots),
    }
}

/// Where a selection stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Directly in an operation, as far as fields count.
    Root,
    /// Inside a field of an operation.
    Inner,
    /// In the definition of a fragment, not where it is spread.
    Definition,
}

/// Counts what a document consists of, and stops as soon as it is too much.
struct Census<'a> {
    fragments: &'a HashMap<Name, Positioned<FragmentDefinition>>,
    selections: usize,
    root_fields: usize,
    aliases: usize,
}

impl<'a> Census<'a> {
    fn of(fragments: &'a HashMap<Name, Positioned<FragmentDefinition>>) -> Self {
        Self { fragments, selections: 0, root_fields: 0, aliases: 0 }
    }

    fn walk(&mut self, set: &SelectionSet, place: Place, level: usize) -> Result<(), DocumentError> {
        if level > MAX_NESTING {
            return Err(DocumentError::Nesting);
        }
        for selection in &set.items {
            count(&mut self.selections, MAX_SELECTIONS, DocumentError::Selections)?;
            match &selection.node {
                Selection::Field(field) => {
                    if place == Place::Root {
                        count(&mut self.root_fields, MAX_ROOT_FIELDS, DocumentError::RootFields)?;
                    }
                    if place != Place::Definition && field.node.alias.is_some() {
                        count(&mut self.aliases, MAX_ALIASES, DocumentError::Aliases)?;
                    }
                    let inside = if place == Place::Root { Place::Inner } else { place };
                    if !field.node.selection_set.node.items.is_empty() {
                        self.walk(&field.node.selection_set.node, inside, level + 1)?;
                    }
                }
                Selection::InlineFragment(inline) => {
                    self.walk(&inline.node.selection_set.node, place, level + 1)?;
                }
                Selection::FragmentSpread(spread) => {
                    // An unknown name is left to the library's rules.
                    if let Some(fragment) = self.fragments.get(&spread.node.fragment_name.node) {
                        self.walk(&fragment.node.selection_set.node, place, level + 1)?;
                    }
                }
            }
        }
        Ok(())
    }
}

fn count(counter: &mut usize, limit: usize, error: DocumentError) -> Result<(), DocumentError> {
    *counter += 1;
    if *counter > limit { Err(error) } else { Ok(()) }
}
