//! OLE compound files keep their streams as chains of sectors. A chain that bites its own tail would be followed
//! for ever by the reader below, so it is looked for first ([MS-CFB] §2.3, §2.4).

const END: u32 = 0xFFFF_FFFA;

/// Whether every chain of sectors ends.
pub fn end(bytes: &[u8]) -> bool {
    table(bytes).is_some_and(|(fat, mini)| acyclic(&fat) && acyclic(&mini))
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
        assert!(end(include_bytes!("../../tests/files/cases.xls")));
    }
}
