#![allow(clippy::unwrap_used)]
use super::*;

fn read(text: &str) -> (String, Vec<String>) {
    let registry = Registry::builtin().unwrap();
    let (node, problems) = parse(text, &registry);
    (node.map_or_else(String::new, |node| told(&node)), problems.iter().map(ToString::to_string).collect())
}

fn told(node: &Node) -> String {
    let list = |nodes: &[Node], with: &str| nodes.iter().map(told).collect::<Vec<_>>().join(with);
    match node {
        Node::Word(word) => word.clone(),
        Node::Phrase(words) => format!("“{}”", words.join(" ")),
        Node::Unspaced(words) => format!("‘{}’", words.join(" ")),
        Node::Prefix(word) => format!("{word}…"),
        Node::Within(field, words) => format!("{field:?}={}", words.join("+")),
        Node::Type(name) => format!("type={name}"),
        Node::Lang(code) => format!("lang={code}"),
        Node::Date(window) => format!(
            "{}={:?}",
            if window.certainly { "certainly" } else { "possibly" },
            window.date.possible_range().0.map(|day| day.to_string())
        ),
        Node::And(nodes) => format!("({})", list(nodes, " ")),
        Node::Or(nodes) => format!("({})", list(nodes, " | ")),
        Node::Not(node) => format!("-{}", told(node)),
    }
}

fn clean(text: &str) -> String {
    let (node, problems) = read(text);
    assert!(problems.is_empty(), "{text}: {problems:?}");
    node
}

#[test]
fn words_and_how_they_are_joined() {
    assert_eq!(clean("Rong Chhun"), "(rong chhun)");
    assert_eq!(clean("Rong OR Chhun trial"), "(rong | (chhun trial))");
    assert_eq!(clean("(Rong OR Chhun) AND trial"), "((rong | chhun) trial)");
    assert_eq!(clean("arrest -release NOT bail"), "(arrest -release -bail)");
    assert_eq!(clean("\"provisional detention\" anti-terror"), "(“provisional detention” “anti terror”)");
    assert_eq!(clean("incit*"), "incit…");
    assert_eq!(clean("A/HRC/54/75"), "“a hrc 54 75”");
    assert_eq!(clean("not or and"), "(not or and)");
    assert_eq!(clean(""), "");
    assert_eq!(clean("https://example.org/x"), "“https example org x”");
}

#[test]
fn fields() {
    assert_eq!(clean("name:Sokkha type:person"), "(Name=sokkha type=Person)");
    assert_eq!(clean("source:\"Phnom Penh Post\" place:Kampot"), "(Source=phnom+penh+post Place=kampot)");
    assert_eq!(clean("type:proceedings lang:km"), "(type=Proceeding lang=km)");
    assert_eq!(clean("date:2020-07..2020-09"), "possibly=Some(\"2020-07-01\")");
    assert_eq!(clean("certainly:..2020"), "certainly=None");
    assert_eq!(clean("-type:Act"), "-type=Act");
}

#[test]
fn what_is_half_typed_is_still_asked() {
    for (text, asked, problem) in [
        ("arrest OR", "arrest", "at character 8: there is nothing after OR"),
        ("OR arrest", "arrest", "at character 1: there is nothing before OR"),
        ("arrest AND", "arrest", "at character 8: there is nothing after AND"),
        ("arrest NOT", "arrest", "at character 8: there is nothing after NOT"),
        ("(arrest trial", "(arrest trial)", "at character 1: this parenthesis is not closed"),
        ("arrest) trial", "(arrest trial)", "at character 7: this parenthesis closes nothing"),
        ("\"provisional det", "“provisional det”", "at character 1: this quotation mark is not closed"),
        ("arrest name:", "arrest", "at character 8: there is nothing after “name:”"),
        ("type:Persn x", "x", "at character 6: there is no type “Persn”. Did you mean “type:Person”?"),
        ("date:2020-13 x", "x", "at character 6: "),
        ("nam:Sokha", "(nam sokha)", "at character 1: there is no field “nam:”. Did you mean “name:”?"),
        ("a*", "“a”", "at character 1: “a*” would find nearly everything"),
        ("ឈុន) x", "(ឈុន x)", "at character 4: this parenthesis closes nothing"),
    ] {
        let (node, problems) = read(text);
        assert_eq!(node, asked, "{text}: {problems:?}");
        assert!(problems.first().is_some_and(|said| said.starts_with(problem)), "{text}: {problems:?}");
    }
}

#[test]
fn a_flood_is_bounded() {
    let (_, problems) = read(&"word ".repeat(10_000));
    assert!(!problems.is_empty() && problems.len() <= 8);
    let (_, problems) = read(&"(".repeat(100_000));
    assert!(problems.len() <= 8);
    let _ = read(&"-(".repeat(50_000));
    let _ = read(&"NOT ".repeat(50_000));
}

proptest::proptest! {
    #[test]
    fn any_text_is_a_question(text in "\\PC{0,80}") {
        let _ = read(&text);
    }

    #[test]
    fn any_heap_of_operators_is_a_question(text in "( ?(a|b|AND|OR|NOT|-|\\(|\\)|\"|name:|date:|2020|\\.\\.|\\*|:| )){0,20}") {
        let (_, _) = read(&text);
    }
}
