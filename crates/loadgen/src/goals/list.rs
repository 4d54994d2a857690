//! The goals.

use serde_json::Value;

use super::goal::{Bound, Goal};
use super::records::{Records, Which, at};

/// Ten rooms of ten who move twenty times a second.
pub(super) const ROOMS: Which =
    Which { scenario: "fanout", fields: &[("projects", 10), ("members", 10), ("rate", 20)] };
/// Two hundred rooms of ten who move ten times a second.
const MANY_ROOMS: Which =
    Which { scenario: "fanout", fields: &[("projects", 200), ("members", 10), ("rate", 10)] };
pub(super) const HOT: Which = Which { scenario: "hot", fields: &[] };
pub(super) const IDLE: Which = Which { scenario: "idle", fields: &[] };
const CHURN: Which = Which { scenario: "churn", fields: &[] };
pub(super) const SLOW: Which = Which { scenario: "slow", fields: &[] };
const SOAK: Which = Which { scenario: "soak", fields: &[] };

/// Servers that run on Node.js.
const ON_NODE: [&str; 4] = ["hocuspocus", "y-websocket", "socket-io", "ws"];
/// Members at which hot documents are compared.
const COMPARED: u64 = 100;

pub(super) const PER_MILLION: &str = "/server/cpu_seconds_per_million_deliveries";

/// All goals with what was measured of collabd.
pub fn goals(records: &Records) -> Vec<Goal> {
    let own = |which, value: &dyn Fn(&Value) -> Option<f64>| records.median("collabd", which, value);
    let of = |peer: &str, which, value: &dyn Fn(&Value) -> Option<f64>| records.median(peer, which, value);
    let goal = |what, bound, limit, measured, unit| Goal { what, bound, limit, measured, unit };
    let at_most = |what, limit, measured, unit| goal(what, Bound::AtMost, limit, measured, unit);
    let at_least = |what, limit, measured, unit| goal(what, Bound::AtLeast, limit, measured, unit);

    let rooms = own(ROOMS, &at(PER_MILLION));
    let on_node = ON_NODE.iter().filter_map(|peer| of(peer, ROOMS, &at(PER_MILLION))).reduce(f64::min);
    let per = "CPU seconds per million deliveries";
    vec![
        at_most(
            "10 × 10 members at 20 Hz: at most 1.3 times the relay that gathers",
            of("batching", ROOMS, &at(PER_MILLION)).map(|relay| relay * 1.3),
            rooms,
            per,
        ),
        at_most(
            "the same: 2.5 times less than the best on Node.js",
            on_node.map(|best| best / 2.5),
            rooms,
            per,
        ),
        at_most(
            "the same: 6 times less than Hocuspocus",
            of("hocuspocus", ROOMS, &at(PER_MILLION)).map(|other| other / 6.0),
            rooms,
            per,
        ),
        at_most("the same: latency of 99 %", Some(20.0), own(ROOMS, &at("/latency/p99_ms")), "ms"),
        at_most(
            "200 × 10 members at 10 Hz: latency of 99 %",
            Some(50.0),
            own(MANY_ROOMS, &at("/latency/p99_ms")),
            "ms",
        ),
        at_least("members of a hot document", Some(400.0), own(HOT, &at("/largest")), ""),
        at_most(
            "a hot document of 100: a tenth of Hocuspocus",
            of("hocuspocus", HOT, &per_million_of_level).map(|other| other / 10.0),
            own(HOT, &per_million_of_level),
            per,
        ),
        at_most(
            "bytes on the wire per move in the largest hot document",
            Some(20.0),
            own(HOT, &bytes_of_largest),
            "bytes",
        ),
        at_most("memory of an idle socket", Some(12_288.0), own(IDLE, &at("/bytes_per_socket")), "bytes"),
        at_most(
            "memory of an idle socket after a large frame, by that before",
            Some(1.05),
            own(IDLE, &|record| {
                let of = |pointer| record.pointer(pointer).and_then(Value::as_f64);
                Some(of("/bytes_per_socket_after_speaking")? / of("/bytes_per_socket")?)
            }),
            "",
        ),
        at_least("joins per second", Some(4000.0), own(CHURN, &at("/sessions_per_second")), ""),
        at_most("sessions that fail meanwhile", Some(0.0), own(CHURN, &at("/failed")), ""),
        at_most("health page meanwhile: 99 %", Some(50.0), own(CHURN, &at("/health/latency/p99_ms")), "ms"),
        at_most(
            "neighbours of members who do not read: latency of 99 %, by that without",
            Some(1.2),
            own(SLOW, &at("/p99_ratio")),
            "",
        ),
        at_most(
            "memory for members who do not read, by what may wait for them",
            Some(1.0),
            own(SLOW, &|record| {
                let of = |pointer| record.pointer(pointer).and_then(Value::as_f64);
                Some(of("/growth_bytes")? / of("/bound_bytes")?)
            }),
            "",
        ),
        at_most(
            "growth of memory per million sessions",
            Some(1.0),
            own(SOAK, &at("/growth_percent_per_million")),
            "%",
        ),
    ]
}

/// What a delivery costs in a hot document of the size at which servers are compared.
pub(super) fn per_million_of_level(record: &Value) -> Option<f64> {
    let levels = record["levels"].as_array()?;
    let level = levels.iter().find(|level| level["members"] == COMPARED)?;
    level.pointer("/run/server/cpu_seconds_per_million_deliveries")?.as_f64()
}

fn bytes_of_largest(record: &Value) -> Option<f64> {
    let largest = &record["largest"];
    let level = record["levels"].as_array()?.iter().find(|level| level["members"] == *largest)?;
    level.pointer("/run/bytes_per_move")?.as_f64()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORDS: &str = r#"
{"peer":"collabd","scenario":"fanout","projects":10,"members":10,"rate":20,"server":{"cpu_seconds_per_million_deliveries":8.0},"latency":{"p99_ms":30.0}}
{"peer":"batching","scenario":"fanout","projects":10,"members":10,"rate":20,"server":{"cpu_seconds_per_million_deliveries":7.0},"latency":{"p99_ms":21.0}}
{"peer":"ws","scenario":"fanout","projects":10,"members":10,"rate":20,"server":{"cpu_seconds_per_million_deliveries":23.0},"latency":{"p99_ms":2.0}}
{"peer":"collabd","scenario":"hot","largest":100,"levels":[{"members":100,"run":{"bytes_per_move":18.5,"server":{"cpu_seconds_per_million_deliveries":4.0}}}]}
{"peer":"collabd","scenario":"idle","bytes_per_socket":10000.0,"bytes_per_socket_after_speaking":11000.0}
"#;

    #[test]
    fn goals_are_ratios_to_what_others_reach_or_figures_of_their_own() {
        let goals = goals(&Records::read(RECORDS).unwrap());
        let met: Vec<_> = goals.iter().map(Goal::is_met).collect();
        let unknown = None;
        assert_eq!(
            met,
            [
                Some(true),
                Some(true),
                unknown,
                Some(false),
                unknown,
                Some(false),
                unknown,
                Some(true),
                Some(true),
                Some(false),
                unknown,
                unknown,
                unknown,
                unknown,
                unknown,
                unknown
            ]
        );
        assert_eq!(goals[0].limit, Some(7.0 * 1.3));
    }
}
