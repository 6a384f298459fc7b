//! CBOR (RFC 8949) as a tree, with limits.

use minicbor::Decoder;
use minicbor::data::Type;

pub(super) enum Value<'a> {
    Number(i64),
    Bytes(&'a [u8]),
    Text(&'a str),
    Array(Vec<Value<'a>>),
    Map(Vec<(Value<'a>, Value<'a>)>),
    /// Null, booleans, fractions: nothing here depends on them.
    Other,
}

impl<'a> Value<'a> {
    pub fn get(&self, key: &str) -> Option<&Value<'a>> {
        self.find(|other| matches!(other, Value::Text(text) if *text == key))
    }

    pub fn at(&self, key: i64) -> Option<&Value<'a>> {
        self.find(|other| matches!(other, Value::Number(number) if *number == key))
    }

    fn find(&self, is: impl Fn(&Value<'_>) -> bool) -> Option<&Value<'a>> {
        match self {
            Value::Map(entries) => entries.iter().find(|(key, _)| is(key)).map(|(_, value)| value),
            _ => None,
        }
    }

    pub fn text(&self) -> Option<&'a str> {
        if let Value::Text(text) = self { Some(text) } else { None }
    }

    pub fn bytes(&self) -> Option<&'a [u8]> {
        if let Value::Bytes(bytes) = self { Some(bytes) } else { None }
    }

    pub fn number(&self) -> Option<i64> {
        if let Value::Number(number) = self { Some(*number) } else { None }
    }
}

/// One value and nothing after it.
pub(super) fn parse(bytes: &[u8]) -> Result<Value<'_>, String> {
    let mut decoder = Decoder::new(bytes);
    let mut budget = 200_000;
    let value = value(&mut decoder, 0, &mut budget)?;
    if decoder.position() == bytes.len() { Ok(value) } else { Err("there is something after its end".into()) }
}

fn value<'a>(decoder: &mut Decoder<'a>, depth: usize, budget: &mut usize) -> Result<Value<'a>, String> {
    *budget = budget.checked_sub(1).ok_or("it has more than 200,000 values")?;
    if depth > 32 {
        return Err("it is nested more than 32 deep".into());
    }
    let say = |error: minicbor::decode::Error| error.to_string();
    Ok(match decoder.datatype().map_err(say)? {
        Type::U8 | Type::U16 | Type::U32 | Type::I8 | Type::I16 | Type::I32 | Type::I64 => {
            Value::Number(decoder.i64().map_err(say)?)
        }
        Type::U64 => i64::try_from(decoder.u64().map_err(say)?).map_or(Value::Other, Value::Number),
        Type::Bytes => Value::Bytes(decoder.bytes().map_err(say)?),
        Type::String => Value::Text(decoder.str().map_err(say)?),
        Type::Array | Type::ArrayIndef => {
            let length = decoder.array().map_err(say)?;
            let mut list = Vec::new();
            while more(decoder, length, list.len())? {
                list.push(value(decoder, depth + 1, budget)?);
            }
            Value::Array(list)
        }
        Type::Map | Type::MapIndef => {
            let length = decoder.map().map_err(say)?;
            let mut entries = Vec::new();
            while more(decoder, length, entries.len())? {
                entries.push((value(decoder, depth + 1, budget)?, value(decoder, depth + 1, budget)?));
            }
            Value::Map(entries)
        }
        Type::Tag => {
            decoder.tag().map_err(say)?;
            value(decoder, depth + 1, budget)?
        }
        _ => {
            decoder.skip().map_err(say)?;
            Value::Other
        }
    })
}

/// Whether a list goes on; the break of one without a length is taken.
fn more(decoder: &mut Decoder<'_>, length: Option<u64>, read: usize) -> Result<bool, String> {
    match length {
        Some(length) => Ok((read as u64) < length),
        None if decoder.datatype().map_err(|error| error.to_string())? == Type::Break => {
            decoder.set_position(decoder.position() + 1);
            Ok(false)
        }
        None => Ok(true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_without_a_length_end_at_their_break() {
        let Ok(Value::Array(list)) = parse(&[0x9f, 1, 0x20, 0xbf, 0x61, b'a', 0x41, 7, 0xff, 0xff]) else { panic!() };
        assert_eq!(
            (list[0].number(), list[1].number(), list[2].get("a").and_then(Value::bytes)),
            (Some(1), Some(-1), Some(&[7][..]))
        );
        for wrong in [
            &[][..],
            &[0x9f],
            &[1, 1],
            &[0x9b, 255, 255, 255, 255, 255, 255, 255, 255],
            &[0x81; 100],
            &[0x5b, 255, 255, 255, 255, 255, 255, 255, 255],
        ] {
            assert!(parse(wrong).is_err(), "{wrong:?}");
        }
    }
}
