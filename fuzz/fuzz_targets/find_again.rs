#![no_main]
use libfuzzer_sys::fuzz_target;

// Words, the words before and after them, and a text to find them in, parted by 0xFF.
fuzz_target!(|bytes: &[u8]| {
    fuzz::only_ours();
    let pieces: Vec<String> = fuzz::pieces(bytes).map(|piece| String::from_utf8_lossy(piece).into_owned()).collect();
    let [exact, prefix, suffix, words, ..] = pieces.as_slice() else { return };
    let length = words.chars().count() as u32;
    for start in [None, Some(u64::from(length / 2))] {
        let selector = text::Selector { exact, prefix: Some(prefix), suffix: Some(suffix), start };
        if let Some(found) = text::find_again(words, &selector) {
            assert!(found.start < found.end && found.end <= length);
            let there: String = words.chars().skip(found.start as usize).take((found.end - found.start) as usize).collect();
            assert_eq!(found.exactly, there == *exact);
        }
    }
    let (plain, map) = text::for_matching(words);
    assert_eq!(plain.chars().count(), map.len());
    for (start, end) in text::sentences(words, None).into_iter().chain(text::words(words)) {
        assert!(start < end && end <= length);
    }
});
