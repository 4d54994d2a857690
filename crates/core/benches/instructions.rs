//! The hot path for `scripts/instructions.sh`, which counts the instructions of [`counted`] with callgrind: unlike times,
//! they are the same in every run, so that a change that makes a move dearer shows on any machine.
//!
//! Without an argument it names its cases. With one, it runs that case and prints how many units of work it was.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for a script")]

mod stage;

use std::hint::black_box;
use std::process::ExitCode;

use collabd_protocol::Encoding;
use collabd_protocol::codec::{self, peer};
use stage::{Stage, encode, moves_of, said};

const MEMBERS: u64 = 100;
const ROUNDS: u64 = 20;

/// Does its work once and returns how many units that was.
type Case = fn() -> u64;

const CASES: [(&str, Case); 8] = [
    ("room-move", room_move),
    ("fanout-delivery-json", || fanout_delivery(Encoding::JsonBatch)),
    ("fanout-delivery-compact", || fanout_delivery(Encoding::Compact)),
    ("decode-move-json", decode_json),
    ("decode-move-compact", decode_compact),
    ("encode-move-json", || encode_moves(Encoding::JsonBatch)),
    ("encode-move-compact", || encode_moves(Encoding::Compact)),
    ("round-of-moves-compact", round_of_moves),
];

/// The only part that is counted.
#[inline(never)]
fn counted<T>(work: impl FnOnce() -> T) -> T {
    black_box(work())
}

/// Every move of every member, and the flush that tells them.
fn room_move() -> u64 {
    let mut stage = Stage::of(MEMBERS, Encoding::Compact);
    counted(|| {
        for _ in 0..ROUNDS {
            stage.moves();
            black_box(stage.flush());
        }
    });
    ROUNDS * MEMBERS
}

/// One move for one receiver: into the outbox with all others of its flush, and out of it as part of a frame.
fn fanout_delivery(encoding: Encoding) -> u64 {
    let mut stage = Stage::of(MEMBERS, encoding);
    for _ in 0..ROUNDS {
        stage.moves();
        let flush = stage.flush();
        counted(|| {
            stage.deliver(flush);
            stage.write()
        });
    }
    ROUNDS * MEMBERS * (MEMBERS - 1)
}

/// From a client's frame to everybody else's, but for the sockets.
fn round_of_moves() -> u64 {
    let mut stage = Stage::of(MEMBERS, Encoding::Compact);
    counted(|| {
        for _ in 0..ROUNDS {
            stage.moves();
            let flush = stage.flush();
            stage.deliver(flush);
            stage.write();
        }
    });
    ROUNDS * MEMBERS * (MEMBERS - 1)
}

fn decode_json() -> u64 {
    let text = peer::encode(&said(7));
    counted(|| (0..ROUNDS).all(|_| codec::decode(black_box(&text)).is_ok()));
    ROUNDS
}

fn decode_compact() -> u64 {
    let frame = peer::encode_compact(&said(7));
    counted(|| (0..ROUNDS).all(|_| codec::decode_compact(black_box(&frame)).is_ok()));
    ROUNDS
}

fn encode_moves(encoding: Encoding) -> u64 {
    let mut stage = Stage::of(MEMBERS, encoding);
    stage.moves();
    let moves = moves_of(&stage.flush());
    counted(|| {
        for _ in 0..ROUNDS {
            black_box(encode(&moves, encoding));
        }
    });
    ROUNDS * moves.len() as u64
}

fn main() -> ExitCode {
    let name = std::env::args().nth(1).filter(|argument| !argument.starts_with("--"));
    let Some(name) = name else {
        for (name, _) in CASES {
            println!("{name}");
        }
        return ExitCode::SUCCESS;
    };
    let Some((_, case)) = CASES.iter().find(|(case, _)| *case == name) else {
        eprintln!("there is no case {name:?}");
        return ExitCode::FAILURE;
    };
    println!("{}", case());
    ExitCode::SUCCESS
}
