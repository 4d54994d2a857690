//! What the program does instead of serving.

use std::time::Duration;

use clap::{Args, Subcommand};
use collabd_protocol::ids::ProjectIdError;
use collabd_protocol::role::RoleError;
use collabd_protocol::{AvatarColor, ProjectId, Role, UserId, UserName};

use super::duration;

/// What the program does instead of serving.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum Command {
    /// Check the settings and the keys they name, without listening or opening the store.
    CheckConfig,
    /// Make tokens, for trying a secured server out.
    #[command(subcommand)]
    Token(TokenCommand),
}

/// What is done with tokens.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum TokenCommand {
    /// Sign a token with the secret of the settings and print it.
    Mint(MintArgs),
}

/// Whom a token names, and what it grants.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(next_help_heading = "Token")]
pub struct MintArgs {
    /// Id of the user.
    #[arg(long, value_name = "ID", value_parser = |text: &str| UserId::new(text))]
    pub(crate) user: UserId,

    /// Name to show [default: the id].
    #[arg(long, value_name = "NAME", value_parser = |text: &str| UserName::new(text))]
    pub(crate) name: Option<UserName>,

    /// Colour to show, as #RGB or #RRGGBB [default: made from the id].
    #[arg(long, value_name = "COLOR", value_parser = |text: &str| AvatarColor::new(text))]
    pub(crate) color: Option<AvatarColor>,

    /// The user is a program.
    #[arg(long)]
    pub(crate) agent: bool,

    /// A project and a role in it, such as 1=editor; may be given several times.
    #[arg(long = "grant", value_name = "PROJECT=ROLE", value_parser = grant)]
    pub(crate) grants: Vec<(ProjectId, Role)>,

    /// The user may make projects.
    #[arg(long)]
    pub(crate) create_projects: bool,

    /// How long the token is valid.
    #[arg(long, value_name = "DURATION", value_parser = duration::parse, default_value = "1h")]
    pub(crate) lifetime: Duration,
}

/// Why a text is no grant.
#[derive(Debug, thiserror::Error)]
enum GrantError {
    /// Not a project and a role.
    #[error("expected a project and a role, such as 1=editor")]
    Form,
    /// No project.
    #[error("the project {0}")]
    Project(#[from] ProjectIdError),
    /// No role.
    #[error("the role {0}")]
    Role(#[from] RoleError),
}

fn grant(text: &str) -> Result<(ProjectId, Role), GrantError> {
    let (project, role) = text.split_once('=').ok_or(GrantError::Form)?;
    Ok((project.parse()?, role.parse()?))
}
