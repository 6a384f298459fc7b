//! Who speaks: what somebody most likely is, by the name alone.

use schema::fold;

/// Schemata of those who say, ask or sign.
pub(crate) const VOICES: [&str; 6] = ["Person", "Organization", "PublicBody", "MediaOutlet", "PoliticalParty", "Group"];

/// What a new voice most likely is, by its name alone; a person corrects it with one choice.
pub(crate) fn kind_of_voice(name: &str) -> &'static str {
    let words = fold(name);
    let has = |list: &[&str]| list.iter().any(|word| words.split(|c: char| !c.is_alphanumeric()).any(|w| w == *word));
    if has(&PUBLIC) {
        "PublicBody"
    } else if !is_name(name) {
        "Group"
    } else if has(&["party", "parties"]) {
        "PoliticalParty"
    } else if has(&MEDIA) {
        "MediaOutlet"
    } else if has(&BODIES) || is_acronym(name) || name.split_whitespace().count() > 4 {
        "Organization"
    } else {
        "Person"
    }
}

const PUBLIC: [&str; 24] = [
    "ministry",
    "court",
    "police",
    "government",
    "council",
    "parliament",
    "assembly",
    "senate",
    "nations",
    "un",
    "ohchr",
    "commissioner",
    "prosecutor",
    "authority",
    "department",
    "embassy",
    "mission",
    "eu",
    "gendarmerie",
    "army",
    "tribunal",
    "state",
    "municipality",
    "commission",
];
const MEDIA: [&str; 18] = [
    "news",
    "radio",
    "times",
    "post",
    "daily",
    "voice",
    "television",
    "tv",
    "newspaper",
    "magazine",
    "herald",
    "press",
    "agency",
    "broadcaster",
    "gazette",
    "tribune",
    "bbc",
    "media",
];
const BODIES: [&str; 32] = [
    "organisation",
    "organization",
    "international",
    "watch",
    "association",
    "federation",
    "union",
    "network",
    "centre",
    "center",
    "alliance",
    "league",
    "rights",
    "institute",
    "foundation",
    "forum",
    "coalition",
    "committee",
    "confederation",
    "group",
    "movement",
    "society",
    "amnesty",
    "jurists",
    "campaign",
    "company",
    "fund",
    "school",
    "university",
    "article",
    "community",
    "front",
];

fn is_acronym(name: &str) -> bool {
    let letters: Vec<char> = name.chars().filter(|c| c.is_alphabetic()).collect();
    letters.len() >= 3 && letters.iter().all(|c| c.is_uppercase()) && !name.contains(' ')
}

/// Whether it is a name and not a description: “Mary Lawlor”, not “experts”, “the authorities” or “you”.
pub(crate) fn is_name(text: &str) -> bool {
    let bare = text.strip_prefix("the ").or_else(|| text.strip_prefix("The ")).unwrap_or(text);
    if bare != text && PUBLIC.contains(&fold(bare).as_str()) {
        return false;
    }
    bare.chars().next().is_some_and(|first| !first.is_lowercase() && first.is_alphanumeric())
}
