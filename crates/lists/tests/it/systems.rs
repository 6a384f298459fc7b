//! What other systems export: FollowTheMoney's ties, Uwazi's templates and languages, repeats of forms.

use lists::{Mapping, Take};

use super::common::*;
use super::formats::{words, xlsx, zip_of};

#[test]
fn followthemoney_s_ties_need_no_role() {
    let (_folder, workspace) = workspace();
    let stream = concat!(
        r#"{"id":"p1","schema":"Person","properties":{"name":["Tha Lavy"]}}"#,
        "\n",
        r#"{"id":"p2","schema":"Person","properties":{"name":["Chhoeun Daravy"]}}"#,
        "\n",
        r#"{"id":"o1","schema":"Organization","properties":{"name":["Khmer Thavrak"]}}"#,
        "\n",
        r#"{"id":"m1","schema":"Membership","properties":{"member":["p1"],"organization":["o1"],"startDate":["2019-03"]}}"#,
        "\n",
        r#"{"id":"d1","schema":"Directorship","properties":{"director":["p2"],"organization":["o1"],"startDate":["2018"],"endDate":["2020-08"]}}"#,
        "\n",
        r#"{"id":"f1","schema":"Family","properties":{"person":["p1"],"relative":["p2"],"relationship":["sister"]}}"#,
        "\n",
        r#"{"id":"e1","schema":"Employment","properties":{"employee":["p2"],"employer":["o1"]}}"#,
        "\n",
        r#"{"id":"u1","schema":"UnknownLink","properties":{"subject":["p1"],"object":["p2"]}}"#,
        "\n",
        r#"{"id":"x1","schema":"Vessel","properties":{"name":["A ship"]}}"#,
        "\n",
    );
    let ftm = open("entities.ftm.json", stream.as_bytes()).unwrap();
    let proposal = Mapping::propose(&ftm, workspace.ledger.registry()).unwrap();
    assert!(proposal.remarks.iter().any(|remark| remark.contains("Vessel")), "{:?}", proposal.remarks);
    let mapping = Mapping::read(&proposal.mapping.write(), "again").unwrap();
    // The ship is told by its row, and stands in the file of refused rows.
    let strict = take(&workspace, &ftm, &mapping, "stream", Take::All, true);
    assert_eq!((strict.done().rows, strict.done().rows_refused), (9, 1), "{}", strict.done().to_text(20));
    let outcome = take(&workspace, &ftm, &mapping, "stream", Take::Good, false);
    let report = outcome.done();
    assert!(report.refused[0].reason.contains("Vessel") && report.refused[0].row == 9, "{:?}", report.refused);
    assert!(outcome.rejected.contains("A ship"), "{}", outcome.rejected);
    assert_eq!(report.entities["Relationship"], 5);
    let reading = reader(&workspace);
    let mut ties: Vec<(String, String, String)> = Vec::new();
    for id in reading.of_schema("Relationship").unwrap() {
        let said = |property: &str| values(&reading, id, property).join("; ");
        assert!(!said("subject").is_empty() && !said("object").is_empty());
        ties.push((said("type"), said("date"), said("role")));
    }
    ties.sort();
    let ties: Vec<(&str, &str, &str)> = ties.iter().map(|(a, b, c)| (a.as_str(), b.as_str(), c.as_str())).collect();
    assert_eq!(
        ties,
        [
            ("relationships:member", "2019-03/", ""),
            ("relationships:officer", "2018/2020-08", ""),
            ("relationships:other-person-and-body", "", "employee"),
            ("relationships:relative", "", "sister"),
            ("relationships:unknown", "", ""),
        ]
    );
    // Left out by the mapping, it is not in the way.
    let skipped = Mapping::read(&format!("[file]\nskip = \"Vessel\"\n{}", mapping.write()), "M").unwrap();
    assert!(take(&workspace, &ftm, &skipped, "other", Take::All, true).done().is_whole());
}

#[test]
fn a_tie_to_what_cannot_be_its_end_is_told() {
    let (_folder, workspace) = workspace();
    let stream = concat!(
        r#"{"id":"p1","schema":"Person","properties":{"name":["Tha Lavy"]}}"#,
        "\n",
        r#"{"id":"e1","schema":"Event","properties":{"name":["A march"],"startDate":["2020"]}}"#,
        "\n",
        r#"{"id":"u1","schema":"UnknownLink","properties":{"subject":["p1"],"object":["e1"]}}"#,
        "\n",
    );
    let ftm = open("entities.ftm.json", stream.as_bytes()).unwrap();
    let mapping = Mapping::propose(&ftm, workspace.ledger.registry()).unwrap().mapping;
    let outcome = take(&workspace, &ftm, &mapping, "stream", Take::Good, false);
    let report = outcome.done();
    assert_eq!((report.refused[0].column.as_str(), report.cells_refused), ("object", 1), "{}", report.to_text(9));
    assert!(report.refused[0].reason.contains("cannot be a Incident"), "{}", report.refused[0].reason);
}

#[test]
fn uwazi_s_template_says_what_a_row_is_and_languages_join() {
    let (_folder, workspace) = workspace();
    let text = "id,language,title,template,Date added,Date of arrest,Country,Published\n\
                1,en,Chum Mey,Person,2021-01-01,2020-08-13,,Yes\n\
                1,km,ជុំ ម៉ី,Person,2021-01-01,2020-08-13,,Yes\n\
                2,en,Freedom Park,Organisation,2021-01-01,,Cambodia,Yes\n\
                3,en,A report,Document,2021-01-01,,,Yes\n\
                2,en,Freedom Park again,Organisation,2021-01-01,,Cambodia,Yes\n";
    let uwazi = open("export.csv", text.as_bytes()).unwrap();
    let proposal = Mapping::propose(&uwazi, workspace.ledger.registry()).unwrap();
    let toml = proposal.mapping.write();
    assert!(toml.contains("is = [\"Person\"]") && toml.contains("is = [\"Organisation\"]"), "{toml}");
    assert!(toml.contains("language = \"language\"") && toml.contains("key = \"id\""), "{toml}");
    assert!(proposal.remarks.iter().any(|remark| remark.contains("“Document”")), "{:?}", proposal.remarks);
    let mapping = Mapping::read(&toml, "M").unwrap();
    let outcome = take(&workspace, &uwazi, &mapping, "uwazi", Take::Good, false);
    let report = outcome.done();
    assert_eq!((report.rows_whole, report.rows_refused), (3, 2), "{}", report.to_text(20));
    assert!(report.refused.iter().any(|cell| cell.column == "template" && cell.value == "Document"));
    assert!(report.refused.iter().any(|cell| cell.reason.contains("same key and the same language")));
    assert_eq!((report.entities["Person"], report.entities["Organization"], report.entities["Act"]), (1, 1, 1));
    let reading = reader(&workspace);
    let person = reading.of_schema("Person").unwrap()[0];
    let mut names: Vec<(String, String)> = reading
        .values(person, "name")
        .unwrap()
        .iter()
        .map(|name| (name.canonical(), name.lang().map(ToString::to_string).unwrap_or_default()))
        .collect();
    names.sort();
    assert_eq!(names, [("Chum Mey".into(), "en".into()), ("ជុំ ម៉ី".into(), "km".into())]);
    drop(reading);
    // What both rows say is said once, and the same export again adds nothing.
    let before = position(&workspace);
    let again = take(&workspace, &uwazi, &mapping, "uwazi", Take::Good, false);
    assert_eq!((again.done().rows_unchanged, position(&workspace)), (3, before));
    // One language is corrected: the other keeps what it said.
    let corrected = text.replace("ជុំ ម៉ី", "ជុំ មី");
    let corrected = open("export.csv", corrected.as_bytes()).unwrap();
    let changed = take(&workspace, &corrected, &mapping, "uwazi", Take::Good, false);
    assert_eq!((changed.done().claims, changed.done().retracted), (1, 1), "{}", changed.done().to_text(9));
    let reading = reader(&workspace);
    let mut names = values(&reading, person, "name");
    names.sort();
    assert_eq!(names, ["Chum Mey", "ជុំ មី"]);
}

#[test]
fn repeats_are_proposed_with_what_they_belong_to() {
    let (_folder, workspace) = workspace();
    let registry = workspace.ledger.registry();
    let odk = zip_of(&[
        (
            "form.csv",
            "SubmissionDate,person-full_name,person-sex,meta-instanceID,KEY\n2021-01-01T10:00:00.000Z,Sok Dara,M,uuid:1,uuid:1\n",
        ),
        (
            "form-arrests.csv",
            "date_of_arrest,place_of_arrest,PARENT_KEY,KEY\n2020-08-13,Phnom Penh,uuid:1,uuid:1/arrests[1]\n2020-09,Kampot,uuid:1,uuid:1/arrests[2]\n",
        ),
        ("form-family.csv", "name,relation,PARENT_KEY,KEY\nSok Mao,mother,uuid:1,uuid:1/family[1]\n"),
    ]);
    let odk = open("form.zip", &odk).unwrap();
    let proposal = Mapping::propose(&odk, registry).unwrap();
    let toml = proposal.mapping.write();
    let mapping = Mapping::read(&toml, "M").unwrap();
    let previews = lists::preview(&odk, &mapping, "form", registry, 5).unwrap();
    assert_eq!(previews.len(), 3, "{toml}");
    let outcome = take(&workspace, &odk, &mapping, "form", Take::All, false);
    assert_eq!(outcome.done().entities["Act"], 2, "{}", outcome.done().to_text(9));
    assert_eq!(people(&workspace)["Sok Dara"], ["2020-08-13", "2020-09"]);
    let reading = reader(&workspace);
    let tie = reading.of_schema("Relationship").unwrap()[0];
    assert_eq!(values(&reading, tie, "type"), ["relationships:relative"]);
    assert_eq!(values(&reading, tie, "role"), ["mother"]);
    drop(reading);

    // A form about what happened, with the people as a repeat.
    let main = [
        words(&["incident_date", "location", "_id", "_uuid", "_index"]),
        words(&["2020-08-13", "Phnom Penh", "71", "u-1", "1"]),
    ]
    .concat();
    let victims = [
        words(&["full_name", "sex", "date_of_arrest", "_index", "_parent_index"]),
        words(&["Chea Thu", "F", "2020-08-13", "1", "1"]),
        words(&["Long Nou", "M", "2020-08-14", "2", "1"]),
    ]
    .concat();
    let kobo = open("kobo.xlsx", &xlsx(&[("form", &main), ("victims", &victims)])).unwrap();
    let proposal = Mapping::propose(&kobo, registry).unwrap();
    let toml = proposal.mapping.write();
    let mapping = Mapping::read(&toml, "M").unwrap();
    let outcome = take(&workspace, &kobo, &mapping, "kobo", Take::All, false);
    assert_eq!((outcome.done().entities["Incident"], outcome.done().entities["Act"]), (1, 2), "{toml}");
    let reading = reader(&workspace);
    let incident = reading.of_schema("Incident").unwrap()[0];
    assert_eq!(reading.related(incident).unwrap().iter().filter(|part| part.relation == "acts").count(), 2);
}

#[test]
fn ids_of_nineteen_digits_keep_every_one() {
    let (_folder, workspace) = workspace();
    let mapping = map();
    let sheet = [
        words(&["id", "name", "note", "date"]),
        r#"<row r="2"><c r="A2"><v>1234567890123456789</v></c><c r="B2" t="inlineStr"><is><r><t>Sok </t></r><r><t>Dara</t></r><rPh sb="0" eb="1"><t>x</t></rPh></is></c><c r="C2"><v>0.10</v></c><c r="D2" s="1"><v>44056.4375</v></c></row>"#.to_owned(),
    ]
    .concat();
    let list = file("list.xlsx", &xlsx(&[("S", &sheet)]), &mapping).unwrap();
    let previews = lists::preview(&list, &mapping, "l", workspace.ledger.registry(), 3).unwrap();
    let cells: Vec<&str> = previews[0].rows[0].cells.iter().map(|cell| cell.value.as_str()).collect();
    assert_eq!(cells, ["1234567890123456789", "Sok Dara", "0.10", "2020-08-13T10:30"]);
    assert_eq!(previews[0].rows[0].key, "1234567890123456789");
}

#[test]
fn merged_cells_are_told() {
    let rows = [words(&["id", "name", "place"]), words(&["1", "Sok Dara", "Takeo"])].concat();
    let merged = format!("{rows}</sheetData><mergeCells><mergeCell ref=\"C2:C4\"/></mergeCells><sheetData>");
    let list = file("list.xlsx", &xlsx(&[("S", &merged)]), &map()).unwrap();
    assert!(
        list.notices.iter().any(|notice| notice.starts_with("S: 1 range of cells is merged")),
        "{:?}",
        list.notices
    );
}
