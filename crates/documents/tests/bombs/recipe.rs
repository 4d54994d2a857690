//! Bytes from the corpus's notation.

use std::iter::Peekable;
use std::str::SplitWhitespace;

type Words<'a> = Peekable<SplitWhitespace<'a>>;

/// Makes the bytes of one recipe.
pub(crate) fn bytes(recipe: &str) -> Vec<u8> {
    let spaced = recipe.replace('(', " ( ").replace(')', " )").replace('[', " [ ").replace(']', " ] ");
    let mut words = spaced.split_whitespace().peekable();
    let bytes = terms(&mut words);
    assert!(words.next().is_none(), "{recipe}: something is left");
    bytes
}

fn terms(words: &mut Words<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    while let Some(word) = words.next_if(|word| !word.starts_with([')', ']'])) {
        match word.split_once(':') {
            Some(("nest", count)) => nest(&mut out, number(count)),
            Some(("chain", count)) => chain(&mut out, number(count)),
            Some(("crowd", count)) => crowd(&mut out, number(count)),
            Some(_) => panic!("{word}: unknown"),
            None => term(&mut out, word, words),
        }
    }
    out
}

fn term(out: &mut Vec<u8>, word: &str, words: &mut Words<'_>) {
    match word.as_bytes()[0] {
        b'(' => {
            let inside = terms(words);
            let count = words.next().and_then(|word| word.strip_prefix(")*")).map_or(1, number);
            (0..count).for_each(|_| out.extend(&inside));
        }
        b'[' => {
            let inside = terms(words);
            assert_eq!(words.next(), Some("]"));
            uint(out, inside.len() as u64);
            out.extend(inside);
        }
        b'u' => uint(out, number(&word[1..])),
        _ => {
            let digit = |at: usize| u8::from_str_radix(&word[at..at + 2], 16).expect(word);
            out.extend((0..word.len()).step_by(2).map(digit));
        }
    }
}

fn number(text: &str) -> u64 {
    text.parse().expect(text)
}

fn uint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Arrays of client 9, each inside of the one before, the first in the root.
fn nest(out: &mut Vec<u8>, count: u64) {
    out.extend([0x07, 1, 1, b't', 0]);
    for parent in 0..count - 1 {
        out.extend([0x07, 0, 9]);
        uint(out, parent);
        out.push(0);
    }
}

/// Clients with one letter each, right of that of the next lower client; that of the lowest is unknown.
fn chain(out: &mut Vec<u8>, count: u64) {
    for client in (100..100 + count).rev() {
        out.push(1);
        uint(out, client);
        out.extend([0, 0x84]);
        uint(out, client - 1);
        out.extend([0, 1, b'x']);
    }
}

/// Clients whose ids end in the same twenty bits.
fn crowd(out: &mut Vec<u8>, count: u64) {
    for client in (1..=count).rev() {
        out.push(1);
        uint(out, client << 20);
        out.extend([0, 0x04, 1, 1, b't', 1, b'x']);
    }
}
