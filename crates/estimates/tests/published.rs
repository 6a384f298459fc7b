//! Published tables and what is published about them. Cell counts are facts from the papers cited; patterns are given in
//! the order of the lists, first list first.
//!
//! The whole of it, with thousands of draws, is `examples/accept.rs`; here few are enough.

#![allow(clippy::unwrap_used, clippy::panic, clippy::inconsistent_digit_grouping)]

mod tables;

use estimates::{
    Dga, Estimate, Grid, Lcmcr, Method, Model, Options, Prior, Status, Table, estimate, fit_all, fit_one, pooled,
    stratified,
};
use tables::{artificial, diabetes, korea, kosovo, netherlands, new_orleans, spina_bifida, table, uk};

fn run(table: &Table, method: Method) -> Estimate {
    let mut options = Options::of(&[method]);
    options.lcmcr = Lcmcr { burn_in: 2000, draws: 4000, thin: 20, ..Lcmcr::default() };
    estimate(table, &options).methods.remove(0)
}

/// Point and ends within so many per cent.
#[track_caller]
fn near(found: &Estimate, want: (f64, f64, f64), point: f64, ends: f64) {
    let (n, lower, upper) = found.numbers().unwrap_or_else(|| panic!("refused: {:?}", found.refused));
    for (name, ours, theirs, tolerance) in
        [("estimate", n, want.0, point), ("lower", lower, want.1, ends), ("upper", upper, want.2, ends)]
    {
        let off = 100.0 * (ours / theirs - 1.0);
        assert!(off.abs() <= tolerance, "{name}: {ours:.1} is {off:.2} % from {theirs}");
    }
}

#[test]
fn kosovo_best_model_is_that_of_the_report() {
    let found = run(&kosovo(), Method::Loglinear);
    near(&found, (10_356.52, 9020.0, 12_131.0), 0.5, 2.0);
    assert!((found.diagnostics["deviance"].as_f64().unwrap() - 9.32).abs() < 0.01);
    assert_eq!(found.diagnostics["degrees_of_freedom"], 4);
    assert_eq!(found.diagnostics["models"][0]["model"], "[A·D][C·D][A·B·C]");
}

#[test]
fn kosovo_every_method() {
    near(&run(&kosovo(), Method::Independence), (7394.587, 7147.749, 7656.195), 0.01, 0.01);
    near(&run(&kosovo(), Method::Stepwise), (14_341.664, 12_595.84, 16_527.49), 0.001, 10.0);
    near(&run(&kosovo(), Method::Dga), (12_588.0, 9815.0, 16_549.0), 0.5, 2.0);
    // Silverman, Chan & Vincent 2024, table 2: all 113 models.
    near(&run(&kosovo(), Method::Bootstrap), (10_356.52, 6900.0, 18_000.0), 0.5, 10.0);
    // The near-census counted 10,401; the lower bound must not say more than the best models.
    assert!(run(&kosovo(), Method::Chao).estimate.unwrap() < 10_401.0);
}

#[test]
fn order_two_is_as_rcapture_has_it() {
    for (table, n, se) in
        [(kosovo(), 14_341.6638, 1018.34), (uk(), 22_991.3313, 3021.64), (netherlands(), 48_012.7263, 3263.95)]
    {
        let best = fit_all(&table, 2).remove(0);
        let found = table.documented() as f64 + best.fit.missing;
        assert!((found / n - 1.0).abs() < 1e-6, "{found} for {n}");
        assert!((best.standard_error() / se - 1.0).abs() < 1e-3, "{} for {se}", best.standard_error());
    }
}

#[test]
fn uk_modern_slavery() {
    near(&run(&uk(), Method::Independence), (13_444.13, 12_004.0, 15_160.0), 0.5, 2.0);
    near(&run(&uk(), Method::Stepwise), (11_313.0, 9367.0, 15_219.0), 0.05, 10.0);
    near(&run(&uk(), Method::Dga), (23_016.0, 10_408.0, 33_481.0), 0.5, 2.0);
    // Nobody's chains mix here, neither the published nor the reference's: a longer run must not make an answer of it.
    let whole = estimate(&uk(), &Options::of(&[Method::Lcmcr])).methods.remove(0);
    assert!(whole.refused.as_deref().unwrap().contains("do not mix"), "{:?}", whole.numbers());
    near(&run(&uk(), Method::Bootstrap), (22_991.33, 11_456.0, 43_894.0), 0.5, 10.0);
}

#[test]
fn netherlands_trafficking() {
    near(&run(&netherlands(), Method::Stepwise), (121_521.6, 48_002.0, 173_698.0), 0.05, 10.0);
    let found = run(&netherlands(), Method::Dga);
    near(&found, (50_270.0, 41_616.0, 203_328.0), 0.5, 2.0);
    // Two peaks, and the reader is told so.
    assert!(found.diagnostics["warnings"].to_string().contains("more than one peak"));
    let found = run(&netherlands(), Method::Lcmcr);
    assert!(found.refused.as_deref().unwrap().contains("do not mix"));
    let report = estimate(&netherlands(), &Options::quick(&[Method::Dga, Method::Stepwise, Method::Loglinear]));
    assert!(report.sentence().contains("Other methods give 48,013 to 121,522"), "{}", report.sentence());
    let kosovo = estimate(&kosovo(), &Options::quick(&[Method::Loglinear, Method::Stepwise])).sentence();
    assert!(kosovo.contains("The methods disagree, from 10,357 to 14,342"), "{kosovo}");
    assert_eq!((found.estimate, found.lower, found.upper), (None, None, None));
}

#[test]
fn new_orleans_trafficking() {
    near(&run(&new_orleans(), Method::Stepwise), (1184.0, 717.0, 1657.0), 0.05, 10.0);
    assert!((run(&new_orleans(), Method::Independence).estimate.unwrap() - 997.0).abs() < 0.5);
    assert!(run(&new_orleans(), Method::Dga).refused.unwrap().contains("at most 6 lists"));
    // B and F share nobody with the other six; with 13 people on them that is chance, and said.
    let mut corrected = new_orleans();
    corrected = Table::from_counts(corrected.lists(), corrected.patterns().chain([(0b1100, 1)]));
    let found = run(&corrected, Method::Lcmcr);
    near(&found, (693.0, 504.0, 1026.0), 3.0, 8.0);
    let warnings = found.diagnostics["warnings"].to_string();
    assert!(warnings.contains("None of B·F shares anybody with the other lists"), "{warnings}");
    assert!(warnings.contains("By chance about 2.4 would be on both"), "{warnings}");
}

#[test]
fn palembang() {
    let found = run(&korea(), Method::Loglinear);
    assert!((found.estimate.unwrap() - 157.1667).abs() < 0.001);
    assert!((found.diagnostics["models"][0]["bic"].as_f64().unwrap() - 57.140_81).abs() < 1e-4);
    near(&run(&korea(), Method::Bootstrap), (157.1667, 128.0, 349.0), 0.01, 10.0);
    near(&run(&korea(), Method::Dga), (162.0, 126.0, 467.0), 0.5, 2.0);
    near(&run(&korea(), Method::Lcmcr), (136.0, 124.0, 200.0), 3.0, 8.0);
}

#[test]
fn the_artificial_table_exists_only_where_it_should() {
    let check = |terms: &[u32]| fit_one(&artificial(), &Model::new(3, terms)).map(|c| c.fit.missing.round());
    assert_eq!(check(&[3, 5, 6]).err(), Some(Status::NotIdentifiable));
    assert_eq!(check(&[3]).err(), Some(Status::DoesNotExist));
    assert_eq!(check(&[5, 6]), Ok(200.0));
    let found = run(&artificial(), Method::Dga);
    assert!(found.diagnostics["warnings"].to_string().contains("C shares nobody with any other list"));
}

#[test]
fn spina_bifida_as_madigan_and_york_have_it() {
    near(&run(&spina_bifida(), Method::Lcmcr), (734.0, 688.0, 825.0), 3.0, 8.0);
    let mut options = Options::of(&[Method::Dga]);
    options.dga = Dga { delta: Some(1.0), prior: Prior::GammaPoisson { shape: 13.14, scale: 55.17 }, ..Dga::default() };
    let found = estimate(&spina_bifida(), &options).methods.remove(0).diagnostics;
    assert_eq!(found["mode"], 728.0);
    assert_eq!(found["least_relative_error"].as_f64().unwrap().round(), 731.0);
    assert!((found["models"][0]["weight"].as_f64().unwrap() - 0.37).abs() < 0.006);
}

#[test]
fn diabetes_as_rcapture_has_it() {
    for (terms, n, se, deviance) in
        [(vec![3, 5, 6, 10, 12], 2771.0, 145.0, 7.62), (vec![5, 10, 12], 2472.0, 53.0, 21.97)]
    {
        let fit = fit_one(&diabetes(), &Model::new(4, &terms)).unwrap();
        assert!((2069.0 + fit.fit.missing - n).abs() < 0.5);
        assert!((fit.standard_error() - se).abs() < 0.6);
        assert!((fit.fit.deviance - deviance).abs() < 0.01);
    }
}

#[test]
fn threads_change_nothing_and_seeds_do() {
    let with = |threads, seed| {
        let mut options = Options::quick(&Method::ALL);
        (options.threads, options.seed) = (Some(threads), seed);
        estimate(&korea(), &options).json()
    };
    assert_eq!(with(1, 3), with(3, 3));
    assert_ne!(with(2, 3), with(2, 4));
}

#[test]
fn the_json_has_its_shape() {
    let report: serde_json::Value =
        serde_json::from_str(&estimate(&korea(), &Options::quick(&[Method::Dga, Method::Chao])).json()).unwrap();
    let keys = |value: &serde_json::Value| {
        value
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect::<std::collections::BTreeSet<_>>()
            .into_iter()
            .collect::<Vec<_>>()
    };
    assert_eq!(keys(&report), ["assumptions", "documented", "lists", "methods"]);
    assert_eq!(
        keys(&report["methods"][0]),
        ["diagnostics", "estimate", "level", "lower", "method", "refused", "upper"]
    );
    assert_eq!(report["documented"], 123);
    assert!(report["methods"][0]["refused"].is_null());
    let posterior = report["methods"][0]["diagnostics"]["posterior"].as_array().unwrap();
    assert!(posterior.len() <= 400);
    let mass: f64 = posterior.iter().map(|point| point[1].as_f64().unwrap()).sum();
    assert!((mass - 1.0).abs() < 1e-9);
}

#[test]
fn linkages_are_pooled() {
    // A missed link makes the overlap smaller and the estimate higher: the pooled interval holds both.
    let more = table(&["001 43", "010 7", "100 5", "110 52", "101 4", "111 12"]);
    let options = Options::of(&[Method::Dga, Method::Independence]);
    let one = estimate(&korea(), &options);
    let both = pooled(&[korea(), more, korea()], &options).unwrap();
    assert_eq!(both.documented_range, (123, 123));
    let (mean, between) = (&both.methods[1].estimate, &both.methods[1].estimate.diagnostics["variance_between_tables"]);
    assert!(between.as_f64().unwrap() > 0.0);
    assert!(mean.estimate.unwrap() > one.methods[1].estimate.unwrap());
    assert!(mean.upper.unwrap() > one.methods[1].upper.unwrap());
    let mut tables = vec![korea(); 3];
    tables.push(table(&["100 50", "010 60", "001 70"]));
    assert!(
        pooled(&tables, &options).unwrap().methods[0].estimate.refused.as_deref().unwrap().contains("1 of 4 linkages")
    );
    assert!(pooled(&[], &options).is_none());
    // What the table as it stands refuses is not estimated from draws of its linkage.
    let apart = estimate(&table(&["100 50", "010 60", "001 70"]), &options);
    for method in both.clone().beside(&apart).methods {
        assert!(method.estimate.numbers().is_none() && method.estimate.spread.is_empty());
        assert!(
            method
                .estimate
                .refused
                .unwrap()
                .starts_with("From what is linked so far nothing is estimated (The lists do")
        );
    }
    assert!(both.beside(&one).methods[0].estimate.numbers().is_some());
}

#[test]
fn strata_are_added_up_or_refused() {
    let csv = "s,A,B,C,count\nx,1,0,0,60\nx,0,1,0,49\nx,1,1,0,4\nx,0,0,1,247\nx,1,0,1,112\nx,0,1,1,142\nx,1,1,1,12\n\
               y,0,0,1,41\ny,0,1,0,5\ny,1,0,0,5\ny,1,1,0,54\ny,1,0,1,6\ny,1,1,1,12\n";
    let strata = Table::read_strata(csv.as_bytes(), "s").unwrap();
    let options = Options::of(&[Method::Dga, Method::Independence]);
    let both = stratified(&strata, &options);
    assert_eq!(both.documented, 749);
    let (n, lower, upper) = both.methods[1].numbers().unwrap();
    assert!((n - 763.888 - 141.993).abs() < 0.01);
    assert!(lower < n && n < upper && upper < 807.03 + 155.78);
    let poor = format!("{csv}z,1,0,0,7\nz,0,1,0,9\n");
    let refused = stratified(&Table::read_strata(poor.as_bytes(), "s").unwrap(), &options);
    assert!(refused.methods[0].refused.as_deref().unwrap().contains("1 of 3 strata cannot be estimated (z)"));
    assert_eq!(refused.strata[2].report.documented, 16);
}

#[test]
fn on_the_package_s_own_grid_dga_gives_its_figures() {
    let on_grid = |table: &Table, delta| {
        let mut options = Options::of(&[Method::Dga]);
        options.dga = Dga { delta: Some(delta), grid: Grid::Even(3000), ..Dga::default() };
        estimate(table, &options).methods[0].numbers().unwrap()
    };
    assert_eq!(on_grid(&kosovo(), 0.5), (11_267.0, 4401.0, 14_436.0));
    assert_eq!(on_grid(&kosovo(), 1.0), (4577.0, 4401.0, 6514.0));
    assert_eq!(on_grid(&uk(), 0.5), (2745.0, 2745.0, 3157.0));
    assert_eq!(on_grid(&netherlands(), 0.5), (8235.0, 8235.0, 9223.0));
    assert_eq!(on_grid(&korea(), 1.0), (149.0, 125.0, 206.0));
    assert_eq!(on_grid(&artificial(), 0.5), (113.0, 97.0, 411.0));
}

#[test]
fn methods_that_agree_are_not_told_as_a_range() {
    let sentence = estimate(&korea(), &Options::quick(&[Method::Loglinear, Method::Bootstrap])).sentence();
    assert!(sentence.contains("All methods give the same."), "{sentence}");
    assert!(!sentence.contains(" to 157"), "{sentence}");
}

#[test]
fn the_order_of_the_lists_changes_nothing() {
    let turned: Vec<(u32, u64)> =
        kosovo().patterns().map(|(pattern, count)| (pattern >> 1 | (pattern & 1) << 3, count)).collect();
    let turned = Table::from_counts(&["B", "C", "D", "A"], turned);
    for method in [Method::Dga, Method::Loglinear, Method::Chao, Method::Independence] {
        let (one, other) = (run(&kosovo(), method).estimate.unwrap(), run(&turned, method).estimate.unwrap());
        assert!((one / other - 1.0).abs() < 1e-9, "{method:?}: {one} and {other}");
    }
    assert!((run(&turned, Method::Stepwise).estimate.unwrap() - 14_341.664).abs() < 0.001);
}

#[test]
fn independent_lists_give_back_their_number() {
    // 20,000 people on four independent lists, each pattern as often as it is expected.
    let chance = [0.1, 0.2, 0.25, 0.4];
    let expected = |pattern: u32| -> f64 {
        (0..4).map(|list| if pattern >> list & 1 == 1 { chance[list] } else { 1.0 - chance[list] }).product()
    };
    let counts = (1..16).map(|pattern| (pattern, (20_000.0 * expected(pattern)).round() as u64));
    let table = Table::from_counts(&["A", "B", "C", "D"], counts);
    let lcmcr = Lcmcr { burn_in: 6000, draws: 2000, thin: 5, ..Lcmcr::default() };
    let options = Options { lcmcr, ..Options::default() };
    for found in estimate(&table, &options).methods {
        // Chao's bound is no bound but the number itself where people are alike.
        near(&found, (20_000.0, 20_000.0, 20_000.0), 1.5, 8.0);
    }
}
