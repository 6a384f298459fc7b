//! JUMBF (ISO 19566-5): boxes in boxes, each with a description that names it.

/// A `jumb` box.
pub(super) struct Superbox<'a> {
    /// The first four bytes of its type's UUID, which spell it.
    pub kind: [u8; 4],
    pub label: &'a str,
    /// All that is in it, description included: what hashes are over.
    pub payload: &'a [u8],
    pub children: Vec<Superbox<'a>>,
    contents: Vec<Plain<'a>>,
}

impl<'a> Superbox<'a> {
    pub fn child(&self, label: &str) -> Option<&Superbox<'a>> {
        self.children.iter().find(|one| one.label == label)
    }

    /// The first content box of a type.
    pub fn content(&self, kind: [u8; 4]) -> Option<&'a [u8]> {
        self.contents.iter().find(|(other, _)| *other == kind).map(|(_, body)| *body)
    }
}

/// How deep: store, manifest, assertion store, assertion, and some for those to come.
const DEPTH: usize = 8;

pub(super) fn parse(bytes: &[u8]) -> Result<Vec<Superbox<'_>>, String> {
    let mut budget = 20_000;
    boxes(bytes)?
        .into_iter()
        .filter(|(kind, _)| kind == b"jumb")
        .map(|(_, body)| superbox(body, 0, &mut budget))
        .collect()
}

/// A box's type and body.
type Plain<'a> = ([u8; 4], &'a [u8]);

fn boxes(mut rest: &[u8]) -> Result<Vec<Plain<'_>>, String> {
    let mut list = Vec::new();
    while !rest.is_empty() {
        let &[a, b, c, d, ref kind @ ..] = rest.get(..8).ok_or("a box is cut short")? else {
            return Err("a box is cut short".into());
        };
        let kind: [u8; 4] = kind.try_into().map_err(|_| "a box is cut short")?;
        let (header, length) = match u32::from_be_bytes([a, b, c, d]) {
            0 => (8, rest.len()),
            1 => {
                let large: [u8; 8] =
                    rest.get(8..16).and_then(|bytes| bytes.try_into().ok()).ok_or("a box is cut short")?;
                (16, usize::try_from(u64::from_be_bytes(large)).map_err(|_| "a box is longer than the file")?)
            }
            length => (8, length as usize),
        };
        let body = rest.get(header..length).ok_or("a box is longer than what holds it")?;
        list.push((kind, body));
        rest = &rest[length..];
        if list.len() > 10_000 {
            return Err("it has more than 10,000 boxes".into());
        }
    }
    Ok(list)
}

fn superbox<'a>(payload: &'a [u8], depth: usize, budget: &mut usize) -> Result<Superbox<'a>, String> {
    *budget = budget.checked_sub(1).ok_or("it has more than 20,000 boxes")?;
    if depth > DEPTH {
        return Err("its boxes are nested too deep".into());
    }
    let mut inside = boxes(payload)?.into_iter();
    let Some((description, about)) = inside.next() else { return Err("a box is empty".into()) };
    if &description != b"jumd" {
        return Err("a box has no description".into());
    }
    let kind: [u8; 4] = about.get(..4).and_then(|bytes| bytes.try_into().ok()).ok_or("a description is cut short")?;
    let toggles = *about.get(16).ok_or("a description is cut short")?;
    let label = if toggles & 2 != 0 {
        let text = about.get(17..).unwrap_or_default().split(|byte| *byte == 0).next().unwrap_or_default();
        std::str::from_utf8(text).map_err(|_| "a label is not in UTF-8")?
    } else {
        ""
    };
    let (mut children, mut contents) = (Vec::new(), Vec::new());
    for (kind, body) in inside {
        if &kind == b"jumb" {
            children.push(superbox(body, depth + 1, budget)?);
        } else {
            contents.push((kind, body));
        }
    }
    Ok(Superbox { kind, label, payload, children, contents })
}
