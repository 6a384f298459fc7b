#![no_main]
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let kind: &[u8] = b"application/vnd.oasis.opendocument.text";
    let mut parts: Vec<(&str, &[u8])> = vec![("mimetype", kind)];
    parts.extend(["content.xml", "styles.xml", "meta.xml"].into_iter().zip(fuzz::pieces(bytes)));
    fuzz::read(&fuzz::zipped(&parts), "a.odt");
});
