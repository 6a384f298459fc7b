//! What a column holds, from its header and its values.

use crate::dates::Span;
use crate::table::Kind;

/// What was taken for what, and why.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Taken {
    /// Header.
    pub column: String,
    /// What it was taken for.
    pub kind: Kind,
    /// From the header, the values, or the settings.
    pub because: &'static str,
}

/// Headers by what they mean, folded to letters only.
const HEADERS: &[(Kind, &[&str])] = &[
    (
        Kind::GivenName,
        &[
            "givenname",
            "givennames",
            "given",
            "firstname",
            "forename",
            "forenames",
            "first",
            "fname",
            "prenom",
            "prenoms",
            "nombre",
            "nombres",
            "vorname",
            "នាមខ្លួន",
        ],
    ),
    (
        Kind::FamilyName,
        &[
            "familyname",
            "family",
            "surname",
            "lastname",
            "last",
            "lname",
            "nom",
            "nomdefamille",
            "apellido",
            "apellidos",
            "nachname",
            "នាមត្រកូល",
            "គោត្តនាម",
        ],
    ),
    (
        Kind::Name,
        &[
            "name",
            "fullname",
            "person",
            "personname",
            "victim",
            "victimname",
            "nameofvictim",
            "detainee",
            "nomcomplet",
            "nometprenom",
            "nometprenoms",
            "nombrecompleto",
            "nombreyapellido",
            "nombresyapellidos",
            "apellidosynombres",
            "victima",
            "ឈ្មោះ",
            "ឈ្មោះពេញ",
            "ឈ្មោះជនរងគ្រោះ",
            "ជនរងគ្រោះ",
        ],
    ),
    (
        Kind::Birth,
        &[
            "dob",
            "dateofbirth",
            "birthdate",
            "birthday",
            "born",
            "birth",
            "datedenaissance",
            "fechadenacimiento",
            "yearofbirth",
            "birthyear",
            "anneedenaissance",
            "fechadenac",
            "ថ្ងៃខែឆ្នាំកំណើត",
            "ឆ្នាំកំណើត",
        ],
    ),
    (
        Kind::Event,
        &[
            "eventdate",
            "date",
            "dateofevent",
            "incidentdate",
            "dateofincident",
            "dateofarrest",
            "arrestdate",
            "dateofdeath",
            "deathdate",
            "datedesfaits",
            "datedarrestation",
            "datedelarrestation",
            "datededetention",
            "fecha",
            "fechadelhecho",
            "fechadeloshechos",
            "fechadedetencion",
            "fechadeladetencion",
            "fechadearresto",
            "fechadedesaparicion",
            "កាលបរិច្ឆេទ",
            "ថ្ងៃចាប់ខ្លួន",
            "ថ្ងៃកើតហេតុ",
        ],
    ),
    (Kind::Age, &["age", "ageyears", "ageatevent", "ageatarrest", "edad", "អាយុ"]),
    (
        Kind::Place,
        &[
            "place",
            "location",
            "municipality",
            "town",
            "village",
            "district",
            "province",
            "region",
            "placeofevent",
            "lieu",
            "lieudarrestation",
            "lieudesfaits",
            "lugar",
            "lugardeloshechos",
            "lugardedetencion",
            "municipio",
            "departamento",
            "provincia",
            "placeofarrest",
            "ទីកន្លែង",
            "ទីកន្លែងចាប់ខ្លួន",
            "ខេត្ត",
        ],
    ),
    (Kind::Sex, &["sex", "gender", "sexe", "sexo", "genre", "genero", "ភេទ"]),
    (
        Kind::Identifier,
        &[
            "socsecid",
            "ssn",
            "nationalid",
            "idnumber",
            "passport",
            "passportnumber",
            "phone",
            "telephone",
            "phonenumber",
            "identifier",
        ],
    ),
    (Kind::Code, &["postcode", "zip", "zipcode", "postalcode", "streetnumber", "housenumber", "state"]),
    (
        Kind::Text,
        &["address", "address1", "address2", "street", "streetname", "suburb", "city", "addressline1", "addressline2"],
    ),
    (Kind::Organisation, &["organisation", "organization", "org", "affiliation", "party"]),
    (Kind::Role, &["role", "occupation", "profession", "job"]),
    (Kind::Set, &["coaccused", "codefendants", "others", "associates"]),
    (Kind::List, &["listid", "list", "source", "dataset"]),
    (
        Kind::Ignore,
        &[
            "recid",
            "recordid",
            "id",
            "uniqueid",
            "rowid",
            "entityid",
            "incidentid",
            "clusterid",
            "eventid",
            "truth",
            "blockingnumber",
            "no",
            "numero",
            "លរ",
            "ល.រ",
        ],
    ),
];

/// What a column holds; `samples` are some of its values.
#[must_use]
pub fn recognise(header: &str, samples: &[&str]) -> (Kind, &'static str) {
    let folded: String = header.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    // “Prénom” is “prenom”.
    let plain = names::latin(header).replace(' ', "");
    for (kind, known) in HEADERS {
        if known.contains(&folded.as_str()) || known.contains(&plain.as_str()) || known.contains(&header.trim()) {
            return (*kind, "header");
        }
    }
    let filled: Vec<&str> = samples.iter().copied().filter(|s| !s.trim().is_empty()).collect();
    if filled.len() < 5 {
        return (Kind::Ignore, "too few values");
    }
    let share = |f: &dyn Fn(&str) -> bool| filled.iter().filter(|s| f(s)).count() as f64 / filled.len() as f64;
    let date = |s: &str| s.len() >= 8 && Span::parse(s).is_some();
    if share(&date) > 0.9 {
        let years: Vec<i32> =
            filled.iter().filter_map(|s| Span::parse(s)).filter(|s| !s.is_missing()).map(Span::year).collect();
        let spread = years.iter().max().unwrap_or(&0) - years.iter().min().unwrap_or(&0);
        return (if spread > 45 { Kind::Birth } else { Kind::Event }, "values");
    }
    if share(&|s| matches!(s.to_lowercase().as_str(), "m" | "f" | "male" | "female" | "man" | "woman")) > 0.9 {
        return (Kind::Sex, "values");
    }
    (Kind::Ignore, "not recognised")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_known_with_their_accents_too() {
        for (header, kind) in [
            ("Prénom", Kind::GivenName),
            ("NOM de famille", Kind::FamilyName),
            ("Date_of_Birth", Kind::Birth),
            ("lieu", Kind::Place),
            ("Prénom(s)", Kind::GivenName),
            ("Date d’arrestation", Kind::Event),
            ("Fecha de los hechos", Kind::Event),
            ("Numéro", Kind::Ignore),
            ("ឈ្មោះ", Kind::Name),
            ("ភេទ", Kind::Sex),
            ("ថ្ងៃចាប់ខ្លួន", Kind::Event),
        ] {
            assert_eq!(recognise(header, &[]).0, kind, "{header}");
        }
    }
}
