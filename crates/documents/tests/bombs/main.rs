//! Bombs cost next to nothing and get the right answer.
//!
//! The allocator counts for the whole process, so there is one test at a time here.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests may, too")]
#![allow(clippy::cast_possible_truncation, reason = "a byte at a time")]

mod recipe;

use bytes::Bytes;
use collabd_documents::content::{ApplyError, Content};
use collabd_documents::limits::{AwarenessLimits, ContentLimits};
use collabd_documents::wire;
use peak_alloc::PeakAlloc;
use tokio::time::{Duration, Instant};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// What a bomb may cost.
const BYTES: usize = 4 * 1024 * 1024;
const TIME: Duration = Duration::from_millis(10);

/// Less than any thread of the server has.
const STACK: usize = 512 * 1024;

const CORPUS: &str = include_str!("corpus.txt");

struct Row {
    name: &'static str,
    answer: &'static str,
    bytes: Vec<Bytes>,
}

fn rows() -> Vec<Row> {
    let lines = CORPUS.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let rows: Vec<Row> = lines
        .map(|line| {
            let mut fields = line.splitn(3, '|').map(str::trim);
            let mut field = || fields.next().expect(line);
            let (name, answer) = (field(), field());
            Row { name, answer, bytes: field().split(';').map(|part| recipe::bytes(part).into()).collect() }
        })
        .collect();
    assert!(rows.len() >= 40);
    rows
}

/// The document that updates go into: "hello".
fn document() -> Content {
    let mut content = Content::new(ContentLimits::default());
    content.apply(b"\x01\x01\x01\x00\x04\x01\x01t\x05hello\x00").unwrap();
    content
}

/// What is answered to the last of the row's bytes.
fn answer(content: &mut Content, row: &Row) -> String {
    let last = row.bytes.last().unwrap();
    if row.name.starts_with("message") {
        return match wire::decode(last, &ContentLimits::default(), &AwarenessLimits::default()) {
            Ok(_) => "ok".to_owned(),
            Err(error) => error.close_code().number().to_string(),
        };
    }
    match content.apply(last) {
        Ok(_) => "ok".to_owned(),
        Err(ApplyError::Refused(error)) => error.close_code().number().to_string(),
        Err(ApplyError::Missing) => "missing".to_owned(),
        Err(ApplyError::Broken) => "broken".to_owned(),
    }
}

/// Answer, time and memory. The quickest of several tries counts: others use the machine, too.
fn cost(row: &Row) -> (String, Duration, usize) {
    let mut best = (String::new(), Duration::MAX, usize::MAX);
    for _ in 0..20 {
        let mut content = document();
        for update in &row.bytes[..row.bytes.len() - 1] {
            content.apply(update).expect(row.name);
        }
        let state = content.state();
        let before = MEMORY.current_usage();
        MEMORY.reset_peak_usage();
        let start = Instant::now();
        let answer = answer(&mut content, row);
        let time = start.elapsed();
        let bytes = MEMORY.peak_usage().saturating_sub(before);
        if answer != "ok" {
            assert_eq!(content.state(), state, "{}: something was taken in", row.name);
        }
        best = (answer, best.1.min(time), best.2.min(bytes));
        if best.1 < TIME {
            break;
        }
    }
    best
}

#[test]
fn every_bomb_gets_its_answer_for_little() {
    let work = || {
        for row in rows() {
            let (answer, time, bytes) = cost(&row);
            println!("{:>8} {time:>12?} {bytes:>9} B  {}", answer, row.name);
            assert_eq!(answer, row.answer, "{}", row.name);
            if answer != "ok" {
                assert!(bytes < BYTES, "{}: {bytes} bytes", row.name);
                assert!(time < TIME, "{}: {time:?}", row.name);
            }
        }
    };
    std::thread::Builder::new().stack_size(STACK).spawn(work).unwrap().join().unwrap();
    subdocuments_are_given_back();
}

/// The library makes a subdocument and the document that it is in own each other.
fn subdocuments_are_given_back() {
    let update = recipe::bytes("01 u1000 09 00 (09 01 01 74 [ 67 ] 7f)*1000 00");
    let round = || drop(document().apply(&update).map(drop));
    round();
    let before = MEMORY.current_usage();
    (0..10).for_each(|_| round());
    let left = MEMORY.current_usage().saturating_sub(before);
    assert!(left < 10_000, "{left} bytes are left");
}
