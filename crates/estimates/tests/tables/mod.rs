//! Tables as they were published. Cell counts are facts from the papers cited.

#![allow(dead_code, clippy::unwrap_used)]

use estimates::Table;

/// A table from rows like `"110 54"`.
pub fn table(rows: &[&str]) -> Table {
    let width = rows[0].find(' ').unwrap();
    let names: Vec<String> = ('A'..).take(width).map(String::from).collect();
    let counts = rows.iter().map(|row| {
        let (pattern, count) = row.split_once(' ').unwrap();
        let bits = pattern.bytes().enumerate().map(|(list, on)| u32::from(on == b'1') << list).sum();
        (bits, count.parse().unwrap())
    });
    Table::from_counts(&names, counts)
}

/// Killings of Kosovo Albanians, 1999; lists EXH (exhumations), ABA, OSCE, HRW. Ball, Betts, Scheuren, Dudukovich & Asher
/// 2002, Killings and Refugee Flow in Kosovo, AAAS/ABA.
pub fn kosovo() -> Table {
    table(&[
        "1000 1131",
        "0100 845",
        "0010 936",
        "0001 306",
        "1100 177",
        "1010 228",
        "1001 106",
        "0110 217",
        "0101 31",
        "0011 123",
        "1110 181",
        "1101 18",
        "1011 42",
        "0111 32",
        "1111 27",
    ])
}

/// Victims of modern slavery in the United Kingdom, 2013, PF and NCA merged; lists LA, NG, PFNCA, GO, GP. Silverman 2014,
/// Modern Slavery: an application of multiple systems estimation, Home Office.
pub fn uk() -> Table {
    table(&[
        "10000 54",
        "01000 463",
        "00100 995",
        "00010 695",
        "00001 316",
        "11000 15",
        "10100 19",
        "10010 3",
        "01100 62",
        "01010 19",
        "01001 1",
        "00110 76",
        "00101 11",
        "00011 8",
        "11100 1",
        "11010 1",
        "01110 4",
        "11110 1",
    ])
}

/// Victims of trafficking in the Netherlands; lists IO, K, P, R, Z. van Dijk, Cruyff, van der Heijden & Kragten-Heerdink 2017,
/// UNODC.
pub fn netherlands() -> Table {
    table(&[
        "10000 756",
        "01000 1299",
        "00100 4466",
        "00010 650",
        "00001 632",
        "11000 1",
        "10100 81",
        "10010 5",
        "10001 73",
        "01100 44",
        "01001 4",
        "00110 82",
        "00101 125",
        "00011 2",
        "10110 2",
        "10101 11",
        "00111 1",
    ])
}

/// Victims of trafficking in New Orleans, eight lists. Bales, Murphy & Silverman 2020, J. of Human Trafficking 6:375–387, as in
/// Chan, Silverman & Vincent 2021 (185 cases).
pub fn new_orleans() -> Table {
    table(&[
        "10000000 25",
        "10100000 1",
        "10010000 2",
        "10001000 1",
        "10100010 1",
        "10011000 1",
        "01000000 5",
        "01000100 1",
        "00100000 70",
        "00110000 1",
        "00101000 1",
        "00100010 1",
        "00010000 33",
        "00011000 2",
        "00001000 6",
        "00001001 1",
        "00000100 6",
        "00000010 6",
        "00000001 21",
    ])
}

/// Women taken to Palembang, 1942–45; lists b, c, d. Ball, Shin & Yang 2018, HRDAG.
pub fn korea() -> Table {
    table(&["001 41", "010 5", "100 5", "110 54", "101 6", "111 12"])
}

/// Chan, Silverman & Vincent 2021, table 3.
pub fn artificial() -> Table {
    table(&["100 40", "010 30", "001 20", "110 6"])
}

/// Children with spina bifida in upstate New York, 1969–74. Hook, Albright & Cross 1980, Am. J. of Epidemiology 112:750–758;
/// Madigan & York 1997.
pub fn spina_bifida() -> Table {
    table(&["100 60", "010 49", "110 4", "001 247", "101 112", "011 142", "111 12"])
}

/// Diabetics of an Italian community. Bruno et al. 1994, Diabetes Care 17:548–556.
pub fn diabetes() -> Table {
    table(&[
        "1111 58", "1110 157", "1101 18", "1100 104", "1011 46", "1010 650", "1001 12", "1000 709", "0111 14",
        "0110 20", "0101 7", "0100 74", "0011 8", "0010 182", "0001 10",
    ])
}
