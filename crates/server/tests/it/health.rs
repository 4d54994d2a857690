//! Health that goes through the machine, and stands being asked often.

use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::support::{TestServer, member_in};

#[tokio::test]
async fn two_hundred_probes_at_once_are_all_answered_ready() {
    let server = TestServer::start();
    let mut probes = JoinSet::new();
    for _ in 0..200 {
        let http = server.http();
        probes.spawn(async move { http.get("/health/ready").await.expect("an answer").status.as_u16() });
    }
    while let Some(status) = probes.join_next().await {
        assert_eq!(status.expect("a probe"), 200);
    }
}

#[tokio::test]
async fn reports_show_who_is_where_and_never_the_probe() {
    let server = TestServer::start();
    let (ann, _) = member_in(&server.v2(7), "ann", "plan").await;
    assert_eq!(server.http().get("/health/ready").await.expect("an answer").status.as_u16(), 200);
    let report: Value =
        server.http().get("/health/collaboration").await.expect("an answer").json().expect("JSON");
    let project = json!({
        "projectId": 7, "users": 1, "connections": 1, "leases": 0, "documents": 1, "observers": 0, "inbox": 0,
        "messages": 0, "deliveries": report["projects"][0]["deliveries"],
    });
    assert_eq!(report["projects"], json!([project]));
    assert_eq!((&report["connections"], &report["sessions"]), (&json!(1), &json!(1)));
    ann.close().await.expect("closes");
}
