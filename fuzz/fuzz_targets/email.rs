#![no_main]
use libfuzzer_sys::fuzz_target;

// The first byte chooses between a message and a saved page.
fuzz_target!(|bytes: &[u8]| {
    if let Some((first, rest)) = bytes.split_first() {
        fuzz::read(rest, if first % 2 == 0 { "a.eml" } else { "a.mhtml" });
    }
});
