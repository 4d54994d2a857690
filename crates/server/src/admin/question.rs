//! The query of what operators ask.

use std::str::FromStr;

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use collabd_protocol::ProjectId;
use serde::Deserialize;

use super::error::AdminError;

/// What is asked about.
#[derive(Debug)]
pub(super) struct Question<A> {
    /// Which project, if any.
    pub(super) project: Option<ProjectId>,
    /// Only what comes after this.
    pub(super) after: Option<A>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    project: Option<String>,
    after: Option<String>,
}

impl<A: FromStr, S: Sync> FromRequestParts<S> for Question<A> {
    type Rejection = AdminError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, AdminError> {
        let Query(Words { project, after }) =
            Query::try_from_uri(&parts.uri).map_err(|_| AdminError::Query)?;
        let project = project.map(|text| text.parse::<ProjectId>()).transpose()?;
        let after = after.map(|text| text.parse::<A>().map_err(|_| AdminError::Query)).transpose()?;
        Ok(Self { project, after })
    }
}
