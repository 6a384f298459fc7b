//! Tokens and answers: what verifies is over the digest that was asked about.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let asked = [7; 32];
    let token = evidence::timestamp::token(data).unwrap_or_else(|_| data.to_vec());
    let read = evidence::timestamp::read(&token);
    if let Ok(verified) = evidence::timestamp::verify(&token, &asked, None) {
        assert_eq!(verified.token.digest, asked);
        assert_eq!(Ok(verified.token), read);
    }
});
