//! Tables that are read, refused where they are wrong, and refused by every method where nothing can be said.

#![allow(clippy::unwrap_used, clippy::panic)]

mod tables;

use estimates::{Estimate, Lcmcr, Method, Options, Table, estimate};
use tables::table;

fn run(table: &Table, method: Method) -> Estimate {
    let mut options = Options::of(&[method]);
    options.lcmcr = Lcmcr { burn_in: 2000, draws: 4000, thin: 20, ..Lcmcr::default() };
    estimate(table, &options).methods.remove(0)
}

#[test]
fn the_usual_forms_are_read_alike() {
    let read = |csv: &str| Table::read(csv.as_bytes()).unwrap();
    let known = read("A,B,C,count\n1,0,0,2\n0,1,1,1\n");
    for other in [
        "A,B,C,Freq\n1,0,0,2\n0,1,1,1\n",
        "A;B;C;n\n1;0;0;2\n0;1;1;1\n",
        "A,B,C\n1,0,0\n0,1,1\n1,0,0\n",
        "A\tB\tC\tcount\n1\t0\t0\t1\n0\t1\t1\t1\n1\t0\t0\t1\n",
    ] {
        assert_eq!(read(other), known, "{other}");
    }
    for patterns in ["pattern,count\n100,2\n011,1\n", "ch\n100\n011\n100\n"] {
        let table = read(patterns);
        assert_eq!(table.lists(), ["List 1", "List 2", "List 3"]);
        assert_eq!(table.patterns().collect::<Vec<_>>(), known.patterns().collect::<Vec<_>>());
    }
    // A list may be called as a count is, where another column is the count.
    assert_eq!(read("A,n,count\n1,0,2\n0,1,5\n").lists(), ["A", "n"]);
}

#[test]
fn a_bad_table_says_where() {
    let error = |csv: &str| Table::read(csv.as_bytes()).unwrap_err().to_string();
    assert!(error("A,B,count\n1,0,3\n1,2,3\n").starts_with("Line 3, column `B`: `2` is neither 0 nor 1."));
    assert!(error("A,B,count\n1,0,3\n0,0,3\n").starts_with("Line 3: this row is on no list"));
    assert!(
        error("A,B,count\n1,0,1.5\n").starts_with("Line 2, column `count`: `1.5` is not a whole number of 0 or more.")
    );
    assert!(error("A,B,total\n1,0,60\n").starts_with("No column is called `count`. The columns are: A, B, total."));
    assert!(error("A,B,total\n1,0,60\n").contains("Line 2, column `total`, has `60`."));
    assert!(error("A,B,C\n1,0,0\n0,1,0\n").contains("No two lines are alike"));
    assert!(error("A,B,N\n1,0,1\n1,0,0\n").starts_with("Column `N` holds only 0 and 1: is it a list"));
    assert!(error("nbcap,count\n1,1645\n2,183\n").starts_with("Column `nbcap` says on how many lists cases are"));
    assert!(error("pattern,count\n001,4\n11,2\n").starts_with("Line 3, column `pattern`: `11` is no pattern."));
    assert!(error("A,B,count\n1,,3\n").starts_with("Line 2, column `B`: an empty cell is neither 0 nor 1."));
    assert!(
        error("A,B,count\n1,0,-3\n").starts_with("Line 2, column `count`: `-3` is not a whole number of 0 or more.")
    );
    assert!(error("A,A,count\n1,0,1\n").starts_with("Two columns are called `A`."));
    assert!(error("A,B,count\n1,0\n").starts_with("Line 2 has 2 cells, the header has 3."));
    assert!(error("").starts_with("The table is empty."));
    assert!(error("count\n5\n").starts_with("The table has no column for a list."));
    assert!(
        error(&format!("{}count\n", "a b c d e f g h i j k l m n o p q ".replace(' ', ",")))
            .contains("17 lists; at most 16")
    );
    assert!(error("A,B,count\n1,0,9999999999999999\n").contains("a hundred thousand million"));
    let twice = Table::read("\u{feff}A;B;count\n1;0;3\n1;0;4\n0;1;0\n".as_bytes()).unwrap();
    assert_eq!(twice.patterns().collect::<Vec<_>>(), [(1, 7)]);
}

#[test]
fn what_lies_in_the_table_is_refused_by_every_method() {
    let all = |table: &Table| estimate(table, &Options::quick(&Method::ALL));
    // Two separate populations of 160: pooled they look like one of 540.
    let apart = all(&table(&["1000 40", "0100 40", "1100 20", "0010 40", "0001 40", "0011 20"]));
    for method in &apart.methods {
        let reason = method.refused.as_deref().unwrap();
        assert!(reason.contains("none of A·B shares anybody with C·D, though by chance alone about 26"), "{reason}");
    }
    // One list about others.
    let other = all(&table(&["100 40", "010 40", "110 20", "001 1000"]));
    assert!(other.methods.iter().all(|m| m.refused.as_deref().unwrap().starts_with("The lists fall apart")));
    // So little overlap that nothing limits the number: a lower bound is all that is left.
    let endless = all(&table(&["100 300", "010 300", "001 300", "110 5", "101 1"]));
    for method in &endless.methods {
        let bound = method.method == Method::Chao;
        assert_eq!(method.refused.is_none(), bound, "{method:?}");
        assert!(bound || method.refused.as_deref().unwrap().starts_with("The table does not limit the number"));
    }
    assert!(endless.sentence().contains("at least about 45,905"), "{}", endless.sentence());
}

#[test]
fn what_cannot_be_estimated_is_refused_in_words() {
    let reason = |table: &Table, method| run(table, method).refused.unwrap();
    let apart = table(&["100 50", "010 60", "001 70"]);
    assert!(reason(&apart, Method::Dga).contains("do not overlap"));
    assert!(
        reason(&table(&["100 50", "010 60", "001 70", "110 2"]), Method::Stepwise)
            .contains("Only 2 cases are on two lists")
    );
    let two = table(&["10 50", "01 60", "11 20"]);
    assert!(reason(&two, Method::Loglinear).contains("Only 2 lists have any cases"));
    // Two lists, independent: 50 · 60 / 20 = 150 missing, and no less if some people are easier to find.
    assert!((run(&two, Method::Chao).estimate.unwrap() - 280.0).abs() < 1e-6);
    let report = estimate(&apart, &Options::quick(&Method::ALL));
    assert!(
        report
            .sentence()
            .starts_with("Documented: 180. How many more there were is not estimated. The lists do not overlap")
    );
    assert!(report.leading().is_none());
}

#[test]
fn numbers_of_every_size_are_reckoned_with() {
    // Independent lists of 10,000,000,000 people with chances of a half, a fifth and a tenth.
    let counts = [(1, 3600), (2, 900), (4, 400), (3, 900), (5, 400), (6, 100), (7, 100)];
    let table = Table::from_counts(&["A", "B", "C"], counts.map(|(pattern, n)| (pattern, n * 1_000_000)));
    for found in estimate(&table, &Options::quick(&[Method::Dga, Method::Loglinear, Method::Stepwise])).methods {
        let (n, lower, upper) = found.numbers().unwrap_or_else(|| panic!("{found:?}"));
        assert!(lower <= n && n <= upper && (n / 1e10 - 1.0).abs() < 1e-3, "{:?} {n} {lower} {upper}", found.method);
    }
    // Every pair of lists dependent: no decomposable graph, but a log-linear model.
    let pairs = Table::from_counts(
        &["A", "B", "C"],
        [(1, 400_000), (2, 300_000), (4, 200_000), (3, 900_000), (5, 500_000), (6, 400_000), (7, 300_000)],
    );
    let report = estimate(&pairs, &Options::quick(&[Method::Dga, Method::Loglinear]));
    assert!(report.methods[0].refused.as_deref().unwrap().starts_with("Only the graph in which every list depends"));
    assert!(report.methods[1].refused.is_none());
}
