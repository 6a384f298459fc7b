//! What each column of a list becomes, as a choice in a form, and the same choice in the list's mapping.
//!
//! A choice is a short text: `person:name`, `person:name:family`, `act:date`, `affiliation:name`, `key`, nothing. What a mapping
//! says beyond that (joined columns, several values in a cell) is [`OTHERWISE`], and stays as it is until somebody chooses.

use lists::{EntityRule, ListFile, Mapping, Rule};
use schema::{Kind, Registry, fold};

/// The column tells a row from all others.
pub const KEY: &str = "key";
/// The mapping says more of the column than a form can.
pub const OTHERWISE: &str = "otherwise";
/// Between the two parts of a name.
const PARTS: &str = " | ";
/// Choices that are offered first, and alone where a list has very many columns.
const COMMON: [&str; 16] = [
    KEY,
    "person:name",
    "person:name:family",
    "person:name:given",
    "person:alias",
    "person:gender",
    "person:birthDate",
    "person:nationality",
    "person:occupation",
    "person:identifier",
    "person:note",
    "affiliation:name",
    "act:date",
    "act:place",
    "act:victimAge",
    "agent:name",
];

/// What may be chosen for a column: (group, [(value, label)]).
pub type Offered = Vec<(&'static str, Vec<(String, String)>)>;

/// Everything that a column may become; without `all` what is common only.
#[must_use]
pub fn offered(registry: &Registry, all: bool) -> Offered {
    let of = |purpose: &str, schema: &str| -> Vec<(String, String)> {
        let plain = registry.properties(schema).into_iter().filter(|property| property.kind != Kind::Entity);
        let named = plain.map(|property| (format!("{purpose}:{}", property.name), property.label.get("en").to_owned()));
        named.filter(|(value, _)| all || COMMON.contains(&value.as_str())).collect()
    };
    let mut person = of("person", "Person");
    let at = person.iter().position(|(value, _)| value == "person:name").map_or(0, |at| at + 1);
    person.insert(at, ("person:name:given".into(), "Name: the given part".into()));
    person.insert(at, ("person:name:family".into(), "Name: the family part".into()));
    person.push(("affiliation:name".into(), "Organisation they belong to".into()));
    let mut act = of("act", "Act");
    act.push(("agent:name".into(), "Who is said to have done it".into()));
    vec![
        ("The row", vec![(KEY.into(), "Number that tells rows apart".into())]),
        ("The person", person),
        ("What was done to them", act),
    ]
}

/// What the mapping makes of a column of the file's first table.
#[must_use]
pub fn role(mapping: &Mapping, file: &ListFile, header: &str) -> String {
    let same = |column: &String| fold(column) == fold(header);
    let mut roles = Vec::new();
    if mapping.file.key.iter().any(same) {
        roles.push(if mapping.file.key.len() == 1 { KEY.to_owned() } else { OTHERWISE.to_owned() });
    }
    if mapping.file.language.iter().any(same) {
        roles.push(OTHERWISE.to_owned());
    }
    for entity in mapping.entities.iter().filter(|entity| of_first_table(entity, file)) {
        let purpose = purpose(mapping, entity);
        for (property, rule) in entity.properties.iter().filter(|(_, rule)| rule.named().any(same)) {
            roles.push(match (purpose, rule.columns.as_slice()) {
                (Some(purpose), [_]) => format!("{purpose}:{property}"),
                (Some(purpose), [family, _]) if rule.join.as_deref() == Some(PARTS) => {
                    format!("{purpose}:{property}:{}", if same(family) { "family" } else { "given" })
                }
                _ => OTHERWISE.to_owned(),
            });
        }
        let keyed = entity.key.iter().any(same);
        let asked = entity.when.as_ref().is_some_and(|(column, _)| same(column));
        if asked {
            roles = vec![OTHERWISE.to_owned(); 2];
        }
        if keyed && !matches!(purpose, Some("affiliation" | "agent")) {
            roles.push(OTHERWISE.to_owned());
        }
    }
    match roles.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [one, rest @ ..] if rest.iter().all(|other| other == one) => one.clone(),
        _ => OTHERWISE.to_owned(),
    }
}

/// Makes the mapping say this of the column, and nothing else.
pub fn choose(mapping: &mut Mapping, file: &ListFile, header: &str, role: &str) {
    take_out(mapping, file, header);
    let mut parts = role.split(':');
    let (Some(purpose), property, part) = (parts.next(), parts.next(), parts.next()) else { return };
    match (purpose, property) {
        (KEY, _) => mapping.file.key = vec![header.to_owned()],
        ("person" | "act", Some(property)) => {
            let at = entity(mapping, purpose);
            let rules = &mut mapping.entities[at].properties;
            match (part, rules.iter_mut().find(|(name, rule)| name == property && !rule.columns.is_empty())) {
                (Some(part), Some((_, rule))) if rule.columns.len() == 1 => {
                    let place = usize::from(part != "family");
                    rule.columns.insert(place, header.to_owned());
                    rule.join = Some(PARTS.into());
                }
                _ => rules.push((property.to_owned(), column(header))),
            }
        }
        ("affiliation" | "agent", _) => body(mapping, purpose, header),
        _ => {}
    }
}

/// The type of act that every row tells of, where no column says it.
#[must_use]
pub fn act_type(mapping: &Mapping) -> String {
    let act = mapping.entities.iter().find(|entity| entity.schema == "Act" && entity.table.is_none());
    let constant = act.and_then(|act| act.properties.iter().find(|(name, _)| name == "type"));
    constant.and_then(|(_, rule)| rule.value.clone()).unwrap_or_default()
}

/// Sets what was done to everybody on the list; nothing: the list tells of no act, unless a column does.
pub fn set_act_type(mapping: &mut Mapping, code: &str) {
    if code == act_type(mapping) {
        return;
    }
    if code.is_empty() {
        let gone: Vec<String> = mapping
            .entities
            .iter()
            .filter(|entity| entity.schema == "Act" && entity.table.is_none())
            .map(|entity| entity.name.clone())
            .collect();
        remove(mapping, &gone);
        return;
    }
    let at = entity(mapping, "act");
    let act = &mut mapping.entities[at];
    act.properties.retain(|(name, _)| name != "type");
    act.properties.insert(0, ("type".into(), Rule { value: Some(code.into()), ..Rule::default() }));
}

/// Every column that a mapping names.
#[must_use]
pub fn named(mapping: &Mapping) -> Vec<&str> {
    let rules = mapping.entities.iter().flat_map(|entity| &entity.properties).flat_map(|(_, rule)| rule.named());
    let keys = mapping.entities.iter().flat_map(|entity| &entity.key);
    rules.chain(keys).chain(&mapping.file.key).map(String::as_str).collect()
}

fn of_first_table(entity: &EntityRule, file: &ListFile) -> bool {
    let first = file.tables.first().map(|table| fold(&table.name)).unwrap_or_default();
    entity.table.as_ref().is_none_or(|table| fold(table) == first)
}

/// What an entity of the mapping is there for, as the form names it.
fn purpose(mapping: &Mapping, entity: &EntityRule) -> Option<&'static str> {
    let main = || mapping.entities.iter().filter(|other| other.table == entity.table);
    let first = |schema: &str| main().find(|other| other.schema == schema).map(|other| &other.name);
    let points = |schema: &str, property: &str| {
        let from = main().filter(|other| other.schema == schema);
        from.flat_map(|other| &other.properties)
            .any(|(name, rule)| name == property && rule.entity.as_ref() == Some(&entity.name))
    };
    match entity.schema.as_str() {
        "Person" if first("Person") == Some(&entity.name) => Some("person"),
        "Act" if first("Act") == Some(&entity.name) => Some("act"),
        "Organization" if points("Person", "affiliation") => Some("affiliation"),
        "Organization" if points("Act", "perpetrator") => Some("agent"),
        _ => None,
    }
}

/// The place of the person or of the act in the mapping; it is made where it is not there yet.
fn entity(mapping: &mut Mapping, purpose: &str) -> usize {
    let schema = if purpose == "act" { "Act" } else { "Person" };
    // What a repeat makes is no business of the first table's columns.
    if let Some(at) = mapping.entities.iter().position(|entity| entity.schema == schema && entity.table.is_none()) {
        return at;
    }
    let name = free(mapping, purpose);
    let mut new = EntityRule { name, schema: schema.into(), ..EntityRule::default() };
    if schema == "Person" {
        mapping.entities.insert(0, new);
        return 0;
    }
    let at = entity(mapping, "person");
    new.properties.push(("victim".into(), of(&mapping.entities[at].name)));
    mapping.entities.insert(at + 1, new);
    at + 1
}

/// An organisation that stands in a column: the person's, or the one that is said to have done it.
fn body(mapping: &mut Mapping, purpose: &str, header: &str) {
    let (from, property) = if purpose == "agent" { ("act", "perpetrator") } else { ("person", "affiliation") };
    let at = entity(mapping, from);
    let name = free(mapping, purpose);
    mapping.entities[at].properties.push((property.into(), of(&name)));
    mapping.entities.push(EntityRule {
        name,
        schema: "Organization".into(),
        key: vec![header.to_owned()],
        properties: vec![("name".into(), column(header))],
        ..EntityRule::default()
    });
}

fn take_out(mapping: &mut Mapping, file: &ListFile, header: &str) {
    let same = |column: &String| fold(column) == fold(header);
    mapping.file.key.retain(|column| !same(column));
    let mut gone = Vec::new();
    for entity in mapping.entities.iter_mut().filter(|entity| of_first_table(entity, file)) {
        let had = entity.key.len() + entity.properties.len();
        entity.key.retain(|column| !same(column));
        entity.properties.retain_mut(|(_, rule)| {
            if !rule.columns.iter().any(same) {
                return true;
            }
            rule.columns.retain(|column| !same(column));
            if rule.columns.len() == 1 {
                rule.join = None;
            }
            !rule.columns.is_empty()
        });
        let nothing_left = entity.properties.iter().all(|(_, rule)| rule.columns.is_empty());
        if had > entity.key.len() + entity.properties.len() && nothing_left && entity.schema == "Organization" {
            gone.push(entity.name.clone());
        }
    }
    remove(mapping, &gone);
}

/// Takes entities out, and what points at them.
fn remove(mapping: &mut Mapping, gone: &[String]) {
    mapping.entities.retain(|entity| !gone.contains(&entity.name));
    for entity in &mut mapping.entities {
        entity.properties.retain(|(_, rule)| rule.entity.as_ref().is_none_or(|name| !gone.contains(name)));
    }
}

fn free(mapping: &Mapping, wanted: &str) -> String {
    let taken = |name: &str| mapping.entities.iter().any(|entity| entity.name == name);
    let numbered = (2..).map(|number| format!("{wanted}{number}"));
    std::iter::once(wanted.to_owned()).chain(numbered).find(|name| !taken(name)).unwrap_or_default()
}

fn column(header: &str) -> Rule {
    Rule { columns: vec![header.to_owned()], ..Rule::default() }
}

fn of(entity: &str) -> Rule {
    Rule { entity: Some(entity.to_owned()), ..Rule::default() }
}

#[cfg(test)]
mod tests {
    use lists::{FileRules, Unpacker};

    use super::*;

    fn file(headers: &str) -> ListFile {
        let bytes = format!("{headers}\n1,2,3,4\n5,6,7,8\n").into_bytes();
        ListFile::from_bytes("list.csv", bytes, &FileRules::default(), &Unpacker::here()).unwrap()
    }

    #[test]
    fn a_choice_is_what_the_mapping_says() {
        let file = file("No,Family,Given,Party");
        let mut mapping = Mapping::default();
        for (header, role) in
            [("No", KEY), ("Family", "person:name"), ("Given", "person:name:given"), ("Party", "affiliation:name")]
        {
            choose(&mut mapping, &file, header, role);
        }
        assert_eq!(role(&mapping, &file, "Family"), "person:name:family");
        assert_eq!(role(&mapping, &file, "given"), "person:name:given", "letter case aside");
        assert_eq!(role(&mapping, &file, "Party"), "affiliation:name");
        assert_eq!(role(&mapping, &file, "No"), KEY);
        let again = Mapping::read(&mapping.write(), "MAP.toml").unwrap();
        for header in ["No", "Family", "Given", "Party"] {
            assert_eq!(role(&again, &file, header), role(&mapping, &file, header), "{header}");
        }

        choose(&mut mapping, &file, "Party", "");
        assert_eq!(mapping.entities.len(), 1, "an organisation without a column goes, and what points at it");
        assert!(mapping.entities[0].properties.iter().all(|(name, _)| name != "affiliation"));
        choose(&mut mapping, &file, "Party", "act:date");
        set_act_type(&mut mapping, "arrest");
        assert_eq!((act_type(&mapping).as_str(), role(&mapping, &file, "Party").as_str()), ("arrest", "act:date"));
        set_act_type(&mut mapping, "");
        assert_eq!(mapping.entities.len(), 1);
    }
}
