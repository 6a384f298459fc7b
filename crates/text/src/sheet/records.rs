//! How many cells an old workbook makes room for ([MS-XLS] §2.4): calamine takes memory for as many as the file
//! says, so they are counted first.

/// Sheets beyond this are not looked at; no workbook has them.
const MAX_SHEETS: usize = 500;

/// The cells of the sheet with the most room, and of all of them.
pub fn room(stream: &[u8]) -> (u64, u64) {
    let places: Vec<usize> = records(stream, 0)
        .filter(|(kind, _)| *kind == 0x0085)
        .filter_map(|(_, body)| number(body, 0, 4))
        .map(|at| at as usize)
        .collect();
    if places.len() > MAX_SHEETS {
        return (u64::MAX, u64::MAX);
    }
    let rooms: Vec<u64> = places.iter().map(|at| sheet(stream, *at)).collect();
    (rooms.iter().copied().max().unwrap_or(0), rooms.iter().fold(0, |sum, room| sum.saturating_add(*room)))
}

/// The room one sheet takes: what it says, or what its cells span, whichever is more.
fn sheet(stream: &[u8], at: usize) -> u64 {
    let (mut said, mut row, mut column) = (0_u64, 0, 0);
    for (kind, body) in records(stream, at) {
        match kind {
            0x0200 => {
                let sides = match body.len() {
                    14.. => [number(body, 0, 4), number(body, 4, 4), number(body, 8, 2), number(body, 10, 2)],
                    _ => [number(body, 0, 2), number(body, 2, 2), number(body, 4, 2), number(body, 6, 2)],
                };
                if let [Some(top), Some(bottom), Some(left), Some(right)] = sides {
                    // One more than the difference; a side that ends before it begins wraps round below.
                    let side = |from: u64, to: u64| if to >= from { to - from + 1 } else { u64::from(u32::MAX) };
                    let empty = bottom == 0 && right == 0;
                    said = said.saturating_add(if empty {
                        0
                    } else {
                        side(top, bottom).saturating_mul(side(left, right))
                    });
                }
            }
            0x0203 | 0x0204 | 0x0205 | 0x0006 | 0x00D6 | 0x00FD | 0x027E => {
                row = row.max(number(body, 0, 2).unwrap_or(0));
                column = column.max(number(body, 2, 2).unwrap_or(0));
            }
            0x00BD => {
                row = row.max(number(body, 0, 2).unwrap_or(0));
                column = column.max(number(body, body.len().saturating_sub(2), 2).unwrap_or(0));
            }
            0x000A => break,
            _ => {}
        }
    }
    said.max((row + 1).saturating_mul(column + 1))
}

fn number(body: &[u8], at: usize, length: usize) -> Option<u64> {
    let bytes = body.get(at..at + length)?;
    Some(bytes.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
}

/// Records from a place on: kind and body.
fn records(stream: &[u8], at: usize) -> impl Iterator<Item = (u64, &[u8])> {
    let mut rest = stream.get(at..).unwrap_or(&[]);
    std::iter::from_fn(move || {
        let (kind, length) = (number(rest, 0, 2)?, number(rest, 2, 2)? as usize);
        let body = rest.get(4..)?;
        let body = &body[..body.len().min(length)];
        rest = &rest[4 + body.len()..];
        Some((kind, body))
    })
}
