#![no_main]
use std::sync::{Arc, OnceLock};

use libfuzzer_sys::fuzz_target;
use schema::Registry;

// Whatever is typed is a question, and what of it is not understood has a place in it.
fuzz_target!(|text: &str| {
    static REGISTRY: OnceLock<Option<Arc<Registry>>> = OnceLock::new();
    let Some(registry) = REGISTRY.get_or_init(|| Registry::builtin().ok()) else { return };
    let (_, problems) = search::query::parse(text, registry);
    let length = text.chars().count();
    for problem in problems {
        assert!(problem.start <= problem.end && problem.end <= length, "{problem:?}");
    }
    let words = search::words::all_words(text);
    for word in &words {
        assert!(text.get(word.place.clone()).is_some());
        let _ = search::words::normal(&word.exact);
    }
    let _ = search::spelled::name_words(text);
});
