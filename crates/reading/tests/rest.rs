//! Counts, sayings, requests and citations: the smallest texts that show a rule.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use reading::{Proposer, Rules, propose_json, read_text};
use serde_json::Value;

fn sheet(text: &str) -> Value {
    let document = read_text(text.as_bytes(), "note.txt").unwrap();
    let proposed = Rules::new().unwrap().propose(&document).unwrap();
    serde_json::from_str(&propose_json(&document, &proposed)).unwrap()
}

fn of_kind(text: &str, kind: &str) -> Vec<Value> {
    let sheet = sheet(text);
    sheet["proposals"].as_array().unwrap().iter().filter(|p| p["kind"] == kind).cloned().collect()
}

/// Each count as `min..max of unit by asserter`.
fn counts(text: &str) -> Vec<String> {
    let end = |v: &Value| v.as_u64().map_or(String::new(), |n| n.to_string());
    of_kind(text, "count")
        .iter()
        .map(|c| {
            let by = c["asserter"].as_str().unwrap_or("the document");
            format!("{}..{} {} by {by}", end(&c["min"]), end(&c["max"]), c["unit"].as_str().unwrap())
        })
        .collect()
}

#[test]
fn the_second_speaker_gives_the_second_number() {
    let text = "PHNOM PENH, 3 May 2022\n\nThe Relief Fund says that 31 people are in prison over land disputes; the Interior Ministry puts the number at five.";
    assert_eq!(counts(text), ["31..31 persons by Relief Fund", "5..5 persons by Interior Ministry"]);
    let text = "PHNOM PENH, 3 May 2022\n\nActivist Sok Dara said that 31 people had been detained this year. The Interior Ministry said only five.";
    assert_eq!(counts(text), ["31..31 persons by Sok Dara", "5..5 persons by Interior Ministry"]);
}

#[test]
fn an_answer_counts_what_the_question_asked_for() {
    let text = "Interview with Lim Sopheap\n\n3 May 2022\n\nQ: How many families lived there?\n\nA: One hundred and twelve. The governor says only sixty.\n\nQ: And now?\n\nA: Nobody.\n";
    assert_eq!(counts(text), ["112..112 families by Lim Sopheap", "60..60 families by governor"]);
}

#[test]
fn a_table_has_its_total_and_another_table_its_own_head() {
    let text = "Attacks on the press\n\n3 May 2022\n\nKind | 2019 | 2020\nArrests | 9 | 22\nRaids | 4 | 11\nTotal | 13 | 33\n\nProvince | Men | Women | Total\nKratie | 5 | 1 | 6\n";
    assert_eq!(
        counts(text).iter().map(|c| c.split(" by").next().unwrap().to_owned()).collect::<Vec<_>>(),
        [
            "9..9 arrests",
            "22..22 arrests",
            "4..4 incidents",
            "11..11 incidents",
            "13..13 incidents",
            "33..33 incidents",
            "5..5 persons",
            "1..1 persons",
            "6..6 persons"
        ]
    );
}

#[test]
fn terms_ages_and_houses_are_no_counts() {
    let text = "PHNOM PENH, 3 May 2022\n\nThe eight got 14 months, nine of them suspended; the other two received six. A girl of fifteen was hurt. Guards tore down 34 houses. Twice as many came on Sunday.";
    assert_eq!(counts(text), Vec::<String>::new());
}

#[test]
fn every_footnote_has_its_number() {
    let text = "Open letter\n\n3 May 2022\n\nDear friends,\n\nIt was said.[1] And again.[2] And there.[3]\n\n[1] A/HRC/51/66.\n[2] Ibid.\n[3] Ibid., para. 4; see https://example.org/a/b\n";
    let found: Vec<(String, u64)> = of_kind(text, "citation")
        .iter()
        .map(|c| (c["ref"].as_str().unwrap().to_owned(), c["note"].as_u64().unwrap()))
        .collect();
    let told = [("A/HRC/51/66", 1), ("A/HRC/51/66", 2), ("A/HRC/51/66", 3), ("https://example.org/a/b", 3)];
    assert_eq!(found, told.map(|(r, n)| (r.to_owned(), n)));
}

#[test]
fn each_ask_of_a_list_has_its_addressee() {
    let text = "Statement\n\n3 May 2022\n\nWe therefore call on:\n– the Phnom Penh Municipal Court to drop all charges and to release the eight;\n– the hotel to rehire those who were sacked.\n";
    let asks: Vec<String> = of_kind(text, "request").iter().map(|r| r["quote"].as_str().unwrap().to_owned()).collect();
    assert_eq!(
        asks,
        [
            "the Phnom Penh Municipal Court to drop all charges",
            "to release the eight",
            "the hotel to rehire those who were sacked"
        ]
    );
}

#[test]
fn a_byte_order_mark_is_counted_and_is_no_part_of_the_title() {
    let text = "\u{feff}Nine arrested in Kratie\n\n3 May 2022\n\nPolice arrested nine farmers.\n";
    let sheet = sheet(text);
    assert_eq!(sheet["document"]["title"], "Nine arrested in Kratie");
    let points: Vec<char> = text.chars().collect();
    for p in sheet["proposals"].as_array().unwrap() {
        let at = |key: &str| usize::try_from(p[key].as_u64().unwrap()).unwrap();
        assert_eq!(p["quote"], points[at("start")..at("end")].iter().collect::<String>().as_str());
    }
}

#[test]
fn what_a_document_is() {
    let of = |text: &str| {
        let d = sheet(text)["document"].clone();
        (
            d["title"].as_str().map(str::to_owned),
            d["published"].as_str().map(str::to_owned),
            d["kind"].as_str().map(str::to_owned),
        )
    };
    let told = |t: &str, p: &str, k: &str| (Some(t.to_owned()), Some(p.to_owned()), Some(k.to_owned()));
    assert_eq!(
        of(
            "RIVERS WITHOUT BORDERS\nURGENT ACTION\n\nUA 7/2023 – Cambodia\n9 June 2023\n\nFISHING LEADER HELD OVER PETITION\n\nChhun Rady was arrested on 5 June.\n"
        ),
        told("FISHING LEADER HELD OVER PETITION", "2023-06-09", "appeal")
    );
    assert_eq!(
        of(
            "Thailand hands poet to army\n\nMAE SOT, Thailand, Aug. 23, 2022 (Pacific Newswire) — Police on Tuesday put a poet on a boat.\n"
        ),
        told("Thailand hands poet to army", "2022-08-23", "agency-report")
    );
    assert_eq!(
        of(
            "PERMANENT MISSION OF SRI LANKA\nGENEVA\n\nReply of the Government to joint communication AL LKA 5/2022\n\n3 August 2022\n\nThe Permanent Mission presents its compliments to the Office and has the honour to say that Mr Roshan was arrested on 18 June 2022 and released on bail nine days later by order of the Magistrate.\n"
        ),
        told("Reply of the Government to joint communication AL LKA 5/2022", "2022-08-03", "letter")
    );
}
