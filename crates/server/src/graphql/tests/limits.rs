//! What a client can make the server do with one request, and what it cannot.

use async_graphql::{Request, Response, Value};
use futures_util::StreamExt as _;

use super::{INTROSPECTION, api};

async fn answer(query: &str) -> Response {
    api(false).execute(Request::new(query)).await
}

/// The message of the only error, which must be the client's fault.
fn refusal(response: &Response) -> &str {
    let [error] = response.errors.as_slice() else { panic!("not one error: {response:?}") };
    let code = error.extensions.as_ref().and_then(|values| values.get("code"));
    assert_eq!(code, Some(&Value::from("BAD_REQUEST")), "{error:?}");
    &error.message
}

async fn is_refused(query: &str, why: &str) {
    let response = answer(query).await;
    assert!(refusal(&response).starts_with(why), "{}", response.errors[0].message);
}

#[tokio::test]
async fn graphiql_can_ask_for_the_whole_schema_in_development() {
    let response = api(true).execute(Request::new(INTROSPECTION)).await;
    assert!(response.is_ok(), "{:?}", response.errors);
    let data = response.data.into_json().unwrap();
    assert!(data["__schema"]["types"].as_array().unwrap().iter().any(|kind| kind["name"] == "Project"));
}

/// G4
#[tokio::test]
async fn outside_development_the_schema_says_nothing_of_itself() {
    let data = answer("{ __schema { types { name } } }").await.data.into_json().unwrap();
    assert_eq!(data, serde_json::json!({ "__schema": null }));
    let message = refusal(&answer("{ project(id: 1) { nam } }").await).to_owned();
    assert!(!message.contains("name"), "{message}");
}

/// G1
#[tokio::test]
async fn fields_have_a_depth() {
    let schema = api(true);
    let within = format!("{{ __schema {{ types {{ {} }} }} }}", nested("ofType", 18));
    assert!(schema.execute(Request::new(within)).await.is_ok());
    let beyond = format!("{{ __schema {{ types {{ {} }} }} }}", nested("ofType", 19));
    assert_eq!(refusal(&schema.execute(Request::new(beyond)).await), "Query is nested too deep.");
    // No path of the schema itself is longer than its limit.
    let within = format!("{{ __type(name: \"Query\") {{ {} }} }}", nested("ofType", 7));
    assert!(answer(&within).await.is_ok());
    let beyond = format!("{{ __type(name: \"Query\") {{ {} }} }}", nested("ofType", 8));
    is_refused(&beyond, "Query is nested too deep.").await;
}

/// `field { field { ... { name } } }`, with `depth` fields in all.
fn nested(field: &str, depth: usize) -> String {
    let inner = depth - 1;
    format!("{} name {}", format!("{field} {{ ").repeat(inner), "} ".repeat(inner))
}

fn repeated(count: usize, part: impl Fn(usize) -> String) -> String {
    (0..count).map(part).collect::<Vec<_>>().concat()
}

/// G1
#[tokio::test]
async fn lists_inside_lists_cost_their_product() {
    // Of what can be afforded only the unknown field is refused, which is said after the cost is judged.
    let overview = "{
        health { isReady connections sessions projects }
        projects { id name documents { id name documentType } presence { userId } activity { users } }
        nothing
    }";
    is_refused(overview, "Unknown field").await;
    for expensive in [
        "{ projects(first: 1000) { documents(first: 1) { id } } }",
        "{ projects { documents(first: 1000) { id } } }",
        "query($n: Int = 1000) { projects(first: $n) { documents(first: $n) { id } } }",
        "{ projects(first: 2147483647) { id } }",
    ] {
        is_refused(expensive, "Query is too complex.").await;
    }
    let probes = "health { isReady } ".repeat(10);
    is_refused(&format!("{{ {probes} }}"), "Query is too complex.").await;
}

/// G2
#[tokio::test]
async fn root_fields_are_counted_wherever_they_are_written() {
    let fields = "__typename ".repeat(20);
    assert!(answer(&format!("{{ {fields} }}")).await.is_ok());
    for query in [
        format!("{{ {fields} __typename }}"),
        format!("{{ ...F ... {{ __typename }} }} fragment F on Query {{ {fields} }}"),
        format!("query A {{ {fields} }} query B {{ __typename }}"),
    ] {
        is_refused(&query, "the query has too many root fields").await;
    }
}

/// G2
#[tokio::test]
async fn aliases_are_counted_wherever_they_are_spread() {
    let aliases = |count: usize| repeated(count, |n| format!("a{n}: __typename "));
    assert!(answer(&format!("{{ {} }}", aliases(20))).await.is_ok());
    let inside = format!("{{ project(id: 1) {{ {} }} }}", aliases(21));
    is_refused(&inside, "the query has too many aliases").await;
    let spread = format!(
        "{{ project(id: 1) {{ ...F }} x: project(id: 2) {{ ...F }} }} fragment F on Project {{ {} }}",
        aliases(10)
    );
    is_refused(&spread, "the query has too many aliases").await;
}

/// G1
#[tokio::test]
async fn fragments_that_double_each_other_are_not_followed() {
    let doubling = repeated(29, |n| format!("fragment F{n} on Project {{ ...F{} ...F{} }} ", n + 1, n + 1));
    for query in [
        format!("{{ project(id: 1) {{ ...F0 }} }} {doubling} fragment F29 on Project {{ id }}"),
        format!("{{ __typename }} {doubling} fragment F29 on Project {{ id }}"),
    ] {
        is_refused(&query, "the query is too large").await;
    }
    is_refused("{ ...F } fragment F on Query { ...F ...F }", "the query is nested too deep").await;
    let chain = repeated(2000, |n| format!("fragment F{n} on Query {{ ...F{} }} ", n + 1));
    is_refused(&format!("{{ __typename }} {chain}"), "the query is").await;
}

/// G1: without the check of brackets the third one ends the process.
#[tokio::test]
async fn brackets_that_would_overflow_the_stack_do_not_reach_the_parser() {
    let lists =
        |depth: usize| format!("{{ project(id: {}{}) {{ id }} }}", "[".repeat(depth), "]".repeat(depth));
    for deep in ["{a".repeat(30_000), format!("query($a:{}", "[".repeat(60_000)), lists(2000)] {
        is_refused(&deep, "the query is nested too deep: the limit is 64 brackets").await;
    }
    is_refused(&lists(60), "Invalid value for argument").await;
}

#[tokio::test]
async fn a_query_that_is_wrong_everywhere_gets_few_messages() {
    let response = answer(&format!("{{ project(id: 1) {{ {} }} }}", "nothing ".repeat(400))).await;
    assert_eq!(response.errors.len(), 20);
}

#[tokio::test]
async fn a_syntax_error_says_what_and_where_without_the_document() {
    let response = answer("{ health { isReady").await;
    assert_eq!(
        refusal(&response),
        "syntax error: expected selection_set, selection, directive, or arguments"
    );
    assert_eq!(response.errors[0].locations[0].column, 19);
}

#[tokio::test]
async fn a_subscription_is_one_field() {
    for query in [
        "subscription { presence(projectId: 1) { userId } b: presence(projectId: 2) { userId } }",
        "subscription { ...F } fragment F on Subscription { presence(projectId: 1) { userId } }",
    ] {
        is_refused(query, "a subscription has exactly one root field").await;
    }
    is_refused("subscription { presence(projectId: 1) { userId } }", "Subscriptions are not supported").await;
}

#[tokio::test]
async fn nothing_is_changed_over_a_socket() {
    let change = Request::new("mutation { deleteProject(id: 1) }");
    let answers: Vec<_> = api(false).execute_stream(change).collect().await;
    assert_eq!(answers.len(), 1);
    assert_eq!(refusal(&answers[0]), "mutations are sent by POST /graphql");
    let change = "query A { __typename } mutation B { deleteProject(id: 1) }";
    let named = Request::new(change).operation_name("B");
    let answers: Vec<_> = api(false).execute_stream(named).collect().await;
    assert_eq!(refusal(&answers[0]), "mutations are sent by POST /graphql");
    let answers: Vec<_> = api(false).execute_stream(Request::new(change)).collect().await;
    assert_eq!(refusal(&answers[0]), "Operation name required in request.");
}

/// O4: the schema is built without its server here, so that every resolver which needs it panics.
#[tokio::test]
async fn a_panic_fails_its_request_only() {
    let api = api(false);
    let query = || Request::new("{ projects { id } }");
    let mut answers = vec![api.execute(query()).await];
    answers.extend(api.execute_stream(query()).collect::<Vec<_>>().await);
    assert_eq!(answers.len(), 2);
    for answer in answers {
        let code = answer.errors[0].extensions.as_ref().and_then(|values| values.get("code"));
        assert_eq!(
            (code, answer.errors[0].message.as_str()),
            (Some(&Value::from("INTERNAL")), "internal error")
        );
    }
    assert!(api.execute(Request::new("{ __typename }")).await.is_ok());
}
