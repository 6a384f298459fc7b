//! The child of the tests: `convert` reads files as the program's own child does; with an argument it runs wild.

use std::process::ExitCode;
use text::{Document, Error, Options};

fn memory(_: &[u8], _: &str, _: &Options) -> Result<Document, Error> {
    let mut taken: Vec<Vec<u8>> = Vec::new();
    loop {
        taken.push(vec![1; 16 << 20]);
    }
}

fn computing(bytes: &[u8], _: &str, _: &Options) -> Result<Document, Error> {
    let mut sum = 0_u64;
    loop {
        sum = sum.wrapping_mul(31).wrapping_add(bytes.iter().map(|byte| u64::from(*byte)).sum());
        std::hint::black_box(sum);
    }
}

fn sleep(_: &[u8], _: &str, _: &Options) -> Result<Document, Error> {
    loop {
        std::thread::sleep(std::time::Duration::from_secs(1));
    }
}

fn output(_: &[u8], _: &str, _: &Options) -> Result<Document, Error> {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    let piece = [b'7'; 65536];
    while out.write_all(&piece).is_ok() {}
    Err(Error::Empty)
}

#[expect(clippy::only_used_in_recursion, reason = "it is made to recurse")]
fn nesting(bytes: &[u8], name: &str, options: &Options) -> Result<Document, Error> {
    let kept = std::hint::black_box([name.len(); 64]);
    if bytes.len() > kept[0] << 20 {
        return Err(Error::Empty);
    }
    let deeper = nesting(bytes, name, options);
    std::hint::black_box((kept, deeper)).1
}

fn file(_: &[u8], _: &str, _: &Options) -> Result<Document, Error> {
    let path = std::env::temp_dir().join("rapporteur-child-writes");
    let written = std::fs::write(&path, b"words");
    Ok(Document { text: format!("{}", written.is_ok()), ..Document::default() })
}

fn main() -> ExitCode {
    match std::env::args().nth(1).as_deref() {
        Some("memory") => text::serve_child_with(memory),
        Some("computing") => text::serve_child_with(computing),
        Some("sleep") => text::serve_child_with(sleep),
        Some("output") => text::serve_child_with(output),
        Some("nesting") => text::serve_child_with(nesting),
        Some("file") => text::serve_child_with(file),
        Some("nothing") => ExitCode::SUCCESS,
        _ => text::serve_child(),
    }
}
