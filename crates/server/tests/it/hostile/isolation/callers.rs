//! Who tries.

use serde_json::{Value, json};

use super::{OURS, THEIRS};
use crate::support::{Issuer, claims};

/// Somebody with a token, or without any.
pub(super) struct Caller {
    pub(super) name: &'static str,
    pub(super) token: Option<String>,
    /// Is this the one who has a right to the other project?
    pub(super) is_member: bool,
    /// Has this one a role in the project of the others?
    pub(super) is_ours: bool,
}

impl Caller {
    /// The header that shows the token.
    pub(super) fn header(&self) -> String {
        self.token.as_ref().map(|token| format!("Authorization: Bearer {token}\r\n")).unwrap_or_default()
    }
}

/// A token with these grants and one claim that is not as it is in others.
fn token(name: &str, grants: &Value, changed: Option<(&str, Value)>) -> String {
    let mut said = claims(name, grants);
    if let Some((claim, value)) = changed {
        said[claim] = value;
    }
    Issuer::secret().sign(&said)
}

/// All of them.
pub(super) fn everybody() -> Vec<Caller> {
    let caller = |name, token, is_ours| Caller { name, token: Some(token), is_member: false, is_ours };
    let ours = |name: &'static str| caller(name, token(name, &json!({ OURS.to_string(): name }), None), true);
    let theirs = json!({ THEIRS.to_string(): "owner" });
    let mut all = vec![
        Caller { name: "nobody", token: None, is_member: false, is_ours: false },
        caller("guest", token("guest", &json!({}), None), false),
        ours("viewer"),
        ours("editor"),
        ours("owner"),
        caller("creator", token("creator", &json!({}), Some(("create_projects", json!(true)))), false),
        caller("late", token("late", &theirs, Some(("exp", json!(1)))), false),
        caller("early", token("early", &theirs, Some(("nbf", json!(99_999_999_999_u64)))), false),
        caller("elsewhere", token("elsewhere", &theirs, Some(("aud", json!("another")))), false),
        caller("forger", Issuer::ecdsa().sign(&claims("forger", &theirs)), false),
    ];
    let grants = json!({ OURS.to_string(): "viewer", THEIRS.to_string(): "viewer" });
    let member = token("member", &grants, None);
    all.push(Caller { name: "member", token: Some(member), is_member: true, is_ours: true });
    all
}
