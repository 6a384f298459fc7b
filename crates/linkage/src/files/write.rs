//! What comes out: the rows with their clusters, and the scored pairs.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use crate::cluster::Link;
use crate::error::Error;
use crate::model::probability;

use super::LinkOptions;
use super::read::{Input, open};

fn writer(path: &Path) -> Result<BufWriter<File>, Error> {
    let file = File::create(path).map_err(|source| Error::Io { path: path.to_owned(), source })?;
    Ok(BufWriter::with_capacity(1 << 20, file))
}

fn quoted(cell: &[u8], separator: u8, out: &mut Vec<u8>) {
    if cell.iter().any(|&c| c == separator || c == b'"' || c == b'\n' || c == b'\r') {
        out.push(b'"');
        for &c in cell {
            if c == b'"' {
                out.push(b'"');
            }
            out.push(c);
        }
        out.push(b'"');
    } else {
        out.extend_from_slice(cell);
    }
}

/// The input once more with `cluster_id`, in UTF-8. Of several files all headings, and `file`; a `cluster_id` that was there is left out.
pub(super) fn write_clusters(path: &Path, options: &LinkOptions, input: &Input, clusters: &[u32]) -> Result<(), Error> {
    let io = |source| Error::Io { path: path.to_owned(), source };
    let mut out = writer(path)?;
    let mut row = 0usize;
    let mut line = Vec::new();
    let several = options.inputs.len() > 1;
    let mut headings: Vec<String> = Vec::new();
    for (path, file) in options.inputs.iter().zip(&input.files) {
        for name in open(path, file.encoded)?.header()? {
            // One file keeps its headings as they are, those that stand there twice too.
            if name != "cluster_id" && (!several || !headings.contains(&name)) {
                headings.push(name);
            }
        }
    }
    for name in &headings {
        quoted(name.as_bytes(), b',', &mut line);
        line.push(b',');
    }
    line.extend_from_slice(if several { b"file,cluster_id\n" } else { b"cluster_id\n" });
    out.write_all(&line).map_err(io)?;
    for (path, file) in options.inputs.iter().zip(&input.files) {
        let mut reader = open(path, file.encoded)?;
        let header = reader.header()?;
        let places: Vec<Option<usize>> = if several {
            headings.iter().map(|name| header.iter().position(|h| h == name)).collect()
        } else {
            (0..header.len()).filter(|&at| header[at] != "cluster_id").map(Some).collect()
        };
        let name = &file.name;
        while reader.next()? {
            line.clear();
            for at in &places {
                if let Some(at) = at {
                    quoted(reader.cell(*at), b',', &mut line);
                }
                line.push(b',');
            }
            if several {
                quoted(name.as_bytes(), b',', &mut line);
                line.push(b',');
            }
            line.extend_from_slice(format!("{}\n", clusters.get(row).map_or(0, |c| c + 1)).as_bytes());
            out.write_all(&line).map_err(io)?;
            row += 1;
        }
    }
    out.flush().map_err(io)
}

pub(super) fn write_pairs(path: &Path, input: &Input, links: &[Link]) -> Result<(), Error> {
    let io = |source| Error::Io { path: path.to_owned(), source };
    let mut out = writer(path)?;
    out.write_all(b"id_a,id_b,weight,probability\n").map_err(io)?;
    let mut line = Vec::new();
    for link in links {
        line.clear();
        for row in [link.a, link.b] {
            match &input.ids {
                Some(ids) => quoted(ids.values.bytes(ids.cells[row as usize]), b',', &mut line),
                None => line.extend_from_slice(format!("{}", row + 1).as_bytes()),
            }
            line.push(b',');
        }
        let p = probability(f64::from(link.weight));
        line.extend_from_slice(format!("{:.3},{p:.5}\n", link.weight).as_bytes());
        out.write_all(&line).map_err(io)?;
    }
    out.flush().map_err(io)
}
