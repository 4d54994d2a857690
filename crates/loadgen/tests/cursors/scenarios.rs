//! One short run of each scenario with collabd.

use std::time::Duration;

use collabd_loadgen::wire::Target;
use collabd_loadgen::{Verdict, churn, hot, idle, mixed, slow, soak, storm};
use collabd_protocol::Encoding;

use crate::support::{collabd, number};

fn shown(write: impl FnOnce(&mut Vec<u8>) -> std::io::Result<()>) -> String {
    let mut table = Vec::new();
    write(&mut table).unwrap();
    String::from_utf8(table).unwrap()
}

fn target(server: &collabd_loadgen::server::Server) -> Target {
    server.members(Encoding::JsonBatch)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hot_document_is_swept_up_to_the_first_level_that_does_not_hold() {
    let server = collabd().await;
    let plan = hot::Plan {
        members: [4, 8].map(number).into(),
        rate: number(10),
        warm_up: Duration::from_millis(200),
        duration: Duration::from_secs(2),
        sample: number(3),
        // A busy machine is no reason for this test to fail.
        goal: hot::Goal { latency: Duration::from_secs(30), freshness: Duration::from_secs(30) },
    };
    let report = hot::run(&plan, &target(&server)).await.unwrap();
    let table = shown(|out| report.write_table(out));
    assert!(report.is_clean() && report.largest == Some(8), "{table}");
    let level = &report.levels[1].run;
    assert_eq!((level.watchers, level.last_positions), (3, 3 * 7), "{table}");
    assert!(level.freshness.is_some() && level.bytes_per_move.unwrap() > 20.0, "{table}");
    assert!(level.timeline.len() > 2, "{:?}", level.timeline);
    let strict = hot::Goal { latency: Duration::ZERO, freshness: Duration::ZERO };
    let report = hot::run(&hot::Plan { goal: strict, ..plan }, &target(&server)).await.unwrap();
    assert_eq!((report.levels.len(), report.largest), (1, None));
    server.end().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn people_who_come_and_go_leave_nothing_behind() {
    let server = collabd().await;
    let plan = churn::Plan {
        first_project: 1,
        projects: number(4),
        witnesses: number(2),
        visitors: number(8),
        sessions: 400,
        abrupt_every: 2,
        is_alone: true,
    };
    let report = churn::run(&plan, &target(&server)).await.unwrap();
    let table = shown(|out| report.write_table(out));
    assert!(report.is_clean() && report.sessions == 400, "{table}");
    assert!(report.health.asked > 0 && report.graphql.asked > 0, "{table}");
    assert!(report.join.is_some() && report.states.is_some(), "{table}");
    server.end().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn people_who_do_nothing_are_counted_and_answered() {
    let server = collabd().await;
    let plan = idle::Plan { rest: Duration::from_millis(300), ..idle::Plan::new(number(150), number(10)) };
    let report = idle::run(&plan, &target(&server)).await.unwrap();
    let table = shown(|out| report.write_table(out));
    assert!(report.is_clean() && (report.joined, report.answered) == (150, 150), "{table}");
    assert!(report.bytes_per_socket.unwrap() > 0.0, "{table}");
    assert!(report.bytes_per_socket_after_speaking.is_some(), "{table}");
    server.end().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn members_who_do_not_read_are_measured_by_what_others_notice() {
    let server = collabd().await;
    let plan = slow::Plan {
        first_project: 1,
        projects: number(1),
        members: number(6),
        stalled: number(2),
        rate: number(20),
        warm_up: Duration::from_millis(200),
        duration: Duration::from_secs(2),
    };
    let report = slow::run(&plan, &target(&server)).await.unwrap();
    let table = shown(|out| report.write_table(out));
    assert_eq!((report.reading.oracle, report.stopped.oracle), <(Verdict, Verdict)>::default(), "{table}");
    assert_eq!(report.stopped.lost, 0, "{table}");
    assert!(report.p99_ratio.is_some() && report.growth_bytes.is_some(), "{table}");
    // Two of six do not move, and nobody is sent the own moves.
    assert_eq!(report.stopped.deliveries_expected, 3 * report.stopped.moves_sent, "{table}");
    server.end().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_comes_back_after_a_restart_and_knows_everybody() {
    let mut server = collabd().await;
    let plan =
        storm::Plan { projects: number(5), members: number(6), restarts: 2, encoding: Encoding::JsonBatch };
    let report = storm::run(&plan, &mut server).await.unwrap();
    let table = shown(|out| report.write_table(out));
    assert!(report.is_clean(), "{table}");
    assert_eq!(report.rounds.iter().map(|round| round.joined).collect::<Vec<_>>(), [30; 3], "{table}");
    server.end().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_has_no_more_after_all_rounds_than_before_the_first() {
    let server = collabd().await;
    let round = churn::Plan {
        first_project: 1,
        projects: number(2),
        witnesses: number(1),
        visitors: number(8),
        sessions: 200,
        abrupt_every: 2,
        is_alone: true,
    };
    let crowd = soak::Crowd { members: number(10), duration: Duration::from_millis(500) };
    let plan = soak::Plan { crowd, round, rounds: number(3) };
    let report = soak::run(&plan, &target(&server)).await.unwrap();
    let table = shown(|out| report.write_table(out));
    assert!(report.rounds.windows(2).all(|pair| pair[0].messages < pair[1].messages), "{table}");
    assert!(report.is_clean() && report.growth_percent_per_million.is_some(), "{table}");
    assert_eq!(
        report.rounds.iter().map(|round| round.sessions).collect::<Vec<_>>(),
        [200, 400, 600],
        "{table}"
    );
    server.end().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_at_once_disturbs_nobody() {
    let server = collabd().await;
    let plan = mixed::Plan {
        projects: number(1),
        rate: number(5),
        duration: Duration::from_secs(2),
        sessions: 60,
        sockets: number(30),
    };
    let report = mixed::run(&plan, &target(&server)).await.unwrap();
    let table = shown(|out| report.write_table(out));
    assert!(report.is_clean(), "{table}");
    assert_eq!((report.moving.joined, report.beside.joined, report.coming.sessions), (10, 10, 60), "{table}");
    server.end().await.unwrap();
}
