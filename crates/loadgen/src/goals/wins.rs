//! Where others are ahead.

use std::io::{self, Write};

use serde_json::Value;

use super::goal::Bound;
use super::list::{HOT, IDLE, PER_MILLION, ROOMS, SLOW, per_million_of_level};
use super::records::{Records, Which, at};

/// A measure in which another server is better than collabd.
#[derive(Debug, Clone, PartialEq)]
pub struct Win {
    what: &'static str,
    peer: String,
    theirs: f64,
    ours: f64,
    unit: &'static str,
}

/// Finds a figure in a report.
type Figure = Box<dyn Fn(&Value) -> Option<f64>>;

/// A measure that servers are compared by.
struct Measure {
    what: &'static str,
    unit: &'static str,
    which: Which,
    better: Bound,
    value: Figure,
}

fn measures() -> [Measure; 7] {
    let less = |what, unit, which, pointer| Measure {
        what,
        unit,
        which,
        better: Bound::AtMost,
        value: Box::new(at(pointer)),
    };
    [
        less("CPU per million deliveries, 10 × 10 members", "s", ROOMS, PER_MILLION),
        less("latency of 99 %, 10 × 10 members", "ms", ROOMS, "/latency/p99_ms"),
        less("bytes on the wire per move, 10 × 10 members", "", ROOMS, "/bytes_per_move"),
        Measure {
            what: "CPU per million deliveries, hot document of 100",
            unit: "s",
            which: HOT,
            better: Bound::AtMost,
            value: Box::new(per_million_of_level),
        },
        Measure {
            what: "members of a hot document",
            unit: "",
            which: HOT,
            better: Bound::AtLeast,
            value: Box::new(at("/largest")),
        },
        less("bytes of an idle socket", "", IDLE, "/bytes_per_socket"),
        less("latency of 99 % beside members who do not read", "ms", SLOW, "/stopped/latency/p99_ms"),
    ]
}

/// Every measure in which somebody is ahead of collabd, by how much.
pub fn wins(records: &Records) -> Vec<Win> {
    let mut wins = Vec::new();
    for Measure { what, unit, which, better, value } in measures() {
        let Some(ours) = records.median("collabd", which, &value) else { continue };
        for peer in records.peers(which) {
            let Some(theirs) = records.median(peer, which, &value) else { continue };
            let is_ahead = match better {
                Bound::AtMost => theirs < ours,
                Bound::AtLeast => theirs > ours,
            };
            if is_ahead {
                wins.push(Win { what, peer: peer.to_owned(), theirs, ours, unit });
            }
        }
    }
    wins
}

/// Writes a line for each.
///
/// # Errors
/// Those of `out`.
pub fn write_wins(out: &mut impl Write, wins: &[Win]) -> io::Result<()> {
    if wins.is_empty() {
        return writeln!(out, "In no measure above is another server ahead.");
    }
    for Win { what, peer, theirs, ours, unit } in wins {
        let shown = |value: f64| format!("{value:.2} {unit}").trim_end().to_owned();
        writeln!(out, "- {what}: {peer} {}, collabd {}", shown(*theirs), shown(*ours))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_is_ahead_is_named_and_nobody_else() {
        let records = r#"
{"peer":"collabd","scenario":"idle","bytes_per_socket":10000.0}
{"peer":"nchan","scenario":"idle","bytes_per_socket":9000.0}
{"peer":"ws","scenario":"idle","bytes_per_socket":11000.0}
{"peer":"collabd","scenario":"hot","largest":300}
{"peer":"batching","scenario":"hot","largest":400}
"#;
        let mut out = Vec::new();
        write_wins(&mut out, &wins(&Records::read(records).unwrap())).unwrap();
        let expected = "\
- members of a hot document: batching 400.00, collabd 300.00
- bytes of an idle socket: nchan 9000.00, collabd 10000.00
";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
        let mut out = Vec::new();
        write_wins(&mut out, &[]).unwrap();
        assert!(String::from_utf8(out).unwrap().starts_with("In no measure"));
    }
}
