//! What the rules find in small texts with the structures of letters, news and chronologies.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use reading::{Act, Proposal, Proposer, Rules, read_text};

fn acts_with(rules: &Rules, text: &str) -> Vec<Act> {
    let document = read_text(text.as_bytes(), "test.txt").unwrap();
    let proposals = rules.propose(&document).unwrap();
    proposals.into_iter().filter_map(|p| if let Proposal::Act(a) = p { Some(a) } else { None }).collect()
}

/// Each act as “type | victim | date”, in the order of the text.
fn acts(text: &str) -> Vec<String> {
    acts_with(&Rules::new().unwrap(), text).iter().map(line).collect()
}

fn line(a: &Act) -> String {
    let victim = a.victim.name.clone().unwrap_or_else(|| {
        let g = a.victim.group.as_ref().unwrap();
        let bound = |n: Option<u64>| n.map_or("?".to_owned(), |n| n.to_string());
        format!("{}–{} {}", bound(g.min), bound(g.max), g.description)
    });
    format!("{} | {victim} | {}", a.act_type, a.date.as_deref().unwrap_or("-"))
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    assert_eq!(acts(text), expected, "in: {text}");
}

#[test]
fn a_group_of_exactly_eight_stands_beside_the_one_who_is_named() {
    let found = acts(
        "To the Council\n\n5 September 2023\n\nOn 25 May 2023 the court convicted Pich Sarin, along with eight labour \
         activists, of incitement.\n",
    );
    assert!(found.contains(&"conviction | Pich Sarin | 2023-05-25".to_owned()), "{found:?}");
    assert!(found.contains(&"conviction | 8–8 labour activists | 2023-05-25".to_owned()), "{found:?}");
}

#[test]
fn a_sentence_in_years_is_told_in_months_and_its_articles_are_bare_numbers() {
    let rules = Rules::new().unwrap();
    let found = acts_with(
        &rules,
        "Kampot, 4 March 2023\n\nOn 3 March 2023 the politician Chea Vannak was sentenced to 27 years in prison under \
         articles 439 and 443 of the Criminal Code.\n",
    );
    let sentence = found.iter().find(|a| a.act_type == "sentence").unwrap();
    assert_eq!(sentence.sentence.as_ref().unwrap().months, Some(324.0));
    assert_eq!(sentence.provisions, ["439", "443"]);
    assert_eq!(sentence.victim.name.as_deref(), Some("Chea Vannak"));
}

#[test]
fn two_parties_one_of_them_named_and_a_licence() {
    let found = acts(
        "Letter of 7 June 2023\n\nThe election committee disqualified two opposition parties, including the Lantern \
         Party. In February 2023 the Ministry of Information revoked the licence of the broadcaster Voice of Harvest.\n",
    );
    assert!(found.iter().any(|l| l.starts_with("party-disqualification | 2–2 ")), "{found:?}");
    assert!(found.iter().any(|l| l.starts_with("party-disqualification | Lantern Party")), "{found:?}");
    assert!(found.contains(&"licence-revocation | Voice of Harvest | 2023-02".to_owned()), "{found:?}");
}

#[test]
fn an_arrest_and_a_charge_as_nouns_keep_their_own_dates() {
    let found = acts(
        "PHNOM PENH, Nov. 17, 2020\n\nThe arrest of unionist and activist Rong Sovann on July 31 and the Municipal \
         Court’s Aug. 1 decision to charge Sovann with incitement led to a number of protests.\n",
    );
    assert!(found.contains(&"arrest | Rong Sovann | 2020-07-31".to_owned()), "{found:?}");
    assert!(found.contains(&"charge | Rong Sovann | 2020-08-01".to_owned()), "{found:?}");
}

#[test]
fn what_is_denied_feared_or_threatened_as_a_penalty_is_no_act() {
    check("5 May 2022\n\nNobody has been arrested. Sok Dara was not arrested.\n", &[]);
    check("5 May 2022\n\nSok Dara could face two years in prison if he is convicted.\n", &[]);
    check("5 May 2022\n\nThe report that Sok Dara was beaten is false.\n", &[]);
}

#[test]
fn relative_clauses_appositions_and_joined_verbs_share_their_subject() {
    check(
        "10 May 2022\n\nSok Dara, 34, a farmer from Kep, who leads the union, was arrested on 3 May and charged with \
         incitement.\n",
        &["arrest | Sok Dara | 2022-05-03", "charge | Sok Dara | 2022-05-03"],
    );
    check(
        "10 May 2022\n\nTwo reporters of the Upriver Courier, Ko Htet Naing and Ma Su Wai, were detained by police on \
         3 May.\n",
        &["arrest | Htet Naing | 2022-05-03", "arrest | Su Wai | 2022-05-03"],
    );
    check(
        "10 May 2022\n\nArrested on 2 May, Sok Dara and Chan Vuthy were released on 4 May.\n",
        &[
            "arrest | Sok Dara | 2022-05-02",
            "arrest | Chan Vuthy | 2022-05-02",
            "release | Sok Dara | 2022-05-04",
            "release | Chan Vuthy | 2022-05-04",
        ],
    );
}

#[test]
fn an_entry_of_a_chronology_is_about_the_one_whom_the_document_is_about() {
    check(
        "Timeline of the case of Sok Dara\nLast updated: 5 May 2022\n\n12 March 2019 – Arrested at his home in Kampot\n\
         3 January 2020 – Found guilty of incitement. 18 months, six of them suspended.\n4 May 2020 – Released\n",
        &[
            "arrest | Sok Dara | 2019-03-12",
            "conviction | Sok Dara | 2020-01-03",
            "sentence | Sok Dara | 2020-01-03",
            "release | Sok Dara | 2020-05-04",
        ],
    );
}

#[test]
fn who_says_i_is_the_speaker_or_the_author() {
    check(
        "5 May 2022\n\n“They arrested me on 3 May,” Kea Sokun told reporters.\n",
        &["arrest | Kea Sokun | 2022-05-03"],
    );
    check(
        "5 June 2021\n\nMy name is Rath Sothea. On 3 May police arrested me at my stall.\n",
        &["arrest | Rath Sothea | 2021-05-03"],
    );
}

#[test]
fn a_taking_that_is_hidden_is_one_disappearance() {
    let found = acts(
        "5 June 2021\n\nSoldiers seized Sok Dara on 3 June 2021 near the market. He has not been seen since 3 June 2021.\n",
    );
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("enforced-disappearance | Sok Dara"), "{found:?}");
}

#[test]
fn an_analyst_adds_a_trigger_without_rust() {
    let text = "10 May 2022\n\nPolice spirinkled Sok Dara on 3 May.\n";
    assert!(acts(text).is_empty());
    let lexicon = "- type: arrest\n  verbs: [spirinkle]\n";
    let rules = Rules::with([("ours.yaml", lexicon)]).unwrap();
    let found: Vec<String> = acts_with(&rules, text).iter().map(line).collect();
    assert_eq!(found, ["arrest | Sok Dara | 2022-05-03"]);
}

#[test]
fn a_lexicon_that_is_wrong_is_told_with_its_file_and_line() {
    let told = |text: &str| match Rules::with([("lexicons/ours.yaml", text)]) {
        Ok(_) => panic!("it was taken"),
        Err(e) => e.to_string(),
    };
    let unknown = told("- type: arrest\n  verbs: [nab]\n- type: arest\n  verbs: [nab]\n");
    assert!(unknown.contains("lexicons/ours.yaml") && unknown.contains('3') && unknown.contains("arest"), "{unknown}");
    let gap = told("- type: arrest\n  verbs: [take ..]\n");
    assert!(gap.contains("lexicons/ours.yaml") && gap.contains("“..”"), "{gap}");
}

/// Whether all of these are among the acts of a text.
#[track_caller]
fn holds(text: &str, expected: &[&str]) {
    let found = acts(text);
    for line in expected {
        assert!(found.iter().any(|f| f == line), "no “{line}” in {found:?}");
    }
}

#[test]
fn what_is_denied_or_averted_is_no_act() {
    check("Kampot, 8 May 2022\n\nThe police deny that Sok Dara was beaten on 3 May.\n", &[]);
    check("Kampot, 8 May 2022\n\nThe planned eviction of 40 families was put off on 3 May.\n", &[]);
    holds(
        "Kampot, 8 May 2022\n\nA woman, Hem Ry, who refused to leave was handcuffed on 3 May.\n",
        &["arrest | Hem Ry | 2022-05-03"],
    );
}

#[test]
fn an_entry_of_a_case_list_tells_of_the_one_it_begins_with() {
    holds(
        "Annex: persons in prison\n\n30 June 2023\n\nThe following cases are known to us.\n\n1. Chea Sophal, farmer, Koh Kong. Arrested 14 March 2021; charged 16 March \
         2021; found guilty 8 November 2021 and sentenced to 30 months, 10 suspended; freed 14 November 2022.\n",
        &[
            "arrest | Chea Sophal | 2021-03-14",
            "charge | Chea Sophal | 2021-03-16",
            "conviction | Chea Sophal | 2021-11-08",
            "sentence | Chea Sophal | 2021-11-08",
            "release | Chea Sophal | 2022-11-14",
        ],
    );
}

#[test]
fn a_term_without_its_verb_or_unit_is_read_from_the_clause_before() {
    let rules = Rules::new().unwrap();
    let found = acts_with(
        &rules,
        "Kampot, 8 May 2022\n\nOn 3 May Ly Dara was jailed for six years, and Hun Sith and Mean Rith each got five.\n",
    );
    let months: Vec<Option<f64>> =
        found.iter().filter(|a| a.act_type == "sentence").map(|a| a.sentence.as_ref().unwrap().months).collect();
    assert_eq!(months, [Some(72.0), Some(60.0), Some(60.0)], "{found:?}");
}

#[test]
fn entries_of_a_chronology_go_on_from_the_year_before() {
    holds(
        "Timeline of the strike\n\nJan 3, 2022: Nine unionists are led away.\n\nJan 20: Sok Narith is picked up.\n\n\
         Nov 26: Sok Narith is released.\n",
        &["arrest | Sok Narith | 2022-01-20", "release | Sok Narith | 2022-11-26"],
    );
}
