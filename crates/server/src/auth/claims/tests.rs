//! Times, audiences and grants, with a clock that is an argument.

use serde_json::{Value, json};

use super::*;

const NOW: i64 = 1_800_000_000;

fn expected() -> Expected {
    Expected { issuer: Some("us".to_owned()), audience: "collabd".to_owned() }
}

/// Valid claims with `changes` laid over them; a change to null takes the claim away.
fn claims(changes: &Value) -> Value {
    let mut claims = json!({
        "sub": "ada", "iss": "us", "aud": "collabd", "exp": NOW + 60, "projects": {"1": "editor"},
    });
    for (name, value) in changes.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims
}

fn check(changes: &Value) -> Result<Subject, AuthError> {
    let claims: Claims =
        serde_json::from_str(&claims(changes).to_string()).map_err(|_| AuthError::Unauthenticated)?;
    claims.check(&expected(), Timestamp::from_second(NOW).unwrap())
}

/// A4: the leeway is five seconds on either side, to the second.
#[test]
fn a_token_is_valid_from_five_seconds_before_its_time_to_five_seconds_after_it() {
    assert!(check(&json!({"exp": NOW - 5})).is_ok());
    assert_eq!(check(&json!({"exp": NOW - 6})), Err(AuthError::Expired));
    assert!(check(&json!({"nbf": NOW + 5})).is_ok());
    assert_eq!(check(&json!({"nbf": NOW + 6})), Err(AuthError::Unauthenticated));
    assert!(check(&json!({"exp": 1_800_000_000.5})).is_ok());
}

/// A3
#[test]
fn a_time_of_the_wrong_type_is_never_the_same_as_none() {
    for claim in ["exp", "nbf"] {
        for value in [json!("1"), json!(null), json!(1e300), json!(-1), json!(true), json!([NOW])] {
            let refused = check(&json!({ claim: value }));
            assert_eq!(refused, Err(AuthError::Unauthenticated), "{claim}: {value}");
        }
    }
}

/// A3
#[test]
fn a_token_names_its_issuer_its_audience_and_its_subject() {
    assert!(check(&json!({"aud": ["other", "collabd"]})).is_ok());
    for changes in [
        json!({"iss": "them"}),
        json!({"iss": null}),
        json!({"iss": ["us"]}),
        json!({"aud": "other"}),
        json!({"aud": null}),
        json!({"aud": []}),
        json!({"aud": ["collabd", 1]}),
        json!({"sub": null}),
        json!({"sub": 1}),
        json!({"sub": " "}),
        json!({"sub": "a\u{0}b"}),
        json!({"name": ""}),
        json!({"color": "red"}),
        json!({"agent": "yes"}),
        json!({"create_projects": 1}),
        json!({"create_projects": null}),
    ] {
        assert_eq!(check(&changes), Err(AuthError::Unauthenticated), "{changes}");
    }
}

/// A8
#[test]
fn a_grant_is_for_one_project_and_never_for_all() {
    let ada = check(&json!({"projects": {"1": "viewer", "7": "owner"}})).unwrap();
    let role = |id| ada.granted(ProjectId::new(id).unwrap());
    assert_eq!((role(1), role(7), role(2)), (Some(Role::Viewer), Some(Role::Owner), None));
    let nothing = json!({"sub": "ada", "iss": "us", "aud": "collabd", "exp": NOW + 60});
    let nobody: Claims = serde_json::from_value(nothing).unwrap();
    let nobody = nobody.check(&expected(), Timestamp::from_second(NOW).unwrap()).unwrap();
    assert_eq!(nobody.granted(ProjectId::new(1).unwrap()), None);
    for projects in [
        r#"{"*": "editor"}"#,
        r#"{"0": "editor"}"#,
        r#"{"-1": "editor"}"#,
        r#"{"1": "admin"}"#,
        r#"{"1": "Editor"}"#,
        r#"{"1": null}"#,
        r#"{"1": "viewer", "01": "owner"}"#,
        r#"["1"]"#,
        "null",
    ] {
        let text = claims(&json!({"projects": "PROJECTS"})).to_string().replace("\"PROJECTS\"", projects);
        assert!(serde_json::from_str::<Claims>(&text).is_err(), "{projects}");
    }
}

#[test]
fn who_has_no_name_is_called_by_the_id() {
    let ada = check(&json!({})).unwrap();
    assert_eq!(ada.profile.user_name.as_str(), "ada");
    assert_eq!(ada.profile.avatar_color, AvatarColor::for_user(&ada.profile.user_id));
    assert!(!ada.profile.is_agent);
    let bot = check(&json!({"name": "Bot", "color": "#123456", "agent": true})).unwrap();
    assert_eq!((bot.profile.user_name.as_str(), bot.profile.avatar_color.as_str()), ("Bot", "#123456"));
    assert!(bot.profile.is_agent);
}
