//! Reading and stripping: what was stripped says nothing personal.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let _ = evidence::metadata::read(data);
    if let Ok(copy) = evidence::metadata::strip(data) {
        assert!(evidence::metadata::read(&copy.bytes).iter().all(|field| !field.personal));
    }
});
