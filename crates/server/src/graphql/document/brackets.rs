//! How deep a text nests its brackets, found without recursion. The parser recurses into every bracket, and lists
//! it does not count: two thousand inside each other overflow the stack, which ends the process.

/// Brackets inside each other: twice the nesting of selections, since arguments and their values have some, too.
pub(super) const MAX_DEPTH: usize = 64;

/// Why a text does not get as far as the parser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(in crate::graphql) enum BracketError {
    /// The brackets are too deep.
    #[error("the query is nested too deep: the limit is {MAX_DEPTH} brackets")]
    Depth,
    /// The text or the line ends inside a string.
    #[error("a string in the query does not end")]
    String,
}

/// Checks the depth of `text`'s brackets.
///
/// It must see strings and comments exactly as the parser does, since a bracket in one of those is none: a string
/// that does not end is refused, because the parser would go on behind its quotes.
pub(super) fn check(text: &str) -> Result<(), BracketError> {
    let mut rest = text.as_bytes();
    let mut depth = 0_usize;
    while let [first, tail @ ..] = rest {
        rest = tail;
        match first {
            b'{' | b'[' | b'(' => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Err(BracketError::Depth);
                }
            }
            b'}' | b']' | b')' => depth = depth.saturating_sub(1),
            b'#' => rest = after_comment(tail),
            b'"' => {
                rest = match tail {
                    [b'"', b'"', block @ ..] => after_block_string(block),
                    line => after_string(line),
                }
                .ok_or(BracketError::String)?;
            }
            _ => {}
        }
    }
    Ok(())
}

fn after_comment(text: &[u8]) -> &[u8] {
    let end = text.iter().position(|byte| is_line_end(*byte)).unwrap_or(text.len());
    &text[end..]
}

fn after_string(mut text: &[u8]) -> Option<&[u8]> {
    loop {
        text = match text {
            [b'"', rest @ ..] => return Some(rest),
            [] => return None,
            [byte, ..] if is_line_end(*byte) => return None,
            [b'\\', _, rest @ ..] | [_, rest @ ..] => rest,
        }
    }
}

fn after_block_string(mut text: &[u8]) -> Option<&[u8]> {
    loop {
        text = match text {
            [b'"', b'"', b'"', rest @ ..] => return Some(rest),
            [] => return None,
            [b'\\', b'"', b'"', b'"', rest @ ..] | [_, rest @ ..] => rest,
        }
    }
}

fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nested(depth: usize) -> String {
        "[".repeat(depth) + &"]".repeat(depth)
    }

    #[test]
    fn brackets_of_every_kind_count_together() {
        check(&nested(MAX_DEPTH)).unwrap();
        check(&nested(MAX_DEPTH).repeat(3)).unwrap();
        assert_eq!(check(&nested(MAX_DEPTH + 1)), Err(BracketError::Depth));
        assert_eq!(check(&"{a(b:[".repeat(MAX_DEPTH / 3 + 1)), Err(BracketError::Depth));
    }

    #[test]
    fn brackets_in_strings_and_comments_are_none() {
        let many = "[".repeat(100);
        for text in [
            format!(r#""{many}\"{many}""#),
            format!("\"\"\"{many}\"\\\"\"\"{many}\n{many}\"\"\""),
            format!("#{many}\"\r1"),
        ] {
            check(&text).unwrap();
        }
    }

    #[test]
    fn closing_brackets_in_strings_and_comments_close_nothing() {
        for close in [r#""]]]]]]]]""#, r#""""]]]]]]]]""""#, "#]]]]]]]]\n"] {
            let text = format!("[[[[[[[[{close}").repeat(9);
            assert_eq!(check(&text), Err(BracketError::Depth), "{close}");
        }
    }

    #[test]
    fn a_string_ends_where_the_parser_says() {
        for text in [r#"""""[["#, r#"["""" [["#, "\"[[\n\"", r#""\"#, r#""\""#, r#"""" \""""#] {
            assert_eq!(check(text), Err(BracketError::String), "{text}");
        }
    }
}
