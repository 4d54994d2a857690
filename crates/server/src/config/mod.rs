//! What an operator can set, and the only place that reads the environment.
//!
//! Every setting has one name: `silence_timeout` in the file is `--silence-timeout` on the command line and
//! `COLLABD_SILENCE_TIMEOUT` in the environment, and all three go through the same parser. Later sources win:
//! defaults, then the file, then the environment, then flags. One submodule holds one concern; its struct is at
//! once the declaration, the help text and what the rest of the program reads.

mod auth;
mod command;
mod documents;
mod duration;
mod error;
mod file;
mod jwks_url;
mod limits;
mod listen;
mod log;
mod origin;
mod proxies;
mod quantity;
mod storage;
mod timing;
mod tls;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{CommandFactory, FromArgMatches, Parser};

pub use auth::{AuthConfig, Secret, SecretError, TokenAlgorithm};
pub use command::{Command, MintArgs, TokenCommand};
pub use documents::DocumentConfig;
pub use error::ConfigError;
pub use jwks_url::{JwksUrl, JwksUrlError};
pub use limits::LimitConfig;
pub use listen::ListenConfig;
pub use log::{LogConfig, LogFormat};
pub use origin::{OriginConfig, OriginError, OriginList};
pub use proxies::{ProxyConfig, ProxyError, ProxyHeader, ProxyList};
pub use quantity::{Bound, Quantity};
pub use storage::{DatabaseUrl, StoreConfig};
pub use timing::TimingConfig;
pub use tls::TlsConfig;

/// What every environment variable of a setting begins with.
const ENVIRONMENT_PREFIX: &str = "COLLABD_";

const AFTER_HELP: &str = "\
Every setting can also be given in the environment (--silence-timeout is COLLABD_SILENCE_TIMEOUT) or as a \
key of the TOML file (silence_timeout = \"90s\"). Flags win over the environment, the environment over the \
file, the file over the defaults.

Durations are a number with a unit, such as 1500ms, 30s or 2m; sizes are plain numbers of bytes.";

/// Everything the server is told at start. `Default` is what an empty command line gives.
#[derive(Debug, Clone, Default, PartialEq, Parser)]
#[command(
    name = "collabd",
    version,
    about = "Realtime collaboration server: presence, live cursors and documents"
)]
#[command(after_help = AFTER_HELP, disable_help_subcommand = true)]
pub struct Config {
    /// What to do instead of serving.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// TOML file with settings; a name it does not know is an error.
    #[arg(id = "config", long = "config", value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// Where the server listens and for whom.
    #[command(flatten)]
    pub listen: ListenConfig,
    /// With which certificate.
    #[command(flatten)]
    pub tls: TlsConfig,
    /// Which tokens the server believes.
    #[command(flatten)]
    pub auth: AuthConfig,
    /// Whose web pages may open WebSockets.
    #[command(flatten)]
    pub origin: OriginConfig,
    /// Which machines speak for others.
    #[command(flatten)]
    pub proxies: ProxyConfig,
    /// Where projects and documents are kept.
    #[command(flatten)]
    pub store: StoreConfig,
    /// Bounds on what clients may take.
    #[command(flatten)]
    pub limits: LimitConfig,
    /// Bounds on shared documents.
    #[command(flatten)]
    pub documents: DocumentConfig,
    /// Deadlines and periods.
    #[command(flatten)]
    pub timing: TimingConfig,
    /// What is logged and how.
    #[command(flatten)]
    pub log: LogConfig,
}

impl Config {
    /// Reads flags from `args` (the program's name first), the environment and the file that `--config` names,
    /// and checks the result as a whole.
    ///
    /// # Errors
    /// [`ConfigError::Usage`] when clap has something to print, help and version included; every other variant
    /// names the setting, its value and the limit in one line.
    pub fn load(args: impl IntoIterator<Item = OsString>) -> Result<Self, ConfigError> {
        let args: Vec<OsString> = args.into_iter().collect();
        let command = command();
        // The first pass finds the file (and ends here for --help); the second has its values as defaults.
        let mut config = Self::parse(command.clone(), &args)?;
        if let Some(path) = &config.file {
            let command = file::settings(path, &command)?.into_iter().fold(command, file::Setting::apply);
            config = Self::parse(command, &args)?;
        }
        config.validate()?;
        Ok(config)
    }

    fn parse(mut command: clap::Command, args: &[OsString]) -> Result<Self, ConfigError> {
        let parsed = command
            .try_get_matches_from_mut(args)
            .and_then(|matches| Self::from_arg_matches(&matches).map_err(|error| error.format(&mut command)));
        parsed.map_err(ConfigError::from_clap)
    }

    /// Checks what no single setting can: ranges, and settings that must agree with each other.
    fn validate(&self) -> Result<(), ConfigError> {
        self.tls.validate()?;
        self.auth.validate()?;
        self.origin.validate()?;
        self.listen.validate(self.auth.is_secured())?;
        self.store.validate()?;
        self.limits.validate()?;
        self.documents.validate()?;
        self.timing.validate()?;
        self.log.validate()
    }
}

/// The command line, with the environment variable of each setting derived from its name.
fn command() -> clap::Command {
    Config::command().mut_args(|arg| {
        let variable = format!("{ENVIRONMENT_PREFIX}{}", arg.get_id().as_str().to_uppercase());
        // A value in the environment may be a secret; help shows the variable's name only.
        arg.env(variable).hide_env_values(true).global(true)
    })
}

#[cfg(test)]
mod tests;
