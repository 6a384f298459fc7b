//! Bad files: nothing is lost, what is good is taken when told to, and what was left is said exactly.

use std::fmt::Write as _;
use std::io::{Read, Write};

use lists::{Error, FileRules, Mapping, Take};
use proptest::prelude::*;

use super::common::*;
use super::formats::{words, xlsx};

#[test]
fn bad_dates_do_not_lose_their_rows() {
    let (_folder, workspace) = workspace();
    let mut text = String::new();
    for row in 1..=100 {
        let date = match row {
            17 => "31/02/2020",
            40 => "yesterday",
            77 => "12/08/2020",
            _ => "2020-08-13",
        };
        writeln!(text, "{row},Person {row},F,,,{date},Phnom Penh").unwrap();
    }
    let before = position(&workspace);
    let strict = rows(&workspace, &text, Take::All);
    let report = strict.not_whole();
    assert_eq!((report.rows_whole, report.rows_in_part, report.rows_refused, report.claims), (97, 3, 0, 0));
    assert_eq!(position(&workspace), before);
    let told: Vec<(u64, &str, &str)> =
        report.refused.iter().map(|cell| (cell.row, cell.column.as_str(), cell.value.as_str())).collect();
    assert_eq!(told, [(18, "date", "31/02/2020"), (41, "date", "yesterday"), (78, "date", "12/08/2020")]);
    assert!(report.refused[2].hint.contains("day-first"), "{:?}", report.refused[2]);
    assert!(report.refused.iter().all(|cell| !cell.reason.is_empty() && !cell.hint.is_empty() && !cell.whole_row));
    let json = report.to_json();
    assert_eq!(json["refused"][0]["row"], 18);

    let good = rows(&workspace, &text, Take::Good);
    assert_eq!((good.done().rows_in_part, good.done().entities["Person"]), (3, 100));
    assert_eq!(good.rejected.lines().count(), 4);
    assert!(good.rejected.starts_with("\u{FEFF}id,name,sex,alias,note,date,place,rapporteur_key,why\r\n"));

    // The three come again, corrected, in the file that was written.
    let corrected = good
        .rejected
        .replace("31/02/2020", "28/02/2020")
        .replace("yesterday", "2020-08")
        .replace("12/08/2020", "2020-08-12");
    let mapping = map();
    let corrected = file("rejected.csv", corrected.as_bytes(), &mapping).unwrap();
    let report = take(&workspace, &corrected, &mapping, "arrests", Take::All, false);
    assert_eq!((report.done().claims, report.done().entities.len(), report.done().rows_changed), (3, 0, 3));
    assert_eq!(people(&workspace)["Person 17"], ["2020-02-28"]);
}

#[test]
fn only_whole_rows_when_told_so() {
    let (_folder, workspace) = workspace();
    let outcome = rows(
        &workspace,
        "1,Sok Dara,,,,never,\n2,Chea Thu,,,,2020,\n,No Key,,,,2020,\n2,Again,,,,,\n4,,F,,,2020,\n",
        Take::WholeRows,
    );
    let report = outcome.done();
    assert_eq!((report.rows_whole, report.rows_refused), (1, 4), "{}", report.to_text(20));
    assert_eq!(people(&workspace).keys().collect::<Vec<_>>(), ["Chea Thu"]);
    assert_eq!(outcome.rejected.lines().count(), 5);
    assert!(report.refused.iter().any(|row| row.reason.contains("no key")));
    assert!(report.refused.iter().any(|row| row.reason.contains("same key")));
    assert!(report.refused.iter().any(|row| row.reason.contains("requires")));
}

#[test]
fn formulas_are_text() {
    let (_folder, workspace) = workspace();
    let outcome = rows(
        &workspace,
        "1,=1+2,,,\"=cmd|' /C calc'!A0\",2020,@SUM(A1)\n2,=cmd|' /C calc'!A0,,,,2020,\n3,Sok,,,-5,2020,\n,=cmd|' /C calc'!A0,,,,2020,\n",
        Take::Good,
    );
    let report = outcome.done();
    assert_eq!((report.rows_whole, report.rows_refused, report.remarks.len()), (3, 1, 5), "{}", report.to_text(20));
    let reader = reader(&workspace);
    let id =
        reader.of_schema("Person").unwrap().into_iter().find(|id| values(&reader, *id, "name") == ["=1+2"]).unwrap();
    assert_eq!(values(&reader, id, "note"), ["=cmd|' /C calc'!A0"]);
    // In a name a bar would part the name from its parts: it stays, as a bar that is none.
    assert!(people(&workspace).contains_key("=cmd｜' /C calc'!A0"), "{:?}", people(&workspace));
    assert!(report.remarks.iter().any(|remark| remark.reason.contains("a bar parts")));
    // In our own file a spreadsheet program does not run it either.
    assert!(outcome.rejected.contains(",'=cmd|' /C calc'!A0,"), "{}", outcome.rejected);
}

#[test]
fn wrong_encodings_are_told_cell_by_cell() {
    let (_folder, workspace) = workspace();
    let mut bytes = format!("{HEAD}\n1,សុខ តារា,,,ខ្មែរ,2020,\n2,").into_bytes();
    bytes.extend_from_slice(b"Fran\xe7ois,,,,2020,\n3,Chea Thu,,,,2020,\n");
    let mapping = map();
    let list = file("list.csv", &bytes, &mapping).unwrap();
    let outcome = take(&workspace, &list, &mapping, "arrests", Take::Good, false);
    let report = outcome.done();
    assert_eq!((report.rows_whole, report.rows_refused), (2, 1));
    assert!(report.refused[0].reason.contains("encoding") && report.refused[0].row == 3);
    // Said to be what it is not.
    let rules = FileRules { encoding: Some("utf-8".into()), ..FileRules::default() };
    let latin = b"id,name\n1,H\xe9l\xe8ne\n".to_vec();
    let list = lists::ListFile::from_bytes("a.csv", latin, &rules, &lists::Unpacker::here()).unwrap();
    let mapping =
        Mapping::read("[[entity]]\nschema = \"Person\"\n[entity.properties]\nname = \"name\"\n", "M").unwrap();
    let outcome = take(&workspace, &list, &mapping, "latin", Take::All, false);
    assert_eq!(outcome.not_whole().rows_in_part, 1);
    let rules = FileRules { encoding: Some("utf-9".into()), ..FileRules::default() };
    assert!(lists::ListFile::from_bytes("a.csv", b"a\n1\n".to_vec(), &rules, &lists::Unpacker::here()).is_err());
}

#[test]
fn missing_columns_are_named_with_what_there_is() {
    let (_folder, workspace) = workspace();
    let mapping = map();
    let list = file("list.csv", b"id,name,sexe,alias,note,date\n1,Sok,F,,,2020\n", &mapping).unwrap();
    let strict = take(&workspace, &list, &mapping, "arrests", Take::All, false);
    let Err(error @ Error::Mapping(_)) = &strict.report else { panic!() };
    let text = error.to_string();
    assert!(text.contains("“sex”") && text.contains("Did you mean “sexe”") && text.contains("“place”"), "{text}");
    let good = take(&workspace, &list, &mapping, "arrests", Take::Good, false);
    assert_eq!(good.done().missing_columns, ["sex", "place"]);
    assert_eq!(good.done().rows_whole, 1);
    // Without what is required there is nothing good.
    let list = file("list.csv", b"id,date\n1,2020\n", &mapping).unwrap();
    assert!(matches!(take(&workspace, &list, &mapping, "other", Take::Good, false).report, Err(Error::Mapping(_))));
}

#[test]
fn empty_files_headings_alone_and_strange_ones() {
    let (_folder, workspace) = workspace();
    let mapping = map();
    let refused = |bytes: &[u8], name: &str| file(name, bytes, &mapping).err().unwrap().to_string();
    assert!(refused(b"", "a.csv").contains("empty"));
    assert!(refused(b"\n\n", "a.csv").contains("headings"));
    assert!(refused(b"%PDF-1.7", "a.csv").contains("PDF"));
    assert!(refused(b"PK\x03\x04 and no more", "a.xlsx").contains("sent whole"));
    let before = position(&workspace);
    let only = file("a.csv", HEAD.as_bytes(), &mapping).unwrap();
    let outcome = take(&workspace, &only, &mapping, "arrests", Take::All, false);
    assert!(outcome.done().notices.iter().any(|notice| notice.contains("no rows")));
    assert_eq!(position(&workspace), before);
}

#[test]
fn headings_that_are_double_missing_or_marked() {
    let (_folder, workspace) = workspace();
    let mapping = map();
    let text = format!("\u{FEFF}{HEAD},date,\n1,Sok Dara,,,,2020,,2021,x\n");
    let list = file("list.csv", text.as_bytes(), &mapping).unwrap();
    assert_eq!(list.tables[0].headers[0], "id");
    assert_eq!(list.tables[0].headers[7], "date (2)");
    assert!(list.notices.iter().any(|notice| notice.contains("two columns are headed “date”")));
    // The cell without a heading is not lost: its row is refused.
    let outcome = take(&workspace, &list, &mapping, "arrests", Take::Good, false);
    assert_eq!(outcome.done().rows_refused, 1);
    assert!(outcome.rejected.trim_end().ends_with(",x"), "{}", outcome.rejected);
    // Brought again as it is, it is refused again, and the cell is still there.
    let again = file("again.csv", outcome.rejected.as_bytes(), &mapping).unwrap();
    let again = take(&workspace, &again, &mapping, "arrests", Take::Good, false);
    assert_eq!(again.done().rows_refused, 1);
    assert!(again.rejected.trim_end().ends_with(",x"), "{}", again.rejected);
    assert_eq!(outcome.done().unmapped, ["date (2)"]);
}

#[test]
fn ragged_rows_open_quotes_and_mixed_line_ends() {
    let (_folder, workspace) = workspace();
    let text = "1,Short\r2,\"Open quote,,,,2020,\r\n3,Long,,,,2020,,,,extra\n4,Good,,,,2020,\n5,\"Sok \"Dara\" Chea\",,,,2020,\n";
    let outcome = rows(&workspace, text, Take::Good);
    let report = outcome.done();
    assert_eq!((report.rows, report.rows_whole, report.rows_refused), (5, 3, 2), "{}", report.to_text(20));
    assert!(report.remarks.iter().any(|remark| remark.reason.contains("2 of 7 cells")));
    assert!(report.refused[0].reason.contains("not closed") && report.refused[0].row == 3);
    assert!(report.refused[1].reason.contains("shifted") && report.refused[1].row == 4);
    assert_eq!(people(&workspace).keys().collect::<Vec<_>>(), ["Good", "Short", "Sok \"Dara\" Chea"]);
}

/// Bytes that are made while they are read.
struct Endless(u64);

impl Read for Endless {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let count = into.len().min(usize::try_from(self.0).unwrap_or(usize::MAX));
        into[..count].fill(b'x');
        self.0 -= count as u64;
        Ok(count)
    }
}

#[test]
fn a_cell_of_many_megabytes_is_refused_and_the_rest_goes_on() {
    let (folder, workspace) = workspace();
    let path = folder.path().join("huge.csv");
    let mut out = std::fs::File::create(&path).unwrap();
    writeln!(out, "{HEAD}\n1,Before,,,,2020,").unwrap();
    write!(out, "2,Sok Dara,,,").unwrap();
    std::io::copy(&mut Endless(64 << 20), &mut out).unwrap();
    writeln!(out, ",2020,Phnom Penh\n3,After,,,,2020,").unwrap();
    drop(out);
    let mapping = map();
    let list = lists::ListFile::open(&path, &mapping.file, &lists::Unpacker::here()).unwrap();
    let outcome = take(&workspace, &list, &mapping, "arrests", Take::Good, false);
    let report = outcome.done();
    assert_eq!((report.rows_whole, report.rows_in_part), (2, 1));
    assert_eq!((report.refused[0].row, report.refused[0].column.as_str()), (3, "note"));
    assert!(report.refused[0].reason.contains(&(64_u64 << 20).to_string()));
    assert_eq!(people(&workspace)["Sok Dara"], ["2020"]);
}

#[test]
fn broken_workbooks_and_bombs_cost_one_message() {
    let (_folder, workspace) = workspace();
    let rows: String = (0..500).map(|row| words(&[&row.to_string(), "Sok Dara"])).collect();
    let whole = xlsx(&[("S", &format!("{}{rows}", words(&["id", "name"])))]);
    let mapping = map();
    for length in [whole.len() / 2, whole.len() - 30, 100] {
        let error = file("cut.xlsx", &whole[..length], &mapping).err().unwrap();
        assert!(error.to_string().contains("sent whole"), "{error}");
        assert!(error.hint().unwrap().contains("nothing of it was taken"));
    }
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("bomb.csv", zip::write::SimpleFileOptions::default()).unwrap();
    std::io::copy(&mut Endless(600 << 20), &mut zip).unwrap();
    let bomb = zip.finish().unwrap().into_inner();
    assert!(bomb.len() < 4 << 20);
    let error = file("bomb.zip", &bomb, &mapping).err().unwrap();
    assert!(error.to_string().contains("unpacks to more than"), "{error}");
    let _ = &workspace;
}

fn cells() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z ]{0,8}",
        "[=+@'\t\"-]{1,3}[a-z]{0,3}",
        "(a|,|;|\"|'|\n|\r|=|-|ក|é| ){0,10}",
        Just("'".to_owned()),
        Just("''=x".to_owned()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn refused_rows_come_back_as_they_were(rows in prop::collection::vec(prop::collection::vec(cells(), 3), 1..6)) {
        // Written by the importer as rows without a name, and read again: every cell is what it was.
        let mut text = String::from("id,a,b,c,name\n");
        for (number, row) in rows.iter().enumerate() {
            let quoted: Vec<String> = row.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
            writeln!(text, "{number},{},", quoted.join(",")).unwrap();
        }
        let mapping = Mapping::read(
            "[file]\nkey = \"id\"\nquote = '\"'\nseparator = \",\"\n[[entity]]\nschema = \"Person\"\nrequired = \"name\"\n[entity.properties]\nname = \"name\"\nnote = \"a\"\n",
            "M",
        ).unwrap();
        let registry = schema::Registry::builtin().unwrap();
        let list = file("list.csv", text.as_bytes(), &mapping).unwrap();
        let before = lists::preview(&list, &mapping, "l", &registry, 100).unwrap();
        let (_folder, workspace) = SHARED.with(|shared| shared.borrow_mut().take()).unwrap_or_else(workspace);
        let outcome = take(&workspace, &list, &mapping, "l", Take::Good, true);
        let again = file("again.csv", outcome.rejected.as_bytes(), &mapping).unwrap();
        let after = lists::preview(&again, &mapping, "l", &registry, 100).unwrap();
        SHARED.with(|shared| *shared.borrow_mut() = Some((_folder, workspace)));
        prop_assert_eq!(before[0].rows.len(), rows.len());
        prop_assert_eq!(after[0].rows.len(), rows.len());
        for (before, after) in before[0].rows.iter().zip(&after[0].rows) {
            let values = |row: &lists::PreviewRow| row.cells[..5].iter().map(|cell| cell.value.clone()).collect::<Vec<_>>();
            prop_assert_eq!(values(before), values(after));
        }
    }
}

thread_local! {
    static SHARED: std::cell::RefCell<Option<(tempfile::TempDir, workspace::Workspace)>> = const { std::cell::RefCell::new(None) };
}
