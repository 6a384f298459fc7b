//! What a column is taken for, by its heading and its values.

use lists::{Mapping, Take};

use super::common::*;

/// Heading, a few values, and what the column becomes: `entity.property`, `key`, or nothing.
const HEADINGS: [(&str, [&str; 3], &str); 44] = [
    ("Full Name of Victim", ["Sok Dara", "Chea Thu", "Long Nou"], "person.name"),
    ("Name (Khmer)", ["សុខ តារា", "ជា ធូ", "ឡុង នូ"], "person.name"),
    ("Nom et prénoms", ["Sok Dara", "Chea Thu", "Long Nou"], "person.name"),
    ("Apellidos y nombres", ["Quispe Mamani, Juan", "Rojas, Ana", "Paz, Luis"], "person.name"),
    ("ឈ្មោះពេញរបស់ជនរងគ្រោះ", ["សុខ តារា", "ជា ធូ", "ឡុង នូ"], "person.name"),
    ("Detainee", ["Sok Dara", "Chea Thu", "Long Nou"], "person.name"),
    ("Aliases", ["Dara", "Thu", "Nou"], "person.alias"),
    ("Sex (M/F)", ["M", "F", "M"], "person.gender"),
    ("M/F", ["M", "F", "M"], "person.gender"),
    ("Sexe", ["H", "F", "H"], "person.gender"),
    ("Sexo", ["Hombre", "Mujer", "?"], "person.gender"),
    ("ភេទ", ["ប្រុស", "ស្រី", "ប្រុស"], "person.gender"),
    ("D.O.B.", ["1990", "03/1991", "?"], "person.birthDate"),
    ("Date of Birth (dd/mm/yyyy)", ["31/01/1990", "13/02/1991", "1992"], "person.birthDate"),
    ("Fecha de nac.", ["1990", "1991", "1992"], "person.birthDate"),
    ("ថ្ងៃខែឆ្នាំកំណើត", ["1990", "1991", "1992"], "person.birthDate"),
    ("Age at time of arrest", ["30", "?", "about thirty"], "act.victimAge"),
    ("Edad", ["30", "31", "32"], "act.victimAge"),
    ("Date of arrest", ["2020-08-13", "the rainy season", "before Pchum Ben, they say"], "act.date"),
    ("Date/time of arrest", ["2020-08-13 10:00:00", "2020-08-14", "2020"], "act.date"),
    ("Fecha de la detención", ["2020-08-13", "2020", "2021"], "act.date"),
    ("Date d’arrestation", ["13 août 2020", "2020", "2021"], "act.date"),
    ("ថ្ងៃចាប់ខ្លួន", ["2020-08-13", "2020", "2021"], "act.date"),
    ("Date of disappearance", ["2014-07", "2015", "2016"], "act.date"),
    ("Lieu de l’arrestation", ["Phnom Penh", "Kampot", "Takeo"], "act.place"),
    ("Province", ["Phnom Penh", "Kampot", "Takeo"], "act.place"),
    ("ទីកន្លែងចាប់ខ្លួន", ["ភ្នំពេញ", "កំពត", "តាកែវ"], "act.place"),
    ("Charges against", ["incitement", "plotting", "defamation"], "act.statedReason"),
    ("Alleged perpetrator(s)", ["Military police", "District police", "Guards"], "agent.name"),
    ("Arresting authority", ["Military police", "District police", "Guards"], "agent.name"),
    ("Occupation/Profession", ["monk", "farmer", "student"], "person.occupation"),
    ("Political party", ["CNRP", "Candlelight", "CNRP"], "affiliation.name"),
    ("Organisation/Affiliation", ["Khmer Thavrak", "Mother Nature", "KSILA"], "affiliation.name"),
    ("S/N", ["1", "2", "3"], "key"),
    ("No of record", ["OBS-1", "OBS-2", "OBS-3"], "key"),
    ("Ref.", ["L01", "L02", "L03"], "key"),
    ("N°", ["1", "2", "3"], "key"),
    ("ល.រ", ["1", "2", "3"], "key"),
    ("Address", ["https://example.org/1", "https://example.org/2", "https://example.org/3"], "act.sourceUrl"),
    ("Source (URL)", ["https://example.org/1", "www.example.org/2", "https://example.org/3"], "act.sourceUrl"),
    ("Home address", ["Street 63", "Village 3", "Toul Kork"], "person.address"),
    ("Remarks / Comments", ["a word", "another", "none known"], "person.note"),
    ("Nationality", ["Cambodian", "Cambodian", "Cambodian"], "person.nationality"),
    ("Shoe size", ["42", "39", "41"], ""),
];

#[test]
fn headings_of_real_lists_are_known() {
    let registry = schema::Registry::builtin().unwrap();
    let mut wrong = Vec::new();
    for (heading, values, expected) in HEADINGS {
        // Beside it stands what makes a person and an act of the row.
        let mut beside: Vec<(&str, [&str; 3])> = Vec::new();
        if expected != "person.name" {
            beside.push(("Full name", ["Sok Dara", "Chea Thu", "Long Nou"]));
        }
        if expected != "act.date" {
            beside.push(("Date of arrest", ["2020-08-13", "2020", "2021"]));
        }
        let cells = |row: usize| beside.iter().map(|(_, values)| format!(",{}", values[row])).collect::<String>();
        let headings: String = beside.iter().map(|(heading, _)| format!(",{heading}")).collect();
        let mut csv = format!("\"{heading}\"{headings}\n");
        for (row, value) in values.iter().enumerate() {
            csv.push_str(&format!("\"{value}\"{}\n", cells(row)));
        }
        let list = open("list.csv", csv.as_bytes()).unwrap();
        let proposal = Mapping::propose(&list, &registry).unwrap();
        let column = &proposal.columns[0];
        let found = match (proposal.mapping.file.key.first(), column.entity.as_str()) {
            (Some(_), _) => "key".to_owned(),
            (None, "") => String::new(),
            (None, entity) => format!("{entity}.{}", column.property),
        };
        if found != expected {
            wrong.push(format!("{heading}: {found}, not {expected} ({})", column.why));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn bad_cells_of_a_plain_heading_are_told_and_not_dropped() {
    let (_folder, workspace) = workspace();
    let mut csv = String::from("S/N,Full name,Sex (M/F),Date of arrest\n");
    for row in 1..=10 {
        let date = if row <= 4 { "some time in the dry season" } else { "2020-08-13" };
        csv.push_str(&format!("{row},Person {row} Sok,H,{date}\n"));
    }
    let list = open("list.csv", csv.as_bytes()).unwrap();
    let proposal = Mapping::propose(&list, workspace.ledger.registry()).unwrap();
    assert_eq!(proposal.mapping.file.key, ["S/N"]);
    let outcome = take(&workspace, &list, &proposal.mapping, "arrests", Take::Good, false);
    let report = outcome.done();
    assert_eq!((report.rows_whole, report.rows_in_part), (6, 4), "{}", report.to_text(20));
    assert!(report.refused.iter().all(|cell| cell.column == "Date of arrest"));
    assert!(proposal.mapping.write().contains("values = { H = \"male\" }"), "{}", proposal.mapping.write());
}

#[test]
fn the_same_cell_in_many_rows_is_told_once() {
    let (_folder, workspace) = workspace();
    let text = "Name,Age,Date of arrest\nSok Dara,young,unknown\nChea Thu,young,2020\nLong Nou; Nou,young,?\n";
    let list = open("list.csv", text.as_bytes()).unwrap();
    let proposal = Mapping::propose(&list, workspace.ledger.registry()).unwrap();
    let outcome = take(&workspace, &list, &proposal.mapping, "young", Take::Good, false);
    let report = outcome.done();
    assert_eq!((report.refused.len(), &report.nothing["unknown"], &report.nothing["?"]), (3, &1, &1));
    let told = report.to_text(20);
    assert_eq!(told.matches("young").count(), 1 + usize::from(told.starts_with("young")), "{told}");
    assert!(told.contains("row 2, Age (also rows 3, 4): “young”"), "{told}");
    let reading = reader(&workspace);
    let names: Vec<usize> =
        reading.of_schema("Person").unwrap().iter().map(|id| values(&reading, *id, "name").len()).collect();
    assert!(names.contains(&2), "several names in a cell are several names");
}

#[test]
fn women_of_a_spanish_list_are_not_recorded_as_men() {
    let (_folder, workspace) = workspace();
    let text = "No,Nombre completo,Sexo,Fecha de detención\n1,José García,H,2020\n2,María López,M,2020\n";
    let list = open("lista.csv", text.as_bytes()).unwrap();
    let proposal = Mapping::propose(&list, workspace.ledger.registry()).unwrap();
    take(&workspace, &list, &proposal.mapping, "Lista", Take::All, false).done();
    let reading = reader(&workspace);
    let mut genders: Vec<String> = reading
        .of_schema("Person")
        .unwrap()
        .iter()
        .map(|id| format!("{} {}", values(&reading, *id, "name")[0], values(&reading, *id, "gender")[0]))
        .collect();
    genders.sort();
    assert_eq!(genders, ["José García sex:male", "María López sex:female"]);

    // Where F stands for women, M does not; and a place of arrest is nearer than a province.
    let text = "No,Nom,Sexe,Province,Lieu d’arrestation\n1,A Sok,H,Kampot,le marché\n2,B Sok,M,Kampot,le port\n3,C Sok,F,Kampot,inconnu\n";
    let list = open("liste.csv", text.as_bytes()).unwrap();
    let toml = Mapping::propose(&list, workspace.ledger.registry()).unwrap().mapping.write();
    assert!(toml.contains("H = \"male\", M = \"male\"") && toml.contains("place = \"Lieu d’arrestation\""), "{toml}");

    // A mapping that explains only H leaves M in doubt, and says so.
    let only_h = Mapping::read(&MAP.replace(", M = \"male\"", ""), "MAP.toml").unwrap();
    let list = open("otra.csv", format!("{HEAD}\n1,María López,M,,,2020,Cali\n").as_bytes()).unwrap();
    let outcome = take(&workspace, &list, &only_h, "Otra", Take::Good, false);
    assert!(outcome.done().to_text(9).contains("mujeres"));
}

#[test]
fn a_number_that_several_rows_share_is_no_key() {
    let registry = schema::Registry::builtin().unwrap();
    let list = open("list.csv", b"Case no,Name\n1,Sok Dara\n1,Chea Thu\n2,Long Nou\n").unwrap();
    let proposal = Mapping::propose(&list, &registry).unwrap();
    assert!(proposal.mapping.file.key.is_empty());
    assert!(proposal.remarks.iter().any(|remark| remark.contains("“Case no” stands in several rows")));
}

#[test]
fn a_file_without_a_name_is_told_before_anything() {
    let (_folder, workspace) = workspace();
    for text in ["colour,weight\nred,3\n", "Sex,Date of birth\nM,1990\n"] {
        let list = open("list.csv", text.as_bytes()).unwrap();
        let proposal = Mapping::propose(&list, workspace.ledger.registry()).unwrap();
        assert!(proposal.remarks.iter().any(|remark| remark.contains("person’s name")), "{:?}", proposal.remarks);
        let dry = take(&workspace, &list, &proposal.mapping, "nobody", Take::Good, true);
        let error = dry.report.unwrap_err().to_string();
        assert!(error.contains("makes nothing of a row") || error.contains("name is required"), "{error}");
    }
}

#[test]
fn a_place_is_neither_its_coordinates_nor_its_code() {
    let (_folder, workspace) = workspace();
    let proposed = |name: &str, text: &str| {
        Mapping::propose(&open(name, text.as_bytes()).unwrap(), workspace.ledger.registry()).unwrap().mapping.write()
    };
    let toml = proposed(
        "form.csv",
        "SubmissionDate,name,arrest_date,location-Latitude,location-Longitude,location-Altitude,location-Accuracy,KEY\n2021-01-01T10:00:00Z,Sok Dara,2020-09-01,11.5,104.9,0,5,uuid:a\n",
    );
    assert!(!toml.contains("location-"), "{toml}");
    let toml = proposed(
        "rows.jsonl",
        "{\"name\": \"Det Huor\", \"arrest_date\": \"2020-06-23\", \"place\": {\"code\": \"KH04\", \"name\": \"Kampong Chhnang\"}}\n",
    );
    assert!(toml.contains("place.name") && !toml.contains("place.code"), "{toml}");
}

#[test]
fn titles_in_several_languages_are_names_and_the_template_says_of_what() {
    let (_folder, workspace) = workspace();
    let text = "id,template,language,title__en,title__es,Date of birth\nu1,Person,en,Ana Perez,Ana Pérez,1980-01-02\nu2,Case,en,Perez v. Peru,Perez c. Perú,\nu3,Person,en,Juan Soto,,\n";
    let file = open("uwazi.csv", text.as_bytes()).unwrap();
    let mapping = Mapping::propose(&file, workspace.ledger.registry()).unwrap().mapping;
    take(&workspace, &file, &mapping, "uwazi", Take::All, false).done();
    let reader = reader(&workspace);
    let people = reader.of_schema("Person").unwrap();
    let incidents = reader.of_schema("Incident").unwrap();
    assert_eq!((people.len(), incidents.len()), (2, 1), "{}", mapping.write());
    let names: Vec<usize> = people.iter().map(|id| values(&reader, *id, "name").len()).collect();
    assert_eq!(names.iter().sum::<usize>(), 3, "{}", mapping.write());
    assert_eq!(values(&reader, incidents[0], "name").len(), 2, "{}", mapping.write());
}
