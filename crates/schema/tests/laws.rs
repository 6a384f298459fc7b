//! Laws that every value keeps, tried on texts of every kind: what is read is written and read
//! back as the same; nothing panics; orders are orders; certain implies possible.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::cmp::Ordering;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use schema::{Agreement, Date, EntityId, Kind, Lang, Registry, Value};

/// Words and marks that values are made of: soups of them come near every rule of every kind.
const SOUP: &[&str] = &[
    "2020",
    "-",
    "07",
    "31",
    "/",
    "..",
    "~",
    "?",
    "%",
    "X",
    "XX",
    "T10:00",
    "+07:00",
    "Z",
    "Y17000",
    "21",
    "19",
    "about",
    "at least",
    "more than",
    "between",
    "and",
    "to",
    "July",
    "Aug.",
    "កក្កដា",
    "Friday",
    "before",
    "12",
    "million",
    "riel",
    "KHR",
    "USD",
    "40,000",
    "months",
    "years",
    "days",
    "P",
    "M",
    "D",
    "P15M11D",
    "P20M",
    "~P18M",
    "suspended",
    "all",
    "serve",
    "supervised",
    ";",
    "; ",
    "fine",
    "life",
    "none",
    "[KH-12]",
    "[",
    "]",
    "KH",
    "(1, 2)",
    "(",
    ")",
    "1.5",
    ",",
    ", ",
    "|",
    " | ",
    "||",
    "=",
    "title=",
    "family=",
    "given=",
    "Rong",
    "Chhun",
    "H.E.",
    "ឈុន",
    "៣១",
    "\u{200b}",
    "\u{301}",
    "\n",
    "\t",
    "https://",
    "example.org",
    ":",
    "acts",
    "arrest",
    "un-symbol:",
    "@",
    "mailto:",
    "a",
    "one",
    "two",
    "dozen",
    "+",
    "<",
    ">",
    "−",
    "–",
    "'",
    "’",
    "\u{a0}",
];

fn soup() -> impl Strategy<Value = String> {
    prop::collection::vec((prop::sample::select(SOUP), any::<bool>()), 0..8).prop_map(|words| {
        let mut text = String::new();
        for (word, spaced) in words {
            text.push_str(word);
            if spaced {
                text.push(' ');
            }
        }
        text
    })
}

fn edtf_point() -> impl Strategy<Value = String> {
    let body = prop_oneof![
        "-?[0-9]{4}",
        "[0-9]{3}X|[0-9]{2}XX|-[0-9]{2}XX",
        "Y-?[1-9][0-9]{4,8}",
        "[0-9]{4}-(0[1-9]|1[0-2]|2[1-4]|XX)",
        "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8]|XX)",
        "[0-9]{4}-XX-XX",
    ];
    (body, "[?~%]?").prop_map(|(body, mark)| body + &mark)
}

fn edtf() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => edtf_point(),
        1 => "[0-9]{4}-0[1-9]-1[0-9]T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])?",
        1 => edtf_point().prop_map(|a| format!("{a}/..")),
        1 => edtf_point().prop_map(|a| format!("../{a}")),
        1 => edtf_point().prop_map(|a| format!("{a}/")),
        1 => edtf_point().prop_map(|a| format!("/{a}")),
        2 => (edtf_point(), edtf_point()).prop_map(|(a, b)| format!("{a}/{b}")),
    ]
}

/// Texts that are mostly values of the kind.
fn likely(kind: Kind) -> BoxedStrategy<String> {
    let duration = "~?P([1-9][0-9]{0,2}Y)?([1-9][0-9]?M)?[1-9][0-9]?D";
    match kind {
        Kind::Text => "\\PC{1,40}".boxed(),
        Kind::Name => prop_oneof![
            "[A-Z][a-z]{1,8} [A-Z][a-z]{1,8}",
            "[\u{1780}-\u{17B3}\u{200B}\u{17D2}\u{17B6}]{2,12}",
            "([A-Z][a-z]{1,5}) \\| [A-Z][a-z]{1,5}",
            "H\\.E\\. \\|\\| [A-Z][a-z]{1,5} \\| [A-Z][a-z]{1,5}",
        ]
        .boxed(),
        Kind::Date => edtf().boxed(),
        Kind::Count => "~?([0-9]{1,19}|[0-9]{1,4}\\.\\.|\\.\\.[0-9]{1,4}|[0-9]{2}\\.\\.[0-9]{3})".boxed(),
        Kind::Duration => duration.boxed(),
        Kind::Sentence => (
            prop_oneof![Just("life".to_owned()), Just("none".to_owned()), duration.prop_map(|d| d)],
            prop_oneof![
                Just(String::new()),
                Just("; suspended all".to_owned()),
                Just("; serve P1D".to_owned()),
                Just("; supervised".to_owned()),
                Just("; suspended P2D".to_owned()),
            ],
            prop_oneof![Just(String::new()), "; fine [0-9]{1,9} KHR".prop_map(|f| f)],
        )
            .prop_map(|(a, b, c)| a + &b + &c)
            .boxed(),
        Kind::Money => "~?[0-9]{1,18}(\\.[0-9]{1,4})? (KHR|USD|EUR|THB|CHF)".boxed(),
        Kind::Place => "([A-Z][a-z]{1,8}( [A-Z][a-z]{1,8})? ?)?(\\[KH-[1-9]\\] ?)?(\\(-?[0-9]{1,2}\\.[0-9]{0,6}[1-9], 1[0-7][0-9]\\))?".boxed(),
        Kind::Term => "[a-z][a-z0-9-]{0,8}:[A-Za-z0-9][A-Za-z0-9._-]{0,8}".boxed(),
        Kind::Entity => any::<[u8; 16]>().prop_map(|b| EntityId::from_bytes(b).to_string()).boxed(),
        Kind::Url => "https?://[a-z]{1,8}\\.[a-z]{2,3}(/[a-zA-Z0-9%?=&.#é ]{0,12})?".boxed(),
        Kind::Identifier => "(un-symbol:|doi:|x:)?[A-Z0-9/. ]{1,16}".boxed(),
    }
}

fn any_text(kind: Kind) -> impl Strategy<Value = String> {
    prop_oneof![6 => likely(kind), 3 => soup(), 1 => any::<String>()]
}

fn kinds() -> impl Strategy<Value = Kind> {
    prop::sample::select(&Kind::ALL[..])
}

/// Values of one kind, as many as could be read.
fn values(count: usize) -> impl Strategy<Value = Vec<Value>> {
    kinds().prop_flat_map(move |kind| {
        prop::collection::vec(any_text(kind), count)
            .prop_map(move |texts| texts.iter().filter_map(|t| Value::parse(kind, t, None).ok()).collect())
    })
}

/// No failures are kept in a file: what a law caught becomes an example beside the code.
fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

#[test]
fn the_texts_tried_are_mostly_values() {
    let mut runner = TestRunner::deterministic();
    for kind in Kind::ALL {
        let strategy = likely(kind);
        let read = (0..200)
            .filter(|_| {
                let text = strategy.new_tree(&mut runner).unwrap().current();
                Value::parse(kind, &text, None).is_ok()
            })
            .count();
        assert!(read > 80, "{kind}: {read} of 200");
    }
}

proptest! {
    // Each case loads the builtin data too.
    #![proptest_config(cases(200))]

    #[test]
    fn yaml_never_panics(text in prop_oneof![any::<String>(), "[\\[\\]{}:,&*!|>'\"%@`#\\- \n\ta-z?]{0,60}"]) {
        let _ = schema::yaml::parse("file.yaml", &text);
        let _ = Registry::with_extensions(&[("file.yaml".to_owned(), text)]);
    }
}

proptest! {
    #![proptest_config(cases(4000))]

    #[test]
    fn what_is_read_is_written_and_read_back((kind, text) in kinds().prop_flat_map(|k| (Just(k), any_text(k)))) {
        let lang = Lang::new("km").unwrap();
        if let Ok(value) = Value::parse(kind, &text, Some(&lang)) {
            let canonical = value.canonical();
            let again = Value::parse(kind, &canonical, value.lang());
            prop_assert_eq!(again.as_ref(), Ok(&value), "{} → {}", text, canonical);
            prop_assert_eq!(value.kind(), kind);
            prop_assert_eq!(value.agreement(&value), Agreement::Same);
            let registry = Registry::default();
            prop_assert!(!value.display(&registry, "en").is_empty());
            prop_assert!(!value.display(&registry, "km").is_empty());
        }
    }

    #[test]
    fn orders_are_orders(mut values in values(6)) {
        for a in &values {
            for b in &values {
                let (there, back) = (a.compare(b), b.compare(a));
                prop_assert_eq!(there, back.map(Ordering::reverse));
                if let Some(order) = there {
                    prop_assert_eq!(order, a.sort_key().cmp(&b.sort_key()));
                    prop_assert_eq!(order == Ordering::Equal, a == b);
                }
                prop_assert_eq!(a.agreement(b), b.agreement(a).reversed(), "{} / {}", a.canonical(), b.canonical());
            }
        }
        // Sorting by the key gives an order that no pair contradicts: it is transitive.
        values.sort_by_key(Value::sort_key);
        for pair in values.windows(2) {
            if let [a, b] = pair {
                prop_assert_ne!(a.compare(b), Some(Ordering::Greater));
            }
        }
    }

    #[test]
    fn certain_implies_possible(date in edtf(), window in edtf()) {
        let (Ok(date), Ok(window)) = (Date::parse(&date), Date::parse(&window)) else { return Ok(()) };
        if date.certainly_within(&window) {
            prop_assert!(date.possibly_within(&window));
            prop_assert_ne!(date.agreement(&window), Agreement::Different);
        }
        prop_assert_eq!(date.overlap_days(&window), window.overlap_days(&date));
        prop_assert!(!(date.certainly_before(&window) && date.possibly_within(&window)));
        let (earliest, latest) = date.possible_range();
        if let (Some(a), Some(b)) = (earliest, latest) {
            prop_assert!(a <= b);
        }
    }

    #[test]
    fn a_date_shown_in_english_is_read_again(year in 1000_i64..3000, month in 1_u8..=12, day in 1_u8..=28, form in 0_u8..5) {
        let text = match form {
            0 => format!("{year:04}"),
            1 => format!("{year:04}-{month:02}"),
            2 => format!("{year:04}-{month:02}-{day:02}"),
            3 => format!("{year:04}-{month:02}~"),
            _ => format!("{year:04}-{month:02}-{day:02}?"),
        };
        let date = Date::parse(&text).unwrap();
        prop_assert_eq!(Date::parse(&date.display("en")), Ok(date));
        prop_assert_eq!(Date::parse(&date.display("km")).map(|d| d.possible_range()), Ok(date.possible_range()));
    }

    #[test]
    fn ids_round_trip(bytes in any::<[u8; 16]>()) {
        let id = EntityId::from_bytes(bytes);
        prop_assert_eq!(id.to_string().parse::<EntityId>(), Ok(id));
    }
}
