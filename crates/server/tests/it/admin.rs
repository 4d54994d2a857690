//! What operators see and do: who is where, what happened last, and sending somebody away.

use std::time::Duration;

use collabd_loadgen::http::{HttpClient, HttpResponse};
use hyper::Method;
use hyper::header::{CONTENT_TYPE, HeaderValue, LOCATION};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::auth::{end, secured};
use crate::support::{
    DocumentClient, Frame, Issuer, RawClient, TestServer, eventually, opcode, upgrade_request, v1_path,
    v2_path,
};

const PATIENCE: Duration = Duration::from_secs(10);

async fn get(http: &HttpClient, path: &str) -> Value {
    let response = http.get(path).await.expect("an answer");
    assert_eq!(response.status.as_u16(), 200, "{path}: {}", response.text());
    response.json().expect("JSON")
}

/// The newest last, without what differs from run to run, as soon as there are so many.
async fn events(http: &HttpClient, project: i32, count: usize) -> Vec<Value> {
    let mut events = Vec::new();
    let deadline = Instant::now() + PATIENCE;
    while events.len() < count {
        assert!(Instant::now() < deadline, "only {events:?}");
        let answer = get(http, &format!("/admin/events?project={project}")).await;
        events.clone_from(answer.as_array().expect("a list"));
    }
    events.reverse();
    assert!(events.is_sorted_by_key(|event| event["number"].as_u64()), "{events:?}");
    for event in &mut events {
        let event = event.as_object_mut().expect("an object");
        assert!(event.remove("at").is_some_and(|at| at.as_str().is_some_and(|at| at.ends_with('Z'))));
        for known in ["number", "times", "sessionId", "userName"] {
            event.remove(known);
        }
    }
    events
}

fn status(response: &HttpResponse) -> u16 {
    response.status.as_u16()
}

#[tokio::test]
async fn operators_see_who_came_and_why_each_left_also_when_all_are_gone() {
    let server = TestServer::start();
    let http = server.http();
    let mut ada = RawClient::joined(server.address(), &v2_path(7), "ada");
    let mut bob = RawClient::joined(server.address(), &v1_path(7), "bob");
    let cy = RawClient::joined(server.address(), &v2_path(7), "cy");
    let mut dee = RawClient::joined(server.address(), &v2_path(7), "dee");
    ada.send_frame(&Frame::close(1000, b""));
    ada.end();
    bob.send_frame(&Frame::close(1001, b""));
    bob.end();
    cy.reset();
    dee.send_frame(&Frame::new(opcode::BINARY, b"?"));
    dee.end();
    events(&http, 7, 9).await;
    let departure = |user: &str, reason: &str, code: u16, by: &str| json!({ "event": "departed", "userId": user, "reason": reason, "closeCode": code, "closedBy": by });
    let mut seen = events(&http, 7, 10).await;
    assert_eq!(seen.remove(0), json!({ "event": "opened" }));
    for user in ["ada", "bob", "cy", "dee"] {
        assert_eq!(seen.remove(0), json!({ "event": "joined", "userId": user }));
    }
    assert_eq!(seen.pop(), Some(json!({ "event": "ended" })));
    for departure in [
        departure("ada", "left", 1000, "client"),
        departure("bob", "connection_lost", 1001, "client"),
        json!({ "event": "departed", "userId": "cy", "reason": "connection_lost" }),
        departure("dee", "misbehaved", 1003, "server"),
    ] {
        assert!(seen.contains(&departure), "no {departure} in {seen:?}");
    }
    assert_eq!(seen.len(), 4);
    // Of another project nobody hears, nor of the readiness probe.
    assert_eq!(get(&http, "/health/ready").await["status"], "ready");
    assert_eq!(get(&http, "/admin/events?project=8").await, json!([]));
    let first = get(&http, "/admin/events?project=7").await[0]["number"].clone();
    assert_eq!(get(&http, &format!("/admin/events?project=7&after={first}")).await, json!([]));
}

/// A7: who is sent away hears it by the code, and the others by the reason.
#[tokio::test]
async fn operators_send_away_a_session_or_all_of_a_user_and_it_is_written_down() {
    let server = TestServer::start();
    let http = server.http();
    let mut witness = RawClient::joined(server.address(), &v2_path(1), "cy");
    let mut tabs: Vec<_> = (0..3).map(|_| RawClient::joined(server.address(), &v2_path(1), "bob")).collect();
    // Whoever has joined is listed a moment later.
    let deadline = Instant::now() + PATIENCE;
    let sessions = loop {
        let sessions = get(&http, "/admin/sessions?project=1").await;
        let sessions = sessions.as_array().expect("a list");
        if sessions.len() == 4 {
            break sessions.clone();
        }
        assert!(Instant::now() < deadline, "{sessions:?}");
    };
    let (bob, since) = (&sessions[1], sessions[1]["since"].as_str().expect("a time"));
    assert_eq!(
        *bob,
        json!({
            "sessionId": bob["sessionId"], "userId": "bob", "userName": bob["userName"], "isAgent": false,
            "since": since, "documentId": null, "kind": "collaboration_v2", "address": "127.0.0.1",
        })
    );
    assert_eq!(get(&http, "/admin/projects").await, json!([{ "projectId": 1, "name": "Demo" }]));

    let kick = async |body: Value| http.post_json("/admin/kick", &body).await.expect("an answer");
    let one = kick(json!({ "projectId": 1, "sessionId": bob["sessionId"] })).await;
    assert_eq!(one.json::<Value>().expect("JSON"), json!({ "kicked": 1 }));
    // It is on its way out already, so nothing happens and nothing is written down.
    let again = kick(json!({ "projectId": 1, "sessionId": bob["sessionId"] })).await;
    assert_eq!(again.json::<Value>().expect("JSON"), json!({ "kicked": 0 }));
    assert_eq!(tabs.remove(0).end(), end(4508, "kicked"));
    // It has departed before the others are sent away.
    events(&http, 1, 7).await;
    let rest = kick(json!({ "projectId": 1, "userId": "bob" })).await;
    assert_eq!(rest.json::<Value>().expect("JSON"), json!({ "kicked": 2 }));
    for mut tab in tabs {
        assert_eq!(tab.end(), end(4508, "kicked"));
    }
    let left = witness.message_of_type("user_left");
    assert_eq!((&left["userId"], &left["reason"]), (&json!("bob"), &json!("revoked")));

    let seen = events(&http, 1, 10).await;
    let departed = json!({
        "event": "departed", "userId": "bob", "reason": "revoked", "closeCode": 4508, "closedBy": "server",
    });
    let (first, second) = (json!({ "event": "kicked" }), json!({ "event": "kicked", "userId": "bob" }));
    assert_eq!(seen[5..], [first, departed.clone(), second, departed.clone(), departed]);

    // Nobody is there any more, so nothing happens and nothing is written down.
    let nobody = kick(json!({ "projectId": 1, "userId": "bob" })).await;
    assert_eq!(nobody.json::<Value>().expect("JSON"), json!({ "kicked": 0 }));
    assert_eq!(events(&http, 1, 10).await.len(), 10);
}

#[tokio::test]
async fn what_operators_ask_for_is_checked() {
    let server = TestServer::start();
    let http = server.http();
    for (path, said) in [
        ("/admin/sessions", "project is missing"),
        ("/admin/sessions?project=0", "project must be an integer from 1 to 2147483647"),
        ("/admin/sessions?project=1&after=x", "the query may have project and after, each once and valid"),
        ("/admin/events?project=1&project=2", "the query may have project and after, each once and valid"),
        ("/admin/events?projekt=1", "the query may have project and after, each once and valid"),
    ] {
        let response = http.get(path).await.expect("an answer");
        assert_eq!(
            (status(&response), response.json::<Value>().ok()),
            (400, Some(json!({ "error": said }))),
            "{path}"
        );
    }
    for kick in [
        json!({ "projectId": 1 }),
        json!({ "projectId": 1, "userId": "bob", "sessionId": "1-1" }),
        json!({ "projectId": 0, "userId": "bob" }),
        json!({ "projectId": 1, "userId": "" }),
        json!({ "projectId": 1, "userId": "bob", "more": 1 }),
    ] {
        let response = http.post_json("/admin/kick", &kick).await.expect("an answer");
        assert!([400, 422].contains(&status(&response)), "{kick}: {}", response.text());
        assert!(response.json::<Value>().expect("JSON")["error"].is_string());
    }
    // What a page of another origin may send without a permission.
    let text = http.clone().with_header(CONTENT_TYPE, HeaderValue::from_static("text/plain"));
    let body = r#"{"projectId":1,"userId":"bob"}"#;
    let response = text.request(Method::POST, "/admin/kick", body.into()).await.expect("an answer");
    assert_eq!(status(&response), 415);
    assert_eq!(status(&http.get("/admin/kick").await.expect("an answer")), 405);
}

#[tokio::test]
async fn refusals_are_written_down_for_the_server_and_counted_when_they_repeat() {
    let server = TestServer::start();
    let http = server.http();
    for _ in 0..300 {
        let mut refused = RawClient::connect(server.address());
        refused.send(upgrade_request(&v2_path(0), ""));
        assert_eq!(refused.response().status, 400);
    }
    let events = get(&http, "/admin/events").await;
    let events = events.as_array().expect("a list");
    let times = |event: &Value| event["times"].as_u64().expect("a number");
    let refusals =
        events.iter().filter(|event| event["event"] == "refused" && event["reason"] == "bad_request");
    assert_eq!(refusals.map(times).sum::<u64>(), 300);
    assert!(events.len() < 50, "{events:?}");
    assert_eq!(events.last().expect("an event")["event"], "started");
}

#[tokio::test]
async fn documents_are_written_down_when_they_come_and_go() {
    let server = TestServer::start();
    let mut document = DocumentClient::connect(&server, "1/notes").await;
    document.sync().await;
    drop(document);
    let seen = events(&server.http(), 1, 6).await;
    assert_eq!(seen[1], json!({ "event": "joined", "userId": seen[1]["userId"], "documentId": "notes" }));
    for event in ["document_opened", "document_closed"] {
        let expected = json!({ "event": event, "documentId": "notes" });
        assert!(seen.contains(&expected), "no {expected} in {seen:?}");
    }
}

/// A8: owners are told what happened in their project, and by whom somebody was sent away.
#[tokio::test]
async fn owners_see_what_happened_in_their_project() {
    let server = secured();
    let issuer = Issuer::secret();
    let owner = issuer.http(&server, "ada", 1, "owner");
    let mut bob = RawClient::upgraded(server.address(), &v2_path(1));
    let join = json!({ "type": "join_session", "data": {
        "userId": "x", "userName": "x", "token": issuer.token("bob", 1, "editor"),
    } });
    bob.send_text(&join.to_string());
    bob.message_of_type("bulk_presence");
    let kick = json!({ "query": r#"mutation { kick(projectId: 1, userId: "bob") }"# });
    let kicked: Value = owner.post_json("/graphql", &kick).await.expect("an answer").json().expect("JSON");
    assert_eq!(kicked["data"]["kick"], 1);
    assert_eq!(bob.end(), end(4508, "kicked"));
    let query = json!({ "query": "{ events(projectId: 1, first: 2) {
        event userId userName reason closeCode closedBy by sessionId documentId } }" });
    let deadline = Instant::now() + PATIENCE;
    let mut answer = Value::Null;
    while answer["data"]["events"][0]["event"] != "departed" {
        assert!(Instant::now() < deadline, "{answer}");
        answer = owner.post_json("/graphql", &query).await.expect("an answer").json().expect("JSON");
    }
    let events = &answer["data"]["events"];
    assert_eq!(events.as_array().expect("a list").len(), 2);
    let departed = &events[0];
    assert_eq!((&departed["event"], &departed["userName"]), (&json!("departed"), &json!("Token of bob")));
    assert_eq!((&departed["reason"], &departed["closeCode"]), (&json!("revoked"), &json!(4508)));
    assert_eq!((&departed["closedBy"], &departed["by"]), (&json!("SERVER"), &json!(null)));
    let kicked = &events[1];
    assert_eq!((&kicked["event"], &kicked["userId"]), (&json!("kicked"), &json!("bob")));
    assert_eq!((&kicked["by"], &kicked["sessionId"]), (&json!("ada"), &json!(null)));
}

#[tokio::test]
async fn the_dashboard_and_its_figures_are_where_operators_look() {
    let server = secured();
    let admin = HttpClient::new(server.reports());
    let page = admin.get("/dashboard").await.expect("an answer");
    assert!(page.text().contains("<title>collabd</title>"));
    let home = admin.get("/").await.expect("an answer");
    assert_eq!((status(&home), &home.headers[LOCATION]), (307, &HeaderValue::from_static("/dashboard")));
    let first = admin.get("/metrics").await.expect("an answer").text();
    let second = admin.get("/metrics").await.expect("an answer").text();
    let started = |metrics| sample(metrics, "collabd_start_time_seconds");
    assert!(started(&first) > 0.0 && (started(&first) - started(&second)).abs() < f64::EPSILON);
    assert!(sample(&first, "collabd_uptime_seconds") < sample(&second, "collabd_uptime_seconds"));
    assert!(sample(&second, "collabd_memory_bytes") > 1_000_000.0);
}

#[tokio::test]
async fn a_message_that_was_written_had_waited() {
    let server = TestServer::start();
    let mut client = RawClient::joined(server.address(), &v2_path(1), "ada");
    client.messages_until_pong();
    eventually(PATIENCE, "a wait", || {
        let mut plain = RawClient::connect(server.address());
        plain.send("GET /metrics HTTP/1.1\r\nhost: x\r\n\r\n");
        let text = plain.response().body;
        (sample(&text, "collabd_delivery_wait_seconds_count") >= 2.0).then_some(())
    });
}

fn sample(text: &str, name: &str) -> f64 {
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.and_then(|value| value.parse().ok()).unwrap_or_else(|| panic!("no {name} in {text}"))
}
