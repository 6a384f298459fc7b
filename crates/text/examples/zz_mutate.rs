use std::ffi::OsStr;
use std::time::Duration;
use text::{Converter, Error, Limits, Options};
fn main() {
    let files: Vec<String> = std::env::args().skip(2).collect();
    let mut seed: u64 = std::env::args().nth(1).and_then(|s| s.parse().ok()).unwrap_or(1);
    let mut next = move |below: usize| { seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407); (seed >> 33) as usize % below.max(1) };
    let program = std::env::current_exe().unwrap_or_default().with_file_name("convert");
    let none: [&OsStr; 0] = [];
    let mut converter = Converter::new(&program, &none, &Limits { memory: 1 << 30, cpu: Duration::from_secs(3), wall: Duration::from_secs(8), output: 64 << 20 });
    let mut bad = 0;
    for round in 0..1500 {
        let name = &files[round % files.len()];
        let mut bytes = std::fs::read(name).unwrap_or_default();
        for _ in 0..1 + next(20) {
            if bytes.is_empty() { break; }
            let at = next(bytes.len()); let byte = next(256) as u8;
            match next(4) { 0 => bytes[at] = byte, 1 => bytes[at] ^= 1 << (byte % 8), 2 => { bytes.drain(at..(at + byte as usize).min(bytes.len())); } _ => { let p: Vec<u8> = bytes[at..(at + byte as usize).min(bytes.len())].to_vec(); bytes.splice(at..at, p); } }
        }
        let t = std::time::Instant::now();
        let r = converter.convert(&bytes, name, &Options::default());
        let slow = t.elapsed() > Duration::from_secs(1);
        if slow || matches!(r, Err(Error::Stopped { .. } | Error::Converter { .. })) || matches!(&r, Err(Error::Broken { why, .. }) if why.contains("gave up")) {
            bad += 1;
            println!("{round} {name} {:?} {:?}", t.elapsed(), r.err());
            let _ = std::fs::write(format!("/tmp/textfix/bad-{round}-{}", name.rsplit('/').next().unwrap_or("")), &bytes);
            if bad > 25 { break; }
        }
    }
}
