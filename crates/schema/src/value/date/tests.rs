#![allow(clippy::unwrap_used, clippy::panic)]
use super::*;
use crate::value::Agreement;

fn date(text: &str) -> Date {
    match Date::parse(text) {
        Ok(date) => date,
        Err(error) => panic!("{error}"),
    }
}

fn refused(text: &str) -> String {
    Date::parse(text).unwrap_err().to_string()
}

fn range(text: &str) -> String {
    let (a, b) = date(text).possible_range();
    let show = |d: Option<Day>| d.map_or("..".to_owned(), |d| d.to_string());
    format!("{} to {}", show(a), show(b))
}

#[test]
fn level_1_is_read_and_written_back() {
    for text in [
        "2020-07-31",
        "2020-07",
        "2020",
        "0985",
        "-0043",
        "Y170000002",
        "Y-17000",
        "2001-21",
        "2001-24~",
        "201X",
        "20XX",
        "-00XX",
        "2004-XX",
        "2004-06-XX",
        "2004-XX-XX",
        "1984?",
        "2020-08~",
        "2004-06-11%",
        "2020-10/2020-11",
        "../2017-09-03",
        "2020-01-01/..",
        "2020-01-01/",
        "/2017-09-03",
        "1984~/2004-06?",
        "2023-02-13T10:00+07:00",
        "2023-02-13T10:00:30Z",
        "2023-02-13T10:00",
        "201X?",
        "2004-XX~/2006",
    ] {
        assert_eq!(date(text).canonical(), text);
    }
}

#[test]
fn as_people_write_them() {
    for (written, canonical) in [
        ("31 July 2020", "2020-07-31"),
        ("July 31, 2020", "2020-07-31"),
        ("Friday, 31 July 2020", "2020-07-31"),
        ("the 31st of July 2020", "2020-07-31"),
        ("18 August 2021", "2021-08-18"),
        ("Aug. 18, 2021", "2021-08-18"),
        ("Aug. 2020", "2020-08"),
        ("in 2020", "2020"),
        ("31/07/2020", "2020-07-31"),
        ("31.7.2020", "2020-07-31"),
        ("07/31/2020", "2020-07-31"),
        ("05/05/2020", "2020-05-05"),
        ("2020-7-5", "2020-07-05"),
        ("about August 2020", "2020-08~"),
        ("perhaps August 2020", "2020-08?"),
        ("about 2020?", "2020%"),
        ("summer 2020", "2020-22"),
        ("the 1990s", "199X"),
        ("between October 2020 and November 2020", "2020-10/2020-11"),
        ("between October and November 2020", "2020-10/2020-11"),
        ("31 July to 10 September 2020", "2020-07-31/2020-09-10"),
        ("10–12 August 2020", "2020-08-10/2020-08-12"),
        ("2020-07-31 to 2020-09-10", "2020-07-31/2020-09-10"),
        ("before 3 September 2017", "../2017-09-02"),
        ("on or before 3 September 2017", "../2017-09-03"),
        ("by September 2017", "../2017-09"),
        ("before September 2017", "../2017-08"),
        ("after 2019", "2020/.."),
        ("since 1 January 2020", "2020-01-01/.."),
        ("from 1 January 2020 on", "2020-01-01/.."),
        ("៣១ កក្កដា ២០២០", "2020-07-31"),
        ("ថ្ងៃទី៣១ ខែកក្កដា ឆ្នាំ២០២០", "2020-07-31"),
        ("ខែសីហា ឆ្នាំ២០២០", "2020-08"),
    ] {
        assert_eq!(date(written).canonical(), canonical, "{written}");
    }
}

#[test]
fn a_date_that_cannot_be_is_refused() {
    assert_eq!(
        refused("2021-02-30"),
        "2021-02-30: February 2021 has 28 days. Write a day from 01 to 28, or 2021-02 if the day \
         is not known."
    );
    assert!(refused("30 February 2020").contains("February 2020 has 29 days, it is a leap year"));
    assert!(refused("2021-13-01").contains("there is no month 13"));
    assert!(refused("2021-00").contains("Write 2021 if the month is not known"));
    assert!(refused("2020-09-10/2020-07-31").contains("ends before it begins"));
    assert!(refused("Thursday, 31 July 2020").contains("that day was a friday, not a thursday"));
    assert!(refused("2023-02-13T25:00").contains("time cannot be read"));
}

#[test]
fn what_can_be_read_in_two_ways_is_refused() {
    assert_eq!(
        refused("05/07/2020"),
        "05/07/2020: day and month cannot be told apart. Write 2020-07-05 for 5 July, or \
         2020-05-07 for 7 May."
    );
    assert!(refused("1/8/20").contains("four digits"));
    assert!(refused("31 July").contains("the year is missing"));
    assert!(refused("yesterday").contains("the day on which it was written"));
    assert!(refused("2004-XX-11").contains("beyond EDTF level 1"));
    for text in ["..", "../..", "/", "soon", "early August 2020", "2XXX", "2020-1X", "Y2020", "-0000"] {
        assert!(Date::parse(text).is_err(), "{text}");
    }
}

#[test]
fn what_a_date_allows() {
    for (text, allows) in [
        ("2020-07", "2020-07-01 to 2020-07-31"),
        ("2020-08~", "2020-07-01 to 2020-09-30"),
        ("2020-08-15~", "2020-08-14 to 2020-08-16"),
        ("2020~", "2019-01-01 to 2021-12-31"),
        ("2020-08?", "2020-08-01 to 2020-08-31"),
        ("20XX", "2000-01-01 to 2099-12-31"),
        ("-019X", "-0199-01-01 to -0190-12-31"),
        ("2004-XX", "2004-01-01 to 2004-12-31"),
        ("2001-21", "2001-03-01 to 2001-06-30"),
        ("../2017-09-03", ".. to 2017-09-03"),
        ("2020-01-01/", "2020-01-01 to .."),
        ("2020-10/2020-11~", "2020-10-01 to 2020-12-31"),
    ] {
        assert_eq!(range(text), allows, "{text}");
    }
}

#[test]
fn possible_and_certain() {
    let window = date("2020-07-31/2020-09-10");
    for (text, possibly, certainly) in [
        ("2020-07-31", true, true),
        ("2020-08", true, true),
        ("2020-09", true, false),
        ("2020-08~", true, false),
        ("2020-08?", true, false),
        ("2020", true, false),
        ("2020-10", false, false),
        ("2020-08-01/", true, false),
        ("../2020-07-30", false, false),
    ] {
        assert_eq!(date(text).possibly_within(&window), possibly, "{text}");
        assert_eq!(date(text).certainly_within(&window), certainly, "{text}");
    }
    assert!(date("../2017-09-03").certainly_within(&date("../2018")));
    assert!(!date("2020-08").certainly_within(&date("2020-08~")));
    assert_eq!(window.days_inclusive(), Some(42));
    assert_eq!(window.overlap_days(&date("2020-08")), Some(31));
    assert_eq!(window.overlap_days(&date("2020-10")), Some(0));
    assert_eq!(date("2020-01-01/..").overlap_days(&date("2021/..")), None);
    assert!(date("2020-07").certainly_before(&date("2020-08-01")));
    assert!(!date("2020-07~").certainly_before(&date("2020-08-01")));
}

#[test]
fn how_accounts_stand_to_each_other() {
    for (a, b, stand) in [
        ("2020-07", "2020-07-31", Agreement::LessPrecise),
        ("2021-08-17", "2021-08-18", Agreement::Different),
        ("2020-08", "2020-10", Agreement::Different),
        ("2020-10/2020-11", "2020-11/2020-12", Agreement::Compatible),
        ("2004-XX", "2004", Agreement::Same),
        ("2020-08?", "2020-08", Agreement::LessPrecise),
        ("2020-08~", "2020-08", Agreement::LessPrecise),
        ("2023-02-13", "2023-02-13T10:00+07:00", Agreement::LessPrecise),
        ("2023-02-13T03:00Z", "2023-02-13T10:00+07:00", Agreement::Same),
        ("2023-02-13T10:00", "2023-02-13T10:00+07:00", Agreement::Compatible),
    ] {
        assert_eq!(date(a).agreement(&date(b)), stand, "{a} / {b}");
        assert_eq!(date(b).agreement(&date(a)), stand.reversed(), "{b} / {a}");
    }
}

#[test]
fn shown_in_english() {
    for (text, shown) in [
        ("2020-07-31", "31 July 2020"),
        ("2020-07", "July 2020"),
        ("2020-08~", "about August 2020"),
        ("2020-08%", "about August 2020 (uncertain)"),
        ("2020-10/2020-11", "between October 2020 and November 2020"),
        ("../2017-09-03", "on or before 3 September 2017"),
        ("../2017-09", "in or before September 2017"),
        ("2020-01-01/..", "from 1 January 2020 on"),
        ("2020-01-01/", "from 1 January 2020, end unknown"),
        ("2004-06-XX", "June 2004, day unknown"),
        ("199X", "1990s"),
        ("20XX", "2000–2099"),
        ("2020-22", "summer 2020"),
        ("-0043", "44 BC"),
        ("2023-02-13T10:00+07:00", "13 February 2023, 10:00 (UTC+07:00)"),
    ] {
        assert_eq!(date(text).display("en"), shown);
    }
}

#[test]
fn shown_in_khmer() {
    assert_eq!(date("2020-07-31").display("km"), "៣១ កក្កដា ២០២០");
    assert_eq!(date("2020-08~").display("km-KH"), "ប្រហែល សីហា ២០២០");
}
