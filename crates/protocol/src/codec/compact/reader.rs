//! From bytes to MessagePack's values, one at a time. Nothing is reserved for what a length claims.

use rmp::Marker;

/// Levels of arrays and maps in a message. The protocol's own have four.
const DEEPEST: usize = 32;

/// Why bytes are no value that the protocol uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Malformed {
    /// They end too early.
    #[error("MessagePack is cut short")]
    CutShort,
    /// Something follows the message.
    #[error("trailing bytes")]
    Trailing,
    /// A text that is none.
    #[error("a text must be UTF-8")]
    NotUtf8,
    /// Bytes, extensions, the marker that is reserved.
    #[error("must hold nil, booleans, numbers, texts, arrays and maps only")]
    Foreign,
    /// A key of a map that is no text.
    #[error("keys must be texts")]
    Key,
    /// Too many levels.
    #[error("nested deeper than {DEEPEST}")]
    TooDeep,
}

/// A value, or the beginning of one that holds others.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Token<'a> {
    Nil,
    Bool(bool),
    Unsigned(u64),
    /// Below 0, unless somebody wrote a longer form than needed.
    Signed(i64),
    Float(f64),
    Text(&'a str),
    /// So many values follow.
    Array(u32),
    /// So many keys and values follow.
    Map(u32),
}

impl Token<'_> {
    /// Any number as a float.
    #[expect(clippy::cast_precision_loss, reason = "a coordinate is a float, however it was written")]
    pub(super) fn number(self) -> Option<f64> {
        match self {
            Self::Unsigned(number) => Some(number as f64),
            Self::Signed(number) => Some(number as f64),
            Self::Float(number) => Some(number),
            _ => None,
        }
    }

    /// An integer of at least 0.
    pub(super) fn unsigned(self) -> Option<u64> {
        match self {
            Self::Unsigned(number) => Some(number),
            Self::Signed(number) => u64::try_from(number).ok(),
            _ => None,
        }
    }

    /// An integer.
    pub(super) fn signed(self) -> Option<i64> {
        match self {
            Self::Unsigned(number) => i64::try_from(number).ok(),
            Self::Signed(number) => Some(number),
            _ => None,
        }
    }
}

/// Bytes that are read from the front.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// The next value, or the beginning of it.
    pub(super) fn token(&mut self) -> Result<Token<'a>, Malformed> {
        let [marker] = self.array()?;
        Ok(match Marker::from_u8(marker) {
            Marker::Null => Token::Nil,
            Marker::True => Token::Bool(true),
            Marker::False => Token::Bool(false),
            Marker::FixPos(number) => Token::Unsigned(number.into()),
            Marker::U8 => Token::Unsigned(u8::from_be_bytes(self.array()?).into()),
            Marker::U16 => Token::Unsigned(u16::from_be_bytes(self.array()?).into()),
            Marker::U32 => Token::Unsigned(u32::from_be_bytes(self.array()?).into()),
            Marker::U64 => Token::Unsigned(u64::from_be_bytes(self.array()?)),
            Marker::FixNeg(number) => Token::Signed(number.into()),
            Marker::I8 => Token::Signed(i8::from_be_bytes(self.array()?).into()),
            Marker::I16 => Token::Signed(i16::from_be_bytes(self.array()?).into()),
            Marker::I32 => Token::Signed(i32::from_be_bytes(self.array()?).into()),
            Marker::I64 => Token::Signed(i64::from_be_bytes(self.array()?)),
            Marker::F32 => Token::Float(f32::from_be_bytes(self.array()?).into()),
            Marker::F64 => Token::Float(f64::from_be_bytes(self.array()?)),
            Marker::FixStr(length) => self.text(length.into())?,
            Marker::Str8 => {
                let length = u8::from_be_bytes(self.array()?);
                self.text(length.into())?
            }
            Marker::Str16 => {
                let length = u16::from_be_bytes(self.array()?);
                self.text(length.into())?
            }
            Marker::Str32 => {
                let length = u32::from_be_bytes(self.array()?);
                self.text(usize::try_from(length).map_err(|_| Malformed::CutShort)?)?
            }
            Marker::FixArray(count) => Token::Array(count.into()),
            Marker::Array16 => Token::Array(u16::from_be_bytes(self.array()?).into()),
            Marker::Array32 => Token::Array(u32::from_be_bytes(self.array()?)),
            Marker::FixMap(count) => Token::Map(count.into()),
            Marker::Map16 => Token::Map(u16::from_be_bytes(self.array()?).into()),
            Marker::Map32 => Token::Map(u32::from_be_bytes(self.array()?)),
            _ => return Err(Malformed::Foreign),
        })
    }

    /// What the next token will be, without taking it.
    pub(super) fn peek(&self) -> Result<Token<'a>, Malformed> {
        Self::new(self.rest).token()
    }

    /// Nothing may be left.
    pub(super) fn end(&self) -> Result<(), Malformed> {
        if self.rest.is_empty() { Ok(()) } else { Err(Malformed::Trailing) }
    }

    /// The next value, whole, as JSON. A key that occurs twice does so there, too.
    pub(super) fn json(&mut self) -> Result<String, Malformed> {
        let mut json = String::new();
        self.write_json(&mut json, 0)?;
        Ok(json)
    }

    fn write_json(&mut self, json: &mut String, depth: usize) -> Result<(), Malformed> {
        if depth > DEEPEST {
            return Err(Malformed::TooDeep);
        }
        match self.token()? {
            Token::Nil => json.push_str("null"),
            Token::Bool(is_so) => json.push_str(if is_so { "true" } else { "false" }),
            Token::Unsigned(number) => json.push_str(&number.to_string()),
            Token::Signed(number) => json.push_str(&number.to_string()),
            Token::Float(number) => match serde_json::Number::from_f64(number) {
                Some(number) => json.push_str(&number.to_string()),
                // Out of every range, in the one way in which JSON can say so.
                None => json.push_str("1e999"),
            },
            Token::Text(text) => push_text(json, text),
            Token::Array(count) => {
                json.push('[');
                for index in 0..count {
                    json.push_str(if index > 0 { "," } else { "" });
                    self.write_json(json, depth + 1)?;
                }
                json.push(']');
            }
            Token::Map(count) => {
                json.push('{');
                for index in 0..count {
                    json.push_str(if index > 0 { "," } else { "" });
                    let Token::Text(key) = self.token()? else { return Err(Malformed::Key) };
                    push_text(json, key);
                    json.push(':');
                    self.write_json(json, depth + 1)?;
                }
                json.push('}');
            }
        }
        Ok(())
    }

    fn text(&mut self, length: usize) -> Result<Token<'a>, Malformed> {
        let (text, rest) = self.rest.split_at_checked(length).ok_or(Malformed::CutShort)?;
        self.rest = rest;
        str::from_utf8(text).map(Token::Text).map_err(|_| Malformed::NotUtf8)
    }

    fn array<const LENGTH: usize>(&mut self) -> Result<[u8; LENGTH], Malformed> {
        let (bytes, rest) = self.rest.split_first_chunk().ok_or(Malformed::CutShort)?;
        self.rest = rest;
        Ok(*bytes)
    }
}

fn push_text(json: &mut String, text: &str) {
    json.push_str(&serde_json::Value::from(text).to_string());
}
