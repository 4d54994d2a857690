//! Limits by name, so that whoever meets one knows which it was, how much it allows and how much is in use.

use serde::{Deserialize, Serialize};

/// What a limit counts for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LimitScope {
    /// The whole server.
    Server,
    /// One network address.
    Address,
    /// One verified user; one connection where nobody is verified.
    User,
    /// One project.
    Project,
    /// One connection.
    Connection,
    /// One GraphQL request.
    Request,
}

impl LimitScope {
    /// The scope's name in the documents.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Address => "address",
            Self::User => "user",
            Self::Project => "project",
            Self::Connection => "connection",
            Self::Request => "request",
        }
    }
}

/// Defines the limits from one table, so that name and scope cannot drift apart.
macro_rules! limits {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $scope:ident;)*) => {
        /// A limit that has a name. The list is closed; a limit that can be set is called as its setting.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
        #[serde(rename_all = "snake_case")]
        pub enum LimitName {
            $($(#[$doc])* $variant,)*
        }

        impl LimitName {
            /// Every limit, in the order of the documents.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The limit's name on the wire and in metrics.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// What the limit counts for.
            pub const fn scope(self) -> LimitScope {
                match self { $(Self::$variant => LimitScope::$scope,)* }
            }
        }
    };
}

limits! {
    /// WebSockets open.
    MaxConnections = "max_connections", Server;
    /// WebSockets open that have not joined yet.
    MaxUnjoined = "max_unjoined", Server;
    /// WebSockets opened in a second.
    ConnectionsPerSecond = "connections_per_second", Server;
    /// WebSockets of one address.
    ConnectionsPerAddress = "connections_per_address", Address;
    /// WebSockets that one address opens in a second.
    ConnectionsPerSecondPerAddress = "connections_per_second_per_address", Address;
    /// WebSockets of one user.
    ConnectionsPerUser = "connections_per_user", User;
    /// Cost of what one user asks for in a second.
    CostPerSecond = "cost_per_second", User;
    /// Sessions in one project.
    ProjectMembers = "project_members", Project;
    /// Documents of one project.
    MaxDocumentsPerProject = "max_documents_per_project", Project;
    /// People with a role in one project.
    ProjectRoles = "project_roles", Project;
    /// People with a role in one project, and those whose role was taken away.
    ProjectRolesEver = "project_roles_ever", Project;
    /// Invitations of one project that wait.
    ProjectInvitations = "project_invitations", Project;
    /// Documents in memory.
    MaxOpenDocuments = "max_open_documents", Server;
    /// Messages in a second.
    MessagesPerSecond = "messages_per_second", Connection;
    /// Frames of any kind in a second, over ten seconds (B3).
    Flood = "flood", Connection;
    /// Malformed messages in a minute (X2).
    MalformedMessages = "malformed_messages", Connection;
    /// Bytes of one message before the join (J1).
    UnjoinedMessageBytes = "unjoined_message_bytes", Connection;
    /// Bytes of one message.
    MaxMessageBytes = "max_message_bytes", Connection;
    /// Documents open on one connection.
    ConnectionDocuments = "connection_documents", Connection;
    /// Tickets that wait to be used.
    Tickets = "tickets", Server;
    /// Tickets of one user that wait to be used.
    TicketsPerUser = "tickets_per_user", User;
    /// Operations at a time on one socket.
    GraphqlOperations = "graphql_operations", Connection;
    /// Brackets inside each other.
    GraphqlBrackets = "graphql_brackets", Request;
    /// Selection sets inside each other.
    GraphqlNesting = "graphql_nesting", Request;
    /// Selections, those of fragments wherever they are spread.
    GraphqlSelections = "graphql_selections", Request;
    /// Fields at the root.
    GraphqlRootFields = "graphql_root_fields", Request;
    /// Fields under another name.
    GraphqlAliases = "graphql_aliases", Request;
    /// Fields inside each other.
    GraphqlDepth = "graphql_depth", Request;
    /// What one query costs.
    GraphqlComplexity = "graphql_complexity", Request;
}

/// A limit that was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct LimitHit {
    /// Which one.
    pub name: LimitName,
    /// How much it allows.
    pub max: u64,
    /// How much is in use, or was asked for; of a rate that is used up, the rate.
    pub current: u64,
}

impl LimitHit {
    /// A limit of `max` things of which `current` are in use or were asked for.
    pub fn new(name: LimitName, max: usize, current: usize) -> Self {
        // No machine has a usize wider than 64 bits.
        let number = |count| u64::try_from(count).unwrap_or(u64::MAX);
        Self { name, max: number(max), current: number(current) }
    }

    /// A limit of which all is in use.
    pub fn full(name: LimitName, max: usize) -> Self {
        Self::new(name, max, max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_what_serde_writes() {
        for limit in LimitName::ALL {
            assert_eq!(serde_json::to_string(limit).unwrap(), format!("\"{}\"", limit.name()));
        }
    }
}
