//! Zipped web archives.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let limits = evidence::Limits { entries: 200, entry: 4 << 20, total: 16 << 20, ratio: 200 };
    if let Ok(Some(package)) = evidence::package::open(data, "a.wacz", &limits) {
        let total: usize = package.pieces.iter().map(|piece| piece.bytes.len()).sum();
        assert!(total as u64 <= limits.total);
    }
});
