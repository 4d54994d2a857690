//! What costs more than a message is paid for.

use std::time::Duration;

use collabd_loadgen::http::HttpResponse;
use serde_json::{Value, json};

use super::{admitted, assert_documented, assert_limit, bearer, behind_a_proxy, hits};
use crate::support::{Issuer, RawClient, TestServer, eventually};

const LEAVE: &str = r#"{"type":"leave_session"}"#;

async fn query(server: &TestServer, user: &str, query: &str) -> Value {
    let http = Issuer::secret().http(server, user, 1, "editor");
    http.post_json("/graphql", &json!({ "query": query })).await.expect("an answer").json().expect("JSON")
}

/// Leaves and joins until a join is refused, and gives the refusal with the number of joins before it.
fn join_until_refused(client: &mut RawClient) -> (usize, Value) {
    for joins in 0..100 {
        client.send_text(LEAVE);
        client.send_join("ada");
        let answer = loop {
            let message = client.message();
            match message["type"].as_str() {
                Some("bulk_presence") => break None,
                // Before the first join there is nothing to leave.
                Some("error") if message["code"] != "not_joined" => break Some(message),
                _ => {}
            }
        };
        if let Some(refusal) = answer {
            return (joins, refusal);
        }
    }
    panic!("a hundred joins and no refusal");
}

/// L5
#[tokio::test(flavor = "multi_thread")]
async fn joins_and_queries_are_paid_for_from_one_budget_of_their_user() {
    let server = behind_a_proxy(&["--cost-per-second=250", "--cost-burst=2500"]);
    let mut client = admitted(&server, &bearer("ada"));
    let (joins, refusal) = join_until_refused(&mut client);
    assert!((10..=20).contains(&joins), "{joins} joins");
    assert_eq!((&refusal["code"], &refusal["temporary"]), (&json!("rate_limited"), &json!(true)));
    assert_limit(&refusal, "cost_per_second", 250);
    let wait = refusal["retryAfterMs"].as_u64().expect("a time");
    assert!((1..=1000).contains(&wait), "{refusal}");
    // The same user by another way: whatever the budget is by now, ten of the dearest questions are more.
    let dear = "{ projects(first: 400) { id name documents(first: 20) { id } } }";
    let mut answers = Vec::new();
    for _ in 0..10 {
        answers.push(query(&server, "ada", dear).await);
    }
    let refused = answers.iter().find(|answer| answer["errors"][0]["extensions"]["code"] == "RATE_LIMITED");
    let extensions = &refused.unwrap_or_else(|| panic!("{answers:?}"))["errors"][0]["extensions"];
    assert_limit(extensions, "cost_per_second", 250);
    assert!(extensions["retryAfterMs"].as_u64().is_some_and(|wait| wait >= 1), "{extensions}");
    let http = Issuer::secret().http(&server, "ada", 1, "editor");
    let mut last: Option<HttpResponse> = None;
    for _ in 0..10 {
        let response = http.get("/documents/1/code").await.expect("an answer");
        let is_refused = response.status == 429;
        last = Some(response);
        if is_refused {
            break;
        }
    }
    let last = last.expect("an answer");
    assert_eq!(last.status, 429);
    assert_limit(&last.json().expect("JSON"), "cost_per_second", 250);
    assert!(hits(&server, "cost_per_second") >= 3);
    // Others have budgets of their own, and everybody's comes back.
    assert_eq!(query(&server, "bob", "{ projects { id } }").await["errors"], Value::Null);
    let joins_again = || {
        client.send_join("ada");
        client.messages_until_pong().iter().any(|message| message["type"] == "bulk_presence").then_some(())
    };
    eventually(Duration::from_secs(20), "a join", joins_again);
}

/// L5: without a user each connection pays for itself, and one that comes back is not refused.
#[test]
fn a_loop_of_joins_on_one_socket_ends_and_others_are_not_concerned() {
    let server = TestServer::start_with(&["--cost-per-second=250", "--cost-burst=1000"]);
    let path = crate::support::v2_path(1);
    let mut client = RawClient::upgraded(server.address(), &path);
    let (joins, refusal) = join_until_refused(&mut client);
    assert!((4..=10).contains(&joins), "{joins} joins");
    assert_limit(&refusal, "cost_per_second", 250);
    for _ in 0..20 {
        drop(RawClient::joined(server.address(), &path, "ada"));
    }
}

/// G1: whoever asks for too much is told which limit it was.
#[tokio::test]
async fn a_query_beyond_a_limit_is_told_which() {
    let server = TestServer::start();
    let http = server.http();
    for (query, name, max, current) in [
        (
            "{ projects(first: 1000) { documents(first: 1) { id } } }".to_owned(),
            "graphql_complexity",
            500,
            None,
        ),
        (format!("{{ {} }}", "__typename ".repeat(21)), "graphql_root_fields", 20, Some(21)),
        (format!("{} {}", "{ a ".repeat(65), "} ".repeat(65)), "graphql_brackets", 64, Some(65)),
        (format!("{{ project(id: 1) {{ {} }} }}", "a: id ".repeat(21)), "graphql_aliases", 20, Some(21)),
        (
            format!("{{ project(id: 1) {{ {} }} }}", "id ".repeat(1000)),
            "graphql_selections",
            1000,
            Some(1001),
        ),
    ] {
        let answer = http.post_json("/graphql", &json!({ "query": query })).await.expect("an answer");
        let answer: Value = answer.json().expect("JSON");
        let extensions = &answer["errors"][0]["extensions"];
        assert_eq!(extensions["code"], "BAD_REQUEST", "{answer}");
        assert_eq!(
            (&extensions["limit"]["name"], &extensions["limit"]["max"]),
            (&json!(name), &json!(max)),
            "{answer}"
        );
        let told = extensions["limit"]["current"].as_u64().expect("a number");
        assert!(current.map_or(told > max, |current| told == current), "{answer}");
        assert!(hits(&server, name) >= 1, "{name}");
        assert_documented(name, max);
    }
}
