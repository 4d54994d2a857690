//! What one cursor move costs on its way from a client's frame to the frames of everybody else, part by part.
//!
//! `cargo bench -p collabd-core --bench hot_path`. Times compare only within one run; `instructions` is what repeats.

#![allow(missing_docs, reason = "criterion's macros write functions without")]

mod stage;

use std::hint::black_box;

use collabd_protocol::Encoding;
use collabd_protocol::codec::{self, peer};
use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use stage::{Stage, encode, moves_of, said};

const MEMBERS: [u64; 3] = [10, 100, 400];
const ENCODINGS: [Encoding; 2] = [Encoding::JsonBatch, Encoding::Compact];

/// Everybody moves once, and the room says what is to be told.
fn room(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("room/moves");
    for members in MEMBERS {
        let mut stage = Stage::of(members, Encoding::Compact);
        group.throughput(Throughput::Elements(members));
        group.bench_function(BenchmarkId::from_parameter(members), |bencher| {
            bencher.iter(|| {
                stage.moves();
                black_box(stage.flush())
            });
        });
    }
}

/// One flush into everybody's outbox, and out of it as frames.
fn fanout(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("fanout/flush");
    for members in MEMBERS {
        for encoding in ENCODINGS {
            let mut stage = Stage::of(members, encoding);
            stage.moves();
            let flush = stage.flush();
            group.throughput(Throughput::Elements(members * (members - 1)));
            group.bench_function(BenchmarkId::new(format!("{encoding:?}"), members), |bencher| {
                bencher.iter_batched(
                    || flush.clone(),
                    |flush| {
                        stage.deliver(flush);
                        black_box(stage.write())
                    },
                    BatchSize::SmallInput,
                );
            });
        }
    }
}

/// A client's move from bytes, and a flush to bytes.
fn codec(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("codec");
    let said = said(7);
    let (text, frame) = (peer::encode(&said), peer::encode_compact(&said));
    group.bench_function("decode/JsonBatch", |bencher| bencher.iter(|| codec::decode(black_box(&text))));
    group.bench_function("decode/Compact", |bencher| {
        bencher.iter(|| codec::decode_compact(black_box(&frame)));
    });
    let mut stage = Stage::of(100, Encoding::Compact);
    stage.moves();
    let moves = moves_of(&stage.flush());
    group.throughput(Throughput::Elements(100));
    for encoding in ENCODINGS {
        group.bench_function(format!("encode/{encoding:?}"), |bencher| {
            bencher.iter(|| encode(black_box(&moves), encoding));
        });
    }
}

criterion_group!(hot_path, room, fanout, codec);
criterion_main!(hot_path);
