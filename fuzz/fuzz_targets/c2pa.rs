//! Manifests in pictures: nothing is ever trusted.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    if let Ok(Some(manifest)) = evidence::c2pa::read(data) {
        assert!(!manifest.trusted);
    }
});
