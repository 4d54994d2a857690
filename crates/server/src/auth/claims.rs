//! What a token says, read strictly: a claim of the wrong type is a refusal and never the same as an absent one.

use std::collections::BTreeMap;
use std::fmt;

use collabd_core::Profile;
use collabd_protocol::{AvatarColor, ProjectId, Role, UserId, UserName};
use jiff::{SignedDuration, Timestamp};
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::{AuthError, Subject};

/// How far the clocks of issuer and server may be apart.
pub(crate) const LEEWAY: SignedDuration = SignedDuration::from_secs(5);

/// The claims of RFC 7519 that count, and those of collabd. Others are ignored.
#[derive(Debug, Deserialize)]
pub(super) struct Claims {
    sub: UserId,
    name: Option<UserName>,
    color: Option<AvatarColor>,
    agent: Option<bool>,
    #[serde(default)]
    projects: Grants,
    #[serde(default)]
    create_projects: bool,
    exp: NumericDate,
    #[serde(default, deserialize_with = "present")]
    nbf: Option<NumericDate>,
    iss: Option<String>,
    aud: Audience,
}

/// Whom a token must come from and be meant for.
#[derive(Debug)]
pub(super) struct Expected {
    pub(super) issuer: Option<String>,
    pub(super) audience: String,
}

impl Claims {
    /// Whom the claims name, if they are meant for this server and the time is right.
    pub(super) fn check(self, expected: &Expected, now: Timestamp) -> Result<Subject, AuthError> {
        if expected.issuer.is_some() && self.iss != expected.issuer || !self.aud.holds(&expected.audience) {
            return Err(AuthError::Unauthenticated);
        }
        if self.nbf.is_some_and(|NumericDate(begin)| begin.duration_since(now) > LEEWAY) {
            return Err(AuthError::Unauthenticated);
        }
        // Last: only who would otherwise come in is told to fetch a fresh one.
        let NumericDate(expires_at) = self.exp;
        if now.duration_since(expires_at) > LEEWAY {
            return Err(AuthError::Expired);
        }
        let user_name = match self.name {
            Some(name) => name,
            // Whatever is a user id is a user name, too; names may even be longer.
            None => UserName::new(self.sub.as_str()).map_err(|_| AuthError::Unauthenticated)?,
        };
        let profile = Profile {
            avatar_color: self.color.unwrap_or_else(|| AvatarColor::for_user(&self.sub)),
            user_id: self.sub,
            user_name,
            is_agent: self.agent.unwrap_or(false),
        };
        Ok(Subject {
            profile,
            expires_at,
            grants: self.projects.0,
            may_create_projects: self.create_projects,
        })
    }
}

/// Seconds since 1970 (RFC 7519, section 2), within the time that a calendar knows.
#[derive(Debug, Clone, Copy)]
struct NumericDate(Timestamp);

impl<'de> Deserialize<'de> for NumericDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let seconds = f64::deserialize(deserializer)?;
        SignedDuration::try_from_secs_f64(seconds)
            .and_then(Timestamp::from_duration)
            .ok()
            .filter(|time| *time >= Timestamp::UNIX_EPOCH)
            .map(Self)
            .ok_or_else(|| de::Error::custom("no time"))
    }
}

/// A claim that may be absent, but not null.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<NumericDate>, D::Error> {
    NumericDate::deserialize(deserializer).map(Some)
}

/// Whom a token is meant for.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

impl Audience {
    fn holds(&self, name: &str) -> bool {
        match self {
            Self::One(one) => one == name,
            Self::Many(many) => many.iter().any(|one| one == name),
        }
    }
}

/// Roles by the project's number in decimal digits. There is no word for all projects.
#[derive(Debug, Default)]
struct Grants(BTreeMap<ProjectId, Role>);

impl<'de> Deserialize<'de> for Grants {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(GrantsVisitor)
    }
}

struct GrantsVisitor;

impl<'de> Visitor<'de> for GrantsVisitor {
    type Value = Grants;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("roles by project")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Grants, A::Error> {
        let mut grants = BTreeMap::new();
        while let Some((key, role)) = map.next_entry::<String, Role>()? {
            let project: ProjectId = key.parse().map_err(de::Error::custom)?;
            // Two roles in one project, perhaps as "1" and "01": which one was meant?
            if grants.insert(project, role).is_some() {
                return Err(de::Error::custom("a project twice"));
            }
        }
        Ok(Grants(grants))
    }
}

#[cfg(test)]
mod tests;
