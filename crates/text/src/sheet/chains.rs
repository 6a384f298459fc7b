//! OLE compound files keep their streams as chains of sectors. A chain that bites its own tail would be followed
//! for ever by the reader below, so it is looked for first ([MS-CFB] §2.3, §2.4).

const END: u32 = 0xFFFF_FFFA;

/// The workbook's stream, if every chain of sectors in the file ends.
pub fn workbook(bytes: &[u8]) -> Option<Vec<u8>> {
    let (fat, mini) = table(bytes)?;
    if !acyclic(&fat) || !acyclic(&mini) {
        return None;
    }
    let size = 1_usize << bytes.get(30)?;
    // Sector 0 lies behind the header, which takes a sector's room.
    let sectors = bytes.get(size.min(bytes.len())..)?;
    let folder = follow(sectors, size, &fat, u32_at(bytes, 48)?);
    let entries = || folder.chunks_exact(128);
    let start = |entry: &[u8]| u32_at(entry, 116);
    let named = |entry: &&[u8], wanted: &str| {
        let name: Vec<u8> = wanted.encode_utf16().flat_map(u16::to_le_bytes).chain([0, 0]).collect();
        entry[..64].to_ascii_lowercase().starts_with(&name.to_ascii_lowercase())
    };
    let entry = ["Workbook", "Book"].iter().find_map(|wanted| entries().find(|entry| named(entry, wanted)))?;
    let length = u32_at(entry, 120)? as usize;
    let mut stream = if length < 4096 {
        let short = follow(sectors, size, &fat, start(entries().next()?)?);
        follow(&short, 64, &mini, start(entry)?)
    } else {
        follow(sectors, size, &fat, start(entry)?)
    };
    stream.truncate(length);
    Some(stream)
}

/// The bytes of a chain that ends.
fn follow(sectors: &[u8], size: usize, table: &[u32], start: u32) -> Vec<u8> {
    let mut out = Vec::new();
    let mut at = start as usize;
    while at < END as usize {
        let Some(rest) = at.checked_mul(size).and_then(|from| sectors.get(from..)) else { break };
        out.extend_from_slice(&rest[..rest.len().min(size)]);
        let Some(next) = table.get(at) else { break };
        at = *next as usize;
    }
    out
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at.checked_add(4)?)?.first_chunk::<4>().map(|four| u32::from_le_bytes(*four))
}

/// The allocation table, and the one of short streams.
fn table(bytes: &[u8]) -> Option<(Vec<u32>, Vec<u32>)> {
    let shift = *bytes.get(30)?;
    let size = match shift {
        9 => 512_usize,
        12 => 4096,
        _ => return None,
    };
    let sector = |id: u32| -> Option<&[u8]> {
        let start = (id as usize).checked_add(1)?.checked_mul(size)?;
        bytes.get(start..).map(|rest| &rest[..rest.len().min(size)])
    };
    let numbers = |sector: &[u8]| -> Vec<u32> { sector.chunks_exact(4).filter_map(|four| u32_at(four, 0)).collect() };
    let most = bytes.len() / size + 1;
    let mut listed: Vec<u32> = (0..109).filter_map(|index| u32_at(bytes, 76 + 4 * index)).collect();
    let mut next = u32_at(bytes, 68)?;
    for _ in 0..most {
        if next >= END {
            break;
        }
        let mut more = numbers(sector(next)?);
        next = more.pop()?;
        listed.extend(more);
    }
    // A sector listed twice would make the table longer than the file.
    let listed: Vec<u32> = listed.into_iter().filter(|id| *id < END).collect();
    if listed.len() > most {
        return None;
    }
    let mut fat = Vec::new();
    for id in listed {
        fat.extend(numbers(sector(id)?));
    }
    let mut mini = Vec::new();
    let mut next = u32_at(bytes, 60)?;
    for _ in 0..most {
        if next >= END {
            break;
        }
        mini.extend(numbers(sector(next)?));
        next = fat.get(next as usize).copied()?;
    }
    Some((fat, mini))
}

/// Whether following the table from anywhere comes to an end.
fn acyclic(table: &[u32]) -> bool {
    // 0: not seen; otherwise the number of the walk that saw it.
    let mut seen = vec![0_usize; table.len()];
    for start in 0..table.len() {
        let mut at = start;
        while let (Some(mark), Some(next)) = (seen.get_mut(at), table.get(at)) {
            if *mark == start + 1 {
                return false;
            }
            if *mark != 0 {
                break;
            }
            *mark = start + 1;
            if *next >= END {
                break;
            }
            at = *next as usize;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_that_bites_its_tail_is_found() {
        assert!(acyclic(&[1, 2, u32::MAX, 2]));
        assert!(!acyclic(&[1, 2, 0]));
        assert!(!acyclic(&[0]));
        assert!(workbook(include_bytes!("../../tests/files/cases.xls")).is_some_and(|stream| stream.len() > 512));
    }
}
